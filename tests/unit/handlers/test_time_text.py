"""How points in time are written."""

from datetime import UTC, datetime, timedelta, timezone

from handlers.time_text import http_date, time_text

INDIA = timezone(timedelta(hours=5, minutes=30))
MOMENT = datetime(2026, 11, 20, 15, 41, 12, 999_999, INDIA)


def test_json_has_utc_and_whole_seconds():
    """RFC 3339 in UTC; a fraction is cut, not rounded: nothing lives longer than it does."""
    assert time_text(MOMENT) == "2026-11-20T10:11:12Z"


def test_headers_have_the_date_of_http():
    """The fixed form of RFC 9110 in GMT."""
    assert http_date(MOMENT) == "Fri, 20 Nov 2026 10:11:12 GMT"
    assert http_date(datetime(2026, 1, 2, tzinfo=UTC)) == "Fri, 02 Jan 2026 00:00:00 GMT"
