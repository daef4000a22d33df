"""What is remembered of an upload in parts, so that the next run can go on with it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bucketpass.files.file_facts import FileFacts
from bucketpass.private_file import read_private, remove_private, write_private


@dataclass(frozen=True)
class UploadRecord:
    """An upload that has begun: of which state of the file, under which id, in parts of what size.

    Holds no secret: the id is of use only to who may write the key.
    """

    upload_id: str
    part_size: int
    facts: FileFacts


class KeptRecord:
    """The record in that file. Every method may raise UnsafeFile."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> UploadRecord | None:
        """The record; None if there is none that makes sense."""
        try:
            told = json.loads(read_private(self._path) or "")
            facts = FileFacts(int(told["facts"]["size"]), int(told["facts"]["mtime_ns"]))
            record = UploadRecord(str(told["upload_id"]), int(told["part_size"]), facts)
        except (ValueError, TypeError, KeyError):
            return None
        return record if record.part_size > 0 else None

    def write(self, record: UploadRecord) -> None:
        """Replace the record at once."""
        write_private(self._path, json.dumps(asdict(record)))

    def remove(self) -> None:
        """Forget it."""
        remove_private(self._path)
