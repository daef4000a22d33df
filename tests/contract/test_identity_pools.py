"""Identity pools: who gets an identity, and credentials of which role."""

import base64
import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract.cloud import (
    PASSWORD,
    REGION,
    IdentityPool,
    UserPool,
    allow,
    code_of,
)

BUCKET = "identities"
REFUSED = "NotAuthorizedException"
MISCONFIGURED = "InvalidIdentityPoolConfigurationException"
OWN_FOLDER = f"arn:aws:s3:::{BUCKET}/home/${{cognito-identity.amazonaws.com:sub}}/*"


@pytest.fixture(scope="module")
def pool(cloud, users):
    made = IdentityPool(cloud, "identities", users)
    cloud.bucket(BUCKET)
    listing = {"StringLike": {"s3:prefix": "home/${cognito-identity.amazonaws.com:sub}/*"}}
    made.roles(
        cloud.role(
            "identities",
            made.trust(),
            allow("s3:GetObject", "s3:PutObject", Resource=OWN_FOLDER),
            allow("s3:ListBucket", Resource=f"arn:aws:s3:::{BUCKET}", Condition=listing),
        )
    )
    return made


@pytest.fixture
def alice(pool, alice_logins):
    return pool.identity(alice_logins)


def get_id(pool, logins):
    return code_of(
        pool.cloud.unsigned("cognito-identity").get_id, IdentityPoolId=pool.id, Logins=logins
    )


def changed(token, **claims):
    """The token with other claims and its old signature."""
    head, body, signature = token.split(".")
    read = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    body = base64.urlsafe_b64encode(json.dumps(read | claims).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


def test_wrong_password(users):
    """SRP refuses a wrong password."""
    client = users.cloud.unsigned("cognito-idp")
    with pytest.raises(client.exceptions.NotAuthorizedException):
        users.tokens("alice", PASSWORD + "x")


def test_one_identity_per_user(pool, alice_logins, bob_logins, users):
    """A user has one identity, whichever token signs in, and nobody else has it."""
    alice = pool.identity(alice_logins)
    assert pool.identity(users.logins("alice")) == alice
    assert pool.identity(bob_logins) != alice
    assert alice.startswith(f"{REGION}:")


def test_guests(pool):
    """Nobody gets an identity without a login where guests are off."""
    client = pool.cloud.unsigned("cognito-identity")
    assert code_of(client.get_id, IdentityPoolId=pool.id) == REFUSED


def test_guest_credentials(pool, alice):
    """An identity with a login gives no credentials without one."""
    assert code_of(pool.credentials, None, alice) == REFUSED


def test_unknown_pool_and_identity(pool, alice_logins):
    """An unknown pool or identity is said to be unknown."""
    client = pool.cloud.unsigned("cognito-identity")
    unknown = f"{REGION}:00000000-0000-0000-0000-000000000000"
    refused = code_of(client.get_id, IdentityPoolId=unknown, Logins=alice_logins)
    assert refused == "ResourceNotFoundException"
    assert code_of(pool.credentials, alice_logins, unknown) == "ResourceNotFoundException"


def test_foreign_identity(pool, alice, bob_logins):
    """A valid login does not open another user's identity."""
    assert code_of(pool.credentials, bob_logins, alice) == REFUSED


@pytest.mark.parametrize(
    "claims",
    [{"sub": "00000000-0000-0000-0000-000000000000"}, {"exp": 4102444800}, {"cognito:roles": []}],
    ids=["sub", "exp", "roles"],
)
def test_forged_token(pool, alice, alice_tokens, users, claims):
    """A token whose claims were changed is refused."""
    logins = {users.provider: changed(alice_tokens["IdToken"], **claims)}
    assert get_id(pool, logins) == REFUSED
    assert code_of(pool.credentials, logins, alice) == REFUSED


@pytest.mark.parametrize("token", ["a.b.c", "nonsense", "e30.e30."])
def test_no_token(pool, users, token):
    """What is no token is refused."""
    assert get_id(pool, {users.provider: token}) == REFUSED


def test_access_token(pool, alice, alice_tokens, users):
    """The access token does not sign in, neither does the refresh token."""
    for kind in ("AccessToken", "RefreshToken"):
        logins = {users.provider: alice_tokens[kind]}
        assert get_id(pool, logins) == REFUSED
        assert code_of(pool.credentials, logins, alice) == REFUSED


def test_other_user_pool(cloud, pool):
    """A token of another user pool is refused, under its own name and under the right one."""
    other = UserPool(cloud, "others")
    other.user("alice")
    token = other.tokens("alice")["IdToken"]
    assert get_id(pool, {other.provider: token}) == REFUSED
    assert get_id(pool, {pool.users.provider: token}) == REFUSED


def test_other_client(cloud, pool, users):
    """A token of another client of the same user pool is refused."""
    client_id = cloud.client("cognito-idp").create_user_pool_client(
        UserPoolId=users.id, ClientName="other", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"]
    )["UserPoolClient"]["ClientId"]
    known, users.client_id = users.client_id, client_id
    try:
        logins = users.logins("alice")
    finally:
        users.client_id = known
    assert get_id(pool, logins) == REFUSED


def test_expired_token(cloud):
    """A token of the right pool that has expired is refused."""
    users = UserPool(cloud, "expired", IdTokenValidity=5, TokenValidityUnits={"IdToken": "minutes"})
    users.user("alice")
    pool = IdentityPool(cloud, "expired", users)
    fresh = users.logins("alice")
    assert get_id(pool, fresh) is None
    cloud.client("cognito-idp", parameter_validation=False).update_user_pool_client(
        UserPoolId=users.id,
        ClientId=users.client_id,
        IdTokenValidity=-1,
        TokenValidityUnits={"IdToken": "hours"},
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"],
    )
    assert get_id(pool, users.logins("alice")) == REFUSED


def test_classic_flow(pool, alice, alice_logins):
    """GetOpenIdToken is refused where the classic flow is off."""
    client = pool.cloud.unsigned("cognito-identity")
    refused = code_of(client.get_open_id_token, IdentityId=alice, Logins=alice_logins)
    assert refused == "InvalidParameterException"


def test_server_side_check(cloud, users):
    """With the server-side check a token ends with sign-out and with its user."""
    pool = IdentityPool(cloud, "checked", users, check=True)
    idp = cloud.client("cognito-idp")
    users.user("carol")
    logins = users.logins("carol")
    assert get_id(pool, logins) is None
    idp.admin_user_global_sign_out(UserPoolId=users.id, Username="carol")
    assert get_id(pool, logins) == REFUSED
    logins = users.logins("carol")
    assert get_id(pool, logins) is None
    idp.admin_disable_user(UserPoolId=users.id, Username="carol")
    assert get_id(pool, logins) == REFUSED
    idp.admin_delete_user(UserPoolId=users.id, Username="carol")
    assert get_id(pool, logins) == REFUSED


def test_session(cloud, pool, alice, alice_logins):
    """The credentials are a session of the role, valid for about one hour."""
    answer = pool.credentials(alice_logins)
    assert answer["IdentityId"] == alice
    left = answer["Credentials"]["Expiration"] - dt.datetime.now(dt.UTC)
    assert 3500 < left.total_seconds() <= 3600
    caller = cloud.client("sts", pool.keys(alice_logins)).get_caller_identity()
    assert caller["Arn"].endswith(":assumed-role/identities/CognitoIdentityCredentials")


def test_own_folder(cloud, pool, alice, alice_logins, bob_logins):
    """The identity id in a policy opens the own folder and no other."""
    bob = pool.identity(bob_logins)
    cloud.client("s3").put_object(Bucket=BUCKET, Key=f"home/{bob}/a", Body=b"bob's")
    s3 = cloud.client("s3", pool.keys(alice_logins))
    assert code_of(s3.put_object, Bucket=BUCKET, Key=f"home/{alice}/a") is None
    assert code_of(s3.get_object, Bucket=BUCKET, Key=f"home/{alice}/a") is None
    assert code_of(s3.list_objects_v2, Bucket=BUCKET, Prefix=f"home/{alice}/") is None
    assert code_of(s3.get_object, Bucket=BUCKET, Key=f"home/{bob}/a") == "AccessDenied"
    assert code_of(s3.put_object, Bucket=BUCKET, Key=f"home/{bob}/a") == "AccessDenied"
    assert code_of(s3.head_object, Bucket=BUCKET, Key=f"home/{bob}/a") == "403"
    for prefix in (f"home/{bob}/", "home/", ""):
        refused = code_of(s3.list_objects_v2, Bucket=BUCKET, Prefix=prefix)
        assert refused == "AccessDenied"


@pytest.mark.parametrize(
    "conditions",
    [
        {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:other"}},
        {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "unauthenticated"}},
        {"StringEquals": {"cognito-identity.amazonaws.com:sub": "eu-west-1:other"}},
    ],
    ids=["aud", "amr", "sub"],
)
def test_trust_policy(cloud, pool, alice_logins, conditions):
    """The role's trust policy decides about pool, kind of sign-in and identity."""
    cloud.trust("identities", pool.trust(**conditions))
    try:
        assert code_of(pool.credentials, alice_logins) == MISCONFIGURED
    finally:
        cloud.trust("identities", pool.trust())
    assert code_of(pool.credentials, alice_logins) is None


def test_role_without_trust(cloud, pool, alice_logins):
    """A role that trusts somebody else only is not given."""
    cloud.trust(
        "identities", allow("sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"})
    )
    try:
        assert code_of(pool.credentials, alice_logins) == MISCONFIGURED
    finally:
        cloud.trust("identities", pool.trust())


def test_no_role(cloud, users, alice_logins):
    """A pool without roles gives no credentials."""
    pool = IdentityPool(cloud, "roleless", users)
    assert code_of(pool.credentials, alice_logins) == MISCONFIGURED


def test_principal_tags(cloud, users, alice_logins):
    """Mapped claims become session tags, if the trust policy allows sts:TagSession."""
    pool = IdentityPool(cloud, "tagged", users)
    federated = {"Federated": "cognito-identity.amazonaws.com"}
    resource = f"arn:aws:s3:::{BUCKET}/tagged/${{aws:PrincipalTag/who}}"
    pool.roles(cloud.role("tagged", pool.trust(), allow("s3:GetObject", Resource=resource)))
    cloud.client("cognito-identity").set_principal_tag_attribute_map(
        IdentityPoolId=pool.id,
        IdentityProviderName=users.provider,
        UseDefaults=False,
        PrincipalTags={"who": "cognito:username"},
    )
    assert code_of(pool.credentials, alice_logins) == MISCONFIGURED
    cloud.trust("tagged", pool.trust(), allow("sts:TagSession", Principal=federated))
    for name in ("alice", "bob"):
        cloud.client("s3").put_object(Bucket=BUCKET, Key=f"tagged/{name}", Body=b"")
    s3 = cloud.client("s3", pool.keys(alice_logins))
    assert code_of(s3.get_object, Bucket=BUCKET, Key="tagged/alice") is None
    assert code_of(s3.get_object, Bucket=BUCKET, Key="tagged/bob") == "AccessDenied"


def test_guests_where_they_are_allowed(cloud, users):
    """A pool that allows guests gives them the role for guests and no other."""
    pool = IdentityPool(cloud, "guests", users, AllowUnauthenticatedIdentities=True)
    condition = {
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "unauthenticated"}
    }
    guest = cloud.role("guests", pool.trust(**condition))
    pool.roles(cloud.role("no-guests", pool.trust()), unauthenticated=guest)
    caller = cloud.client("sts", pool.keys(None)).get_caller_identity()
    assert ":assumed-role/guests/" in caller["Arn"]


def test_first_calls_at_the_same_moment_give_one_identity(cloud, users):
    """Whoever asks twice before there is an answer is one person with one identity id."""
    pool = IdentityPool(cloud, "at-once", users)
    client, logins = cloud.unsigned("cognito-identity"), users.logins("alice")

    def ask(_):
        return client.get_id(IdentityPoolId=pool.id, Logins=logins)["IdentityId"]

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(40)))) == 1
