"""The object that an upload in parts became, and how one is known that was completed before."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.copy_proof import Fingerprint, etag_of_parts
from shared.upload_checksum import UploadChecksum


@dataclass(frozen=True, slots=True)
class CompletedUpload:
    """The new object: `etag` with its quotes, no MD5 of the bytes where they came in parts.

    `version_id` is None in a bucket that was never versioned.
    """

    key: str
    etag: str
    version_id: str | None
    size: int


@dataclass(frozen=True, slots=True)
class ExpectedObject:
    """What is known of the object that an upload was to become: `size` in bytes and its parts.

    `part_etags` are those of the parts by their numbers; `checksum` is that of the upload, if any.
    """

    size: int
    part_etags: Sequence[str]
    checksum: UploadChecksum | None = None

    def is_shown_by(self, found: Fingerprint) -> bool:
        """Whether an object has this size, the ETag of the parts, and no other checksum."""
        if found.size != self.size:
            return False
        if self.checksum is not None and self.checksum.value is not None:
            value = found.checksums.get(self.checksum.algorithm, self.checksum.value)
            if value != self.checksum.value:
                return False
        quoted = ['"' + etag.strip('"') + '"' for etag in self.part_etags]
        return found.etag == etag_of_parts(quoted)
