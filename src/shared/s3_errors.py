"""What the refusals of S3 mean for the person who asked."""

from collections.abc import Mapping
from typing import Final

from botocore.exceptions import ClientError

from shared.errors import (
    AccessDenied,
    BucketpassError,
    IdentityRefused,
    InvalidKey,
    InvalidRequest,
)
from shared.object_errors import (
    Conflict,
    NoSuchKey,
    NoSuchVersion,
    ObjectArchived,
    PreconditionFailed,
    RangeNotSatisfiable,
)
from shared.upstream_errors import UpstreamError


class UnexplainedRefusal(UpstreamError):
    """A 400 to a HEAD: no body tells whether the request or the credentials are at fault."""


# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; the numbers are answers to
# HEAD, which have no body. A missing bucket, another region and whatever else is not here is
# UpstreamError: the deployment's fault, not the caller's. Credentials that S3 no longer takes
# are the end of the sign-in that they were exchanged for.
S3_CAUSES: Final[Mapping[str, type[BucketpassError]]] = {
    "400": UnexplainedRefusal,
    "403": AccessDenied,
    "AccessDenied": AccessDenied,
    "404": NoSuchKey,
    "NoSuchKey": NoSuchKey,
    "NoSuchVersion": NoSuchVersion,
    # Two conditional writes, or two changes of other kinds, met.
    "ConditionalRequestConflict": Conflict,
    "OperationAborted": Conflict,
    "412": PreconditionFailed,
    "PreconditionFailed": PreconditionFailed,
    "416": RangeNotSatisfiable,
    "InvalidRange": RangeNotSatisfiable,
    "InvalidObjectState": ObjectArchived,
    "KeyTooLongError": InvalidKey,
    "MetadataTooLarge": InvalidRequest,
    "RequestHeaderSectionTooLarge": InvalidRequest,
    "ExpiredToken": IdentityRefused,
    "InvalidAccessKeyId": IdentityRefused,
    "InvalidToken": IdentityRefused,
}

# A request that names a version. 405 is the answer for a version that is a deletion, and
# InvalidArgument, or 400 to a HEAD, that for a text that can be no version's id.
VERSION_CAUSES: Final[Mapping[str, type[BucketpassError]]] = {
    **S3_CAUSES,
    "404": NoSuchVersion,
    "NoSuchKey": NoSuchVersion,
    "405": NoSuchVersion,
    "MethodNotAllowed": NoSuchVersion,
    "InvalidArgument": NoSuchVersion,
}


def actual_size(error: RangeNotSatisfiable) -> dict[str, str]:
    """The header that RFC 9110, section 15.5.17, asks of a 416; empty where S3 told no size."""
    cause = error.__cause__
    answer = cause.response["Error"] if isinstance(cause, ClientError) else {}
    size = str(answer.get("ActualObjectSize", ""))
    return {"Content-Range": f"bytes */{size}"} if size.isdecimal() else {}
