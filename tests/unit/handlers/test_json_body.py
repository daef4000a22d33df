"""What is read from a JSON body."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import json_body
from handlers.json_body import JsonObject, json_object
from shared.errors import InvalidRequest
from shared.object_errors import TooLarge


def event(text, *, as_base64=True):
    raw = text if isinstance(text, bytes) else text.encode()
    body = base64.b64encode(raw).decode() if as_base64 else raw.decode()
    return {"body": body, "isBase64Encoded": as_base64}


def refused(read, *arguments):
    with pytest.raises(InvalidRequest) as error:
        read(*arguments)
    assert (error.value.status, error.value.code) == (400, "invalid_request")
    return error.value.detail


@pytest.mark.parametrize("as_base64", [True, False])
def test_the_body_is_read_in_both_forms(as_base64):
    """API Gateway sends bodies in base64 here; a text is read as well."""
    assert json_object(event('{"a": "ä"}', as_base64=as_base64)) == {"a": "ä"}


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[]", '"a"', "1", "true", "{", '{"a":}', "{'a': 1}", '{"a": 1,}', "{} {}"),
        *('{"a": NaN}', '{"a": Infinity}', '{"a": -Infinity}', '{"a": 01}', "// x\n{}"),
        *(b"\xff\xfe{\x00}\x00", b'{"a": "\xff"}', b"\xef\xbb\xbf{}", b'{"a": "\xed\xa0\x80"}'),
        *("[" * 100_000, '{"a":' * 30_000, f'{{"a": {"9" * 5000}}}', '{"a": "\n"}'),
    ],
)
def test_what_is_no_json_object_is_refused(text):
    """Other values, other encodings, what JSON has not, and what exhausts a parser: 400."""
    refused(json_object, event(text))


@pytest.mark.parametrize("body", [None, "", 5, ["x"], {}])
def test_an_event_without_a_body_is_refused(body):
    """No body is no object, whatever stands in its place."""
    refused(json_object, {"body": body, "isBase64Encoded": False})


@pytest.mark.parametrize("body", ["a", "a===", "ä", "{}"])
def test_broken_base64_is_refused(body):
    """A body that is not what the event says is 400."""
    refused(json_object, {"body": body, "isBase64Encoded": True})


@pytest.mark.parametrize(
    ("text", "name"),
    [('{"a": 1, "a": 1}', "a"), ('{"b": [{"c": {"d": 1, "d": 2}}]}', "d"), ('{"": 1, "": 1}', "")],
)
def test_a_name_that_stands_twice_is_refused(text, name):
    """Readers disagree about which of the two counts; at any depth, naming it."""
    assert refused(json_object, event(text)) == f"{name} stands there twice."


@pytest.mark.parametrize("as_base64", [True, False])
def test_a_body_has_a_largest_size(as_base64):
    """Exactly the limit is read, one byte more is 413 too_large, unparsed."""
    longest = '{"a":"' + "ä" * 500 + '"}'
    size = len(longest.encode())
    assert json_object(event(longest, as_base64=as_base64), size)
    for text in (longest + " ", "{" * 100_000):
        with pytest.raises(TooLarge) as error:
            json_object(event(text, as_base64=as_base64), size)
        assert (error.value.status, error.value.code) == (413, "too_large")
        assert error.value.detail == f"The body has at most {size:,} bytes."


@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8")))
def test_any_bytes_are_an_object_or_a_refusal(raw):
    """For any body: an object, or one of the two refusals."""
    try:
        assert isinstance(json_object(event(raw)), dict)
    except (InvalidRequest, TooLarge):
        return


PARSED = json_object(
    event(
        json.dumps(
            {
                "text": "t",
                "number": 5,
                "whole": 5.0,
                "half": 0.5,
                "yes": True,
                "no": False,
                "null": None,
                "texts": {"a": "b"},
                "mixed": {"a": 1},
                "items": [{"key": 1}, {"key": "k", "inner": {"x": []}}],
                "names": ["a", "b"],
                "numbers": [1, 2],
                "odd": [1, "a"],
                "empty": [],
            }
        )
    )
)


def test_members_are_read_by_their_type():
    """Each reader gives the value itself."""
    assert json_body.text(PARSED, "text") == json_body.optional_text(PARSED, "text") == "t"
    assert json_body.choice(PARSED, "text", ("s", "t")) == "t"
    assert json_body.whole_number(PARSED, "number", 5, 5) == 5
    assert json_body.optional_whole_number(PARSED, "whole", 0, 9) == 5
    assert json_body.flag(PARSED, "yes") is True
    assert json_body.flag(PARSED, "no") is False
    assert json_body.texts_by_name(PARSED, "texts") == {"a": "b"}
    assert json_body.optional_object(PARSED, "texts") == {"a": "b"}
    assert json_body.list_of_texts(PARSED, "names", 2) == ["a", "b"]
    assert json_body.list_of_whole_numbers(PARSED, "numbers", 2, 1, 2) == [1, 2]
    assert len(json_body.list_of_objects(PARSED, "items", 2)) == 2


def test_what_is_absent_has_its_default():
    """None, False, the first choice, the given number, nothing."""
    assert json_body.optional_text(PARSED, "x") is None
    assert json_body.optional_whole_number(PARSED, "x", 0, 1) is None
    assert json_body.optional_object(PARSED, "x") is None
    assert json_body.whole_number(PARSED, "x", 0, 1, default=7) == 7
    assert json_body.choice(PARSED, "x", ("first", "second")) == "first"
    assert json_body.flag(PARSED, "x") is False
    assert json_body.texts_by_name(PARSED, "x") == {}


REFUSALS = [
    (json_body.text, ("x",), "x is a text, and has to be there."),
    (json_body.text, ("number",), "number is a text."),
    (json_body.text, ("null",), "null is a text."),
    (json_body.optional_text, ("null",), "null is a text."),
    (json_body.choice, ("text", ("a", "b")), "text is one of a, b."),
    (json_body.choice, ("names", ("a", "b")), "names is one of a, b."),
    (json_body.flag, ("number",), "number is true or false."),
    (json_body.flag, ("null",), "null is true or false."),
    (json_body.whole_number, ("x", 0, 9), "x is a whole number from 0 to 9, and has to be there."),
    (json_body.whole_number, ("yes", 0, 9), "yes is a whole number from 0 to 9."),
    (json_body.whole_number, ("half", 0, 9), "half is a whole number from 0 to 9."),
    (json_body.whole_number, ("text", 0, 9), "text is a whole number from 0 to 9."),
    (json_body.whole_number, ("null", 0, 9, 1), "null is a whole number from 0 to 9."),
    (json_body.whole_number, ("number", 6, 9), "number is a whole number from 6 to 9."),
    (json_body.whole_number, ("number", 0, 4), "number is a whole number from 0 to 4."),
    (json_body.optional_object, ("text",), "text is an object."),
    (json_body.texts_by_name, ("mixed",), "mixed.a is a text."),
    (json_body.list_of_objects, ("x", 9), "x is a list of 1 to 9 entries."),
    (json_body.list_of_objects, ("empty", 9), "empty is a list of 1 to 9 entries."),
    (json_body.list_of_objects, ("items", 1), "items is a list of 1 to 1 entries."),
    (json_body.list_of_objects, ("names", 9), "names[0] is an object."),
    (json_body.list_of_texts, ("odd", 9), "odd[0] is a text."),
    (json_body.list_of_texts, ("text", 9), "text is a list of 1 to 9 entries."),
    (
        json_body.list_of_whole_numbers,
        ("odd", 9, 1, 9),
        "odd[1] is a whole number from 1 to 9.",
    ),
]


@pytest.mark.parametrize(("read", "arguments", "detail"), REFUSALS)
def test_a_refusal_names_the_member_and_what_it_is(read, arguments, detail):
    """The public sentence says where and what, and never the value."""
    assert refused(read, PARSED, *arguments) == detail


def test_an_item_is_named_by_its_place():
    """`items[3].key` and deeper, so that the one of a hundred is found."""
    first, second = json_body.list_of_objects(PARSED, "items", 2)
    assert refused(json_body.text, first, "key") == "items[0].key is a text."
    inner = json_body.optional_object(second, "inner")
    assert refused(json_body.text, inner, "x") == "items[1].inner.x is a text."
    assert refused(json_body.only, second, {"key"}) == "items[1].inner is unknown; known are key."


def test_unknown_members_are_refused():
    """A misspelt option is no option: 400 naming it and those that there are."""
    json_body.only(JsonObject(a=1), {"a", "b"})
    assert refused(json_body.only, JsonObject(a=1, c=2), {"b", "a"}) == (
        "c is unknown; known are a, b."
    )


def test_a_long_name_is_cut():
    """Nobody's text fills the answer or the log."""
    assert len(refused(json_body.only, JsonObject({"x" * 5000: 1}), {"a"})) < 200
