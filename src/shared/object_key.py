"""The object keys and prefixes that this service names, and the short form of the own folder."""

import re
from collections.abc import Sequence
from typing import Final

from shared.errors import InvalidKey

MAX_KEY_BYTES: Final = 1024
OWN_FOLDER: Final = "home/me/"

# C0, DEL and C1; surrogates, which UTF-8 cannot carry; U+FFFE and U+FFFF, which XML 1.0
# (section 2.2) cannot carry, so that S3 could store such a key but never list it.
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def home_of(identity_id: str) -> str:
    """The prefix of the folder that belongs to the identity, with its final `/`."""
    return f"home/{identity_id}/"


def parse_key(text: str) -> str:
    """The key itself, unchanged: NFC and NFD spellings are different keys, as they are to S3.

    Raises InvalidKey whose public detail names the broken rule: empty, a leading `/`, a segment
    `.` or `..`, a character of no key, more than 1,024 bytes of UTF-8.
    """
    if not text:
        raise InvalidKey("empty key", detail="An object key is not empty.")
    return _checked(text, "An object key", text.split("/"))


def parse_prefix(text: str) -> str:
    """The prefix itself, unchanged; it may be empty and need not end in `/`.

    Raises InvalidKey by the rules of `parse_key`, but its last segment is the beginning of a name
    and may be `.` or `..`: so do names begin that are hidden elsewhere.
    """
    return _checked(text, "A prefix", text.split("/")[:-1])


def expand_home(key: str, home: str) -> str:
    """The real key: a leading `home/me/` becomes `home`, the caller's folder with its final `/`.

    Raises InvalidKey where the real key breaks a rule of `parse_key`: it is longer than the text.
    """
    if not key.startswith(OWN_FOLDER):
        return key
    return parse_key(home + key.removeprefix(OWN_FOLDER))


def expand_home_prefix(prefix: str, home: str) -> str:
    """The real prefix: `home/me` and a leading `home/me/` stand for `home`, the caller's folder.

    Raises InvalidKey where the real prefix breaks a rule of `parse_prefix`.
    """
    if prefix == OWN_FOLDER.removesuffix("/"):
        return home
    if not prefix.startswith(OWN_FOLDER):
        return prefix
    return parse_prefix(home + prefix.removeprefix(OWN_FOLDER))


def _checked(text: str, noun: str, segments: Sequence[str]) -> str:
    if found := _FORBIDDEN.search(text):
        character = f"U+{ord(found.group()):04X}"
        raise InvalidKey(
            f"forbidden character {character}",
            detail=f"{noun} does not contain the character {character}.",
        )
    if text.startswith("/"):
        raise InvalidKey("leading slash", detail=f'{noun} does not start with "/".')
    # HTTP clients resolve such segments before they send a path (RFC 3986, section 5.2.4).
    if not {".", ".."}.isdisjoint(segments):
        raise InvalidKey("dot segment", detail=f'{noun} has no segment "." or "..".')
    size = len(text.encode())
    if size > MAX_KEY_BYTES:
        raise InvalidKey(
            f"{size} bytes", detail=f"{noun} has at most {MAX_KEY_BYTES:,} bytes of UTF-8."
        )
    return text
