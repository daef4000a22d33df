"""Strict verification of a Cognito ID token: the only way to a Principal.

The rules are those of AWS, "Verifying JSON web tokens" in the Amazon Cognito developer guide,
without the tolerances that RFC 7519 leaves open.
"""

import re
import time
from collections.abc import Callable, Collection
from typing import Final

from jwt.algorithms import RSAAlgorithm

from shared.compact_jws import CompactJws, parse_compact_jws, parse_json_object
from shared.errors import InvalidToken, TokenExpired, WrongTokenUse
from shared.principal import Principal
from shared.secret import Secret
from shared.signing_keys import SigningKeys

# For a clock behind Cognito's; an expiry gets no such grace.
CLOCK_SKEW_S: Final = 60
# The longest validity that an app client can be given.
MAX_LIFE_S: Final = 24 * 3_600

_RS256: Final = RSAAlgorithm(RSAAlgorithm.SHA256)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Controls would forge log lines, lone surrogates cannot be encoded.
_TEXT: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


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
        if isinstance(client_ids, str) or not client_ids or "" in client_ids:
            raise ValueError("client_ids is not a collection of app client ids")
        self._issuer = issuer
        self._client_ids = frozenset(client_ids)
        self._keys = keys
        self._clock = clock

    def verify(self, raw: Secret) -> Principal:
        """Who the token speaks for.

        Raises InvalidToken for a token that is malformed, forged or not meant for this service;
        only after its signature proved genuine WrongTokenUse for an access token of one of the
        clients, and TokenExpired where nothing but `exp` is wrong. Raises KeysUnavailable where
        the signature cannot be judged.
        """
        token = parse_compact_jws(raw.reveal())
        self._check_signature(token)
        claims = parse_json_object(token.claims_json, "claims")
        client_id = self._client_of(claims)
        now = self._clock()
        expires_at = _expiry(claims, now)
        principal = _principal(claims, self._issuer, client_id, expires_at, raw)
        if expires_at <= now:
            raise TokenExpired("expired")
        return principal

    def _check_signature(self, token: CompactJws) -> None:
        key = self._keys.get(token.kid)
        # RFC 8017, section 8.2.2: another length is no signature of this key.
        if len(token.signature) != (key.key_size + 7) // 8:
            raise InvalidToken("signature_length")
        if not _RS256.verify(token.signed, key, token.signature):
            raise InvalidToken("bad_signature")

    def _client_of(self, claims: dict[str, object]) -> str:
        if claims.get("iss") != self._issuer:
            raise InvalidToken("issuer")
        use = claims.get("token_use")
        if use == "access":
            self._known_client(claims.get("client_id"), "client_id")
            raise WrongTokenUse("access_token")
        if use != "id":
            raise InvalidToken("token_use")
        return self._known_client(claims.get("aud"), "audience")

    def _known_client(self, client_id: object, reason: str) -> str:
        if not (isinstance(client_id, str) and client_id in self._client_ids):
            raise InvalidToken(reason)
        return client_id


def _expiry(claims: dict[str, object], now: float) -> int:
    issued_at = _moment(claims, "iat")
    expires_at = _moment(claims, "exp")
    if issued_at > now + CLOCK_SKEW_S:
        raise InvalidToken("iat_in_future")
    if "nbf" in claims and _moment(claims, "nbf") > now + CLOCK_SKEW_S:
        raise InvalidToken("nbf_in_future")
    if not 0 < expires_at - issued_at <= MAX_LIFE_S:
        raise InvalidToken("life")
    return expires_at


def _moment(claims: dict[str, object], name: str) -> int:
    value = claims.get(name)
    # bool is a subclass of int.
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidToken(f"{name}_not_integer")
    return value


def _principal(
    claims: dict[str, object], issuer: str, client_id: str, expires_at: int, raw: Secret
) -> Principal:
    sub = claims.get("sub")
    if not (isinstance(sub, str) and _UUID.fullmatch(sub)):
        raise InvalidToken("sub")
    roles = _texts(claims, "cognito:roles", "roles")
    return Principal(
        issuer=issuer,
        client_id=client_id,
        sub=sub,
        username=_text(claims.get("cognito:username"), "username"),
        groups=_texts(claims, "cognito:groups", "groups"),
        roles=roles,
        preferred_role=_preferred_role(claims, roles),
        expires_at=expires_at,
        id_token=raw,
    )


def _preferred_role(claims: dict[str, object], roles: tuple[str, ...]) -> str | None:
    if "cognito:preferred_role" not in claims:
        return None
    preferred_role = _text(claims["cognito:preferred_role"], "preferred_role")
    if preferred_role not in roles:
        raise InvalidToken("preferred_role")
    return preferred_role


def _texts(claims: dict[str, object], name: str, reason: str) -> tuple[str, ...]:
    values = claims.get(name, [])
    if not isinstance(values, list):
        raise InvalidToken(reason)
    return tuple(_text(value, reason) for value in values)


def _text(value: object, reason: str) -> str:
    if not (isinstance(value, str) and _TEXT.fullmatch(value)):
        raise InvalidToken(reason)
    return value
