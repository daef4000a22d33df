"""What an AWS call can end with, told in our own family of errors."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ChecksumError,
    ClientError,
    ConnectionError,  # noqa: A004 # botocore's name for the family of connection failures
    HTTPClientError,
    IncompleteReadError,
)
from botocore.parsers import ResponseParserError

from shared.errors import BucketpassError
from shared.upstream_errors import Throttled, UpstreamError, UpstreamUnavailable

_COMMON: Final[Mapping[str, type[BucketpassError]]] = {
    # Codes that Cognito, STS and S3 answer with when a rate or quota is exceeded.
    "BandwidthLimitExceeded": Throttled,
    "LimitExceededException": Throttled,
    "RequestLimitExceeded": Throttled,
    "RequestThrottled": Throttled,
    "RequestThrottledException": Throttled,
    "Throttling": Throttled,
    "ThrottledException": Throttled,
    "ThrottlingException": Throttled,
    "TooManyRequestsException": Throttled,
    # S3 scales a partition up meanwhile: nobody exceeded a quota.
    "SlowDown": UpstreamUnavailable,
    "RequestTimeout": UpstreamUnavailable,
    "RequestTimeoutException": UpstreamUnavailable,
}
# What botocore's parsers raise on an answer of another shape than the service's model, such as
# a JSON list or an XML document without the expected element.
_STUMBLES: Final = (AttributeError, LookupError, TypeError, ValueError)
_TOO_MANY_REQUESTS: Final = 429
_SERVER_ERROR: Final = 500
_REASON_LENGTH: Final = 400
# AWS echoes refused values: a JSON Web Token or a session token must not reach the log.
_SECRET_LIKE: Final = re.compile(r"eyJ[\w.+/=-]+|[\w+/=-]{100,}")


@contextmanager
def translated(table: Mapping[str, type[BucketpassError]]) -> Iterator[None]:
    """Turn whatever a botocore call raises into one of our errors; wrap the call and no more.

    `table` maps error codes of AWS to the cause that they mean for this adapter and goes first;
    then throttling is Throttled, and 5xx, time-outs and broken connections are
    UpstreamUnavailable; an unreadable answer or any other code is UpstreamError. A call that
    botocore itself refuses to make (bad parameters, no credentials) is our own mistake: the
    base, 500. Our own errors pass unchanged.
    """
    try:
        yield
    except ClientError as error:
        raise error_of(error, table) from error
    except (ConnectionError, HTTPClientError, IncompleteReadError) as error:
        raise UpstreamUnavailable(type(error).__name__) from error
    # `from None` below: the texts of these quote whole answers or parameters, credentials and
    # tokens among them, and a chained error would take them to the log.
    except (ResponseParserError, ChecksumError) as error:
        raise UpstreamError(f"unreadable answer: {type(error).__name__}") from None
    except BotoCoreError as error:
        raise BucketpassError(f"refused by botocore: {type(error).__name__}") from None
    except _STUMBLES as error:
        raise UpstreamError(f"unreadable answer: {type(error).__name__}") from None


def error_of(error: ClientError, table: Mapping[str, type[BucketpassError]]) -> BucketpassError:
    """One refusal of AWS in our family, by the rules of `translated`."""
    return _cause_of(error, table)(_reason(error))


def _cause_of(
    error: ClientError, table: Mapping[str, type[BucketpassError]]
) -> type[BucketpassError]:
    code = error.response.get("Error", {}).get("Code", "")
    if cause := table.get(code) or _COMMON.get(code):
        return cause
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status == _TOO_MANY_REQUESTS:
        return Throttled
    return UpstreamUnavailable if status >= _SERVER_ERROR else UpstreamError


def _reason(error: ClientError) -> str:
    answer = error.response.get("Error", {})
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    message = _SECRET_LIKE.sub("…", answer.get("Message") or "")
    return f"{error.operation_name}: {answer.get('Code')} ({status}): {message}"[:_REASON_LENGTH]
