"""Where a copy of many objects, or of a large one, goes on: what its cursor holds."""

import hashlib
from dataclasses import dataclass

from shared.errors import InvalidCursor
from shared.part_copy import StartedCopy


@dataclass(frozen=True, slots=True)
class CopyPosition:
    """The key behind which a copy of a prefix goes on, None at its beginning.

    `started` tells a copy in parts that is under way, None where there is none; `source` is the
    digest of the key that it copies.
    """

    after: str | None = None
    started: StartedCopy | None = None
    source: str | None = None

    @classmethod
    def at(cls, after: str | None, key: str, started: StartedCopy) -> "CopyPosition":
        """The position in the middle of the copy of `key`."""
        return cls(after, started, _digest(key))

    def started_for(self, key: str) -> StartedCopy | None:
        """The copy of this key that is under way, None where it is another's or there is none."""
        return self.started if self.source == _digest(key) else None

    def to_token(self) -> str:
        """The position as one text, hardly longer than the key whatever its characters.

        The lines before the key have no line break in them.
        """
        begun = (self.started.upload_id, self.started.etag) if self.started else ("", "")
        return "\n".join([*begun, self.source or "", self.after or ""])

    @classmethod
    def from_token(cls, token: str) -> "CopyPosition":
        """The position in what `to_token` made; InvalidCursor for anything else."""
        match token.split("\n", 3):
            case ["", "", "", after]:
                return cls(after or None)
            case [upload_id, etag, source, after] if upload_id and etag and source:
                return cls(after or None, StartedCopy(upload_id, etag), source)
        raise InvalidCursor("no position of a copy")


def _digest(key: str) -> str:
    # Two keys would not fit into one cursor.
    return hashlib.sha256(key.encode()).hexdigest()[:16]
