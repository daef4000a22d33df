"""What an ID token says about its bearer."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bucketpass.errors import UnexpectedAnswer


@dataclass(frozen=True)
class IdTokenClaims:
    """The claims that this package reads; `issued_at` and `expires_at` in seconds since the epoch.

    The signature is not checked: the claims are shown to the bearer and decide nothing. Cognito
    and the service verify the token themselves.
    """

    sub: str
    username: str
    issuer: str
    audience: str
    issued_at: float
    expires_at: float
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    preferred_role: str | None = None


def read_claims(id_token: str) -> IdTokenClaims:
    """The claims of a Cognito ID token; raises UnexpectedAnswer for anything else."""
    try:
        claims = _payload(id_token)
        if claims["token_use"] != "id":  # noqa: S105 # a claim, not a password
            raise UnexpectedAnswer("That is not an ID token, but another token of Cognito.")
        return IdTokenClaims(
            sub=str(claims["sub"]),
            username=str(claims["cognito:username"]),
            issuer=str(claims["iss"]),
            audience=str(claims["aud"]),
            issued_at=float(claims["iat"]),
            expires_at=float(claims["exp"]),
            groups=_texts(claims.get("cognito:groups")),
            roles=_texts(claims.get("cognito:roles")),
            preferred_role=claims.get("cognito:preferred_role"),
        )
    except (ValueError, TypeError, KeyError) as error:
        # the token itself stays out of the chain: `from None` drops what holds parts of it
        raise UnexpectedAnswer(
            f"That is not an ID token of a Cognito user pool ({type(error).__name__})."
        ) from None


def _payload(token: str) -> Mapping[str, Any]:
    _, payload, _ = token.split(".")
    decoded = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if not isinstance(decoded, dict):
        raise TypeError
    return decoded


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
