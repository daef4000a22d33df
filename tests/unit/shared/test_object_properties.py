import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidRequest
from shared.object_properties import (
    DEFAULT_CONTENT_TYPE,
    MAX_METADATA_BYTES,
    MAX_PROPERTY_CHARACTERS,
    ObjectProperties,
    parse_content_type,
    parse_metadata,
    parse_property,
)


@pytest.mark.parametrize(
    "value",
    [
        "text/plain",
        "text/plain; charset=utf-8",
        "text/plain;charset=UTF-8",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "image/svg+xml",
        'multipart/form-data; boundary="a b"',
        "x/y;",
    ],
)
def test_a_media_type_is_kept_as_sent(value):
    """Type, subtype and parameters stay as they are."""
    assert parse_content_type(value) == value


@pytest.mark.parametrize("value", [None, ""])
def test_no_media_type_is_bytes(value):
    """Without one the object is application/octet-stream."""
    assert parse_content_type(value) == DEFAULT_CONTENT_TYPE == "application/octet-stream"


@pytest.mark.parametrize(
    "value",
    [
        *("text", "text/", "/plain", "text/plain/x", "a b/c", "text/plain charset", "*/*"),
        *("text/pläin", "text/plain\r\nx: y", "text/plain; a=\x00", "text/plain\n", " text/plain"),
        "text/plain; a=" + "b" * MAX_PROPERTY_CHARACTERS,
    ],
)
def test_what_is_no_media_type_is_refused(value):
    """Anything else is 400, line breaks and too many characters among it."""
    with pytest.raises(InvalidRequest):
        parse_content_type(value)


def test_a_property_has_a_longest_length():
    """1,024 characters are kept, one more is 400 naming the header."""
    longest = "x" * MAX_PROPERTY_CHARACTERS
    assert parse_property("Cache-Control", longest) == longest
    with pytest.raises(InvalidRequest) as error:
        parse_property("Cache-Control", longest + "x")
    assert error.value.detail == "Cache-Control is printable ASCII of at most 1,024 characters."


@pytest.mark.parametrize("value", [None, ""])
def test_an_absent_property_is_none(value):
    """An empty header is as good as none."""
    assert parse_property("Cache-Control", value) is None


@pytest.mark.parametrize("value", ["a\r\nb", "a\n", "ä", "\x00", "\x7f", "a\tb"])
def test_an_unprintable_property_is_refused(value):
    """Line breaks, controls and other scripts are 400."""
    with pytest.raises(InvalidRequest):
        parse_property("Content-Disposition", value)


@pytest.mark.parametrize("value", ["aws-chunked", "gzip, AWS-Chunked"])
def test_the_encoding_of_a_transfer_is_no_property(value):
    """aws-chunked would make S3 read the body otherwise; gzip is what the object has."""
    with pytest.raises(InvalidRequest):
        parse_property("Content-Encoding", value)
    assert parse_property("Content-Encoding", "gzip") == "gzip"


def test_metadata_has_names_in_lower_case():
    """S3 does not keep the case of the names; blanks around a value are none of it."""
    assert parse_metadata({"Colour": " light blue ", "x.y": ""}) == {
        "colour": "light blue",
        "x.y": "",
    }


@pytest.mark.parametrize(
    "given_metadata",
    [{"": "x"}, {"a b": "x"}, {"a\r\nb": "x"}, {"ä": "x"}, {"a:b": "x"}, {"a": "x", "A": "y"}],
)
def test_a_name_that_no_header_can_have_is_refused(given_metadata):
    """Names are tokens, each given once whatever its case."""
    with pytest.raises(InvalidRequest):
        parse_metadata(given_metadata)


@pytest.mark.parametrize("value", ["ä", "a\r\nx-amz-acl: public-read", "\x00", "\ud800"])
def test_a_value_that_is_not_printable_ascii_is_refused(value):
    """A value of metadata can neither break a header nor be something else afterwards."""
    with pytest.raises(InvalidRequest):
        parse_metadata({"a": value})


def test_metadata_has_a_largest_size():
    """2,048 bytes of names and values are kept, one more is 400."""
    assert parse_metadata({"ab": "x" * (MAX_METADATA_BYTES - 2)})
    with pytest.raises(InvalidRequest) as error:
        parse_metadata({"ab": "x" * (MAX_METADATA_BYTES - 1)})
    assert "2,048 bytes" in error.value.detail


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=8), max_size=3))
def test_what_is_accepted_fits_into_headers(given_metadata):
    """For any texts: printable ASCII names and values, or InvalidRequest and nothing else."""
    try:
        metadata = parse_metadata(given_metadata)
    except InvalidRequest:
        return
    for name, value in metadata.items():
        assert name
        assert name == name.lower()
        assert f"{name}{value}".isascii()
        assert f"{name}{value}".isprintable()


def test_absent_properties_are_not_sent():
    """Only what the object has becomes a parameter of PutObject."""
    request = {}
    ObjectProperties().add_to(request)
    assert request == {"ContentType": "application/octet-stream"}
    ObjectProperties("a/b", "gzip", "de", "inline", "no-cache", {"c": "d"}).add_to(request)
    assert request == {
        "ContentType": "a/b",
        "ContentEncoding": "gzip",
        "ContentLanguage": "de",
        "ContentDisposition": "inline",
        "CacheControl": "no-cache",
        "Metadata": {"c": "d"},
    }
