import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.byte_range import parse_byte_range


@pytest.mark.parametrize("value", ["bytes=0-9", "bytes=0-0", "bytes=5-", "bytes=-5", "bytes=09-10"])
def test_one_range_is_sent_to_s3_as_it_is(value):
    """First and last, first alone and a suffix are S3's to answer."""
    assert parse_byte_range(value) == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "bytes=",
        "bytes=-",
        "bytes=0-1,3-4",
        "bytes=9-0",
        "bytes= 0-9",
        "bytes=0-9 ",
        "bytes=0-9\n",
        "bytes=+1-2",
        "bytes=0x1-2",
        "bytes=\u0661-\u0662",
        "lines=0-9",
        "bytes 0-9",
        "bytes=0-" + "9" * 20,
    ],
)
def test_anything_else_asks_for_the_whole_object(value):
    """RFC 9110, section 14.2: a server may ignore Range, and ignores what it cannot read."""
    assert parse_byte_range(value) is None


def test_a_range_with_if_range_asks_for_the_whole_object():
    """S3 would not weigh If-Range, and parts of two versions must not be joined."""
    assert parse_byte_range("bytes=0-9", if_range='"abc"') is None
    assert parse_byte_range("bytes=0-9", if_range="") is None


@given(st.integers(0, 10**18), st.integers(0, 10**18))
def test_a_range_is_kept_exactly_if_it_ends_at_or_after_its_start(first, last):
    """The order of the two numbers alone decides."""
    value = f"bytes={first}-{last}"
    assert parse_byte_range(value) == (value if first <= last else None)
