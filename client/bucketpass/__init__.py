"""Sign in through an Amazon Cognito user pool and reach exactly your own S3 objects."""

from typing import TYPE_CHECKING

from bucketpass.errors import BucketpassError
from bucketpass.profile import Profile

if TYPE_CHECKING:
    from bucketpass.session import Session

__version__ = "0.1.0"
__all__ = ["BucketpassError", "Profile", "Session", "__version__"]


def __getattr__(name: str) -> object:
    # botocore takes a good part of a second to import, and `bucketpass --help` does not need it
    if name == "Session":
        from bucketpass.session import Session  # noqa: PLC0415 # see above

        return Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
