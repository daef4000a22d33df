"""The compact form of a signed token (RFC 7515, section 7.1), read more strictly than it asks.

Libraries forgive padding, unused bits and repeated names, which gives one token many spellings;
Cognito writes only one, so only that one is read.
"""

import json
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, Literal, NoReturn

from shared.errors import InvalidToken

MAX_TOKEN_CHARS: Final = 8_192
MAX_KID_CHARS: Final = 128
# Cognito's deepest claim, `identities`, has two levels.
MAX_DEPTH: Final = 16

Part = Literal["header", "claims"]


@dataclass(frozen=True, slots=True)
class CompactJws:
    """A token taken apart, with nothing about it verified.

    `signed` is what the signature covers, `claims_json` the decoded but unparsed second segment.
    """

    kid: str
    signed: bytes
    claims_json: bytes
    signature: bytes


def parse_compact_jws(text: str) -> CompactJws:
    """Take an RS256 token apart; raises InvalidToken for every other form."""
    if len(text) > MAX_TOKEN_CHARS:
        raise InvalidToken("oversized")
    if not text.isascii():
        raise InvalidToken("not_ascii")
    segments = text.encode().split(b".")
    if len(segments) != 3:  # noqa: PLR2004 # header, claims, signature
        raise InvalidToken("segments")
    header, claims, signature = segments
    kid = _kid(parse_json_object(_decoded(header, "header"), "header"))
    return CompactJws(
        kid=kid,
        signed=header + b"." + claims,
        claims_json=_decoded(claims, "claims"),
        signature=_decoded(signature, "signature"),
    )


def decode_base64url(segment: bytes) -> bytes:
    """The bytes of a canonical, unpadded base64url text (RFC 7515, section 2), else ValueError.

    Encoding back finds padding, foreign characters (which the decoder skips) and set bits in the
    unused part of the last character (RFC 4648, section 3.5).
    """
    decoded = urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
    if urlsafe_b64encode(decoded).rstrip(b"=") != segment:
        raise ValueError("not canonical base64url")
    return decoded


def parse_json_object(raw: bytes, part: Part) -> dict[str, object]:
    """The members of a JSON object in UTF-8.

    Raises InvalidToken for anything else, for a name that occurs twice at any level (RFC 7519,
    section 4, leaves it open), for NaN and infinite numbers, and for more than MAX_DEPTH levels.
    """
    try:
        value = _DECODERS[part].decode(raw.decode("utf-8"))
    except RecursionError as error:
        raise InvalidToken(f"{part}_too_deep") from error
    except ValueError as error:
        raise InvalidToken(f"{part}_not_json") from error
    if not isinstance(value, dict):
        raise InvalidToken(f"{part}_not_an_object")
    # The interpreter's own recursion limit differs between versions; ours does not.
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
        raise InvalidToken(f"{part}_too_deep")
    return value


def _kid(header: dict[str, object]) -> str:
    if header.get("alg") != "RS256":
        raise InvalidToken("alg")
    if not header.keys() <= {"alg", "kid", "typ"}:
        raise InvalidToken("header_name")
    if header.get("typ", "JWT") != "JWT":
        raise InvalidToken("typ")
    kid = header.get("kid")
    if not (isinstance(kid, str) and 0 < len(kid) <= MAX_KID_CHARS):
        raise InvalidToken("kid")
    return kid


def _decoded(segment: bytes, name: str) -> bytes:
    try:
        return decode_base64url(segment)
    except ValueError as error:
        raise InvalidToken(f"{name}_not_base64url") from error


def _decoder(part: Part) -> json.JSONDecoder:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise InvalidToken(f"{part}_duplicate_name")
        return members

    def finite(text: str) -> float:
        number = float(text)
        return number if math.isfinite(number) else not_finite(text)

    def not_finite(_text: str) -> NoReturn:
        raise InvalidToken(f"{part}_not_finite")

    return json.JSONDecoder(object_pairs_hook=unique, parse_float=finite, parse_constant=not_finite)


def _deeper_than(value: object, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [child for parent in layer for child in _children(parent)]
        if not layer:
            return False
    return True


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


_DECODERS: Final = {"header": _decoder("header"), "claims": _decoder("claims")}
