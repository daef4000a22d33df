"""Strict verification of a Cognito ID token: the only way to a Principal."""

import time
from collections.abc import Callable, Collection

from shared.errors import InvalidToken, TokenExpired, WrongTokenUse
from shared.pool_token import TokenIssuer, sub_of, text_of
from shared.principal import Principal
from shared.secret import Secret
from shared.signing_keys import SigningKeys


class IdTokenVerifier:
    """Verifies the ID tokens that one user pool (`issuer`) gave to some of its app clients.

    `clock` gives epoch seconds. Raises ValueError where `client_ids` names no client.
    """

    def __init__(
        self,
        issuer: str,
        client_ids: Collection[str],
        keys: SigningKeys,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._issuer = TokenIssuer(issuer, client_ids, keys, clock)

    def verify(self, raw: Secret) -> Principal:
        """Who the token speaks for.

        Raises InvalidToken for a token that is malformed, forged or not meant for this service;
        only after its signature proved genuine WrongTokenUse for an access token of one of the
        clients, and TokenExpired where nothing but `exp` is wrong. Raises KeysUnavailable where
        the signature cannot be judged.
        """
        claims = self._issuer.claims(raw)
        client_id = self._client_of(claims)
        expires_at = self._issuer.expiry(claims)
        principal = _principal(claims, self._issuer.name, client_id, expires_at, raw)
        if self._issuer.is_over(expires_at):
            raise TokenExpired("expired")
        return principal

    def _client_of(self, claims: dict[str, object]) -> str:
        use = claims.get("token_use")
        if use == "access":
            self._issuer.known_client(claims.get("client_id"), "client_id")
            raise WrongTokenUse("access_token")
        if use != "id":
            raise InvalidToken("token_use")
        return self._issuer.known_client(claims.get("aud"), "audience")


def _principal(
    claims: dict[str, object], issuer: str, client_id: str, expires_at: int, raw: Secret
) -> Principal:
    sub = sub_of(claims)
    roles = _texts(claims, "cognito:roles", "roles")
    return Principal(
        issuer=issuer,
        client_id=client_id,
        sub=sub,
        username=text_of(claims.get("cognito:username"), "username"),
        groups=_texts(claims, "cognito:groups", "groups"),
        roles=roles,
        preferred_role=_preferred_role(claims, roles),
        expires_at=expires_at,
        id_token=raw,
    )


def _preferred_role(claims: dict[str, object], roles: tuple[str, ...]) -> str | None:
    if "cognito:preferred_role" not in claims:
        return None
    preferred_role = text_of(claims["cognito:preferred_role"], "preferred_role")
    if preferred_role not in roles:
        raise InvalidToken("preferred_role")
    return preferred_role


def _texts(claims: dict[str, object], name: str, reason: str) -> tuple[str, ...]:
    values = claims.get(name, [])
    if not isinstance(values, list):
        raise InvalidToken(reason)
    return tuple(text_of(value, reason) for value in values)
