"""The translation of what an AWS call can end with."""

import traceback

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from shared.aws_errors import translated
from shared.errors import AccessDenied, BucketpassError
from shared.object_errors import NoSuchKey
from shared.upstream_errors import (
    DeadlineExceeded,
    Throttled,
    UpstreamError,
    UpstreamUnavailable,
)

TABLE = {"AccessDenied": AccessDenied, "NoSuchKey": NoSuchKey, "SlowDown": Throttled}
TOKEN = "eyJraWQiOiJhIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl-_x"


def answered(code, status, message="what AWS says"):
    error = {"Code": code, "Message": message}
    if code is None:
        error = {}
    return ClientError(
        {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}, "GetObject"
    )


def outcome(error, table=TABLE):
    with pytest.raises(BucketpassError) as caught, translated(table):
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (answered("AccessDenied", 403), AccessDenied),
        (answered("NoSuchKey", 404), NoSuchKey),
        (answered("SlowDown", 503), Throttled),  # the adapter's table goes first
        (answered("Throttling", 400), Throttled),
        (answered("ThrottlingException", 400), Throttled),
        (answered("TooManyRequestsException", 400), Throttled),
        (answered("LimitExceededException", 400), Throttled),
        (answered("RequestLimitExceeded", 503), Throttled),
        (answered("AnyCode", 429), Throttled),
        (answered("InternalError", 500), UpstreamUnavailable),
        (answered("ServiceUnavailable", 503), UpstreamUnavailable),
        (answered("AnyCode", 502), UpstreamUnavailable),
        (answered("RequestTimeout", 400), UpstreamUnavailable),
        (answered(None, 504), UpstreamUnavailable),
        (answered("RequestTimeTooSkewed", 403), UpstreamError),
        (answered("ExpiredToken", 400), UpstreamError),
        (answered("InvalidRequest", 400), UpstreamError),
        (answered("301", 301), UpstreamError),
        (answered(None, 400), UpstreamError),
    ],
)
def test_an_answer_is_told_by_its_code_then_by_its_status(error, cause):
    """The adapter's codes, throttling, 5xx, and everything else as unexpected."""
    translation = outcome(error)
    assert type(translation) is cause
    assert translation.__cause__ is error


def test_without_an_own_table_slow_down_is_unavailable():
    """S3's SlowDown is nobody's quota."""
    assert type(outcome(answered("SlowDown", 503), {})) is UpstreamUnavailable


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ConnectTimeoutError(endpoint_url="https://s3"),
        exceptions.ReadTimeoutError(endpoint_url="https://s3"),
        exceptions.EndpointConnectionError(endpoint_url="https://s3"),
        exceptions.ConnectionClosedError(endpoint_url="https://s3"),
        exceptions.SSLError(endpoint_url="https://s3", error="expired"),
        exceptions.ProxyConnectionError(proxy_url="https://proxy"),
        exceptions.ResponseStreamingError(error="cut"),
        exceptions.IncompleteReadError(actual_bytes=1, expected_bytes=2),
    ],
)
def test_a_broken_connection_is_unavailable(error):
    """503 with Retry-After, and the log has the class."""
    translation = outcome(error)
    assert type(translation) is UpstreamUnavailable
    assert (translation.status, translation.headers["Retry-After"]) == (503, "2")
    assert translation.reason == type(error).__name__
    assert translation.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [
        ResponseParserError(f"invalid XML received: <SecretAccessKey>{TOKEN}"),
        exceptions.ChecksumError(
            checksum_type="crc32", expected_checksum=TOKEN, actual_checksum="b"
        ),
        UnicodeDecodeError("utf-8", TOKEN.encode(), 0, 1, "invalid start byte"),
        AttributeError(TOKEN),
        KeyError(TOKEN),
        TypeError(TOKEN),
    ],
)
def test_an_unreadable_answer_is_unexpected_and_not_quoted(error):
    """502; the answer, which may hold credentials, reaches no log, not as a cause either."""
    translation = outcome(error)
    assert type(translation) is UpstreamError
    assert type(error).__name__ in translation.reason
    assert TOKEN not in "".join(traceback.format_exception(translation))


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ParamValidationError(report=f"Invalid Logins: {TOKEN}"),
        exceptions.NoCredentialsError(),
        exceptions.UnknownEndpointError(service_name="s3", region_name=TOKEN),
    ],
)
def test_a_call_that_botocore_refuses_is_our_own_mistake_and_not_quoted(error):
    """500 internal; the parameters reach no log."""
    translation = outcome(error)
    assert type(translation) is BucketpassError
    assert (translation.status, translation.code) == (500, "internal")
    assert TOKEN not in "".join(traceback.format_exception(translation))


def test_our_own_errors_pass_unchanged():
    """A refusal inside of the call, such as the deadline's, keeps its cause."""
    error = DeadlineExceeded("late")
    assert outcome(error) is error


def test_a_success_passes():
    """Nothing raised, nothing done."""
    with translated(TABLE):
        done = True
    assert done


def test_the_reason_keeps_operation_code_status_and_message():
    """The log says what AWS said; the public sentence does not."""
    translation = outcome(answered("AccessDenied", 403))
    assert translation.reason == "GetObject: AccessDenied (403): what AWS says"
    assert translation.detail == AccessDenied.sentence


@pytest.mark.parametrize("secret", [TOKEN, "IQoJb3JpZ2luX2VjE" * 20])
def test_a_secret_that_aws_echoes_is_cut_out_of_the_reason(secret):
    """Validation messages quote the refused value: a token must not reach the log."""
    translation = outcome(answered("ValidationException", 400, f"Value '{secret}' at 'logins'"))
    assert translation.reason == "GetObject: ValidationException (400): Value '…' at 'logins'"


def test_a_long_message_is_cut():
    """No answer can flood the log."""
    assert len(outcome(answered("InvalidRequest", 400, "word " * 10_000)).reason) == 400


@pytest.mark.parametrize("message", [None, ""])
def test_a_message_can_be_missing(message):
    """JSON null in place of the message does not break the translation."""
    assert type(outcome(answered("InvalidRequest", 400, message))) is UpstreamError
