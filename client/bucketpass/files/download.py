"""An object becomes a file of this machine."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from bucketpass.errors import Damaged
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.byte_ranges import ByteRanges
from bucketpass.files.file_facts import same_content
from bucketpass.files.file_refusal import about_file
from bucketpass.files.meter import Watch
from bucketpass.files.object_facts import ObjectHead
from bucketpass.files.safe_name import safe_target
from bucketpass.files.sole_use import sole_use

_PREFIX, _SUFFIX = ".bucketpass-", ".part"
_MODE: Final = 0o666  # less the umask, as any file
# no link that somebody lays beforehand is followed; Windows has no such flag
_FLAGS: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Download:
    """What fetches objects from a bucket.

    The bytes gather in a hidden file beside the target, whose name tells of which state of the
    object they are; a later run goes on where they end.
    """

    files: BucketFiles
    ranges: ByteRanges
    watch: Watch

    def __call__(self, key: str, folder: Path, relative: str) -> str:
        """Fetch the object to that name below the folder; the ETag of what was fetched.

        The file appears whole and proven, or not at all; its time is that of the object. Raises
        UnsafeName, FileRefused, Damaged and what S3 gives cause to, and Stopped.
        """
        target = safe_target(folder, relative)
        with about_file(target):
            if target.is_dir():
                raise IsADirectoryError(None, "There is a folder of that name")
            head = self.files.head(key)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = part_file(target, self.files.bucket, head)
            identity = (self.files.address, str(part.resolve()))
            with sole_use(identity, key), self.watch.resumable(key):
                remove_outdated(part, target, self.files.bucket, head)
                self._fill(part, head)
                _prove(part, head)
                part.replace(safe_target(folder, relative))
        return head.etag

    def _fill(self, part: Path, head: ObjectHead) -> None:
        with _opened(part) as file:
            there = file.seek(0, os.SEEK_END)
            if there > head.size:
                there = file.truncate(0)
                file.seek(0)
            self.watch.meter.there(there)
            for block in self.ranges(head, there):
                file.write(block)


def _prove(part: Path, head: ObjectHead) -> None:
    if same_content(part, head) is False:
        part.unlink()
        raise Damaged(f"{head.key}: what arrived does not fit its checksum.")
    moment = head.modified.timestamp()
    os.utime(part, (moment, moment))


def part_file(target: Path, bucket: str, head: ObjectHead) -> Path:
    """Where the bytes of that state of the object gather on their way to the target."""
    return target.with_name(
        f"{_stem(target, bucket, head)}{_digest(head.etag, str(head.size))}{_SUFFIX}"
    )


def remove_outdated(part: Path, target: Path, bucket: str, head: ObjectHead) -> None:
    """Remove what has gathered of other states of the same object."""
    for other in target.parent.glob(f"{_stem(target, bucket, head)}*{_SUFFIX}"):
        if other != part:
            other.unlink(missing_ok=True)


def _stem(target: Path, bucket: str, head: ObjectHead) -> str:
    return f"{_PREFIX}{_digest(bucket, head.key, target.name)}-"


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode(errors="surrogateescape")).hexdigest()[:16]


def is_part_file(name: str) -> bool:
    """Whether a file of that name is the beginning of a download."""
    return name.startswith(_PREFIX) and name.endswith(_SUFFIX)


@contextmanager
def _opened(part: Path) -> Iterator[BinaryIO]:
    with os.fdopen(os.open(part, _FLAGS, _MODE), "r+b") as file:
        yield file
