"""Writing and deleting one object with one person's credentials."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.errors import BucketpassError
from shared.object_errors import Conflict, PreconditionFailed
from shared.object_properties import ObjectProperties
from shared.s3_calls import s3_call
from shared.s3_errors import S3_CAUSES
from shared.scoped_credentials import ScopedCredentials
from shared.write_conditions import UNCONDITIONAL, WriteConditions

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import DeleteObjectRequestTypeDef, PutObjectRequestTypeDef

# S3 answers 404 where If-Match meets no object; that too is a condition which does not hold
# (RFC 9110, section 13.1.1).
_CONDITIONAL: Final[Mapping[str, type[BucketpassError]]] = {
    **S3_CAUSES,
    "404": PreconditionFailed,
    "NoSuchKey": PreconditionFailed,
}


@dataclass(frozen=True, slots=True)
class WrittenObject:
    """What S3 tells of a new version: `etag` with its quotes; `created` if there was no object.

    `version_id` is None in a bucket that was never versioned.
    """

    key: str
    etag: str
    version_id: str | None
    size: int
    created: bool


@dataclass(frozen=True, slots=True)
class ObjectWriter:
    """Changes objects of one bucket with one person's credentials; IAM decides about every call.

    `client` is the shared S3 client that signs with `acting_as`. The methods raise AccessDenied,
    PreconditionFailed, Conflict where another change came in between, and what `s3_call` raises.
    """

    client: "S3Client"
    bucket: str
    credentials: ScopedCredentials

    def put(
        self,
        key: str,
        body: bytes,
        properties: ObjectProperties,
        conditions: WriteConditions = UNCONDITIONAL,
    ) -> WrittenObject:
        """Write the object as it is to be; nothing of an older version stays.

        Without a condition the first attempt asks that there is no object, so that `created` is
        S3's word and no guess: looking first could be overtaken, and costs a new object two calls.
        """
        if conditions != UNCONDITIONAL:
            return self._put(key, body, properties, conditions)
        try:
            return self._put(key, body, properties, WriteConditions(if_absent=True))
        except (PreconditionFailed, Conflict):
            return self._put(key, body, properties, UNCONDITIONAL)

    def _put(
        self, key: str, body: bytes, properties: ObjectProperties, conditions: WriteConditions
    ) -> WrittenObject:
        request: PutObjectRequestTypeDef = {"Bucket": self.bucket, "Key": key, "Body": body}
        properties.add_to(request)
        if conditions.if_absent:
            request["IfNoneMatch"] = "*"
        if conditions.if_match is not None:
            request["IfMatch"] = conditions.if_match
        with s3_call(self.credentials, _CONDITIONAL if conditions.if_match else S3_CAUSES):
            answer = self.client.put_object(**request)
            return WrittenObject(
                key=key,
                etag=answer["ETag"],
                version_id=answer.get("VersionId"),
                size=len(body),
                created=conditions.if_absent,
            )

    def delete(self, key: str, conditions: WriteConditions = UNCONDITIONAL) -> str | None:
        """Delete the object, which need not exist unless `if_match` is given.

        The id of the new delete marker, None in a bucket that was never versioned; in a versioned
        one the older versions stay.
        """
        request: DeleteObjectRequestTypeDef = {"Bucket": self.bucket, "Key": key}
        if conditions.if_match is not None:
            request["IfMatch"] = conditions.if_match
        with s3_call(self.credentials, _CONDITIONAL if conditions.if_match else S3_CAUSES):
            return self.client.delete_object(**request).get("VersionId")
