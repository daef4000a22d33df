"""The id that S3 gave to one version of an object."""

import re
from typing import Final

from shared.object_errors import NoSuchVersion

# "null" for what was written before the bucket was versioned.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html: opaque,
# URL-ready and of at most 1,024 bytes.
_VERSION_ID: Final = re.compile(r"[\w.~-]{1,1024}", re.ASCII)


def parse_version_id(text: str | None) -> str | None:
    """The id itself, None for None; NoSuchVersion for a text that can be no version's id."""
    if text is not None and not _VERSION_ID.fullmatch(text):
        raise NoSuchVersion("malformed version id")
    return text
