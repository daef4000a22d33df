"""Copying one large object in parts, over as many requests as it takes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared import deadline
from shared.batch import WORKERS, outcomes
from shared.completed_upload import CompletedUpload
from shared.copy_source import CopySource
from shared.errors import BucketpassError
from shared.multipart_upload import UPLOAD_CAUSES, CompletedPart, MultipartUploads
from shared.object_errors import Conflict
from shared.part_plan import MAX_PARTS, MEBIBYTE, PartPlan
from shared.s3_calls import s3_call
from shared.upload_checksum import ALGORITHMS, UploadChecksum
from shared.upstream_errors import DeadlineExceeded, Throttled, UpstreamUnavailable

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import UploadPartCopyRequestTypeDef

# S3 has to be done with one part before the client gives up waiting.
MIN_PART_BYTES: Final = 128 * MEBIBYTE
# What joining the parts may take; S3 does most of them within a second.
COMPLETION_SECONDS: Final = 12.0

_CAUSES: Final[Mapping[str, type[BucketpassError]]] = {
    **UPLOAD_CAUSES,
    "412": Conflict,
    "PreconditionFailed": Conflict,
}
_PASSING: Final = (DeadlineExceeded, Throttled, UpstreamUnavailable)


@dataclass(frozen=True, slots=True)
class StartedCopy:
    """A copy that goes on later: the upload that it is, and the ETag that the source had."""

    upload_id: str
    etag: str


@dataclass(frozen=True, slots=True)
class UnfinishedCopy:
    """What there is of a copy when the time of a request is over."""

    started: StartedCopy
    parts_copied: int
    part_count: int


@dataclass(frozen=True, slots=True)
class PartsCopied:
    """A copy that is complete: the object, and the ETags of its parts by their numbers."""

    completed: CompletedUpload
    part_etags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartCopy:
    """Copies parts within one bucket with one person's credentials.

    Parts have at least `min_part_bytes`, and as many as make at most 10,000 parts.
    """

    uploads: MultipartUploads
    min_part_bytes: int = MIN_PART_BYTES

    def advance(
        self, source: CopySource, to: str, started: StartedCopy | None, *, if_absent: bool = False
    ) -> PartsCopied | UnfinishedCopy:
        """Begin the copy, or go on with the one that `started` names, as far as the time allows.

        Raises Conflict where the source is no longer what the copy was begun from (the copy is
        given up), NoSuchUpload where there is no such copy any more, PreconditionFailed, and what
        else a call to S3 can end with.
        """
        self._require_same_source(source, to, started)
        plan = self._plan(source.fingerprint.size)
        there = {} if started is None else self._copied(to, started.upload_id, plan)
        upload_id = self._begin(source, to) if started is None else started.upload_id
        before = len(there)
        failure = self._copy_missing(source, to, upload_id, plan, there)
        if failure is not None:
            self._refuse_unless_worth_going_on(failure, to, upload_id, started, len(there) - before)
        left = deadline.remaining()
        if failure is not None or (left is not None and left < COMPLETION_SECONDS):
            begun = StartedCopy(upload_id, source.fingerprint.etag)
            return UnfinishedCopy(begun, len(there), plan.count)
        parts = [there[number] for number in sorted(there)]
        completed = self.uploads.complete(to, upload_id, plan.size, parts, if_absent=if_absent)
        return PartsCopied(completed, tuple(part.etag for part in parts))

    def _refuse_unless_worth_going_on(
        self,
        failure: BucketpassError,
        to: str,
        upload_id: str,
        started: StartedCopy | None,
        progress: int,
    ) -> None:
        if isinstance(failure, DeadlineExceeded) or (isinstance(failure, _PASSING) and progress):
            return
        # Nobody would know of a copy that was begun just now and could not take its first part.
        if started is None or not isinstance(failure, _PASSING):
            self._give_up(to, upload_id)
        raise failure

    def _plan(self, size: int) -> PartPlan:
        part_size = self.min_part_bytes
        if size > MAX_PARTS * part_size:
            part_size = -(-size // (MAX_PARTS * MEBIBYTE)) * MEBIBYTE
        return PartPlan(size, part_size)

    def _require_same_source(
        self, source: CopySource, to: str, started: StartedCopy | None
    ) -> None:
        if started is not None and started.etag != source.fingerprint.etag:
            self._give_up(to, started.upload_id)
            raise Conflict("the source changed", detail="The source changed while it was copied.")

    def _begin(self, source: CopySource, to: str) -> str:
        # Where it can be, the checksum is the one that the source has, for comparison.
        algorithm = next((a for a in ALGORITHMS if a in source.fingerprint.checksums), None)
        whole = None if algorithm is None else UploadChecksum(algorithm)
        checksum = whole if whole and not whole.of_each_part else None
        return self.uploads.begin(to, source.properties, checksum)

    def _copied(self, to: str, upload_id: str, plan: PartPlan) -> dict[int, CompletedPart]:
        there = {}
        after: int | None = 0
        while after is not None:
            page = self.uploads.parts(to, upload_id, after=after)
            for part in page.parts:
                if part.number <= plan.count and part.size == plan.size_of(part.number):
                    there[part.number] = CompletedPart(part.number, part.etag)
            after = page.next_number
        return there

    def _copy_missing(
        self,
        source: CopySource,
        to: str,
        upload_id: str,
        plan: PartPlan,
        there: dict[int, CompletedPart],
    ) -> BucketpassError | None:
        """Add the missing parts to `there`; the first failure ends it."""

        def copy(number: int) -> CompletedPart:
            return self._copy_part(source, to, upload_id, plan, number)

        missing = [number for number in range(1, plan.count + 1) if number not in there]
        for numbers in _slices(missing):
            failure = None
            for outcome in outcomes(copy, numbers):
                if isinstance(outcome, CompletedPart):
                    there[outcome.number] = outcome
                else:
                    failure = failure or outcome
            if failure is not None:
                return failure
        return None

    def _copy_part(
        self, source: CopySource, to: str, upload_id: str, plan: PartPlan, number: int
    ) -> CompletedPart:
        request: UploadPartCopyRequestTypeDef = {
            "Bucket": self.uploads.bucket,
            "Key": to,
            "UploadId": upload_id,
            "PartNumber": number,
            "CopySource": source.reference,
            "CopySourceIfMatch": source.fingerprint.etag,
        }
        # S3 takes no range of a source of 5 MB or less, and needs none for a single part.
        if plan.count > 1:
            first = (number - 1) * plan.part_size
            last = first + plan.size_of(number) - 1
            request["CopySourceRange"] = f"bytes={first}-{last}"
        with s3_call(self.uploads.credentials, _CAUSES):
            answer = self.uploads.client.upload_part_copy(**request)
            return CompletedPart(number, answer["CopyPartResult"]["ETag"])

    def _give_up(self, to: str, upload_id: str) -> None:
        # The bucket's life cycle ends what cannot be aborted now.
        with suppress(BucketpassError):
            self.uploads.abort(to, upload_id)


def _slices(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), WORKERS):
        yield numbers[start : start + WORKERS]
