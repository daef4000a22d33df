"""What is read from an event."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.request import (
    header_text,
    path_key,
    query_choice,
    query_number,
    query_prefix,
    query_text,
    request_id,
)
from shared.errors import InvalidKey, InvalidRequest
from tests.unit.handlers.gateway_event import REQUEST_ID, event, object_event


def limit(value):
    return query_number(event("GET", "/objects", query={"limit": value}), "limit", 100, 1, 1000)


@pytest.mark.parametrize("value", ["1", "2", "999", "1000", "0001"])
def test_a_number_within_its_bounds_is_read(value):
    """Both bounds belong to the allowed numbers."""
    assert limit(value) == int(value)


@pytest.mark.parametrize(
    "value",
    [
        *("0", "1001", "-1", "+1", "1.0", "1e2", "0x10", "1_0", "", " 1", "1 ", "1\n", "ten"),
        *("99999999999999999999", "9" * 5000, "NaN", "null", "true", "1,2"),
        *("\u0661", "\uff11", "\u096a", "\u00b2", "\u2460", "\U0001d7d9"),
    ],
)
def test_anything_else_is_no_number(value):
    """Out of bounds, another notation, another script's digits: 400 naming the bounds."""
    with pytest.raises(InvalidRequest) as caught:
        limit(value)
    assert (caught.value.status, caught.value.code) == (400, "invalid_request")
    assert caught.value.detail == "limit is a whole number from 1 to 1000."


@given(st.text())
def test_a_number_is_never_read_out_of_bounds(text):
    """Whatever the text, the answer is a number within the bounds or the refusal."""
    with suppress(InvalidRequest):
        assert 1 <= limit(text) <= 1000


@pytest.mark.parametrize("values", [["1", "2"], ["1", "1"], ["", ""]])
def test_a_repeated_parameter_is_refused(values):
    """Two values are refused even where they are equal: another reader might take the other."""
    with pytest.raises(InvalidRequest) as caught:
        query_text(event("GET", "/objects", query={"limit": values}), "limit")
    assert caught.value.detail == "Give limit once."


def test_an_absent_parameter_is_none():
    """No parameters at all, or others: None, and the defaults of numbers and choices."""
    for query in (None, {"other": "x"}):
        asked = event("GET", "/objects", query=query)
        assert query_text(asked, "as") is None
        assert query_number(asked, "limit", 100, 1, 1000) == 100
        assert query_choice(asked, "as", ("redirect", "link")) == "redirect"


def test_a_parameter_is_read_without_the_multi_value_map():
    """An event with the plain map alone, as local tools send it, is read too."""
    plain = {"queryStringParameters": {"prefix": "a/"}}
    assert query_text(plain, "prefix") == "a/"


def test_parameter_names_have_their_case():
    """`Limit` is not `limit`."""
    assert query_text(event("GET", "/objects", query={"Limit": "5"}), "limit") is None


@pytest.mark.parametrize("value", ["", "Link", "link ", "content,link", "\uff4cink"])
def test_an_unknown_choice_is_refused(value):
    """A choice is one of the listed texts exactly, and the refusal lists them."""
    asked = event("GET", "/objects/a", query={"as": value})
    with pytest.raises(InvalidRequest) as caught:
        query_choice(asked, "as", ("redirect", "link", "content"))
    assert caught.value.detail == "as is one of redirect, link, content."


@pytest.mark.parametrize("name", ["Range", "range", "RANGE", "rAnGe"])
def test_a_header_is_found_whatever_its_case(name):
    """HTTP/2 sends lower case, HTTP/1.1 any."""
    assert header_text({"headers": {name: "bytes=0-1"}}, "Range") == "bytes=0-1"


@pytest.mark.parametrize("headers", [None, {}, {"X-Range": "x"}])
def test_an_absent_header_is_none(headers):
    """Null headers, none at all, others."""
    assert header_text({"headers": headers}, "Range") is None


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_key_is_decoded_exactly_once(key):
    """Whatever the key, encoded once it is read back; so is one that looks encoded already."""
    assert path_key(object_event("GET", key)) == key


@pytest.mark.parametrize("key", ["a%2Fb", "a%252Fb", "a+b", "100%", "%", "a?b#c;d", "a/objects/b"])
def test_a_key_that_looks_encoded_stays_itself(key):
    """A second decoding would make another key of it."""
    assert path_key(object_event("GET", key)) == key


@pytest.mark.parametrize("context", [None, {}, [], "x", 5, {"requestId": None}])
def test_an_event_without_a_request_id_has_an_unknown_one(context):
    """The answer still names something."""
    assert request_id({"requestContext": context}) == "unknown"
    assert request_id({}) == "unknown"


def test_the_request_id_is_api_gateways():
    """The id that API Gateway's own logs know."""
    assert request_id(event("GET", "/me")) == REQUEST_ID


@pytest.mark.parametrize("names", [("If-Match", "If-Match"), ("If-Match", "if-match")])
def test_lines_of_one_header_are_one_list(names):
    """RFC 9110, section 5.3: in their order, whatever the case; the plain map has the last only."""
    lines: dict[str, list[str]] = {}
    for name, line in zip(names, ['"a"', '"b"'], strict=True):
        lines.setdefault(name, []).append(line)
    asked = {"headers": {"If-Match": '"b"'}, "multiValueHeaders": lines}
    assert header_text(asked, "If-Match") == '"a", "b"'


@pytest.mark.parametrize("lines", [None, {}, {"If-Match": []}])
def test_the_plain_map_is_read_where_there_are_no_lines(lines):
    """Local tools send events without the other map."""
    asked = {"headers": {"If-Match": '"a"'}, "multiValueHeaders": lines}
    assert header_text(asked, "If-Match") == '"a"'


@pytest.mark.parametrize("value", ["\ufffd", "a/\ufffd\ufffdb"])
def test_a_prefix_that_was_no_utf_8_is_refused(value):
    """Another prefix than the one that was meant would be listed."""
    with pytest.raises(InvalidKey) as caught:
        query_prefix(event("GET", "/objects", query={"prefix": value}), "prefix")
    assert (caught.value.status, caught.value.code) == (400, "invalid_key")


@pytest.mark.parametrize("value", [None, "", "a/", "\ufffc\U0001f600"])
def test_any_other_prefix_is_read(value):
    """As it is; absent it is None."""
    query = None if value is None else {"prefix": value}
    assert query_prefix(event("GET", "/objects", query=query), "prefix") == value
