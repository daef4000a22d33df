"""The sign-out at the user pool."""

import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.stub import Stubber

from shared.errors import IdentityRefused
from shared.secret import Secret
from shared.upstream_errors import Throttled, UpstreamError, UpstreamUnavailable
from shared.user_pool import UserPool


@pytest.fixture(scope="module")
def client():
    return botocore.session.get_session().create_client(
        "cognito-idp", region_name="eu-central-1", config=Config(signature_version=UNSIGNED)
    )


@pytest.fixture
def cognito(client):
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def user_pool(client, cognito):  # `cognito`: nothing reaches the network
    return UserPool(lambda: client)


def test_the_sign_out_is_global(user_pool, cognito):
    """One call, proven by the access token alone."""
    cognito.add_response("global_sign_out", {}, {"AccessToken": "the-token"})
    assert user_pool.sign_out(Secret("the-token")) is None


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("NotAuthorizedException", 400, IdentityRefused),
        ("UserNotFoundException", 400, IdentityRefused),
        ("UserNotConfirmedException", 400, IdentityRefused),
        ("PasswordResetRequiredException", 400, IdentityRefused),
        ("TooManyRequestsException", 400, Throttled),
        ("InternalErrorException", 500, UpstreamUnavailable),
        ("InvalidParameterException", 400, UpstreamError),
        ("SomethingNew", 418, UpstreamError),
    ],
)
def test_each_refusal_has_its_cause(user_pool, cognito, code, status, error):
    """Cognito's codes become ours, and the token is in none of it."""
    cognito.add_client_error("global_sign_out", code, "eyJhbGciOiJ9.e30.x", status)
    with pytest.raises(error) as caught:
        user_pool.sign_out(Secret("the-token"))
    assert type(caught.value) is error
    assert "the-token" not in caught.value.reason
    assert "eyJ" not in caught.value.reason


def test_the_client_is_not_built_before_it_is_needed():
    """It costs what most environments never use."""
    asked = []
    UserPool(lambda: asked.append("built"))
    assert asked == []
