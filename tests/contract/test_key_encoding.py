"""Lists of versions and of uploads, whose keys may be no XML."""

from urllib.parse import unquote

import pytest

BUCKET = "key-encoding"
NAMES = ("\x01", "a b+%20&<ü☀", "tab\tand\r\n", "plain")


@pytest.fixture(scope="module")
def s3(cloud):
    cloud.bucket(BUCKET)
    s3 = cloud.client("s3")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for name in NAMES:
        s3.put_object(Bucket=BUCKET, Key=f"dir\x02/{name}")
    return s3


def test_versions(s3):
    """Every key comes back as itself, page by page and grouped by a delimiter."""
    pages = s3.get_paginator("list_object_versions").paginate(
        Bucket=BUCKET, Prefix="dir\x02/", PaginationConfig={"PageSize": 1}
    )
    listed = [version["Key"] for page in pages for version in page["Versions"]]
    assert listed == sorted(f"dir\x02/{name}" for name in NAMES)
    grouped = s3.list_object_versions(Bucket=BUCKET, Delimiter="/")
    assert [prefix["Prefix"] for prefix in grouped["CommonPrefixes"]] == ["dir\x02/"]


def test_uploads(s3):
    """The same for unfinished uploads; botocore neither asks for it nor decodes it."""
    names = [f"up/{name}" for name in NAMES if name.isprintable()]
    for name in names:
        s3.create_multipart_upload(Bucket=BUCKET, Key=name)
    told = s3.list_multipart_uploads(Bucket=BUCKET, Prefix="up/", EncodingType="url")
    assert told["EncodingType"] == "url"
    assert told["Uploads"][0]["Key"] == "up/a%20b%2B%2520%26%3C%C3%BC%E2%98%80"
    assert [unquote(upload["Key"]) for upload in told["Uploads"]] == sorted(names)
    plain = s3.list_multipart_uploads(Bucket=BUCKET, Prefix="up/")
    assert [upload["Key"] for upload in plain["Uploads"]] == sorted(names)
