"""DeleteObjects: each key by itself."""

import pytest
from botocore.exceptions import ClientError

from tests.contract.cloud import Keys, allow, code_of

BUCKET = "batch-deletions"
ODD = ("mine/a b+c%20ü.txt", "mine/<b>&\"'.txt", "mine/folder/", "mine/x//y", "mine/☀ 日本")


@pytest.fixture(scope="module")
def keys(cloud):
    cloud.bucket(BUCKET, *ODD, "mine/a", "mine/b", "theirs/a")
    return cloud.user(
        "deleter",
        allow("s3:DeleteObject", "s3:GetObject", Resource=f"arn:aws:s3:::{BUCKET}/mine/*"),
    )


@pytest.fixture
def delete(cloud, keys):
    def call(*objects, credentials=keys):
        named = [{"Key": key} if isinstance(key, str) else key for key in objects]
        answer = cloud.client("s3", credentials).delete_objects(
            Bucket=BUCKET, Delete={"Objects": named}
        )
        return (
            {deleted["Key"] for deleted in answer.get("Deleted", ())},
            {(error["Key"], error["Code"]) for error in answer.get("Errors", ())},
        )

    return call


def there(cloud):
    listed = cloud.client("s3").list_objects_v2(Bucket=BUCKET)
    return {listed["Key"] for listed in listed.get("Contents", ())}


def test_a_refused_key_stops_no_other(cloud, delete):
    """The keys that may be deleted are, the others are AccessDenied, in whatever order."""
    assert delete("theirs/a", "mine/a", "theirs/missing", "mine/missing") == (
        {"mine/a", "mine/missing"},
        {("theirs/a", "AccessDenied"), ("theirs/missing", "AccessDenied")},
    )
    assert "theirs/a" in there(cloud)
    assert "mine/a" not in there(cloud)


def test_only_refused_keys(cloud, delete):
    """A request of refused keys alone is answered key by key, too."""
    assert delete("theirs/a") == (set(), {("theirs/a", "AccessDenied")})


def test_keys_as_they_are(cloud, delete):
    """A key of any spelling is deleted and named as exactly itself."""
    assert delete(*ODD, "theirs/<i>&'") == (set(ODD), {("theirs/<i>&'", "AccessDenied")})
    assert not set(ODD) & there(cloud)


def test_a_version_is_another_right(delete):
    """To delete a version takes s3:DeleteObjectVersion."""
    assert delete({"Key": "mine/b", "VersionId": "null"}) == (
        set(),
        {("mine/b", "AccessDenied")},
    )


def test_credentials_are_checked(cloud, keys, delete):
    """Wrong or no credentials are refused as a whole."""
    for wrong in (Keys(keys.id, "x" * 40), Keys("AKIAXXXXXXXXXXXXXXXX", keys.secret)):
        with pytest.raises(ClientError):
            delete("mine/b", credentials=wrong)
    body = b"<Delete><Object><Key>mine/b</Key></Object></Delete>"
    assert cloud.http("POST", f"/{BUCKET}?delete", {}, body).status == 403
    assert "mine/b" in there(cloud)


def test_a_conditional_copy(cloud):
    """CopyObject weighs If-None-Match and If-Match of the place that is copied to."""
    cloud.bucket("copies", "a", "b")
    s3, source = cloud.client("s3"), "copies/a"

    def copy(key, **conditions):
        return code_of(s3.copy_object, Bucket="copies", Key=key, CopySource=source, **conditions)

    assert copy("b", IfNoneMatch="*") == "PreconditionFailed"
    assert copy("b", IfMatch='"x"') == "PreconditionFailed"
    assert s3.get_object(Bucket="copies", Key="b")["Body"].read() == b"body of b"
    assert copy("c", IfNoneMatch="*") is None
    assert copy("b", IfMatch=s3.head_object(Bucket="copies", Key="b")["ETag"]) is None
