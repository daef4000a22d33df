"""The bucket as one person's credentials see it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import ClientError

from shared.errors import AccessDenied, InvalidCursor, InvalidRequest
from shared.object_conditions import UNCONDITIONAL, ObjectConditions
from shared.object_content import NotModified, ObjectContent, ObjectHead, content_of, head_of
from shared.object_errors import NoSuchVersion, ObjectArchived, RangeNotSatisfiable
from shared.object_page import MAX_PAGE_SIZE, ObjectPage, page_of
from shared.presigner import Presigner
from shared.s3_calls import s3_call
from shared.s3_errors import S3_CAUSES, VERSION_CAUSES, UnexplainedRefusal, actual_size
from shared.scoped_credentials import ScopedCredentials
from shared.upstream_errors import UpstreamError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import (
        GetObjectRequestTypeDef,
        HeadObjectRequestTypeDef,
        ListObjectsV2RequestTypeDef,
    )

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class ObjectStore:
    """One bucket, asked with one person's scoped credentials; IAM decides about every call.

    `client` is the shared S3 client that signs with `acting_as`; `clock` gives epoch seconds.
    Every method raises AccessDenied where IAM refuses, IdentityRefused where S3 no longer takes
    the credentials, Throttled, UpstreamUnavailable or UpstreamError where S3 cannot serve.
    """

    client: "S3Client"
    bucket: str
    credentials: ScopedCredentials
    clock: Callable[[], float] = time.time

    def list(
        self,
        prefix: str,
        *,
        delimiter: str | None = None,
        limit: int = MAX_PAGE_SIZE,
        token: str | None = None,
        start_after: str | None = None,
    ) -> ObjectPage:
        """One page of at most `limit` (1 to 1,000) keys and common prefixes.

        `token` continues an earlier page and goes before `start_after`, a key or any text that
        the page begins behind. Raises InvalidRequest for another limit, InvalidCursor for a token
        that S3 does not know.
        """
        if not 1 <= limit <= MAX_PAGE_SIZE:
            raise InvalidRequest(f"limit {limit}", detail="limit is a number from 1 to 1,000.")
        request: ListObjectsV2RequestTypeDef = {
            "Bucket": self.bucket,
            "Prefix": prefix,
            "MaxKeys": limit,
        }
        causes = S3_CAUSES
        if delimiter:
            request["Delimiter"] = delimiter
        if token:
            request["ContinuationToken"] = token
            causes = {**S3_CAUSES, "InvalidArgument": InvalidCursor}
        elif start_after:
            request["StartAfter"] = start_after
        with s3_call(self.credentials, causes):
            return page_of(self.bucket, prefix, self.client.list_objects_v2(**request))

    def head(
        self,
        key: str,
        conditions: ObjectConditions = UNCONDITIONAL,
        version_id: str | None = None,
    ) -> ObjectHead | NotModified:
        """The object's metadata, or NotModified where the conditions say so.

        `version_id` None means the latest version. Raises NoSuchKey, NoSuchVersion,
        PreconditionFailed.
        """
        request: HeadObjectRequestTypeDef = {"Bucket": self.bucket, "Key": key}
        conditions.add_to(request)
        if version_id is not None:
            request["VersionId"] = version_id
        return self._read(key, version_id, lambda: head_of(self.client.head_object(**request)))

    def readable_head(self, key: str, version_id: str | None = None) -> ObjectHead:
        """The metadata of an object that can be read right now.

        Raises NoSuchKey, NoSuchVersion, ObjectArchived.
        """
        head = self.head(key, version_id=version_id)
        if isinstance(head, NotModified):
            raise UpstreamError("304 without a condition")
        if head.archived:
            raise ObjectArchived(head.storage_class)
        return head

    def get(
        self,
        key: str,
        conditions: ObjectConditions = UNCONDITIONAL,
        byte_range: str | None = None,
        version_id: str | None = None,
    ) -> ObjectContent | NotModified:
        """The object's bytes, or those of `byte_range` ("bytes=0-9"), or NotModified.

        `version_id` None means the latest version. Raises NoSuchKey, NoSuchVersion,
        PreconditionFailed, RangeNotSatisfiable, TooLargeForContent for more than 4,500,000 bytes,
        ObjectArchived, DeadlineExceeded.
        """
        request: GetObjectRequestTypeDef = {"Bucket": self.bucket, "Key": key}
        conditions.add_to(request)
        if byte_range is not None:
            request["Range"] = byte_range
        if version_id is not None:
            request["VersionId"] = version_id
        return self._read(key, version_id, lambda: content_of(self.client.get_object(**request)))

    def presigner(self) -> Presigner:
        """Who signs URLs of the bucket with the same credentials; S3 is not asked."""
        return Presigner(self.client, self.bucket, self.credentials, self.clock)

    def _read(
        self, key: str, version_id: str | None, read: Callable[[], Answer]
    ) -> Answer | NotModified:
        causes = S3_CAUSES if version_id is None else VERSION_CAUSES
        try:
            with s3_call(self.credentials, causes):
                return _unless_modified(read)
        except AccessDenied as refusal:
            if self._is_missing(key, version_id):
                raise causes["404"]("refused, and not listed") from refusal
            raise
        except UnexplainedRefusal as refusal:
            # Were it the credentials, a request whose answer has a body says so.
            self.list(key, limit=1)
            if version_id is None:
                raise
            raise NoSuchVersion("no version's id") from refusal
        except RangeNotSatisfiable as error:
            error.headers.update(actual_size(error))
            raise

    def _is_missing(self, key: str, version_id: str | None) -> bool:
        # S3 answers 403 for a missing key unless the caller may list the bucket, and a right to
        # list that is bound to prefixes does not count. Listing the key itself is what such a
        # caller may do: IAM refuses it (AccessDenied) for a place that is not the caller's, so
        # that nothing is told about it. A key sorts before every longer one.
        if version_id is None:
            page = self.list(key, limit=1)
            return not page.objects or page.objects[0].key != key
        with s3_call(self.credentials):
            answer = self.client.list_object_versions(Bucket=self.bucket, Prefix=key)
        # Among more versions than one page has, the refusal stays what S3 made it.
        return not answer.get("IsTruncated") and not any(
            version["Key"] == key and version["VersionId"] == version_id
            for version in answer.get("Versions", ())
        )


def _unless_modified(read: Callable[[], Answer]) -> Answer | NotModified:
    try:
        return read()
    except ClientError as error:
        answer = error.response["ResponseMetadata"]
        if answer["HTTPStatusCode"] != HTTPStatus.NOT_MODIFIED:
            raise
        return NotModified(answer["HTTPHeaders"].get("etag"))
