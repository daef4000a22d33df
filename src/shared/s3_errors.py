"""What the refusals of S3 mean for the person who asked."""

from collections.abc import Mapping
from typing import Final

from botocore.exceptions import ClientError

from shared.errors import (
    AccessDenied,
    BucketpassError,
    Conflict,
    IdentityRefused,
    InvalidKey,
    NoSuchKey,
    PreconditionFailed,
    RangeNotSatisfiable,
)


class ObjectArchived(Conflict):
    """The object lies in an archive storage class and has to be restored before it is read."""

    sentence = "The object is archived; restore it before reading it."


# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; the numbers are answers to
# HEAD, which have no body. A missing bucket, another region and whatever else is not here is
# UpstreamError: the deployment's fault, not the caller's. Credentials that S3 no longer takes
# are the end of the sign-in that they were exchanged for.
S3_CAUSES: Final[Mapping[str, type[BucketpassError]]] = {
    "403": AccessDenied,
    "AccessDenied": AccessDenied,
    "404": NoSuchKey,
    "NoSuchKey": NoSuchKey,
    "412": PreconditionFailed,
    "PreconditionFailed": PreconditionFailed,
    "416": RangeNotSatisfiable,
    "InvalidRange": RangeNotSatisfiable,
    "InvalidObjectState": ObjectArchived,
    "KeyTooLongError": InvalidKey,
    "ExpiredToken": IdentityRefused,
    "InvalidAccessKeyId": IdentityRefused,
    "InvalidToken": IdentityRefused,
}


def actual_size(error: RangeNotSatisfiable) -> dict[str, str]:
    """The header that RFC 9110, section 15.5.17, asks of a 416; empty where S3 told no size."""
    cause = error.__cause__
    answer = cause.response["Error"] if isinstance(cause, ClientError) else {}
    size = str(answer.get("ActualObjectSize", ""))
    return {"Content-Range": f"bytes */{size}"} if size.isdecimal() else {}
