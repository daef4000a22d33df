"""Who is root: the key of the environment and nobody else."""

import pytest

from tests.contract.cloud import Keys, code_of

UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"}


def test_root(cloud):
    """The root key does everything."""
    assert cloud.client("sts").get_caller_identity()["Arn"].endswith(":root")
    assert code_of(cloud.client("iam").list_roles) is None


@pytest.mark.parametrize("key", ["test", "000000000000", "123456789012", "ROOT"])
@pytest.mark.parametrize("secret", ["test", "secret"])
def test_guessed_keys(cloud, key, secret):
    """The keys that the emulator would let through are unknown."""
    keys = Keys(key, secret)
    assert code_of(cloud.client("iam", keys).list_roles) in UNKNOWN
    assert code_of(cloud.client("s3", keys).list_buckets) in UNKNOWN
    assert code_of(cloud.client("cognito-idp", keys).list_user_pools, MaxResults=1) in UNKNOWN


@pytest.mark.parametrize("authorization", [None, "Bearer abc", "x", "AWS4-HMAC-SHA256 x"])
def test_no_key(cloud, authorization):
    """A request without a key is refused, whatever its Authorization header says."""
    headers = {} if authorization is None else {"Authorization": authorization}
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"}
    content = {"Content-Type": "application/x-amz-json-1.1"}
    answer = cloud.http("POST", "/", headers | target | content, b'{"MaxResults": 1}')
    assert answer.status in (400, 403)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    query = b"Action=ListRoles&Version=2010-05-08"
    assert cloud.http("POST", "/", headers | form, query).status in (400, 403)


def test_public_calls(cloud, users):
    """The calls that AWS serves without credentials are served."""
    assert cloud.http("GET", f"/{users.id}/.well-known/jwks.json").status == 200
    assert users.tokens("alice")["IdToken"]


def test_user_without_policies(cloud):
    """A user whom nothing allows anything may do nothing."""
    keys = cloud.user("powerless")
    assert code_of(cloud.client("sts", keys).get_caller_identity) is None
    assert code_of(cloud.client("iam", keys).list_roles) == "AccessDenied"
    assert code_of(cloud.client("s3", keys).list_buckets) == "AccessDenied"


def test_wrong_secret(cloud):
    """A user's key with another secret is refused."""
    keys = cloud.user("forgetful")
    wrong = Keys(keys.id, "x" * 40)
    assert code_of(cloud.client("sts", wrong).get_caller_identity) == "SignatureDoesNotMatch"
