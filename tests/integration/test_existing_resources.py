"""The template deployed beside a user pool, an app client and a bucket that were there before."""

from types import SimpleNamespace

import pytest
import requests

from local.demo_users import make_user, new_password
from local.deployment import Deployer
from local.emulated_aws import REGION
from local.sign_in import SignInPlace
from local.stack import TEMPLATE
from tests.integration.refusal import refusal

BUCKET = "there-before"


@pytest.fixture(scope="module")
def existing(pool_stack):
    """A pool, a client and a bucket as somebody has them, and a second deployment on them."""
    pools, s3 = pool_stack.client("cognito-idp"), pool_stack.client("s3")
    pool = pools.create_user_pool(PoolName="there-before")["UserPool"]["Id"]
    client = pools.create_user_pool_client(
        UserPoolId=pool, ClientName="there-before", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"]
    )["UserPoolClient"]["ClientId"]
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    parameters = {
        "CredentialSource": "identity-pool",
        "ExistingUserPoolId": pool,
        "ExistingUserPoolClientId": client,
        "ExistingBucketName": BUCKET,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("local.deployment.STACK_NAME", "beside")
        deployment = Deployer(pool_stack.aws, TEMPLATE).deploy(parameters)
    place = SignInPlace(pool, client, deployment.outputs["IdentityPoolId"])
    alice, bob = (
        make_user(pool_stack.aws, place, who, new_password(), ()) for who in ("alice", "bob")
    )
    for user in (alice, bob):
        s3.put_object(Bucket=BUCKET, Key=f"home/{user.identity_id}/own", Body=b"own")
    url = pool_stack.api_url.replace(
        pool_stack.deployment.resources["Api"], deployment.resources["Api"]
    )
    return SimpleNamespace(
        deployment=deployment, parameters=parameters, url=url, alice=alice, bob=bob
    )


def get(existing, path, token):
    return requests.get(
        existing.url + path, headers={"Authorization": token}, timeout=40, allow_redirects=False
    )


def test_nothing_is_made_of_what_there_was(existing):
    """The stack has no pool, client or bucket of its own, and its outputs name the others."""
    resources, outputs = existing.deployment.resources, existing.deployment.outputs
    assert not {"UserPool", "UserPoolClient", "Bucket", "BucketPolicy"} & resources.keys()
    assert outputs["UserPoolId"] == existing.parameters["ExistingUserPoolId"]
    assert outputs["UserPoolClientId"] == existing.parameters["ExistingUserPoolClientId"]
    assert outputs["BucketName"] == BUCKET


def test_people_of_that_pool_reach_their_folders(existing):
    """Alice lists and reads her own folder in that bucket, and nothing of bob's."""
    token, home = existing.alice.tokens.id, f"home/{existing.alice.identity_id}/"
    listed = get(existing, "/objects", token)
    assert [found["key"] for found in listed.json()["objects"]] == [f"{home}own"]
    assert get(existing, "/objects/home/me/own?as=content", token).content == b"own"
    bobs = f"home/{existing.bob.identity_id}/"
    assert refusal(get(existing, f"/objects/{bobs}own", token)) == (403, "access_denied")
    assert refusal(get(existing, f"/objects?prefix={bobs}", token)) == (403, "access_denied")


def test_people_of_other_pools_are_nobody_there(existing, pool_stack):
    """A genuine token of the first deployment's pool opens nothing in the second, nor back."""
    foreign = pool_stack.users["alice"].tokens.id
    assert refusal(get(existing, "/objects", foreign)) == (401, "invalid_token")
    back = SimpleNamespace(url=pool_stack.api_url)
    assert refusal(get(back, "/objects", existing.alice.tokens.id)) == (401, "invalid_token")
