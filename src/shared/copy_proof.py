"""When two objects are known to have the same bytes without reading them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html: an ETag
is the MD5 of the bytes only of an object that came in one piece and is not encrypted with KMS; a
checksum of the whole object compares however the object came.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import HeadObjectOutputTypeDef

ALGORITHMS: Final = ("CRC64NVME", "CRC32C", "CRC32", "SHA256", "SHA1")

_MD5: Final = re.compile(r'"[0-9a-f]{32}"')


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells an object's bytes: `size` in bytes, `etag` with its quotes, and checksums.

    `checksums` are those of the whole object, in base64 by their algorithms.
    """

    size: int
    etag: str
    checksums: Mapping[str, str]

    @property
    def outlives_copying(self) -> bool:
        """Whether a copy in one piece will show something that compares with this."""
        return self.size == 0 or bool(self.checksums) or bool(_MD5.fullmatch(self.etag))


def fingerprint_of(answer: "HeadObjectOutputTypeDef") -> Fingerprint:
    """The fingerprint in S3's answer to HeadObject with ChecksumMode ENABLED."""
    whole = answer.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT"
    values = {name: answer.get(f"Checksum{name}") for name in ALGORITHMS if whole}
    # A checksum of checksums ends in the number of parts; older objects have no type.
    return Fingerprint(
        size=answer["ContentLength"],
        etag=answer["ETag"],
        checksums={
            name: value
            for name, value in values.items()
            if isinstance(value, str) and "-" not in value
        },
    )


def is_proven(
    source: Fingerprint, copy: Fingerprint, part_etags: Sequence[str] | None = None
) -> bool:
    """Whether the copy certainly has the source's bytes.

    Their sizes are equal, and so is each checksum that both have; without a common one the
    ETags are. A copy made in parts, each taken from this very source, has its own ETag:
    `part_etags` are what S3 answered the parts with, by their numbers, and make it up.
    """
    if source.size != copy.size or source.size == 0:
        return source.size == copy.size
    if common := source.checksums.keys() & copy.checksums.keys():
        return all(source.checksums[name] == copy.checksums[name] for name in common)
    if part_etags is not None:
        return copy.etag == etag_of_parts(part_etags)
    return source.etag == copy.etag


def etag_of_parts(part_etags: Sequence[str]) -> str | None:
    """The ETag of an object made of parts with these ETags; None where one is no MD5.

    S3 documents only that it is no MD5 of the bytes; that it is the MD5 of the parts' MD5s and
    their number is how every S3 has made it, and where it is not, nothing is proven.
    """
    if not all(_MD5.fullmatch(etag) for etag in part_etags):
        return None
    digests = b"".join(bytes.fromhex(etag.strip('"')) for etag in part_etags)
    whole = hashlib.md5(digests, usedforsecurity=False).hexdigest()
    return f'"{whole}-{len(part_etags)}"'
