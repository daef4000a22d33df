"""Carries out the steps of a copy, several at a time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from s3transfer.manager import TransferConfig, TransferManager

from bucketpass.errors import (
    AccessDenied,
    BucketpassError,
    Busy,
    ChangedMeanwhile,
    Damaged,
    FileRefused,
    InvalidPlace,
    NotFound,
    UnexpectedAnswer,
    UnsafeName,
)
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.byte_ranges import ByteRanges
from bucketpass.files.download import Download
from bucketpass.files.file_facts import FileFacts, same_content
from bucketpass.files.file_refusal import about_file
from bucketpass.files.meter import Watch
from bucketpass.files.object_facts import ObjectHead
from bucketpass.files.place import require_key
from bucketpass.files.s3_refusal import about
from bucketpass.files.transfer import CopyStep, DownloadStep, Step, UploadStep
from bucketpass.files.upload import Subscriber, Upload

FILES_AT_ONCE: Final = 4
PARTS_AT_ONCE: Final = 8
_LARGEST_COPY: Final = 5 * 1024**3  # S3 API reference of CopyObject
# What concerns one file and leaves hope for the others; anything else ends the run.
_OF_ONE: Final = (
    AccessDenied,
    Busy,
    ChangedMeanwhile,
    Damaged,
    FileRefused,
    InvalidPlace,
    NotFound,
    UnexpectedAnswer,
    UnsafeName,
)


@dataclass(frozen=True)
class Failure:
    """A step that failed, and why."""

    step: Step
    error: BucketpassError


@dataclass(frozen=True)
class TransferRun:
    """What carries out steps; with `move`, each source is removed when its copy is proven."""

    files: BucketFiles
    watch: Watch
    move: bool = False

    def __call__(self, steps: Sequence[Step]) -> list[Failure]:
        """Carry out all steps; those that failed.

        Raises BucketpassError for what would fail every step. KeyboardInterrupt comes through at
        once, while the threads come to an end; what can be resumed is kept.
        """
        self.watch.meter.total(sum(step.size for step in steps))
        with self._worker() as work, self._threads(FILES_AT_ONCE) as threads:
            jobs = [(step, threads.submit(work, step)) for step in steps]
            return [Failure(step, error) for step, job in jobs if (error := _error_of(job))]

    @contextmanager
    def _threads(self, count: int) -> Iterator[ThreadPoolExecutor]:
        threads = ThreadPoolExecutor(count)
        try:
            yield threads
        except BaseException:
            self.watch.stop.set()
            # who presses Ctrl-C does not wait for a network that hangs
            threads.shutdown(wait=False, cancel_futures=True)
            raise
        threads.shutdown()

    @contextmanager
    def _worker(self) -> "Iterator[Worker]":
        config = TransferConfig(
            multipart_threshold=_LARGEST_COPY,
            multipart_chunksize=_LARGEST_COPY // 10,
            max_request_concurrency=PARTS_AT_ONCE,
        )
        manager = TransferManager(self.files.client, config)
        with self._threads(PARTS_AT_ONCE) as threads:
            ranges = ByteRanges(self.files, threads, self.watch)
            yield Worker(
                self.files,
                manager,
                Upload(self.files, manager, threads, self.watch),
                Download(self.files, ranges, self.watch),
                self.watch,
                self.move,
            )
        manager.shutdown()


@dataclass(frozen=True)
class Worker:
    """What carries out one step; raises BucketpassError, and Stopped."""

    files: BucketFiles
    manager: TransferManager
    upload: Upload
    download: Download
    watch: Watch
    move: bool

    def __call__(self, step: Step) -> None:
        """Carry it out."""
        self.watch.go_on()
        self.watch.meter.file(step.source.rpartition("/")[2])
        if isinstance(step, UploadStep):
            self._upload(step)
        elif isinstance(step, DownloadStep):
            self._download(step)
        else:
            self._copy(step)

    def _upload(self, step: UploadStep) -> None:
        with about_file(step.path):
            before = FileFacts.of(step.path)
        self.upload(step.path, step.key)
        if not self.move:
            return
        with about_file(step.path):
            if same_content(step.path, self.files.head(step.key)) is False:
                raise Damaged(f"{step.key}: the copy is not as {step.path}, which stays.")
            if FileFacts.of(step.path) != before:
                raise ChangedMeanwhile(f"{step.path} has changed, and stays.")
            step.path.unlink()

    def _download(self, step: DownloadStep) -> None:
        etag = self.download(step.facts.key, step.folder, step.relative)
        if self.move:
            self._remove(step.facts.key, etag)

    def _copy(self, step: CopyStep) -> None:
        source = self.files.head(step.facts.key)
        with about(f"{step.facts.key} to {require_key(step.key)}"):
            self.manager.copy(
                {"Bucket": self.files.bucket, "Key": source.key},
                self.files.bucket,
                step.key,
                {"CopySourceIfMatch": f'"{source.etag}"'},
                [Subscriber(self.watch)],
            ).result()
        if not self.move:
            return
        made = self.files.head(step.key)
        if not _alike(source, made):
            raise Damaged(f"{step.key}: the copy is not as {source.key}, which stays.")
        self._remove(source.key, source.etag)

    def _remove(self, key: str, etag: str) -> None:
        if self.files.head(key).etag != etag:
            raise ChangedMeanwhile(f"{key} has changed, and stays.")
        self.files.remove(key)


def _alike(source: ObjectHead, made: ObjectHead) -> bool:
    """Whether nothing speaks against it: S3 need not keep the same kind of checksum of a copy."""
    checksums = {source.crc32, made.crc32} - {None}
    return source.size == made.size and len(checksums) < 2  # noqa: PLR2004 # two that differ


def _error_of(job: Future[None]) -> BucketpassError | None:
    try:
        job.result()
    except _OF_ONE as error:
        return error
    return None
