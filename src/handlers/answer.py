"""What every answer carries, whichever route or error made it."""

from typing import Any

from handlers.request import Event, request_id

# Answers depend on who asks, and hold signed URLs or private names: no cache may keep them.
COMMON_HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Authorization, Origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def completed(answer: dict[str, Any], event: Event) -> dict[str, Any]:
    """The resolver's answer with the common headers and the request id; a HEAD has no body."""
    headers = answer.setdefault("multiValueHeaders", {})
    for name, value in {**COMMON_HEADERS, "x-request-id": request_id(event)}.items():
        headers[name] = [value]
    if event.get("httpMethod") == "HEAD":
        answer |= {"body": "", "isBase64Encoded": False}
    return answer
