"""What a route reads from the API Gateway event; nothing below handlers/ sees the event."""

import re
from collections.abc import Mapping
from typing import Any, Final

from shared.errors import InvalidRequest

Event = Mapping[str, Any]

_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}")


def query_text(event: Event, name: str) -> str | None:
    """The one value of a query parameter, or None; raises InvalidRequest where it is repeated."""
    values = (event.get("multiValueQueryStringParameters") or {}).get(name)
    if values and len(values) > 1:
        raise InvalidRequest(f"{name} repeated", detail=f"Give {name} once.")
    value = values[0] if values else (event.get("queryStringParameters") or {}).get(name)
    return value if isinstance(value, str) else None


def query_number(event: Event, name: str, default: int, least: int, most: int) -> int:
    """A whole number between `least` and `most`; raises InvalidRequest for anything else."""
    text = query_text(event, name)
    if text is None:
        return default
    if _WHOLE_NUMBER.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    raise InvalidRequest(
        f"{name} out of range", detail=f"{name} is a whole number from {least} to {most}."
    )


def query_choice(event: Event, name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`, the first where the parameter is absent; raises InvalidRequest."""
    text = query_text(event, name)
    if text is None:
        return choices[0]
    if text in choices:
        return text
    raise InvalidRequest(f"unknown {name}", detail=f"{name} is one of {', '.join(choices)}.")


def header_text(event: Event, name: str) -> str | None:
    """The value of a request header, whatever its case, or None."""
    headers = event.get("headers") or {}
    return next((text for key, text in headers.items() if key.lower() == name.lower()), None)


def path_key(event: Event) -> str:
    """The object key of the path, which API Gateway has decoded exactly once."""
    key = (event.get("pathParameters") or {}).get("key")
    return key if isinstance(key, str) else ""


def request_id(event: Event) -> str:
    """API Gateway's id of the request; "unknown" where the event has none."""
    return str((event.get("requestContext") or {}).get("requestId") or "unknown")
