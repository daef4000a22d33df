"""Verification of a Cognito access token: the proof that a person may sign themselves out."""

import time
from collections.abc import Callable, Collection
from typing import Final

from shared.errors import InvalidAccessToken, InvalidToken
from shared.pool_token import TokenIssuer, sub_of
from shared.principal import Principal
from shared.secret import Secret
from shared.signing_keys import SigningKeys

# Cognito API reference, GlobalSignOut.
SIGN_OUT_SCOPE: Final = "aws.cognito.signin.user.admin"


class AccessTokenVerifier:
    """Verifies the access tokens that one user pool (`issuer`) gave to some of its app clients.

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

    def verify(self, raw: Secret, principal: Principal) -> None:
        """Pass if the token is the principal's own, good now, and lets its holder sign out.

        Raises InvalidAccessToken, whose public detail says no more than that the token has
        expired or lacks the scope; KeysUnavailable where the signature cannot be judged.
        """
        try:
            self._verify(raw, principal)
        except InvalidToken as error:
            raise InvalidAccessToken(f"access token: {error.reason}") from error

    def _verify(self, raw: Secret, principal: Principal) -> None:
        claims = self._issuer.claims(raw)
        if claims.get("token_use") != "access":
            raise InvalidToken("token_use")
        self._issuer.known_client(claims.get("client_id"), "client_id")
        expires_at = self._issuer.expiry(claims)
        if sub_of(claims) != principal.sub:
            raise InvalidToken("sub_of_another")
        if self._issuer.is_over(expires_at):
            raise InvalidAccessToken(
                "access token: expired", detail="The access token has expired; refresh it."
            )
        scope = claims.get("scope")
        if not (isinstance(scope, str) and SIGN_OUT_SCOPE in scope.split(" ")):
            raise InvalidAccessToken(
                "access token: scope", detail=f"The access token lacks the scope {SIGN_OUT_SCOPE}."
            )
