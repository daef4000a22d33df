"""One call to S3 as one person: signed with their credentials, its errors told as ours."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from shared.aws_errors import translated
from shared.errors import BucketpassError, IdentityRefused
from shared.request_credentials import acting_as
from shared.s3_errors import S3_CAUSES
from shared.scoped_credentials import ScopedCredentials


@contextmanager
def s3_call(
    credentials: ScopedCredentials,
    causes: Mapping[str, type[BucketpassError]] = S3_CAUSES,
) -> Iterator[None]:
    """Wrap one call of the S3 client, or one presigning, and nothing else.

    `causes` maps S3's error codes to ours, and goes before what `translated` knows. Where S3 no
    longer takes the credentials (IdentityRefused) they are marked, so that nobody is given them
    again. Another thread does not inherit the credentials: it needs a call of its own.
    """
    try:
        with acting_as(credentials), translated(causes):
            yield
    except IdentityRefused:
        credentials.refused.set()
        raise
