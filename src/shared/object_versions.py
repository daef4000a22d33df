"""The versions that the bucket keeps of its objects, deletions among them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from shared.errors import InvalidCursor
from shared.s3_calls import s3_call
from shared.s3_errors import S3_CAUSES
from shared.scoped_credentials import ScopedCredentials

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import (
        DeleteMarkerEntryTypeDef,
        ListObjectVersionsOutputTypeDef,
        ListObjectVersionsRequestTypeDef,
        ObjectVersionTypeDef,
    )

MAX_PAGE_SIZE: Final = 1000


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """One version of an object, `last_modified` in UTC.

    A deletion (`deleted`) is a version, too, but has neither `size` in bytes nor `etag`.
    """

    key: str
    version_id: str
    is_latest: bool
    deleted: bool
    size: int | None
    etag: str | None
    last_modified: datetime


@dataclass(frozen=True, slots=True)
class VersionMarker:
    """Behind which version of which key a page begins."""

    key: str
    version_id: str

    def to_token(self) -> str:
        """The marker as one text; a version's id has no line break."""
        return f"{self.version_id}\n{self.key}"

    @classmethod
    def from_token(cls, token: str) -> "VersionMarker":
        """The marker in what `to_token` made; InvalidCursor for anything else."""
        version_id, _, key = token.partition("\n")
        if not version_id or not key:
            raise InvalidCursor("no version marker")
        return cls(key, version_id)


@dataclass(frozen=True, slots=True)
class VersionPage:
    """Versions by key in S3's order (UTF-8 bytes), those of one key from the latest on.

    `next_marker` is None on the last page.
    """

    versions: tuple[ObjectVersion, ...]
    next_marker: VersionMarker | None


@dataclass(frozen=True, slots=True)
class ObjectVersions:
    """The versions in one bucket, seen with one person's credentials; IAM decides.

    `client` is the shared S3 client that signs with `acting_as`. The methods raise AccessDenied,
    InvalidCursor for a marker that S3 does not know, and what `s3_call` raises.
    """

    client: "S3Client"
    bucket: str
    credentials: ScopedCredentials

    def below(
        self, prefix: str, *, limit: int = MAX_PAGE_SIZE, after: VersionMarker | None = None
    ) -> VersionPage:
        """One page of at most 1,000 versions of all keys with the prefix."""
        request: ListObjectVersionsRequestTypeDef = {
            "Bucket": self.bucket,
            "Prefix": prefix,
            "MaxKeys": limit,
        }
        causes = S3_CAUSES
        if after is not None:
            request["KeyMarker"] = after.key
            request["VersionIdMarker"] = after.version_id
            causes = {**S3_CAUSES, "InvalidArgument": InvalidCursor}
        with s3_call(self.credentials, causes):
            return version_page(self.client.list_object_versions(**request))

    def of(
        self, key: str, *, limit: int = MAX_PAGE_SIZE, after: VersionMarker | None = None
    ) -> VersionPage:
        """One page of at most 1,000 versions of this very key, none where there never was one."""
        page = self.below(key, limit=limit, after=after)
        # A key sorts before every longer one.
        its_own = tuple(version for version in page.versions if version.key == key)
        complete = len(its_own) < len(page.versions)
        return VersionPage(its_own, None if complete else page.next_marker)


def version_page(answer: "ListObjectVersionsOutputTypeDef") -> VersionPage:
    """The page in botocore's answer, which has already decoded the keys (encoding-type=url)."""
    versions = [_version(version) for version in answer.get("Versions", ())]
    versions += [_deletion(marker) for marker in answer.get("DeleteMarkers", ())]
    # S3 mixes the two in its answer, botocore tells them apart: time puts them together again.
    versions.sort(key=lambda version: version.last_modified, reverse=True)
    versions.sort(key=lambda version: (version.key.encode(), not version.is_latest))
    marker = None
    if answer.get("IsTruncated"):
        marker = VersionMarker(answer["NextKeyMarker"], answer["NextVersionIdMarker"])
    return VersionPage(tuple(versions), marker)


def _version(listed: "ObjectVersionTypeDef") -> ObjectVersion:
    return ObjectVersion(
        key=listed["Key"],
        version_id=listed["VersionId"],
        is_latest=listed["IsLatest"],
        deleted=False,
        size=listed["Size"],
        etag=listed["ETag"],
        last_modified=listed["LastModified"],
    )


def _deletion(listed: "DeleteMarkerEntryTypeDef") -> ObjectVersion:
    return ObjectVersion(
        key=listed["Key"],
        version_id=listed["VersionId"],
        is_latest=listed["IsLatest"],
        deleted=True,
        size=None,
        etag=None,
        last_modified=listed["LastModified"],
    )
