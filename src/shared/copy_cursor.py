"""Where a copy of many objects, or of a large one, goes on: what its cursor holds."""

import hashlib
import json
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
        """The position as one text."""
        begun = (self.started.upload_id, self.started.etag, self.source) if self.started else ()
        return json.dumps([self.after, *begun], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_token(cls, token: str) -> "CopyPosition":
        """The position in what `to_token` made; InvalidCursor for anything else."""
        try:
            members = json.loads(token)
        except ValueError as error:
            raise InvalidCursor("no position of a copy") from error
        match members:
            case [None | str() as after]:
                return cls(after)
            case [None | str() as after, str() as upload_id, str() as etag, str() as source]:
                return cls(after, StartedCopy(upload_id, etag), source)
        raise InvalidCursor("no position of a copy")


def _digest(key: str) -> str:
    # Two keys would not fit into one cursor.
    return hashlib.sha256(key.encode()).hexdigest()[:16]
