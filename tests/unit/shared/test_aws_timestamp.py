"""Timestamps in answers of AWS, compared with botocore's own parser."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.parsers import ResponseParserError
from botocore.utils import parse_timestamp
from hypothesis import given
from hypothesis import strategies as st

from shared.aws_timestamp import parse_aws_timestamp

times = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 # bounds of a strategy are naive
forms = st.sampled_from(
    [
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%dT%H:%M:%S.000Z",
        "%Y-%m-%dT%H:%M:%S.%fZ",
        "%Y-%m-%dT%H:%M:%S+00:00",
        "%Y-%m-%dT%H:%M:%S-05:30",
        "%a, %d %b %Y %H:%M:%S GMT",
        "%Y%m%dT%H%M%SZ",
    ]
)


def same(value):
    ours, theirs = parse_aws_timestamp(value), parse_timestamp(value)
    assert ours == theirs
    assert ours.utcoffset() == theirs.utcoffset()
    assert ours.isoformat() == theirs.isoformat()
    return ours


@given(times, forms)
def test_every_form_is_read_as_botocore_reads_it(time, form):
    """ISO 8601 with and without a fraction or an offset, and RFC 7231, give the same time."""
    same(time.strftime(form))


@given(times, st.integers(0, 999))
def test_the_form_of_a_listing_is_read_as_botocore_reads_it(time, milliseconds):
    """S3's listing form, every millisecond of it, gives the same time in UTC."""
    text = f"{time:%Y-%m-%dT%H:%M:%S}.{milliseconds:03}Z"
    assert same(text).utcoffset() == timedelta(0)


@given(st.floats(0, 4e9) | st.integers(0, 4_000_000_000))
def test_epoch_seconds_are_read_as_botocore_reads_them(seconds):
    """Cognito's Expiration, a number with or without a fraction, gives the same time."""
    same(seconds)
    same(str(seconds))


@given(
    st.text(max_size=30)
    | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3})?Z")
    | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", fullmatch=True)
)
def test_any_text_is_read_or_refused_as_botocore_does(text):
    """No text is read differently, and what botocore refuses is an unreadable answer."""
    try:
        expected = parse_timestamp(text)
    except Exception:  # noqa: BLE001 # whatever botocore raises
        with pytest.raises(ResponseParserError):
            parse_aws_timestamp(text)
    else:
        assert parse_aws_timestamp(text) == expected


@pytest.mark.parametrize(
    "value",
    [
        "soon",
        "",
        "2026-13-01T00:00:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T23:59:60Z",
        "nan",
        "inf",
        None,
        [],
    ],
)
def test_what_is_no_time_is_an_unreadable_answer(value):
    """Nonsense ends as ResponseParserError, which the adapters translate."""
    with pytest.raises(ResponseParserError):
        parse_aws_timestamp(value)


@pytest.mark.parametrize("year", range(1, 1_000, 111))
def test_an_ancient_year_is_read_as_botocore_reads_it(year):
    """No year of few digits is taken for another century."""
    same(f"{year:04}-02-03T04:05:06Z")


def test_a_known_time():
    """The example of S3's documentation form."""
    assert parse_aws_timestamp("2026-11-20T10:11:12.013Z") == datetime(
        2026, 11, 20, 10, 11, 12, 13_000, UTC
    )
