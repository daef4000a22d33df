"""One answer of a listing."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

MAX_PAGE_SIZE: Final = 1000


@dataclass(frozen=True, slots=True)
class ListedObject:
    """One object of a page: `size` in bytes, `etag` with its quotes, `last_modified` in UTC."""

    key: str
    size: int
    etag: str
    last_modified: datetime
    storage_class: str


@dataclass(frozen=True, slots=True)
class ObjectPage:
    """Objects and common prefixes in S3's order (UTF-8 bytes), below `prefix` of `bucket`.

    `token` is S3's continuation token, None on the last page.
    """

    bucket: str
    prefix: str
    objects: tuple[ListedObject, ...]
    prefixes: tuple[str, ...]
    token: str | None


def page_of(bucket: str, prefix: str, answer: "ListObjectsV2OutputTypeDef") -> ObjectPage:
    """The page in botocore's answer, which has already decoded the keys (encoding-type=url)."""
    return ObjectPage(
        bucket=bucket,
        prefix=prefix,
        objects=tuple(
            ListedObject(
                key=listed["Key"],
                size=listed["Size"],
                etag=listed["ETag"],
                last_modified=listed["LastModified"],
                storage_class=listed.get("StorageClass", "STANDARD"),
            )
            for listed in answer.get("Contents", ())
        ),
        prefixes=tuple(common["Prefix"] for common in answer.get("CommonPrefixes", ())),
        token=answer.get("NextContinuationToken"),
    )
