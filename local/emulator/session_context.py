"""What IAM knows about a session beyond its principal.

Sources: IAM User Guide, reference_policies_iam-condition-keys (keys of web identity federation)
and id_credentials_temp: an expired session is answered as expired, not as unknown.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import time
from typing import Any, Final

from ministack.core import iam_evaluator
from ministack.services import sts

from local.emulator.replacement import extend, replace

PROVIDER: Final = "cognito-identity.amazonaws.com"
_CONTEXT: Final = "_web_identity_context"
_KEPT_AFTER_EXPIRATION: Final = 24 * 3600


def install() -> None:
    """Give the evaluator the web identity of a session, and keep expired sessions known."""
    extend(iam_evaluator, "_principal_keys", "82f8fd4f1d91e592", _principal_keys)
    replace(sts, "_evict_expired_sessions", "67ddc890eea7c1fa", _evict_expired_sessions)


def web_identity_context(identity_id: str, pool_id: str, amr: Any) -> dict[str, Any]:
    """The condition keys of a session that stands for an identity of an identity pool."""
    return {
        f"{PROVIDER}:sub": identity_id,
        f"{PROVIDER}:aud": pool_id,
        f"{PROVIDER}:amr": amr,
        "aws:federatedprovider": PROVIDER,
    }


def remember_context(session: dict[str, Any], context: dict[str, Any]) -> None:
    """Keep a session's condition keys for each of its requests."""
    session[_CONTEXT] = context


def _principal_keys(original: Any, credential: Any) -> dict[str, Any]:
    session = sts._sessions.get(credential.access_key_id) or {}
    return {**original(credential), **session.get(_CONTEXT, {})}


def _evict_expired_sessions() -> None:
    forgotten = time.time() - _KEPT_AFTER_EXPIRATION
    for key, session in list(sts._sessions.items()):
        if session.get("Expiration", forgotten) < forgotten:
            sts._sessions.pop(key, None)
