"""How the API writes points in time."""

from datetime import UTC, datetime
from email.utils import format_datetime


def time_text(moment: datetime) -> str:
    """RFC 3339 in UTC with whole seconds, such as 2026-11-20T10:11:12Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def http_date(moment: datetime) -> str:
    """RFC 9110, section 5.6.7, such as Fri, 20 Nov 2026 10:11:12 GMT."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
