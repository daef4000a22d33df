"""AssumeRoleWithWebIdentity with a verified token; the emulator believes every token.

Source: STS API reference of AssumeRoleWithWebIdentity (InvalidIdentityToken,
ExpiredTokenException).
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import contextvars
import time
from typing import Any, Final

from ministack.services import cognito, sts

from local.emulator.replacement import extend
from local.emulator.session_context import PROVIDER, remember_context, web_identity_context

_verified: Final[contextvars.ContextVar[dict[str, Any] | None]] = contextvars.ContextVar(
    "verified_web_identity", default=None
)


def install() -> None:
    """Verify the token's signature and expiry, and keep its identity for the session."""
    extend(sts, "_web_identity_trust_denied", "d9e237e9d6e9872f", _trust_denied)
    extend(sts, "register_session", "a84ec986ec012146", _register_session)


def _trust_denied(original: Any, role_arn: str, params: dict[str, Any], use_json: Any) -> Any:
    token = sts._p(params, "WebIdentityToken")
    claims = cognito._token_claims(token)
    if not claims or not cognito._signature_valid(token):
        message = "Couldn't retrieve verification key from your identity provider"
        return sts._error(400, "InvalidIdentityToken", message, ns="sts")
    if claims.get("exp", 0) < time.time():
        return sts._error(400, "ExpiredTokenException", "Token expired", ns="sts")
    denied = original(role_arn, params, use_json)
    if not denied and claims.get("iss") == f"https://{PROVIDER}":
        context = web_identity_context(claims["sub"], claims["aud"], claims.get("amr"))
        _verified.set(context)
    return denied


def _register_session(original: Any, key: str, session: dict[str, Any]) -> Any:
    context = _verified.get()
    if context is not None:
        _verified.set(None)
        remember_context(session, context)
    return original(key, session)
