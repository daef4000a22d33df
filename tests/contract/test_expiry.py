"""Sessions after their time."""

import pytest

from tests.contract.cloud import ACCOUNT, IdentityPool, UserPool, allow, code_of, running

BUCKET = "expiry"


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    command = ("-m", "tests.contract.expired_sessions")
    with running(tmp_path_factory.mktemp("late"), command=command) as cloud:
        cloud.bucket(BUCKET, "a")
        yield cloud


@pytest.fixture(scope="module")
def role(late):
    here = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    return late.role("reader", allow("sts:AssumeRole", Principal=here), allow("s3:*", Resource="*"))


def test_session_of_a_role(late, role):
    """An expired session is refused as expired, in headers and in URLs, also after others."""
    assert (
        code_of(
            late.client("s3", late.assume(late.root, role, "fresh")).get_object,
            Bucket=BUCKET,
            Key="a",
        )
        is None
    )
    keys = late.assume(late.root, role, "expired")
    late.assume(late.root, role, "another")
    s3 = late.client("s3", keys)
    assert code_of(s3.get_object, Bucket=BUCKET, Key="a") == "ExpiredToken"
    assert code_of(s3.head_object, Bucket=BUCKET, Key="a") == "400"
    assert code_of(s3.list_objects_v2, Bucket=BUCKET) == "ExpiredToken"
    url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "a"})
    answer = late.http("GET", url)
    assert answer.status == 400
    assert b"<Code>ExpiredToken</Code>" in answer.body
    assert code_of(late.client("sts", keys).get_caller_identity) == "ExpiredToken"


def test_session_of_an_identity(late):
    """Credentials of an identity pool end in the same way."""
    users = UserPool(late, "late")
    users.user("alice")
    pool = IdentityPool(late, "late", users)
    pool.roles(late.role("identity", pool.trust(), allow("s3:*", Resource="*")))
    s3 = late.client("s3", pool.keys(users.logins("alice")))
    assert code_of(s3.get_object, Bucket=BUCKET, Key="a") == "ExpiredToken"
