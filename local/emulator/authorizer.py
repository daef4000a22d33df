"""The Cognito authorizer of a REST API, where the emulator accepts any token of the pool.

Source: API Gateway developer guide, apigateway-integrate-with-cognito: a method without scopes
takes the ID token. The sentence for an expired token is the one API Gateway sends. Its gateway
response is UNAUTHORIZED all the same: supported-gateway-response-types has EXPIRED_TOKEN, 403 by
default, for an expired AWS authentication token, and an API without gateway responses of its own
answers 401 to an expired token of a user pool.
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
    if error and _has_only_expired(
        authorizer, method, apigateway_v1._cognito_token_from_request(authorizer, *request)
    ):
        return None, apigateway_v1._gw_error("UNAUTHORIZED", "The incoming token has expired")
    return claims, error


def _has_only_expired(authorizer: Any, method: Any, token: str | None) -> bool:
    """Whether nothing but the time is wrong with the token."""
    claims = cognito._token_claims(token) if token and token.count(".") == 2 else {}  # noqa: PLR2004 # a JWT's dots
    expiry = claims.get("exp")
    wanted = "access" if method.get("authorizationScopes") else "id"
    return (
        isinstance(expiry, int)
        and expiry <= time.time()
        and claims.get("token_use") == wanted
        and claims.get("iss") in apigateway_v1._cognito_pool_issuers(authorizer)
        and bool(cognito._signature_valid(token))
    )
