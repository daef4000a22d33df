"""An object's bytes in order, fetched by several ranges at a time."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from typing import Final

from botocore.exceptions import HTTPClientError, ResponseStreamingError

from bucketpass.errors import Unreachable
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.meter import Watch
from bucketpass.files.object_facts import ObjectHead
from bucketpass.files.s3_refusal import about

_RANGE: Final = 8 * 1024**2
_AT_A_TIME: Final = 4  # times the range: what one file holds in memory
_BLOCK: Final = 256 * 1024
_ATTEMPTS: Final = 5  # as s3transfer: botocore repeats requests, but not the reading of bodies


class ByteRanges:
    """Fetches objects of a bucket through threads."""

    def __init__(self, files: BucketFiles, threads: Executor, watch: Watch) -> None:
        self._files = files
        self._threads = threads
        self._watch = watch

    def __call__(self, head: ObjectHead, start: int = 0) -> Iterator[bytes]:
        """The bytes from `start` on, in order, all of the state that `head` tells of.

        Raises BucketpassError (ChangedMeanwhile if the object is another by now), and Stopped.
        """
        waiting: deque[Future[bytes]] = deque()
        starts = iter(range(start, head.size, _RANGE))
        try:
            while True:
                for first in starts:
                    waiting.append(self._threads.submit(self._fetch, head, first))
                    if len(waiting) >= _AT_A_TIME:
                        break
                if not waiting:
                    return
                yield waiting.popleft().result()
        finally:
            for job in waiting:
                job.cancel()

    def _fetch(self, head: ObjectHead, first: int) -> bytes:
        last = min(first + _RANGE, head.size) - 1
        got = bytearray()
        for _ in range(_ATTEMPTS):
            try:
                self._read(head, first + len(got), last, got)
            except (HTTPClientError, ResponseStreamingError):
                continue
            if len(got) == last - first + 1:
                return bytes(got)
        raise Unreachable(f"{head.key}: the connection to S3 breaks off again and again.")

    def _read(self, head: ObjectHead, first: int, last: int, got: bytearray) -> None:
        self._watch.go_on()
        with about(head.key):
            told = self._files.client.get_object(
                Bucket=self._files.bucket,
                Key=head.key,
                Range=f"bytes={first}-{last}",
                IfMatch=f'"{head.etag}"',
            )
        with told["Body"] as body:
            while block := body.read(_BLOCK):
                got += block
                self._watch.moved(len(block))
