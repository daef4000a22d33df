"""The event of a Lambda proxy integration, where the emulator loses what was sent.

Source: API Gateway developer guide, set-up-lambda-proxy-integrations: `path` as it was sent and
`pathParameters` decoded once; of a repeated header or parameter the last value, and all of them
under `multiValue…`; `sourceIp` is the connection's. Header names stay in lower case, as HTTP/2
clients send them.
"""

# ruff: noqa: ANN401 # the emulator is untyped
import contextvars
from typing import Any, Final

from ministack import app
from ministack.services import apigateway_v1

from local.emulator.replacement import extend

_request: Final[contextvars.ContextVar[dict[str, Any] | None]] = contextvars.ContextVar(
    "asgi_request", default=None
)


def install() -> None:
    """Remember each request as it arrived, and build events from that."""
    extend(app, "app", "ab1297bd6cd59811", _app)
    extend(apigateway_v1, "_build_lambda_event_v1", "c7ac97b91f6ee999", _build_event)


async def _app(original: Any, scope: dict[str, Any], receive: Any, send: Any) -> None:
    _request.set(scope if scope["type"] == "http" else None)
    await original(scope, receive, send)


def _build_event(original: Any, api_id: str, stage_name: str, *rest: Any, **named: Any) -> Any:
    event = original(api_id, stage_name, *rest, **named)
    request = _request.get()
    if request is not None:
        event["path"] = _sent_path(request, event["path"])
        event["requestContext"]["path"] = f"/{stage_name}{event['path']}"
        event["requestContext"]["identity"]["sourceIp"] = request["client"][0]
        event["multiValueHeaders"] = headers = _sent_headers(request)
        event["headers"] = {name: values[-1] for name, values in headers.items()}
    for name in event["queryStringParameters"] or {}:
        values = event["multiValueQueryStringParameters"][name]
        event["queryStringParameters"][name] = values[-1]
    return event


def _sent_path(request: dict[str, Any], decoded: str) -> str:
    """The end of the request's raw path that decodes to `decoded`, or that if there is none."""
    whole: str = request["path"]
    raw = request.get("raw_path", b"").decode("latin-1")
    before = whole[: len(whole) - len(decoded)]
    # What stands before is made of ids and the stage, which need no escapes.
    return raw[len(before) :] if before and raw.startswith(before) else decoded


def _sent_headers(request: dict[str, Any]) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in request["headers"]:
        headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return headers
