"""A file of this machine becomes an object."""

import mimetypes
from collections.abc import Mapping
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from s3transfer.manager import TransferManager
from s3transfer.subscribers import BaseSubscriber
from s3transfer.utils import ChunksizeAdjuster

from bucketpass.errors import ChangedMeanwhile
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.file_facts import FileFacts, crc32_of
from bucketpass.files.file_refusal import about_file
from bucketpass.files.meter import Watch
from bucketpass.files.multipart_upload import MultipartUpload, PartThere
from bucketpass.files.place import require_key
from bucketpass.files.s3_refusal import about
from bucketpass.files.sole_use import sole_use
from bucketpass.files.upload_record import KeptRecord, UploadRecord

PART_SIZE: Final = 8 * 1024**2
_IN_PARTS_FROM: Final = 2 * PART_SIZE


@dataclass(frozen=True)
class Begun:
    """An upload in parts, and the parts that S3 has of it."""

    upload: MultipartUpload
    part_size: int
    there: Mapping[int, PartThere]


@dataclass(frozen=True)
class Upload:
    """What sends files to a bucket.

    Small ones go in one request by s3transfer, others in parts through `threads`; those that S3
    has from an interrupted run are not sent again.
    """

    files: BucketFiles
    manager: TransferManager
    threads: Executor
    watch: Watch

    def __call__(self, path: Path, key: str) -> None:
        """Send the file; raises BucketpassError, and Stopped.

        An upload in parts that was interrupted, even by a crash, is resumed by the next call for
        the same file and key; one of an older state of the file is given up by it.
        """
        require_key(key)
        with about_file(path):
            facts = FileFacts.of(path)
            if facts.size < _IN_PARTS_FROM:
                self._in_one(path, key)
                _require_unchanged(path, facts)
            else:
                self._in_parts(path, key, facts)

    def _in_one(self, path: Path, key: str) -> None:
        with about(key):
            self.manager.upload(
                str(path),
                self.files.bucket,
                key,
                {"ChecksumAlgorithm": "CRC32", **headers_of(path)},
                [Subscriber(self.watch)],
            ).result()

    def _in_parts(self, path: Path, key: str, facts: FileFacts) -> None:
        identity = (self.files.address, self.files.bucket, key, str(path.resolve()))
        with sole_use(identity, str(path)) as state:
            kept = KeptRecord(state)
            begun = self._resumed(key, facts, kept) or self._begun(path, key, facts, kept)
            with self.watch.resumable(key):
                parts, crc32 = self._send(begun, path, facts)
            try:
                _require_unchanged(path, facts)
            except ChangedMeanwhile:
                begun.upload.abort()
                kept.remove()
                raise
            begun.upload.complete(parts, facts.size, crc32)
            kept.remove()

    def _send(self, begun: Begun, path: Path, facts: FileFacts) -> tuple[list[PartThere], str]:
        """Send what S3 does not have; all parts, and the CRC-32 of the whole."""
        whole = self.threads.submit(crc32_of, path, self.watch.go_on)
        jobs = [
            self.threads.submit(self._part, begun, path, start, facts)
            for start in range(0, facts.size, begun.part_size)
        ]
        try:
            return [job.result() for job in jobs], whole.result()
        finally:
            _settle([whole, *jobs])

    def _part(self, begun: Begun, path: Path, start: int, facts: FileFacts) -> PartThere:
        self.watch.go_on()
        number = start // begun.part_size + 1
        size = min(begun.part_size, facts.size - start)
        known = begun.there.get(number)
        if known is not None and known.holds(_stretch(path, start, size)):
            self.watch.meter.there(size)
            return known
        return begun.upload.send(number, path, start, size, self.watch.moved)

    def _resumed(self, key: str, facts: FileFacts, kept: KeptRecord) -> Begun | None:
        record = kept.read()
        if record is None:
            return None
        upload = MultipartUpload(self.files.client, self.files.bucket, key, record.upload_id)
        if record.facts != facts:
            upload.abort()
            return None
        there = upload.parts_there()
        return None if there is None else Begun(upload, record.part_size, there)

    def _begun(self, path: Path, key: str, facts: FileFacts, kept: KeptRecord) -> Begun:
        upload = MultipartUpload.begin(self.files.client, self.files.bucket, key, headers_of(path))
        part_size = ChunksizeAdjuster().adjust_chunksize(PART_SIZE, facts.size)
        kept.write(UploadRecord(upload.upload_id, part_size, facts))
        return Begun(upload, part_size, {})


class Subscriber(BaseSubscriber):
    """Tells the watch what s3transfer tells of its progress."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def on_progress(self, future: Any, bytes_transferred: int, **_: Any) -> None:  # noqa: ANN401, ARG002 # s3transfer's
        """So many bytes more."""
        self._watch.moved(bytes_transferred)


def headers_of(path: Path) -> dict[str, str]:
    """The type of the content, guessed by the name."""
    kind, encoding = mimetypes.guess_type(path.name)
    # what is compressed is not of the type of what is in it
    return {"ContentType": kind} if kind and not encoding else {}


def _settle(jobs: list[Future[Any]]) -> None:
    """After it, no thread works on the file any more."""
    wait([job for job in jobs if not job.cancel()])


def _require_unchanged(path: Path, facts: FileFacts) -> None:
    if FileFacts.of(path) != facts:
        raise ChangedMeanwhile(f"{path} has changed while it was sent.")


def _stretch(path: Path, start: int, size: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(size)
