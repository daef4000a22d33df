"""The id that S3 gives to a multipart upload."""

import re
from typing import Final

from shared.errors import InvalidRequest

# Opaque: what S3 makes has some 130 characters that need no encoding in a query.
_OPAQUE: Final = re.compile(r"[!-~]{1,1024}")


def parse_upload_id(text: str) -> str:
    """The id itself; InvalidRequest for what no id can be, so that S3 need not be asked."""
    if not _OPAQUE.fullmatch(text):
        raise InvalidRequest(
            "malformed upload id", detail="uploadId is the text that POST /uploads answered with."
        )
    return text
