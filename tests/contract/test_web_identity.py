"""AssumeRoleWithWebIdentity: no way round the identity pool."""

import base64
import json

import pytest

from tests.contract.cloud import IdentityPool, allow, code_of, session_keys

BUCKET = "web-identities"


@pytest.fixture(scope="module")
def pool(cloud, users):
    return IdentityPool(cloud, "classic", users, AllowClassicFlow=True)


@pytest.fixture(scope="module")
def role(cloud, pool):
    cloud.bucket(BUCKET, "home/nobody/a")
    own = f"arn:aws:s3:::{BUCKET}/home/${{cognito-identity.amazonaws.com:sub}}/*"
    return cloud.role("classic", pool.trust(), allow("s3:GetObject", Resource=own))


@pytest.fixture(scope="module")
def token(pool, alice_logins):
    return pool.cloud.unsigned("cognito-identity").get_open_id_token(
        IdentityId=pool.identity(alice_logins), Logins=alice_logins
    )["Token"]


@pytest.fixture
def assume(cloud, role):
    def call(token, role_arn=role):
        return cloud.unsigned("sts").assume_role_with_web_identity(
            RoleArn=role_arn, RoleSessionName="web", WebIdentityToken=token
        )

    return call


def test_genuine_token(cloud, pool, assume, token, alice_logins):
    """Where the classic flow is on, its token opens the role for the own folder only."""
    identity = pool.identity(alice_logins)
    cloud.client("s3").put_object(Bucket=BUCKET, Key=f"home/{identity}/a", Body=b"")
    s3 = cloud.client("s3", session_keys(assume(token)["Credentials"]))
    assert code_of(s3.get_object, Bucket=BUCKET, Key=f"home/{identity}/a") is None
    assert code_of(s3.get_object, Bucket=BUCKET, Key="home/nobody/a") == "AccessDenied"


def forged(token, **claims):
    head, body, signature = token.split(".")
    read = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | claims
    return ".".join(
        (head, base64.urlsafe_b64encode(json.dumps(read).encode()).decode().rstrip("="), signature)
    )


@pytest.mark.parametrize(
    "claims",
    [{"sub": "eu-west-1:somebody"}, {"exp": 4102444800}, {"amr": ["authenticated"]}],
    ids=["sub", "exp", "amr"],
)
def test_forged_token(assume, token, claims):
    """A token whose claims were changed is refused."""
    assert code_of(assume, forged(token, **claims)) == "InvalidIdentityToken"


def test_made_up_token(assume, pool):
    """A token that nobody signed is refused, whatever it claims."""
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    claims = {
        "iss": "https://cognito-identity.amazonaws.com",
        "aud": pool.id,
        "sub": "eu-west-1:somebody",
        "amr": ["authenticated"],
        "exp": 4102444800,
    }
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert code_of(assume, f"{head}.{body}.eHh4") == "InvalidIdentityToken"


def test_token_of_the_user_pool(assume, alice_tokens):
    """An ID token of the user pool is no web identity of this role."""
    assert code_of(assume, alice_tokens["IdToken"]) == "AccessDenied"


def test_role_of_another_pool(cloud, users, assume, token):
    """A genuine token does not open a role that trusts another identity pool."""
    other = IdentityPool(cloud, "another", users)
    role = cloud.role("another", other.trust())
    assert code_of(assume, token, role) == "AccessDenied"


def test_guest_token(cloud, pool):
    """Guests get no token where guests are off."""
    guests = IdentityPool(
        cloud, "late", pool.users, AllowUnauthenticatedIdentities=True, AllowClassicFlow=True
    )
    identity = guests.identity()
    client = cloud.unsigned("cognito-identity")
    assert code_of(client.get_open_id_token, IdentityId=identity) is None
    cloud.client("cognito-identity").update_identity_pool(
        IdentityPoolId=guests.id,
        IdentityPoolName="late",
        AllowUnauthenticatedIdentities=False,
        AllowClassicFlow=True,
    )
    assert code_of(client.get_open_id_token, IdentityId=identity) == "NotAuthorizedException"
