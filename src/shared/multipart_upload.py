"""Uploads in parts: begin, look, complete, abort, with one person's credentials."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from shared.completed_upload import CompletedUpload, ExpectedObject
from shared.copy_proof import fingerprint_of
from shared.errors import AccessDenied, BucketpassError, InvalidCursor
from shared.object_errors import (
    ChecksumMismatch,
    NoSuchKey,
    NoSuchUpload,
    TooLarge,
    UploadIncomplete,
    UploadsNotListable,
)
from shared.object_properties import ObjectProperties
from shared.part_plan import PartPlan
from shared.s3_calls import s3_call
from shared.s3_errors import S3_CAUSES, UnexplainedRefusal
from shared.scoped_credentials import ScopedCredentials
from shared.upload_checksum import UploadChecksum
from shared.upload_page import (
    MAX_PAGE_SIZE,
    PartPage,
    UploadedPart,
    UploadMarker,
    UploadPage,
    part_page,
    upload_page,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import (
        CompletedPartTypeDef,
        CompleteMultipartUploadRequestTypeDef,
        CreateMultipartUploadRequestTypeDef,
        ListMultipartUploadsRequestTypeDef,
        PutObjectRequestTypeDef,
    )

# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html; InvalidRequest
# is its answer to a size, or to checksums of the parts, other than those of what is there.
UPLOAD_CAUSES: Final[Mapping[str, type[BucketpassError]]] = {
    **S3_CAUSES,
    "NoSuchUpload": NoSuchUpload,
    "BadDigest": ChecksumMismatch,
    "EntityTooLarge": TooLarge,
    "EntityTooSmall": UploadIncomplete,
    "InvalidPart": UploadIncomplete,
    "InvalidPartOrder": UploadIncomplete,
    "InvalidRequest": UploadIncomplete,
}
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html: unlike
# ListBucket, ListBucketMultipartUploads has no condition key s3:prefix, so that nobody can be
# granted it for their own folder alone.
_LISTING_CAUSES: Final[Mapping[str, type[BucketpassError]]] = {
    **S3_CAUSES,
    "AccessDenied": UploadsNotListable,
}
_MISSING_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class CompletedPart:
    """A part as the object is to have it: `etag` as S3 answered the part with.

    `checksums` has its values in base64 by their S3 names, such as `ChecksumSHA256`.
    """

    number: int
    etag: str
    checksums: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MultipartUploads:
    """The multipart uploads of one bucket, for one person; IAM decides about every call.

    `client` is the shared S3 client that signs with `acting_as`. The methods raise AccessDenied,
    NoSuchUpload where the key has no such upload, and what `s3_call` raises.
    """

    client: "S3Client"
    bucket: str
    credentials: ScopedCredentials

    def begin(self, key: str, properties: ObjectProperties, checksum: UploadChecksum | None) -> str:
        """Begin an upload and give its id; the object will have `properties`.

        With `checksum` None S3 computes one of its own choice.
        """
        request: CreateMultipartUploadRequestTypeDef = {"Bucket": self.bucket, "Key": key}
        # The two requests name properties alike.
        properties.add_to(cast("PutObjectRequestTypeDef", request))
        if checksum is not None:
            request["ChecksumAlgorithm"] = checksum.algorithm
            request["ChecksumType"] = checksum.type
        with s3_call(self.credentials):
            return self.client.create_multipart_upload(**request)["UploadId"]

    def parts(
        self, key: str, upload_id: str, *, limit: int = MAX_PAGE_SIZE, after: int = 0
    ) -> PartPage:
        """At most `limit` (1 to 1,000) parts that are there, those above the number `after`."""
        with s3_call(self.credentials, UPLOAD_CAUSES):
            return part_page(
                self.client.list_parts(
                    Bucket=self.bucket,
                    Key=key,
                    UploadId=upload_id,
                    MaxParts=limit,
                    PartNumberMarker=after,
                )
            )

    def list(
        self, prefix: str, *, limit: int = MAX_PAGE_SIZE, after: UploadMarker | None = None
    ) -> UploadPage:
        """At most `limit` (1 to 1,000) unfinished uploads of keys with the prefix.

        Raises UploadsNotListable where IAM refuses, as it does unless the role may list the
        uploads of the whole bucket; InvalidCursor for an `after` that S3 does not know.
        """
        request: ListMultipartUploadsRequestTypeDef = {
            "Bucket": self.bucket,
            "Prefix": prefix,
            "MaxUploads": limit,
            "EncodingType": "url",
        }
        causes = _LISTING_CAUSES
        if after is not None:
            request["KeyMarker"] = after.key
            request["UploadIdMarker"] = after.upload_id
            causes = {**_LISTING_CAUSES, "InvalidArgument": InvalidCursor}
        with s3_call(self.credentials, causes):
            return upload_page(self.client.list_multipart_uploads(**request))

    def parts_to_complete(
        self, key: str, upload_id: str, plan: PartPlan
    ) -> tuple[CompletedPart, ...]:
        """Every part of the plan as it is at S3.

        Raises UploadIncomplete, with the numbers of up to 100 missing parts, where one is not
        there or has another size, and DeadlineExceeded.
        """
        there: dict[int, CompletedPart] = {}
        for part, composite in self._all_parts(key, upload_id):
            if part.number <= plan.count and part.size == plan.size_of(part.number):
                # Only a checksum of checksums needs those of the parts.
                there[part.number] = CompletedPart(
                    part.number, part.etag, part.checksums if composite else {}
                )
        numbers = range(1, plan.count + 1)
        if missing := [number for number in numbers if number not in there]:
            raise UploadIncomplete(
                f"{len(missing)} of {plan.count} parts missing",
                detail=f"{len(missing):,} of {plan.count:,} parts are missing or of another size.",
                members={"missing": missing[:_MISSING_SHOWN]},
            )
        return tuple(there[number] for number in numbers)

    def complete(  # noqa: PLR0913 # keyword-only settings, each with a default
        self,
        key: str,
        upload_id: str,
        size: int,
        parts: Sequence[CompletedPart],
        *,
        checksum: UploadChecksum | None = None,
        if_absent: bool = False,
    ) -> CompletedUpload:
        """Make the object of its parts, in the order of their numbers.

        S3 compares `size` in bytes with the sum of the parts, and `checksum`, where it has a
        value, with the object. Raises UploadIncomplete, ChecksumMismatch, PreconditionFailed
        where there is an object despite `if_absent`, Conflict where one came in between. An
        answer of 200 that holds an error is that error: botocore sees to it. An upload that is
        gone because it is this object already is no error.
        """
        request: CompleteMultipartUploadRequestTypeDef = {
            "Bucket": self.bucket,
            "Key": key,
            "UploadId": upload_id,
            "MpuObjectSize": size,
            "MultipartUpload": {"Parts": [_part(part) for part in parts]},
        }
        if checksum is not None and checksum.value is not None:
            value = {checksum.parameter: checksum.value, "ChecksumType": checksum.type}
            request.update(cast("CompleteMultipartUploadRequestTypeDef", value))
        if if_absent:
            request["IfNoneMatch"] = "*"
        try:
            with s3_call(self.credentials, UPLOAD_CAUSES):
                answer = self.client.complete_multipart_upload(**request)
                return CompletedUpload(key, answer["ETag"], answer.get("VersionId"), size)
        except NoSuchUpload:
            etags = [part.etag for part in parts]
            done = self.completed_before(key, ExpectedObject(size, etags, checksum))
            if done is None:
                raise
            return done

    def completed_before(self, key: str, expected: ExpectedObject) -> CompletedUpload | None:
        """The object of an upload that is gone; None where nothing like it is at the key.

        So is a completion told whose first answer was lost.
        """
        try:
            with s3_call(self.credentials):
                found = self.client.head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
                if not expected.is_shown_by(fingerprint_of(found)):
                    return None
                return CompletedUpload(key, found["ETag"], found.get("VersionId"), expected.size)
        except (AccessDenied, NoSuchKey, UnexplainedRefusal):
            return None

    def abort(self, key: str, upload_id: str) -> None:
        """Drop the upload and its parts; it need not exist any more."""
        with suppress(NoSuchUpload), s3_call(self.credentials, UPLOAD_CAUSES):
            self.client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload_id)

    def _all_parts(self, key: str, upload_id: str) -> Iterator[tuple[UploadedPart, bool]]:
        after: int | None = 0
        while after is not None:
            page = self.parts(key, upload_id, after=after)
            for part in page.parts:
                yield part, page.composite
            after = page.next_number


def _part(part: CompletedPart) -> "CompletedPartTypeDef":
    named = {"PartNumber": part.number, "ETag": part.etag, **part.checksums}
    return cast("CompletedPartTypeDef", named)
