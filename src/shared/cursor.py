"""The opaque cursor of a listing: S3's continuation token, bound to who asked for what.

The binding is a digest, not a signature: whoever knows the inputs can make a cursor. It catches
mix-ups early and says so clearly; what a forged one may list is decided by IAM alone.
"""

import base64
import hashlib
import json
from dataclasses import astuple, dataclass
from typing import Final

from shared.errors import InvalidCursor

MAX_CURSOR_CHARACTERS: Final = 4096

_VERSION: Final = b"\x01"
_DIGEST_BYTES: Final = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Listing:
    """What a cursor belongs to: the caller's `sub` and the listing's real prefix and options.

    `delimiter` and `start_after` are None where the listing has none; `kind` keeps listings of
    other things than objects apart.
    """

    sub: str
    prefix: str
    delimiter: str | None = None
    start_after: str | None = None
    kind: str = "objects"


def make_cursor(token: str, listing: Listing) -> str:
    """The cursor that continues `listing` at S3's continuation token; base64url text."""
    return _encode(_VERSION + _digest(token, listing) + token.encode())


def continuation_token(cursor: str, listing: Listing) -> str:
    """S3's continuation token out of a cursor of this very listing.

    Raises InvalidCursor for anything that `make_cursor` did not make for `listing`, and for more
    than 4,096 characters.
    """
    content = _decode(cursor)
    version, content = content[:1], content[1:]
    digest, raw_token = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if version != _VERSION:
        raise InvalidCursor("unknown version")
    try:
        token = raw_token.decode()
    except UnicodeDecodeError as error:
        raise InvalidCursor("token is not UTF-8") from error
    if digest != _digest(token, listing):
        raise InvalidCursor("damaged, or made for another listing or caller")
    return token


def _digest(token: str, listing: Listing) -> bytes:
    # A JSON array keeps its parts apart, and None apart from empty text.
    parts = json.dumps([token, *astuple(listing)])
    return hashlib.sha256(_VERSION + parts.encode()).digest()


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(cursor: str) -> bytes:
    if len(cursor) > MAX_CURSOR_CHARACTERS:
        raise InvalidCursor(f"{len(cursor)} characters")
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise InvalidCursor("not base64url") from error
    # One content has one spelling: no padding, no stray bits in the last character.
    if _encode(content) != cursor:
        raise InvalidCursor("not canonical base64url")
    return content
