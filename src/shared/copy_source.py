"""The object that is copied, as it was when the copying began."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.copy_proof import Fingerprint, fingerprint_of
from shared.errors import AccessDenied, BucketpassError, InvalidRequest
from shared.object_content import ObjectHead, head_of
from shared.object_errors import ObjectArchived
from shared.object_properties import ObjectProperties
from shared.object_store import ObjectStore
from shared.s3_calls import s3_call
from shared.s3_errors import S3_CAUSES, VERSION_CAUSES, UnexplainedRefusal

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import CopySourceTypeDef, HeadObjectRequestTypeDef


class VersionIsDeletion(InvalidRequest):
    """A version that records a deletion has no bytes to be copied."""

    sentence = "This version is a deletion; name the version before it."


_CAUSES_OF_VERSION: Final[Mapping[str, type[BucketpassError]]] = {
    **VERSION_CAUSES,
    "405": VersionIsDeletion,
}


@dataclass(frozen=True, slots=True)
class CopySource:
    """One object, or the version `version_id` of it, and what tells its bytes."""

    bucket: str
    key: str
    version_id: str | None
    head: ObjectHead
    fingerprint: Fingerprint

    @property
    def reference(self) -> "CopySourceTypeDef":
        """What botocore calls the source; it encodes the key."""
        named: CopySourceTypeDef = {"Bucket": self.bucket, "Key": self.key}
        return named if self.version_id is None else {**named, "VersionId": self.version_id}

    @property
    def properties(self) -> ObjectProperties:
        """What a copy made in parts has to be told; one in one piece inherits it."""
        return ObjectProperties(
            content_type=self.head.content_type,
            content_encoding=self.head.content_encoding,
            content_language=self.head.content_language,
            content_disposition=self.head.content_disposition,
            cache_control=self.head.cache_control,
            metadata=self.head.metadata,
        )


def look_at_source(objects: ObjectStore, key: str, version_id: str | None) -> CopySource:
    """The source that `key` names, its latest version where `version_id` is None.

    Raises NoSuchKey, NoSuchVersion, VersionIsDeletion, ObjectArchived, and what `ObjectStore.head`
    raises.
    """
    request: HeadObjectRequestTypeDef = {
        "Bucket": objects.bucket,
        "Key": key,
        "ChecksumMode": "ENABLED",
    }
    if version_id is not None:
        request["VersionId"] = version_id
    causes = S3_CAUSES if version_id is None else _CAUSES_OF_VERSION
    try:
        with s3_call(objects.credentials, causes):
            answer = objects.client.head_object(**request)
            head, fingerprint = head_of(answer), fingerprint_of(answer)
    except (AccessDenied, UnexplainedRefusal):
        # It knows how to tell a missing object from a forbidden one.
        objects.head(key, version_id=version_id)
        raise
    if head.archived:
        raise ObjectArchived(head.storage_class)
    return CopySource(objects.bucket, key, version_id, head, fingerprint)
