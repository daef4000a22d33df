"""The buckets that a person may list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.errors import AccessDenied
from shared.locations import Location
from shared.s3_calls import s3_call
from shared.scoped_credentials import ScopedCredentials

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket by its name; `region` is None where S3 does not tell it."""

    name: str
    region: str | None


def buckets_of(
    client: "S3Client",
    credentials: ScopedCredentials,
    locations: Sequence[Location],
    region: str,
) -> list[Bucket]:
    """The account's buckets where IAM allows ListBuckets, else those of the person's locations.

    The template's roles do not allow it: such a person sees the deployment's own bucket, which
    lies in `region`, if some location may be listed.
    """
    try:
        with s3_call(credentials):
            answer = client.list_buckets()
            return [
                Bucket(bucket["Name"], bucket.get("BucketRegion")) for bucket in answer["Buckets"]
            ]
    except AccessDenied:
        listable = [location.bucket for location in locations if "list" in location.permissions]
        return [Bucket(name, region) for name in dict.fromkeys(listable)]
