"""What every token of a Cognito user pool has to prove, whatever it is for.

The rules are those of AWS, "Verifying JSON web tokens" in the Amazon Cognito developer guide,
without the tolerances that RFC 7519 leaves open.
"""

import re
import time
from collections.abc import Callable, Collection
from typing import Final

from jwt.algorithms import RSAAlgorithm

from shared.compact_jws import CompactJws, parse_compact_jws, parse_json_object
from shared.errors import InvalidToken
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


class TokenIssuer:
    """One user pool (`issuer`), of whose app clients some are known here.

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
        self.name = issuer
        self._client_ids = frozenset(client_ids)
        self._keys = keys
        self._clock = clock

    def claims(self, raw: Secret) -> dict[str, object]:
        """The claims of a token that this user pool signed; nothing but that is proven.

        Raises InvalidToken, or KeysUnavailable where the signature cannot be judged.
        """
        token = parse_compact_jws(raw.reveal())
        self._check_signature(token)
        claims = parse_json_object(token.claims_json, "claims")
        if claims.get("iss") != self.name:
            raise InvalidToken("issuer")
        return claims

    def known_client(self, client_id: object, reason: str) -> str:
        """The app client's id, InvalidToken (`reason`) unless it is one of the known."""
        if not (isinstance(client_id, str) and client_id in self._client_ids):
            raise InvalidToken(reason)
        return client_id

    def expiry(self, claims: dict[str, object]) -> int:
        """The token's `exp` in epoch seconds, past or not; InvalidToken where its times are odd."""
        now = self._clock()
        issued_at = _moment(claims, "iat")
        expires_at = _moment(claims, "exp")
        if issued_at > now + CLOCK_SKEW_S:
            raise InvalidToken("iat_in_future")
        if "nbf" in claims and _moment(claims, "nbf") > now + CLOCK_SKEW_S:
            raise InvalidToken("nbf_in_future")
        if not 0 < expires_at - issued_at <= MAX_LIFE_S:
            raise InvalidToken("life")
        return expires_at

    def is_over(self, expires_at: int) -> bool:
        """Whether that moment has come."""
        return expires_at <= self._clock()

    def _check_signature(self, token: CompactJws) -> None:
        key = self._keys.get(token.kid)
        # RFC 8017, section 8.2.2: another length is no signature of this key.
        if len(token.signature) != (key.key_size + 7) // 8:
            raise InvalidToken("signature_length")
        if not _RS256.verify(token.signed, key, token.signature):
            raise InvalidToken("bad_signature")


def sub_of(claims: dict[str, object]) -> str:
    """The `sub`: a UUID, else InvalidToken."""
    sub = claims.get("sub")
    if not (isinstance(sub, str) and _UUID.fullmatch(sub)):
        raise InvalidToken("sub")
    return sub


def text_of(value: object, reason: str) -> str:
    """A claim's text without controls, else InvalidToken (`reason`)."""
    if not (isinstance(value, str) and _TEXT.fullmatch(value)):
        raise InvalidToken(reason)
    return value


def _moment(claims: dict[str, object], name: str) -> int:
    value = claims.get(name)
    # bool is a subclass of int.
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidToken(f"{name}_not_integer")
    return value
