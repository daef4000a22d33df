"""The answer of a Lambda proxy integration, where the emulator shows what API Gateway hides.

Sources: API Gateway developer guide, set-up-lambda-proxy-integrations and
handle-errors-in-lambda-integration: a function that fails, or answers with more than 6 MB, ends
in 502 with the sentence of API Gateway and the DEFAULT_5XX gateway response;
api-gateway-payload-encodings: `*/*` makes every payload binary, with or without an Accept header.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
from typing import Any, Final

from ministack.services import apigateway_v1

from local.emulator.replacement import extend

_SENTENCE: Final = "Internal server error"
# Lambda quotas: 6 MB of a synchronous answer.
_LARGEST_ANSWER: Final = 6 * 1024 * 1024


class _FunctionFailure(apigateway_v1._GatewayError):  # type: ignore[misc] # untyped
    """A failed function, which API Gateway answers as 502 unless DEFAULT_5XX says otherwise."""

    def __init__(self) -> None:
        super().__init__("DEFAULT_5XX", _SENTENCE)


def install() -> None:
    """Hide a failed function's words, and treat all payloads as binary where `*/*` says so."""
    extend(apigateway_v1, "_lambda_proxy_response", "3a5b91b76870782b", _proxy_response)
    extend(apigateway_v1, "_invoke_lambda_proxy_v1", "5651a96fa7ba1ad6", _invoke)
    extend(apigateway_v1, "_gateway_error_response", "c0a3f091df36886a", _error_response)
    extend(apigateway_v1, "_media_type_matches", "b43764b7a835fc40", _media_type_matches)


def _proxy_response(original: Any, result: Any) -> Any:
    response, error = original(result)
    if error is None and len(str((response or {}).get("body") or "")) > _LARGEST_ANSWER:
        return None, _SENTENCE
    return response, _SENTENCE if error else None


async def _invoke(original: Any, *arguments: Any, **named: Any) -> Any:
    answer = await original(*arguments, **named)
    failed = isinstance(answer, tuple) and answer[0] == 502 and _SENTENCE.encode() in answer[2]  # noqa: PLR2004 # plain HTTP
    return _FunctionFailure() if failed else answer


def _error_response(original: Any, error: Any, request: Any) -> Any:
    status, headers, body = original(error, request)
    if isinstance(error, _FunctionFailure) and status == 500:  # noqa: PLR2004 # plain HTTP
        status = 502
    return status, headers, body


def _media_type_matches(original: Any, media_type: Any, binary_media_types: Any) -> bool:
    return "*/*" in (binary_media_types or []) or bool(original(media_type, binary_media_types))
