"""S3's refusals as this package's errors, with the key that they are about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from bucketpass.aws_errors import translated
from bucketpass.errors import (
    AccessDenied,
    BucketpassError,
    ChangedMeanwhile,
    ClockSkew,
    Damaged,
    InvalidPlace,
    NotFound,
    SignInExpired,
    UnexpectedAnswer,
)

# Without a body, as HEAD answers, botocore has only the status for a code.
_TABLE: Final[Mapping[str, type[BucketpassError]]] = {
    "403": AccessDenied,
    "404": NotFound,
    "412": ChangedMeanwhile,
    "AccessDenied": AccessDenied,
    "BadDigest": Damaged,
    "ExpiredToken": SignInExpired,
    "InvalidRange": ChangedMeanwhile,
    "KeyTooLongError": InvalidPlace,
    "NoSuchBucket": NotFound,
    "NoSuchKey": NotFound,
    "NoSuchUpload": NotFound,
    "NoSuchVersion": NotFound,
    "PreconditionFailed": ChangedMeanwhile,
    "RequestTimeTooSkewed": ClockSkew,
}
# AWS's own words for these say less than ours, or quote what people need not see.
_IN_OUR_WORDS: Final = (AccessDenied, NotFound, ChangedMeanwhile)
# Those of the sign-in or the connection are about no key.
_NAMED: Final = (*_IN_OUR_WORDS, Damaged, InvalidPlace, UnexpectedAnswer)


_FIRST_SEGMENTS: Final = ("home/", "groups/", "shared/")
_HINT: Final = "Your own files are `home:NAME`."


def _remedy(cause: type[BucketpassError], key: str) -> str | None:
    """What a person may have meant by a plain key that nobody's role has."""
    strange = not key.startswith(_FIRST_SEGMENTS) or key == "home/"  # the latter of `ls home`
    return _HINT if cause is AccessDenied and strange else None


def of_code(code: str, message: str, about: str) -> BucketpassError:
    """The error for one item of an answer that tells of several."""
    cause = _TABLE.get(code)
    if cause is None:
        return BucketpassError(f"{about}: S3 refused it: {code}: {message}")
    return cause(
        f"{about}: {cause.default_sentence if cause in _IN_OUR_WORDS else message}",
        remedy=_remedy(cause, about),
    )


@contextmanager
def about(key: str) -> Iterator[None]:
    """Turn botocore's errors within into this package's, which name that key."""
    try:
        with translated(_TABLE):
            yield
    except _NAMED as error:
        own = type(error) in _IN_OUR_WORDS
        sentence = error.default_sentence if own else error.sentence
        remedy = error.remedy or _remedy(type(error), key)
        raise type(error)(f"{key}: {sentence}", remedy=remedy) from error.__cause__
