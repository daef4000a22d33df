import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
)

from bucketpass.aws_errors import translated
from bucketpass.errors import (
    ConfigurationError,
    SignInRefused,
    Throttled,
    UnexpectedAnswer,
    Unreachable,
)


def client_error(code, status=400):
    answer = {
        "Error": {"Code": code, "Message": "in the words of AWS"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "Call")


@pytest.mark.parametrize(
    ("foreign", "own"),
    [
        (client_error("NotAuthorizedException"), SignInRefused),
        (client_error("TooManyRequestsException"), Throttled),
        (client_error("InternalErrorException", 500), Unreachable),
        (client_error("SomethingNew"), UnexpectedAnswer),
        (EndpointConnectionError(endpoint_url="https://x"), Unreachable),
        (NoCredentialsError(), UnexpectedAnswer),
        (ParamValidationError(report="value: the-token"), ConfigurationError),
    ],
)
def test_each_foreign_error_has_its_own_class(foreign, own):
    """By code, status and kind, never by words."""
    with pytest.raises(own) as raised, translated({"NotAuthorizedException": SignInRefused}):
        raise foreign
    assert type(raised.value) is own


def test_the_sentence_is_that_of_aws():
    """It often says more than ours: disabled, too many attempts."""
    with (
        pytest.raises(SignInRefused, match="in the words of AWS"),
        translated({"NotAuthorizedException": SignInRefused}),
    ):
        raise client_error("NotAuthorizedException")


def test_arguments_are_not_quoted():
    """Botocore's validation would quote them, and one may be a token."""
    with pytest.raises(ConfigurationError) as raised, translated({}):
        raise ParamValidationError(report="value: the-token")
    assert "the-token" not in str(raised.value)
    assert raised.value.__suppress_context__
