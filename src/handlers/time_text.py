"""How the API writes points in time."""

from datetime import UTC, datetime


def time_text(moment: datetime) -> str:
    """RFC 3339 in UTC with whole seconds, such as 2026-11-20T10:11:12Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
