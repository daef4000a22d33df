"""Copying and moving objects within the bucket with one person's credentials."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from shared.batch import outcomes
from shared.copy_proof import fingerprint_of, is_proven
from shared.copy_source import CopySource, look_at_source
from shared.errors import BucketpassError, InvalidRequest
from shared.multipart_upload import MultipartUploads
from shared.object_errors import (
    Conflict,
    CopyUnproven,
    NoSuchKey,
    PreconditionFailed,
)
from shared.object_store import ObjectStore
from shared.object_writer import ObjectWriter
from shared.part_copy import MIN_PART_BYTES, PartCopy, PartsCopied, StartedCopy, UnfinishedCopy
from shared.part_plan import MEBIBYTE
from shared.s3_calls import s3_call
from shared.s3_errors import S3_CAUSES
from shared.upstream_errors import DeadlineExceeded
from shared.write_conditions import WriteConditions

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import CopyObjectRequestTypeDef, HeadObjectRequestTypeDef

# CopyObject takes 5 GiB, but the client gives up waiting long before S3 has copied them.
MAX_SINGLE_BYTES: Final = 256 * MEBIBYTE

# InvalidRequest: onto itself, or a deletion as the source.
_CAUSES: Final[Mapping[str, type[BucketpassError]]] = {
    **S3_CAUSES,
    "InvalidRequest": InvalidRequest,
}


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """One object that is to be copied from the real key `source` to the real key `to`.

    `version_id` None is the latest version. `move` deletes the source once the copy is proven;
    `if_absent` asks that there is no object at `to`; `started` goes on with an UnfinishedCopy.
    """

    source: str
    to: str
    version_id: str | None = None
    move: bool = False
    if_absent: bool = False
    started: StartedCopy | None = None


@dataclass(frozen=True, slots=True)
class CopiedObject:
    """The copy, `etag` with its quotes; `version_id` None in a bucket that was never versioned.

    `left` tells why a source that was to be moved is still there; None where it is gone, or was
    to stay.
    """

    etag: str
    version_id: str | None
    left: BucketpassError | None = None


Outcome = CopiedObject | UnfinishedCopy | BucketpassError


@dataclass(frozen=True, slots=True)
class CopySizes:
    """Above how many bytes an object is copied in parts, and how many a part has at least."""

    single: int = MAX_SINGLE_BYTES
    part: int = MIN_PART_BYTES


@dataclass(frozen=True, slots=True)
class ObjectCopy:
    """Copies objects of one bucket with the credentials of `objects`; IAM decides about each."""

    objects: ObjectStore
    sizes: CopySizes = field(default_factory=CopySizes)

    def copy(self, requests: Sequence[CopyRequest]) -> list[Outcome]:
        """What became of each request, in their order; no two of them name one object to change.

        Objects that are copied in parts come last, one by one; once the time is over the rest of
        them is DeadlineExceeded.
        """
        first = outcomes(self._copy_or_look, requests)
        became: list[Outcome] = []
        for request, outcome in zip(requests, first, strict=True):
            if not isinstance(outcome, CopySource):
                became.append(outcome)
            elif any(isinstance(earlier, UnfinishedCopy) for earlier in became):
                became.append(DeadlineExceeded("after an unfinished copy"))
            else:
                became.append(self._in_parts(request, outcome))
        return became

    def _copy_or_look(self, request: CopyRequest) -> CopiedObject | CopySource:
        source = look_at_source(self.objects, request.source, request.version_id)
        size, incomparable = source.fingerprint.size, not source.fingerprint.outlives_copying
        if request.started or size > self.sizes.single or (request.move and incomparable):
            return source
        with s3_call(self.objects.credentials, _CAUSES):
            try:
                answer = self.objects.client.copy_object(**self._request(request, source))
            except ClientError as error:
                _refuse_changed_source(request, error)
                raise
            copied = CopiedObject(answer["CopyObjectResult"]["ETag"], answer.get("VersionId"))
        return self._moved(request, source, copied, None) if request.move else copied

    def _request(self, request: CopyRequest, source: CopySource) -> "CopyObjectRequestTypeDef":
        named: CopyObjectRequestTypeDef = {
            "Bucket": self.objects.bucket,
            "Key": request.to,
            "CopySource": source.reference,
            "CopySourceIfMatch": source.fingerprint.etag,
        }
        if request.if_absent:
            named["IfNoneMatch"] = "*"
        return named

    def _in_parts(self, request: CopyRequest, source: CopySource) -> Outcome:
        objects = self.objects
        uploads = MultipartUploads(objects.client, objects.bucket, objects.credentials)
        try:
            outcome = PartCopy(uploads, self.sizes.part).advance(
                source, request.to, request.started, if_absent=request.if_absent
            )
        except BucketpassError as error:
            return error
        if not isinstance(outcome, PartsCopied):
            return outcome
        copied = CopiedObject(outcome.completed.etag, outcome.completed.version_id)
        if not request.move:
            return copied
        return self._moved(request, source, copied, outcome.part_etags)

    def _moved(
        self,
        request: CopyRequest,
        source: CopySource,
        copied: CopiedObject,
        part_etags: Sequence[str] | None,
    ) -> CopiedObject:
        left = None
        try:
            self._prove(request.to, source, copied, part_etags)
            self._delete_unchanged(source)
        except BucketpassError as error:
            left = error
        return CopiedObject(copied.etag, copied.version_id, left)

    def _prove(
        self,
        to: str,
        source: CopySource,
        copied: CopiedObject,
        part_etags: Sequence[str] | None,
    ) -> None:
        request: HeadObjectRequestTypeDef = {
            "Bucket": self.objects.bucket,
            "Key": to,
            "ChecksumMode": "ENABLED",
        }
        # Somebody may have written another version in between; this copy is there none the less.
        if copied.version_id is not None:
            request["VersionId"] = copied.version_id
        with s3_call(self.objects.credentials):
            found = fingerprint_of(self.objects.client.head_object(**request))
        if not is_proven(source.fingerprint, found, part_etags):
            raise CopyUnproven("neither checksum nor ETag shows it")

    def _delete_unchanged(self, source: CopySource) -> None:
        objects = self.objects
        writer = ObjectWriter(objects.client, objects.bucket, objects.credentials)
        try:
            writer.delete(source.key, WriteConditions(if_match=source.fingerprint.etag))
        except PreconditionFailed as changed:
            # A repeated attempt of a deletion that came through finds nothing either.
            if self._exists(source.key):
                raise Conflict(
                    "the source changed after the copy",
                    detail="The source changed after it was copied; it stays.",
                ) from changed

    def _exists(self, key: str) -> bool:
        try:
            self.objects.head(key)
        except NoSuchKey:
            return False
        return True


def _refuse_changed_source(request: CopyRequest, error: ClientError) -> None:
    """Tell the two conditions of a copy apart: S3 names the header whose condition failed."""
    answer = error.response["Error"]
    condition = str(answer.get("Condition", "")).lower()
    if answer.get("Code") == "PreconditionFailed" and (
        not request.if_absent or condition.startswith("x-amz-copy-source")
    ):
        raise Conflict(
            "the source changed", detail="The source changed while it was copied; try again."
        ) from error
