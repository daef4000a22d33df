"""The Content-Disposition header (RFC 6266) under which a browser saves an object."""

import re
import unicodedata
from typing import Final, Literal
from urllib.parse import quote

Disposition = Literal["attachment", "inline"]

NAMELESS: Final = "download"

# attr-char of RFC 8187, section 3.2.1, beyond letters and digits.
_ATTR_CHAR: Final = "!#$&+-.^_`|~"
# Embeddings, overrides and isolates: they make "exe.jpg" of a name that ends in "gpj.exe".
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Marks that right-to-left names rightly use; they leave no trace in the ASCII form.
_DIRECTION_MARKS: Final = "\u200e\u200f\u061c"
# RFC 6266, appendix D: some browsers percent-decode the ASCII form.
_PERCENT_TRIPLET: Final = re.compile(r"%(?=[0-9A-Fa-f]{2})")


def content_disposition(filename: str, disposition: Disposition = "attachment") -> str:
    r"""The header's value: `attachment; filename="n_me"; filename*=UTF-8''n%C3%A4me`.

    Any text is accepted: control characters, lone surrogates and the characters that reorder
    text are dropped, `/` becomes `_` (RFC 6266, section 4.3), a name with nothing left is
    `download`. The value is printable ASCII.
    """
    name = _safe(filename)
    # quoted-string of RFC 9110, section 5.6.4.
    quoted = re.sub(r'(["\\])', r"\\\1", _ascii(name))
    return f"{disposition}; filename=\"{quoted}\"; filename*=UTF-8''{quote(name, safe=_ATTR_CHAR)}"


def file_name(key: str) -> str:
    """The name to save an object under: its key's last segment that is not empty."""
    return key.rstrip("/").rpartition("/")[2] or NAMELESS


def _safe(filename: str) -> str:
    kept = "".join(
        character
        for character in filename
        if character not in _REORDERING and unicodedata.category(character) not in {"Cc", "Cs"}
    ).replace("/", "_")
    return kept if kept.strip(". " + _DIRECTION_MARKS) else NAMELESS


def _ascii(name: str) -> str:
    plain = name.translate(dict.fromkeys(map(ord, _DIRECTION_MARKS)))
    return re.sub(r"[^ -~]", "_", _PERCENT_TRIPLET.sub("_", plain))
