"""The credentials of the current request, given to the signer of the one S3 client."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from botocore.credentials import Credentials

from shared.errors import BucketpassError
from shared.scoped_credentials import ScopedCredentials

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from botocore.client import BaseClient

# No default: a thread, task or lazy iterator that was started outside of `acting_as` finds
# nothing and fails closed.
_current: Final[ContextVar[Credentials]] = ContextVar("request_credentials")


class RequestCredentialsUnset(BucketpassError):
    """An S3 call outside of `acting_as`: our own mistake, refused before anything is signed."""


@contextmanager
def acting_as(credentials: ScopedCredentials) -> Iterator[None]:
    """Sign every S3 request of this context with the person's credentials, and only until its end.

    Nesting restores the outer person's credentials. Other threads do not inherit them.
    """
    token = _current.set(
        Credentials(
            credentials.access_key_id,
            credentials.secret_access_key.reveal(),
            credentials.session_token.reveal(),
            method="bucketpass-request",
        )
    )
    try:
        yield
    finally:
        _current.reset(token)


def sign_with_request_credentials(client: "BaseClient") -> None:
    """Make the client sign, and presign, with the credentials of `acting_as` alone.

    Outside of it each call raises RequestCredentialsUnset and nothing is sent. The place where
    the signer looks is botocore's own (`signing.request_credentials` of the request context,
    botocore/signers.py, since 1.34.71) but not in its documentation: the tests of this module
    are the contract.
    """
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_first(f"before-sign.{service}", _give_to_signer)


def _give_to_signer(request: "AWSRequest", **_event: object) -> None:
    try:
        credentials = _current.get()
    except LookupError:
        raise RequestCredentialsUnset("a call to S3 outside of acting_as") from None
    request.context.setdefault("signing", {})["request_credentials"] = credentials
