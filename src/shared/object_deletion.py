"""Deleting many objects with one person's credentials, answered key by key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from shared.aws_errors import error_of
from shared.batch import outcomes
from shared.errors import AccessDenied, BucketpassError
from shared.object_writer import ObjectWriter
from shared.s3_calls import s3_call
from shared.s3_errors import S3_CAUSES
from shared.scoped_credentials import ScopedCredentials
from shared.upstream_errors import UpstreamError, UpstreamUnavailable

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import DeleteObjectsOutputTypeDef, ErrorTypeDef

# https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
MAX_KEYS: Final = 1000

# A key inside of the answer comes without the HTTP status that would tell these apart.
_CAUSES: Final[Mapping[str, type[BucketpassError]]] = {
    **S3_CAUSES,
    "InternalError": UpstreamUnavailable,
    "ServiceUnavailable": UpstreamUnavailable,
}
# Other characters than these XML 1.0 (section 2.2) cannot carry or a parser does not give back
# as they were, and one of them would spoil the whole call.
_SAFE_IN_XML: Final = re.compile("[\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


@dataclass(frozen=True, slots=True)
class DeletedObject:
    """A key that is gone, or never was: `version_id` is that of the new delete marker.

    None in a bucket that was never versioned.
    """

    version_id: str | None


Deletion = DeletedObject | BucketpassError


@dataclass(frozen=True, slots=True)
class ObjectDeletion:
    """Deletes objects of one bucket with one person's credentials; IAM decides about every key.

    `client` is the shared S3 client that signs with `acting_as`.
    """

    client: "S3Client"
    bucket: str
    credentials: ScopedCredentials

    def delete(self, keys: Sequence[str]) -> list[Deletion]:
        """What became of each of up to 1,000 keys, in their order; one named twice is deleted once.

        An engine that refuses them all for one of them is asked key by key. Raises what `s3_call`
        raises where nothing is known about any key.
        """
        distinct = list(dict.fromkeys(keys))
        plain = [key for key in distinct if _SAFE_IN_XML.fullmatch(key)]
        odd = [key for key in distinct if not _SAFE_IN_XML.fullmatch(key)]
        became = {**self._together(plain), **self._each(odd)}
        return [became[key] for key in keys]

    def _together(self, keys: Sequence[str]) -> dict[str, Deletion]:
        if len(keys) < 2:  # noqa: PLR2004 # nothing to put together
            return self._each(keys)
        try:
            with s3_call(self.credentials):
                answer = self.client.delete_objects(
                    Bucket=self.bucket, Delete={"Objects": [{"Key": key} for key in keys]}
                )
                became = _read(answer)
        except AccessDenied:
            return self._each(keys)
        return {key: became.get(key) or UpstreamError("S3 said nothing") for key in keys}

    def _each(self, keys: Sequence[str]) -> dict[str, Deletion]:
        return dict(zip(keys, outcomes(self._one, keys), strict=True))

    def _one(self, key: str) -> DeletedObject:
        return DeletedObject(ObjectWriter(self.client, self.bucket, self.credentials).delete(key))


def _read(answer: "DeleteObjectsOutputTypeDef") -> dict[str, Deletion]:
    became: dict[str, Deletion] = {
        deleted["Key"]: DeletedObject(deleted.get("DeleteMarkerVersionId"))
        for deleted in answer.get("Deleted", ())
    }
    return became | {error["Key"]: _refusal(error) for error in answer.get("Errors", ())}


def _refusal(told: "ErrorTypeDef") -> BucketpassError:
    code, message = told.get("Code", ""), told.get("Message", "")
    error = ClientError({"Error": {"Code": code, "Message": message}}, "DeleteObjects")
    return error_of(error, _CAUSES)
