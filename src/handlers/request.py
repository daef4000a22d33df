"""What a route reads from the API Gateway event; nothing below handlers/ sees the event."""

import base64
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from shared.errors import InvalidKey, InvalidRequest
from shared.object_errors import TooLarge

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


def query_prefix(event: Event, name: str) -> str | None:
    """A query parameter that the names of a listing are compared with, or None.

    Raises InvalidKey for U+FFFD: it is what API Gateway makes of bytes that are no UTF-8, and
    whatever was meant, it is not what the listing would be of.
    """
    text = query_text(event, name)
    if text is not None and "\ufffd" in text:
        raise InvalidKey(f"{name} has U+FFFD", detail=f"{name} is UTF-8 without U+FFFD.")
    return text


def header_text(event: Event, name: str) -> str | None:
    """The value of a request header, whatever its case, or None.

    One that came several times is one list (RFC 9110, section 5.3).
    """
    lines = [
        line
        for key, values in (event.get("multiValueHeaders") or {}).items()
        if key.lower() == name.lower()
        for line in values
    ]
    if lines:
        return ", ".join(lines)
    headers = event.get("headers") or {}
    return next((text for key, text in headers.items() if key.lower() == name.lower()), None)


def headers_below(event: Event, prefix: str) -> dict[str, str]:
    """The request's headers whose names begin with `prefix`, in lower case and without it.

    One that came several times is one list (RFC 9110, section 5.3).
    """
    found: dict[str, str] = {}
    for name, values in (event.get("multiValueHeaders") or {}).items():
        if name.lower().startswith(prefix):
            found[name.lower().removeprefix(prefix)] = ", ".join(values)
    return found


def body_bytes(event: Event, most: int, detail: str | None = None) -> bytes:
    """The request's body, at most `most` bytes; API Gateway sends it in base64 or as text.

    Raises TooLarge, whose public sentence is `detail` where that is given.
    """
    text = event.get("body")
    text = text if isinstance(text, str) else ""
    try:
        # Four characters of base64 are at most three bytes: what is far too long is not decoded.
        too_long = len(text) > (most // 3 + 1) * 4
        if event.get("isBase64Encoded"):
            body = b"" if too_long else base64.b64decode(text, validate=True)
        else:
            body = b"" if too_long else text.encode()
    except ValueError as error:
        raise InvalidRequest("unreadable body", detail="The body is not readable.") from error
    if too_long or len(body) > most:
        raise TooLarge(f"body above {most} bytes", detail=detail or _too_large(most))
    return body


def path_key(event: Event) -> str:
    """The object key of the path, decoded exactly once; raises InvalidKey if it is no UTF-8.

    A REST API passes the path as it was sent, percent-encoded; its greedy path parameter is
    encoded too, but loses a final slash (docs/decisions/0013).
    """
    _, _, encoded = str(event.get("path") or "").partition("/objects/")
    try:
        return unquote(encoded, errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidKey("path is not UTF-8", detail="An object key is UTF-8.") from error


def request_id(event: Event) -> str:
    """API Gateway's id of the request; "unknown" where the event has none."""
    context = event.get("requestContext")
    return str((isinstance(context, Mapping) and context.get("requestId")) or "unknown")


def _too_large(most: int) -> str:
    return f"The body has at most {most:,} bytes."
