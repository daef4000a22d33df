"""The exchange at STS, against botocore's own model of the service."""

import re
from datetime import UTC, datetime

import botocore.session
import pytest
from botocore.stub import Stubber

from shared.errors import BucketpassError, IdentityRefused, ScopeTooLarge
from shared.group_role import LONGEST_SECONDS, SHORTEST_SECONDS, GroupRole
from shared.principal import Principal
from shared.role_choice import RoleChoice
from shared.secret import Secret
from shared.upstream_errors import Throttled, UpstreamError, UpstreamUnavailable

IDENTITY = "eu-central-1:0f0e0d0c-1111-4222-8333-444455556666"
SUB = "9f1c0a52-6f0e-4a51-8a3c-0d1a2b3c4d5e"
EDITORS = "arn:aws:iam::123456789012:role/pass-EditorsRole"
# A user name that would be a session name of somebody else, or none at all.
ERIN = Principal(
    issuer="https://issuer",
    client_id="client",
    sub=SUB,
    username="alice * ${aws:username} " + "x" * 300,
    groups=("editors",),
    roles=(EDITORS,),
    preferred_role=EDITORS,
    expires_at=2_000_000_000,
    id_token=Secret("the-id-token"),
)
CREDENTIALS = {
    "AccessKeyId": "ASIAERIN00000000",
    "SecretAccessKey": "erin-secret",
    "SessionToken": "erin-session",
    "Expiration": datetime(2026, 11, 20, 10, 11, 12, tzinfo=UTC),
}
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'
ROLE = RoleChoice(EDITORS, explicit=False)
EXPECTED = {
    "RoleArn": EDITORS,
    "RoleSessionName": SUB,
    "DurationSeconds": 3600,
    "Tags": [{"Key": "identity_id", "Value": IDENTITY}, {"Key": "sub", "Value": SUB}],
}


@pytest.fixture(scope="module")
def client():
    return botocore.session.get_session().create_client(
        "sts", region_name="eu-central-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )


@pytest.fixture
def sts(client):
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def group_role(client, sts):  # `sts`: nothing reaches the network
    return GroupRole(client)


def test_the_session_carries_the_person(group_role, sts):
    """The session is named by the sub and tagged with identity id and sub, never by a name."""
    sts.add_response("assume_role", {"Credentials": CREDENTIALS}, EXPECTED)
    credentials = group_role.credentials(ERIN, IDENTITY, ROLE)
    assert credentials.access_key_id == "ASIAERIN00000000"
    assert credentials.secret_access_key.reveal() == "erin-secret"
    assert credentials.session_token.reveal() == "erin-session"
    assert credentials.expiration == CREDENTIALS["Expiration"]
    assert (credentials.identity_id, credentials.role_arn) == (IDENTITY, EDITORS)


def test_a_narrowed_session(group_role, sts):
    """Duration and session policy go to STS as they are; nothing else changes."""
    narrowed = EXPECTED | {"DurationSeconds": 900, "Policy": POLICY}
    sts.add_response("assume_role", {"Credentials": CREDENTIALS}, narrowed)
    group_role.credentials(ERIN, IDENTITY, ROLE, 900, POLICY)


def test_an_empty_policy_is_never_sent(group_role):
    """STS could take it for none, which is the whole role; botocore refuses to send it."""
    with pytest.raises(BucketpassError) as caught:
        group_role.credentials(ERIN, IDENTITY, ROLE, 900, "")
    assert (caught.value.status, caught.value.code) == (500, "internal")


def test_the_limits_are_those_of_sts(client):
    """The shortest life and the largest policy are those of the service's model."""
    shapes = client.meta.service_model.operation_model("AssumeRole").input_shape.members
    assert shapes["DurationSeconds"].metadata["min"] == SHORTEST_SECONDS
    assert shapes["Policy"].metadata["min"] == 1
    assert shapes["DurationSeconds"].metadata["max"] >= LONGEST_SECONDS


@pytest.mark.parametrize("code", ["PackedPolicyTooLarge", "PackedPolicyTooLargeException"])
def test_a_policy_that_sts_cannot_pack(group_role, sts, code):
    """What STS finds too large when it packs it is refused, never sent again without it."""
    sts.add_client_error("assume_role", code, "Packed policy consumes 112%", 400)
    with pytest.raises(ScopeTooLarge) as caught:
        group_role.credentials(ERIN, IDENTITY, ROLE, 900, POLICY)
    assert (caught.value.status, caught.value.code) == (400, "scope_too_large")


def test_the_values_fit_what_sts_allows(client):
    """Session name and tags lie within the patterns and lengths of the service's model."""
    shapes = client.meta.service_model.operation_model("AssumeRole").input_shape.members
    name, tag = shapes["RoleSessionName"], shapes["Tags"].member.members["Value"]
    assert name.metadata["min"] <= len(SUB) <= name.metadata["max"]
    assert re.fullmatch(name.metadata["pattern"], SUB)
    assert all(len(value) <= tag.metadata["max"] for value in (IDENTITY, SUB))


class Answering:
    """An STS that answers what the model of the service does not allow."""

    def __init__(self, answer):
        self.answer = answer

    def assume_role(self, **_parameters):
        return self.answer


@pytest.mark.parametrize("gone", CREDENTIALS)
@pytest.mark.parametrize("value", [None, ""])
def test_half_a_credential_set_is_refused(gone, value):
    """An answer that lacks a field is an unexpected answer."""
    with pytest.raises(UpstreamError) as caught:
        GroupRole(Answering({"Credentials": CREDENTIALS | {gone: value}})).credentials(
            ERIN, IDENTITY, ROLE
        )
    assert (caught.value.status, caught.value.code) == (502, "upstream_error")


def test_no_credentials_are_refused():
    """An answer without credentials is an unexpected answer."""
    with pytest.raises(UpstreamError):
        GroupRole(Answering({})).credentials(ERIN, IDENTITY, ROLE)


@pytest.mark.parametrize(
    ("code", "status", "cause"),
    [
        ("AccessDenied", 403, IdentityRefused),
        ("AccessDeniedException", 400, IdentityRefused),
        ("Throttling", 400, Throttled),
        ("ThrottlingException", 400, Throttled),
        ("RequestLimitExceeded", 503, Throttled),
        ("ServiceUnavailable", 503, UpstreamUnavailable),
        ("InternalFailure", 500, UpstreamUnavailable),
        ("ExpiredToken", 403, UpstreamUnavailable),
        ("ExpiredTokenException", 400, UpstreamUnavailable),
        ("RegionDisabledException", 403, UpstreamError),
        ("MalformedPolicyDocument", 400, UpstreamError),
        ("PackedPolicyTooLarge", 400, UpstreamError),
        ("InvalidClientTokenId", 403, UpstreamError),
        ("SignatureDoesNotMatch", 403, UpstreamError),
        ("ValidationError", 400, UpstreamError),
        ("SomethingNew", 400, UpstreamError),
    ],
)
def test_the_errors_of_assume_role(group_role, sts, code, status, cause):
    """Each error is exactly one cause; what AWS says stays in the log."""
    sts.add_client_error("assume_role", code, "told by STS", status)
    with pytest.raises(BucketpassError) as caught:
        group_role.credentials(ERIN, IDENTITY, ROLE)
    assert type(caught.value) is cause
    assert code in caught.value.reason
    assert "told by STS" not in caught.value.detail
