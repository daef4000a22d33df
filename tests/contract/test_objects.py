"""Objects: what a missing key tells, presigned URLs, keys as they are."""

import pytest

from tests.contract.cloud import ACCOUNT, Keys, allow, code_of

BUCKET = "objects"
ROLE = "objects"
KEYS = (
    "mine/a",
    "mine/a b+c%20ü.txt",
    "mine/folder/",
    "mine/x//y",
    "mine/../theirs/a",
    "theirs/a",
    "mine",
)


def arn(path):
    return f"arn:aws:s3:::{BUCKET}/{path}"


@pytest.fixture(scope="module")
def keys(cloud):
    cloud.bucket(BUCKET, *KEYS)
    here = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    role = cloud.role(
        ROLE,
        allow("sts:AssumeRole", Principal=here),
        allow("s3:GetObject", Resource=arn("mine/*")),
        allow(
            "s3:ListBucket",
            Resource=f"arn:aws:s3:::{BUCKET}",
            Condition={"StringLike": {"s3:prefix": "mine/*"}},
        ),
    )
    return cloud.assume(cloud.root, role)


@pytest.fixture(scope="module")
def s3(cloud, keys):
    return cloud.client("s3", keys)


def presigned(s3, key="mine/a", expires=60, method="get_object", **params):
    return s3.generate_presigned_url(
        method, Params={"Bucket": BUCKET, "Key": key, **params}, ExpiresIn=expires
    )


# ------------------------------------------------------------------ missing keys
def test_missing_key_without_listing(s3):
    """A missing key is 403 for who may list a prefix only: the request has no s3:prefix."""
    assert code_of(s3.get_object, Bucket=BUCKET, Key="mine/missing") == "AccessDenied"
    assert code_of(s3.head_object, Bucket=BUCKET, Key="mine/missing") == "403"


def test_missing_key_of_somebody_else(s3):
    """A key outside of the policy is 403, whether it exists or not."""
    for key in ("theirs/a", "theirs/missing"):
        assert code_of(s3.get_object, Bucket=BUCKET, Key=key) == "AccessDenied"
        assert code_of(s3.head_object, Bucket=BUCKET, Key=key) == "403"


def test_missing_key_with_listing(cloud):
    """A missing key is 404 for who may list the whole bucket."""
    keys = cloud.user(
        "lister",
        allow("s3:GetObject", Resource=arn("*")),
        allow("s3:ListBucket", Resource=f"arn:aws:s3:::{BUCKET}"),
    )
    s3 = cloud.client("s3", keys)
    assert code_of(s3.get_object, Bucket=BUCKET, Key="mine/missing") == "NoSuchKey"
    assert code_of(s3.head_object, Bucket=BUCKET, Key="mine/missing") == "404"
    assert cloud.http("GET", presigned(s3, "mine/missing")).status == 404


def test_missing_key_presigned(cloud, s3):
    """A presigned URL tells no more about a missing key than a signed request."""
    answer = cloud.http("GET", presigned(s3, "mine/missing"))
    assert answer.status == 403
    assert b"<Code>AccessDenied</Code>" in answer.body
    assert b"missing" not in answer.body.replace(b"/mine/missing", b"")


def test_missing_bucket(cloud):
    """A missing bucket is said to be missing."""
    s3 = cloud.client("s3")
    assert code_of(s3.get_object, Bucket="no-such-bucket", Key="a") == "NoSuchBucket"


# ------------------------------------------------------------------ keys
@pytest.mark.parametrize("key", ["mine/a b+c%20ü.txt", "mine/folder/", "mine/x//y"])
def test_keys_as_they_are(cloud, s3, key):
    """A key is authorized as it is, and so is its presigned URL."""
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == f"body of {key}".encode()
    assert cloud.http("GET", presigned(s3, key)).body == f"body of {key}".encode()


@pytest.mark.parametrize("key", ["mine", "minex/a", "theirs/a", "/mine/a", "//mine/a"])
def test_keys_outside(s3, key):
    """Only keys below the prefix are readable."""
    assert code_of(s3.get_object, Bucket=BUCKET, Key=key) == "AccessDenied"


def test_dot_segments(s3):
    """Dot segments are part of the name and lead nowhere."""
    body = s3.get_object(Bucket=BUCKET, Key="mine/../theirs/a")["Body"].read()
    assert body == b"body of mine/../theirs/a"


def test_copy_source(cloud):
    """A copy needs the right to read its source."""
    keys = cloud.user("copier", allow("s3:GetObject", "s3:PutObject", Resource=arn("mine/*")))
    s3 = cloud.client("s3", keys)

    def copy(source):
        return code_of(
            s3.copy_object, Bucket=BUCKET, Key="mine/copy", CopySource=f"{BUCKET}/{source}"
        )

    assert copy("mine/a") is None
    assert copy("theirs/a") == "AccessDenied"


# ------------------------------------------------------------------ presigned URLs
def test_presigned(cloud, s3):
    """A presigned URL needs nothing else, and gives parts and names on demand."""
    url = presigned(s3, ResponseContentDisposition="attachment; filename*=UTF-8''%C3%BC.txt")
    answer = cloud.http("GET", url)
    assert (answer.status, answer.body) == (200, b"body of mine/a")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%BC.txt"
    part = cloud.http("GET", url, {"Range": "bytes=0-3"})
    assert (part.status, part.body) == (206, b"body")
    assert part.headers["content-range"] == "bytes 0-3/14"


def test_presigned_of_somebody_else(cloud, s3):
    """Signing does not widen the policy."""
    assert cloud.http("GET", presigned(s3, "theirs/a")).status == 403


def replaced(url, old, new):
    assert old in url
    return url.replace(old, new, 1)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda url: url[:-1] + ("0" if url[-1] != "0" else "1"),
        lambda url: replaced(url, "/mine/a", "/mine/x//y"),
        lambda url: replaced(url, "X-Amz-Expires=60", "X-Amz-Expires=6000"),
        lambda url: replaced(url, f"/{BUCKET}/mine", f"/{BUCKET}/theirs"),
        lambda url: url + "&response-content-type=text%2Fhtml",
        lambda url: url.partition("?")[0],
    ],
    ids=["signature", "key", "expiry", "owner", "parameter", "bare"],
)
def test_tampered(cloud, s3, tamper):
    """A URL that was changed in any part is refused."""
    url = presigned(s3)
    assert cloud.http("GET", url).status == 200
    assert cloud.http("GET", tamper(url)).status == 403


def test_without_signature(cloud, s3):
    """A URL without its signature is malformed."""
    url = replaced(presigned(s3), "X-Amz-Signature", "X-Amz-Nothing")
    assert cloud.http("GET", url).status == 400


def test_other_method(cloud, s3):
    """A URL for GET serves neither HEAD nor PUT."""
    for method in ("HEAD", "PUT", "DELETE"):
        assert cloud.http(method, presigned(s3)).status == 403
    assert cloud.http("HEAD", presigned(s3, method="head_object")).status == 200


def test_expired_url(cloud, s3, monkeypatch):
    """A URL is refused after its time."""
    import botocore.auth  # noqa: PLC0415 # its clock is the only thing needed

    long_ago = botocore.auth.get_current_datetime().replace(year=2020)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda **_: long_ago)
    url = presigned(s3)
    monkeypatch.undo()
    assert "X-Amz-Date=2020" in url
    answer = cloud.http("GET", url)
    assert answer.status == 403
    assert b"Request has expired" in answer.body


def test_old_signature(cloud, keys):
    """A signature of version 2 is refused, in a URL and in a header."""
    old = cloud.client("s3", keys, signature_version="s3")
    assert code_of(old.get_object, Bucket=BUCKET, Key="mine/a") == "InvalidRequest"
    url = presigned(old)
    assert "AWSAccessKeyId" in url
    assert cloud.http("GET", url).status == 400


def test_two_mechanisms(cloud, s3):
    """A presigned URL with an Authorization header is refused, as when a redirect keeps one."""
    answer = cloud.http("GET", presigned(s3), {"Authorization": "Bearer abc"})
    assert answer.status == 400
    assert b"<Code>InvalidArgument</Code>" in answer.body


# ------------------------------------------------------------------ credentials
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda keys: Keys(keys.id, "x" * 40, keys.token), "SignatureDoesNotMatch"),
        (lambda keys: Keys(keys.id, keys.secret, "x" * 40), "InvalidToken"),
        (lambda keys: Keys(keys.id, keys.secret), "InvalidAccessKeyId"),
        (lambda keys: Keys("ASIAXXXXXXXXXXXXXXXX", keys.secret, keys.token), "InvalidAccessKeyId"),
    ],
    ids=["secret", "token", "no token", "key"],
)
def test_wrong_credentials(cloud, keys, wrong, code):
    """Each part of a session's credentials is checked, in headers and in URLs."""
    s3 = cloud.client("s3", wrong(keys))
    assert code_of(s3.get_object, Bucket=BUCKET, Key="mine/a") == code
    assert cloud.http("GET", presigned(s3)).status in (400, 403)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer abc"}, {"Authorization": "x"}])
def test_anonymous(cloud, headers):
    """Without credentials nothing is told."""
    for path in (f"/{BUCKET}/mine/a", f"/{BUCKET}/missing", f"/{BUCKET}", "/"):
        assert cloud.http("GET", path, headers).status == 403
    for path in (f"/{BUCKET}/mine/a", f"/{BUCKET}/new", "/a-bucket-of-nobody"):
        assert cloud.http("PUT", path, headers, b"x").status == 403
    assert cloud.http("DELETE", f"/{BUCKET}/mine/a", headers).status == 403
