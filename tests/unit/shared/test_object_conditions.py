import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.errors import InvalidRequest
from shared.object_conditions import UNCONDITIONAL, ObjectConditions, parse_conditions

SENT = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
NOTHING = {
    "if_match": None,
    "if_none_match": None,
    "if_modified_since": None,
    "if_unmodified_since": None,
}


def parse(**headers: str) -> ObjectConditions:
    return parse_conditions(**{**NOTHING, **headers})


def test_no_header_is_no_condition():
    """Absent headers leave the request unconditional, and nothing is put into it."""
    request = {"Bucket": "b", "Key": "k"}
    assert parse() == UNCONDITIONAL
    UNCONDITIONAL.add_to(request)
    assert request == {"Bucket": "b", "Key": "k"}


@pytest.mark.parametrize("value", ['"abc"', 'W/"abc"', '"a", "b"', "*", "abc"])
def test_entity_tags_stay_as_sent(value):
    """S3 weighs entity tags itself: they reach it unchanged."""
    request = {}
    parse(if_match=value, if_none_match=value).add_to(request)
    assert request == {"IfMatch": value, "IfNoneMatch": value}


@pytest.mark.parametrize("value", ["", '"a"\r\nx: y', '"\u00e4"', '"\x00"', '"\ud800"'])
@pytest.mark.parametrize("header", ["if_match", "if_none_match"])
def test_an_entity_tag_that_no_header_can_carry_is_refused(header, value):
    """What is not printable ASCII is invalid_request and never reaches a header."""
    with pytest.raises(InvalidRequest):
        parse(**{header: value})


@pytest.mark.parametrize(
    "value",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 09:49:37 +0100",
        "Sun, 06 Nov 1994 08:49:37 -0000",
    ],
)
def test_the_three_forms_of_a_date_are_read(value):
    """RFC 9110, section 5.6.7: IMF-fixdate, RFC 850 and asctime, all told in UTC."""
    conditions = parse(if_modified_since=value, if_unmodified_since=value)
    assert conditions.if_modified_since == conditions.if_unmodified_since == SENT
    assert conditions.if_modified_since.utcoffset() == timedelta(0)
    request = {}
    conditions.add_to(request)
    assert request == {"IfModifiedSince": SENT, "IfUnmodifiedSince": SENT}


@pytest.fixture
def in_tokyo(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
@pytest.mark.parametrize("value", ["Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 -0000"])
def test_a_date_without_a_zone_is_in_utc_wherever_the_code_runs(value):
    """The machine's own zone has no say."""
    assert parse(if_modified_since=value).if_modified_since == SENT


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "Fri, 31 Dec 9999 23:59:59 -1400",
        "1994-11-06T08:49:37Z",
    ],
)
def test_a_date_that_is_none_is_ignored(value):
    """RFC 9110, section 13.1.3: an invalid date is as if the header were not there."""
    assert parse(if_modified_since=value, if_unmodified_since=value) == UNCONDITIONAL


@given(st.text(max_size=40) | st.from_regex(r"[A-Z][a-z]{2},? \d+ [A-Z][a-z]{2} \d+ [\d:]+ \S*"))
@example("Sun, 06 Nov 1994 08:49:37 +999999999999")
def test_no_date_header_breaks_the_request(value):
    """Any text is a date in UTC or ignored."""
    date = parse(if_modified_since=value).if_modified_since
    assert date is None or date.utcoffset() == timedelta(0)
