"""The first half of a sign-in by SRP: what the emulator tells before it knows the password."""

import secrets

import pytest
from botocore.exceptions import ClientError
from pycognito.aws_srp import N_HEX

from tests.contract.cloud import PASSWORD

PRIME = int(N_HEX, 16)


@pytest.fixture
def challenge(cloud, users):
    def of(username):
        answer = cloud.unsigned("cognito-idp").initiate_auth(
            AuthFlow="USER_SRP_AUTH",
            ClientId=users.client_id,
            AuthParameters={
                "USERNAME": username,
                "SRP_A": format(pow(2, secrets.randbits(256), PRIME), "x"),
            },
        )
        assert answer["ChallengeName"] == "PASSWORD_VERIFIER"
        return answer["ChallengeParameters"]

    return of


def test_the_right_password_signs_in(users):
    """A client that knows nothing of the emulator comes to the same secret."""
    assert users.tokens("alice", PASSWORD)["IdToken"]


@pytest.mark.parametrize("password", [PASSWORD + "x", PASSWORD.lower(), " "])
def test_another_password_does_not(users, password):
    """The proof is of the whole password."""
    with pytest.raises(ClientError) as caught:
        users.tokens("alice", password)
    assert caught.value.response["Error"]["Code"] == "NotAuthorizedException"


def test_each_challenge_has_its_own_value(challenge):
    """The server's public value is another one each time and fills the group."""
    values = {int(challenge("alice")["SRP_B"], 16) for _ in range(8)}
    assert len(values) == 8
    assert all(PRIME > value > PRIME >> 64 for value in values)


def test_the_salt_is_the_persons(challenge):
    """The salt stays, and no two people have the same."""
    salts = [challenge(name)["SALT"] for name in ("alice", "alice", "bob")]
    assert salts[0] == salts[1] != salts[2]
