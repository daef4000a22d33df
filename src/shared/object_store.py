"""The bucket as one person's credentials see it."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar, overload

from botocore.exceptions import ClientError

from shared.aws_errors import translated
from shared.content_disposition import Disposition, content_disposition, file_name
from shared.errors import (
    AccessDenied,
    BucketpassError,
    InvalidCursor,
    InvalidRequest,
    NoSuchKey,
    RangeNotSatisfiable,
)
from shared.object_conditions import UNCONDITIONAL, ObjectConditions
from shared.object_content import NotModified, ObjectContent, ObjectHead, content_of, head_of
from shared.object_page import MAX_PAGE_SIZE, ObjectPage, page_of
from shared.presigned_url import PresignedUrl, lifetime
from shared.request_credentials import acting_as
from shared.s3_errors import S3_CAUSES, actual_size
from shared.scoped_credentials import ScopedCredentials

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
        with self._calling(causes):
            return page_of(self.bucket, prefix, self.client.list_objects_v2(**request))

    @overload
    def head(self, key: str) -> ObjectHead: ...
    @overload
    def head(self, key: str, conditions: ObjectConditions) -> ObjectHead | NotModified: ...
    def head(
        self, key: str, conditions: ObjectConditions = UNCONDITIONAL
    ) -> ObjectHead | NotModified:
        """The object's metadata, or NotModified where the conditions say so.

        Raises NoSuchKey, PreconditionFailed.
        """
        request: HeadObjectRequestTypeDef = {"Bucket": self.bucket, "Key": key}
        conditions.add_to(request)
        return self._read(key, lambda: head_of(self.client.head_object(**request)))

    def get(
        self,
        key: str,
        conditions: ObjectConditions = UNCONDITIONAL,
        byte_range: str | None = None,
    ) -> ObjectContent | NotModified:
        """The object's bytes, or those of `byte_range` ("bytes=0-9"), or NotModified.

        Raises NoSuchKey, PreconditionFailed, RangeNotSatisfiable, TooLargeForContent for more
        than 4,500,000 bytes, ObjectArchived, DeadlineExceeded.
        """
        request: GetObjectRequestTypeDef = {"Bucket": self.bucket, "Key": key}
        conditions.add_to(request)
        if byte_range is not None:
            request["Range"] = byte_range
        return self._read(key, lambda: content_of(self.client.get_object(**request)))

    def presign_get(
        self,
        key: str,
        expires_in: int,
        *,
        filename: str | None = None,
        disposition: Disposition = "attachment",
    ) -> PresignedUrl:
        """A URL for a GET of the object, signed here: S3 is not asked, so neither is IAM.

        It lives for `expires_in` seconds, or less where `limited_by` says so. The answer to it is
        saved as `filename`, None meaning the key's last segment. Raises InvalidRequest for an
        `expires_in` below 1, UpstreamUnavailable where nothing is left of the credentials.
        """
        now = self.clock()
        life = lifetime(expires_in, self.credentials.expiration, now)
        name = file_name(key) if filename is None else filename
        with self._calling():
            url = self.client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self.bucket,
                    "Key": key,
                    "ResponseContentDisposition": content_disposition(name, disposition),
                },
                ExpiresIn=life.seconds,
            )
        expires_at = datetime.fromtimestamp(int(now) + life.seconds, UTC)
        return PresignedUrl(url, expires_at, life.limited_by)

    @contextmanager
    def _calling(self, causes: Mapping[str, type[BucketpassError]] = S3_CAUSES) -> Iterator[None]:
        with acting_as(self.credentials), translated(causes):
            yield

    def _read(self, key: str, read: Callable[[], Answer]) -> Answer | NotModified:
        try:
            with self._calling():
                return _unless_modified(read)
        except AccessDenied as refusal:
            if self._is_missing(key):
                raise NoSuchKey("refused, and not listed") from refusal
            raise
        except RangeNotSatisfiable as error:
            error.headers.update(actual_size(error))
            raise

    def _is_missing(self, key: str) -> bool:
        # S3 answers 403 for a missing key unless the caller may list the bucket, and a right to
        # list that is bound to prefixes does not count. Listing the key itself is what such a
        # caller may do: IAM refuses it (AccessDenied) for a place that is not the caller's, so
        # that nothing is told about it. A key sorts before every longer one.
        page = self.list(key, limit=1)
        return not page.objects or page.objects[0].key != key


def _unless_modified(read: Callable[[], Answer]) -> Answer | NotModified:
    try:
        return read()
    except ClientError as error:
        answer = error.response["ResponseMetadata"]
        if answer["HTTPStatusCode"] != HTTPStatus.NOT_MODIFIED:
            raise
        return NotModified(answer["HTTPHeaders"].get("etag"))
