"""The id of the current request in every URL that is presigned for it, for S3's own logs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from botocore.client import BaseClient

# S3 ignores query parameters that begin with `x-` and keeps them in its access log (Amazon S3 User
# Guide, "Server access log format", "Custom access log information"). As all of the query is
# signed, nobody who holds the URL can take it off or name another request.
PARAMETER: Final = "x-bucketpass-request"

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_current: Final[ContextVar[str | None]] = ContextVar("request_trace", default=None)


@contextmanager
def traced(request_id: str) -> Iterator[None]:
    """Put this id into the URLs that are presigned in this context; one of odd form is left out."""
    token = _current.set(request_id if _REQUEST_ID.fullmatch(request_id) else None)
    try:
        yield
    finally:
        _current.reset(token)


def trace_presigned_urls(client: "BaseClient") -> None:
    """Make the client sign the request's id, where there is one, into each URL it presigns."""
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"before-sign.{service}", _add_to_query)


def _add_to_query(request: "AWSRequest", signature_version: object, **_event: object) -> None:
    # What is sent here and now has the id in our own log.
    request_id = _current.get()
    if request_id is not None and str(signature_version).endswith("-query"):
        request.params[PARAMETER] = request_id
