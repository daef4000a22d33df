"""The Cognito authorizer of a REST API, where the emulator accepts any token of the pool.

Source: API Gateway developer guide, apigateway-integrate-with-cognito: a method without scopes
takes the ID token. The sentence for an expired token is the one API Gateway sends.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import time
from typing import Any

from ministack.services import apigateway_v1, cognito

from local.emulator.replacement import extend


def install() -> None:
    """Want an ID token where the method has no scopes."""
    extend(apigateway_v1, "_validate_cognito_authorizer", "11c3eaecec67f270", _validate)


async def _validate(original: Any, authorizer: Any, method: Any, *request: Any) -> Any:
    claims, error = await original(authorizer, method, *request)
    if claims and not method.get("authorizationScopes") and claims.get("token_use") != "id":
        return None, apigateway_v1._gw_error("UNAUTHORIZED", "Unauthorized")
    if error and _is_expired(apigateway_v1._cognito_token_from_request(authorizer, *request)):
        return None, apigateway_v1._gw_error("UNAUTHORIZED", "The incoming token has expired")
    return claims, error


def _is_expired(token: str | None) -> bool:
    claims = cognito._token_claims(token) if token and token.count(".") == 2 else {}  # noqa: PLR2004 # a JWT's dots
    expiry = claims.get("exp")
    return (
        isinstance(expiry, int) and expiry <= time.time() and bool(cognito._signature_valid(token))
    )
