"""Loopback counts as secure transport."""

from tests.contract.cloud import allow, code_of, deny, document

BUCKET = "tls-only"


def policy(wanted):
    return document(
        deny(
            "s3:*",
            Principal="*",
            Resource=[f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
            Condition={"Bool": {"aws:SecureTransport": wanted}},
        )
    )


def test_tls_only_bucket(cloud):
    """A bucket policy that refuses plain http serves loopback; its opposite refuses it."""
    cloud.bucket(BUCKET, "a")
    keys = cloud.user("reader", allow("s3:*", Resource="*"))
    s3 = cloud.client("s3", keys)
    cloud.client("s3").put_bucket_policy(Bucket=BUCKET, Policy=policy("false"))
    assert code_of(s3.get_object, Bucket=BUCKET, Key="a") is None
    url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "a"})
    assert cloud.http("GET", url).status == 200
    cloud.client("s3").put_bucket_policy(Bucket=BUCKET, Policy=policy("true"))
    assert code_of(s3.get_object, Bucket=BUCKET, Key="a") == "AccessDenied"
