"""Botocore's errors as this package's, in one table per adapter."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import botocore.exceptions
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoRegionError,
    ParamValidationError,
)

from bucketpass.errors import (
    BucketpassError,
    ConfigurationError,
    Throttled,
    UnexpectedAnswer,
    Unreachable,
)

_EVERYWHERE: Final[dict[str, type[BucketpassError]]] = {
    "LimitExceededException": Throttled,
    "RequestLimitExceeded": Throttled,
    "SlowDown": Throttled,
    "ThrottledException": Throttled,
    "Throttling": Throttled,
    "ThrottlingException": Throttled,
    "TooManyRequestsException": Throttled,
}

_NO_CONNECTION: Final = (botocore.exceptions.ConnectionError, HTTPClientError)


@contextmanager
def translated(table: Mapping[str, type[BucketpassError]]) -> Iterator[None]:
    """Turn botocore's errors within into this package's, each with AWS's own sentence.

    `table` maps error codes of AWS. What it does not know is Throttled, Unreachable (no
    connection, 5xx), ConfigurationError (arguments that AWS would not take) or UnexpectedAnswer.
    """
    try:
        yield
    except ClientError as error:
        raise _of_client_error(error, table) from error
    except _NO_CONNECTION as error:
        raise Unreachable(f"AWS cannot be reached ({type(error).__name__}).") from error
    except (ParamValidationError, NoRegionError):
        # botocore's text would quote the arguments, among them tokens
        raise ConfigurationError("AWS does not take these settings.") from None
    except BotoCoreError as error:
        raise UnexpectedAnswer(f"The call to AWS failed ({type(error).__name__}).") from error


def _of_client_error(
    error: ClientError, table: Mapping[str, type[BucketpassError]]
) -> BucketpassError:
    code = error.response.get("Error", {}).get("Code", "")
    message = error.response.get("Error", {}).get("Message") or None
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in table:
        return table[code](message)
    if code in _EVERYWHERE:
        return _EVERYWHERE[code](message)
    if status >= 500:  # noqa: PLR2004 # RFC 9110, section 15.6
        return Unreachable(f"AWS is not available ({status} {code}).")
    return UnexpectedAnswer(f"AWS refused the call: {code}: {message}")
