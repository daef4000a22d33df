"""The key document of a user pool (RFC 7517): which of its keys may verify an ID token."""

import json
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from shared.compact_jws import MAX_KID_CHARS, decode_base64url
from shared.upstream_errors import KeysUnavailable

# RFC 7518, section 3.3, asks for 2,048 bits; the upper bound keeps one verification cheap.
_MODULUS_BITS: Final = range(2_048, 8_192 + 1)
_MAX_EXPONENT: Final = 2**32
# Cognito always names these three members.
_WANTED: Final = {"kty": "RSA", "use": "sig", "alg": "RS256"}


def read_key_set(document: bytes) -> Mapping[str, RSAPublicKey]:
    """The usable keys by their `kid`; keys made for anything but RS256 are left out.

    Raises KeysUnavailable where the document is no key set or no key of it is usable.
    """
    try:
        key_set = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise KeysUnavailable("jwks_not_json") from error
    entries = key_set.get("keys") if isinstance(key_set, dict) else None
    if not isinstance(entries, list):
        raise KeysUnavailable("jwks_malformed")
    usable = {kid: key for entry in entries for kid, key in _usable(entry)}
    if not usable:
        raise KeysUnavailable("jwks_without_usable_key")
    return usable


def _usable(entry: object) -> list[tuple[str, RSAPublicKey]]:
    """The entry's `kid` and key, or nothing."""
    if not isinstance(entry, dict) or not _is_for_verifying(entry):
        return []
    kid = entry.get("kid")
    if not (isinstance(kid, str) and 0 < len(kid) <= MAX_KID_CHARS):
        return []
    try:
        return [(kid, _public_key(_integer(entry.get("n")), _integer(entry.get("e"))))]
    except ValueError:
        return []


def _is_for_verifying(entry: dict[str, object]) -> bool:
    # "d": with a published private key anyone could sign.
    return (
        all(entry.get(name) == value for name, value in _WANTED.items())
        and entry.get("key_ops", ["verify"]) == ["verify"]
        and "d" not in entry
    )


def _public_key(modulus: int, exponent: int) -> RSAPublicKey:
    if modulus.bit_length() not in _MODULUS_BITS or modulus % 2 == 0:
        raise ValueError("modulus")
    if not 1 < exponent < _MAX_EXPONENT or exponent % 2 == 0:
        raise ValueError("exponent")
    return RSAPublicNumbers(exponent, modulus).public_key()


def _integer(text: object) -> int:
    """A Base64urlUInt (RFC 7518, section 2)."""
    if not isinstance(text, str):
        raise ValueError("not a text")  # noqa: TRY004 # one kind of refusal for the whole entry
    return int.from_bytes(decode_base64url(text.encode("ascii")), "big")
