"""The exchange at a Cognito identity pool, against botocore's own model of the service."""

from datetime import UTC, datetime

import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.stub import Stubber

from shared.errors import IdentityRefused
from shared.identity_pool import IdentityForgotten, IdentityPool
from shared.principal import Principal
from shared.role_choice import RoleChoice
from shared.secret import Secret
from shared.upstream_errors import Throttled, UpstreamError, UpstreamUnavailable

POOL = "eu-central-1:00000000-aaaa-4bbb-8ccc-dddddddddddd"
IDENTITY = "eu-central-1:0f0e0d0c-1111-4222-8333-444455556666"
OTHER_IDENTITY = "eu-central-1:0f0e0d0c-1111-4222-8333-444455557777"
PROVIDER = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Pool"
EDITORS = "arn:aws:iam::123456789012:role/pass-EditorsRole"
LOGINS = {PROVIDER: "the-id-token"}
ALICE = Principal(
    issuer=f"https://{PROVIDER}",
    client_id="client",
    sub="9f1c0a52-6f0e-4a51-8a3c-0d1a2b3c4d5e",
    username="alice",
    groups=(),
    roles=(),
    preferred_role=None,
    expires_at=2_000_000_000,
    id_token=Secret("the-id-token"),
)
CREDENTIALS = {
    "AccessKeyId": "ASIAALICE0000000",
    "SecretKey": "alice-secret",
    "SessionToken": "alice-session",
    "Expiration": datetime(2026, 11, 20, 10, 11, 12, tzinfo=UTC),
}
UNASKED = RoleChoice(EDITORS, explicit=False)
NAMED = RoleChoice(EDITORS, explicit=True)


@pytest.fixture(scope="module")
def client():
    return botocore.session.get_session().create_client(
        "cognito-identity", region_name="eu-central-1", config=Config(signature_version=UNSIGNED)
    )


@pytest.fixture
def cognito(client):
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def pool(client, cognito):  # `cognito`: nothing reaches the network
    return IdentityPool(client, POOL, PROVIDER)


class Answering:
    """A Cognito that answers what the model of the service does not allow."""

    def __init__(self, answer):
        self.answer = answer

    def get_id(self, **_parameters):
        return self.answer


def test_get_id_always_carries_the_login(pool, cognito):
    """GetId names the pool and the person's ID token and nothing else: never a guest."""
    cognito.add_response(
        "get_id", {"IdentityId": IDENTITY}, {"IdentityPoolId": POOL, "Logins": LOGINS}
    )
    assert pool.identity_id(ALICE) == IDENTITY


def test_credentials_in_the_role_that_the_pool_gives_unasked(pool, cognito):
    """A role that is not explicit is not named; the answer's SecretKey is understood."""
    cognito.add_response(
        "get_credentials_for_identity",
        {"IdentityId": IDENTITY, "Credentials": CREDENTIALS},
        {"IdentityId": IDENTITY, "Logins": LOGINS},
    )
    credentials = pool.credentials(ALICE, IDENTITY, UNASKED)
    assert credentials.access_key_id == "ASIAALICE0000000"
    assert credentials.secret_access_key.reveal() == "alice-secret"
    assert credentials.session_token.reveal() == "alice-session"
    assert credentials.expiration == CREDENTIALS["Expiration"]
    assert (credentials.identity_id, credentials.role_arn) == (IDENTITY, EDITORS)


def test_credentials_in_a_named_role(pool, cognito):
    """An explicit role is sent as CustomRoleArn."""
    cognito.add_response(
        "get_credentials_for_identity",
        {"IdentityId": IDENTITY, "Credentials": CREDENTIALS},
        {"IdentityId": IDENTITY, "Logins": LOGINS, "CustomRoleArn": EDITORS},
    )
    assert pool.credentials(ALICE, IDENTITY, NAMED).role_arn == EDITORS


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"IdentityId": ""},
        {"IdentityId": 5},
        {"IdentityId": "eu-central-1:*"},
        {"IdentityId": "eu-central-1:0f0e0d0c-1111-4222-8333-444455556666/../x"},
        {"IdentityId": "${aws:username}"},
        {"IdentityId": IDENTITY + "\n"},
        {"IdentityId": "0f0e0d0c-1111-4222-8333-444455556666"},
    ],
)
def test_an_answer_without_an_identity_id_is_refused(answer):
    """What could not be a folder's name and a session tag is an unexpected answer."""
    with pytest.raises(UpstreamError) as caught:
        IdentityPool(Answering(answer), POOL, PROVIDER).identity_id(ALICE)
    assert caught.value.code == "upstream_error"


@pytest.mark.parametrize(
    "answer",
    [
        {"IdentityId": OTHER_IDENTITY, "Credentials": CREDENTIALS},
        {"Credentials": CREDENTIALS},
        {"IdentityId": IDENTITY},
        {"IdentityId": IDENTITY, "Credentials": {}},
        *(
            {
                "IdentityId": IDENTITY,
                "Credentials": {k: v for k, v in CREDENTIALS.items() if k != gone},
            }
            for gone in CREDENTIALS
        ),
    ],
)
def test_credentials_of_another_or_in_halves_are_refused(pool, cognito, answer):
    """Another identity's answer, or one that lacks a field, is an unexpected answer."""
    cognito.add_response("get_credentials_for_identity", answer)
    with pytest.raises(UpstreamError) as caught:
        pool.credentials(ALICE, IDENTITY, UNASKED)
    assert (caught.value.status, caught.value.code) == (502, "upstream_error")


COMMON_ERRORS = [
    ("NotAuthorizedException", 400, IdentityRefused),
    ("ResourceConflictException", 400, IdentityRefused),
    ("TooManyRequestsException", 400, Throttled),
    ("LimitExceededException", 400, Throttled),
    ("ThrottlingException", 400, Throttled),
    ("InternalErrorException", 500, UpstreamUnavailable),
    ("ServiceUnavailable", 503, UpstreamUnavailable),
    ("ExternalServiceException", 400, UpstreamUnavailable),
    ("InvalidParameterException", 400, UpstreamError),
    ("SomethingNew", 400, UpstreamError),
]


@pytest.mark.parametrize(
    ("code", "status", "cause"), [*COMMON_ERRORS, ("ResourceNotFoundException", 400, UpstreamError)]
)
def test_the_errors_of_get_id(pool, cognito, code, status, cause):
    """Each error of GetId is exactly one cause, and its reason keeps the code."""
    cognito.add_client_error("get_id", code, "told by Cognito", status)
    with pytest.raises(cause) as caught:
        pool.identity_id(ALICE)
    assert type(caught.value) is cause
    assert code in caught.value.reason
    assert "told by Cognito" not in caught.value.detail


@pytest.mark.parametrize(
    ("code", "status", "cause"),
    [
        *COMMON_ERRORS,
        ("InvalidIdentityPoolConfigurationException", 400, IdentityRefused),
        ("ResourceNotFoundException", 400, IdentityForgotten),
    ],
)
def test_the_errors_of_get_credentials(pool, cognito, code, status, cause):
    """Each error of GetCredentialsForIdentity is exactly one cause."""
    cognito.add_client_error("get_credentials_for_identity", code, "told by Cognito", status)
    with pytest.raises(cause) as caught:
        pool.credentials(ALICE, IDENTITY, NAMED)
    assert type(caught.value) is cause
    assert code in caught.value.reason
    assert "told by Cognito" not in caught.value.detail


def test_an_identity_that_stays_unknown_is_an_unexpected_answer():
    """If forgetting did not help, the caller sees 502 and no code of its own."""
    assert (IdentityForgotten.status, IdentityForgotten.code) == (502, "upstream_error")
