"""What a sign-in gives, and how it is kept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bucketpass.errors import SignInExpired, UnexpectedAnswer
from bucketpass.id_token import IdTokenClaims, read_claims
from bucketpass.secret import Secret


@dataclass(frozen=True)
class Tokens:
    """The three tokens of one person at one app client.

    `expires_at` (seconds since the epoch by the clock of this machine) is when the ID token ends.
    `refresh_token` None means that it cannot be renewed. `device_key` names a remembered device,
    to which Cognito ties the refresh token. `identity_id` is kept once it is known.
    """

    id_token: Secret
    access_token: Secret | None
    refresh_token: Secret | None
    expires_at: float
    device_key: str | None = None
    identity_id: str | None = None

    @property
    def claims(self) -> IdTokenClaims:
        """What the ID token says."""
        return read_claims(self.id_token.reveal())

    def renewed_by(self, answer: Mapping[str, Any], now: float) -> "Tokens":
        """These tokens after a refresh; a refresh token that does not rotate stays."""
        fresh = tokens_of_answer(answer, now)
        return replace(
            fresh,
            refresh_token=fresh.refresh_token or self.refresh_token,
            device_key=self.device_key,
            identity_id=self.identity_id,
        )


def tokens_of_answer(answer: Mapping[str, Any], now: float) -> Tokens:
    """The tokens of Cognito's `AuthenticationResult`; raises UnexpectedAnswer if one is missing.

    The end of the ID token is counted from `now` by its own `exp - iat`, so that a wrong clock
    makes it neither immortal nor dead.
    """
    try:
        id_token = Secret(answer["IdToken"])
        device = answer.get("NewDeviceMetadata") or {}
        lifetime = _lifetime(id_token.reveal())
        return Tokens(
            id_token=id_token,
            access_token=_secret(answer.get("AccessToken")),
            refresh_token=_secret(answer.get("RefreshToken")),
            expires_at=now + lifetime,
            device_key=device.get("DeviceKey"),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UnexpectedAnswer("Cognito's answer holds no ID token.") from error


def tokens_of_id_token(given: str | Secret | Callable[[], str], now: float) -> Tokens:
    """An ID token alone, as text or as what gives a fresh one; raises SignInExpired at its end."""
    text = given() if callable(given) else given
    id_token = text if isinstance(text, Secret) else Secret(text)
    expires_at = read_claims(id_token.reveal()).expires_at
    if expires_at <= now:
        raise SignInExpired("The ID token has expired.", remedy="Get a new one.")
    return Tokens(id_token, None, None, expires_at)


def _lifetime(id_token: str) -> float:
    claims = read_claims(id_token)
    return claims.expires_at - claims.issued_at


def to_json(tokens: Tokens, user_pool_id: str, client_id: str) -> str:
    """The tokens as the text that a store keeps, with where they belong."""
    return json.dumps(
        {
            "version": 1,
            "userPoolId": user_pool_id,
            "clientId": client_id,
            "idToken": tokens.id_token.reveal(),
            "accessToken": tokens.access_token and tokens.access_token.reveal(),
            "refreshToken": tokens.refresh_token and tokens.refresh_token.reveal(),
            "expiresAt": tokens.expires_at,
            "deviceKey": tokens.device_key,
            "identityId": tokens.identity_id,
        }
    )


def from_json(text: str, user_pool_id: str, client_id: str) -> Tokens | None:
    """The tokens that a store kept; None if they are damaged or belong elsewhere."""
    try:
        kept = json.loads(text)
        if (kept["version"], kept["userPoolId"], kept["clientId"]) != (1, user_pool_id, client_id):
            return None
        return Tokens(
            id_token=Secret(str(kept["idToken"])),
            access_token=_secret(kept["accessToken"]),
            refresh_token=_secret(kept["refreshToken"]),
            expires_at=float(kept["expiresAt"]),
            device_key=kept["deviceKey"],
            identity_id=kept["identityId"],
        )
    except (ValueError, TypeError, KeyError):
        return None


def _secret(text: object) -> Secret | None:
    return Secret(str(text)) if text else None
