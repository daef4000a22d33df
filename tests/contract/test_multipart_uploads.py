"""Uploads in parts: which checksums S3 keeps, and what it refuses to complete."""

import base64
import hashlib
import zlib

import pytest

from tests.contract.cloud import allow, code_of

BUCKET = "multipart"
KEY = "a/large.bin"
MEBIBYTE = 1024**2
FIRST, LAST = b"a" * (5 * MEBIBYTE), b"b" * 10


@pytest.fixture(scope="module")
def s3(cloud):
    cloud.bucket(BUCKET)
    # Without `when_required` botocore adds a checksum to each part.
    return cloud.client("s3", request_checksum_calculation="when_required")


def crc32(content):
    return base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()


def sha256(content):
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def begin(s3, **more):
    return s3.create_multipart_upload(Bucket=BUCKET, Key=KEY, **more)["UploadId"]


def part(s3, upload_id, number, body, **more):
    return s3.upload_part(
        Bucket=BUCKET, Key=KEY, UploadId=upload_id, PartNumber=number, Body=body, **more
    )["ETag"]


def completion(upload_id, *parts, **more):
    listed = [{"PartNumber": number, "ETag": etag, **rest} for number, etag, rest in parts]
    return {
        "Bucket": BUCKET,
        "Key": KEY,
        "UploadId": upload_id,
        "MultipartUpload": {"Parts": listed},
        **more,
    }


def two_parts(s3, first=FIRST, **more):
    upload_id = begin(s3, **more)
    bodies = enumerate((first, LAST), 1)
    return upload_id, [(number, part(s3, upload_id, number, body), {}) for number, body in bodies]


def test_a_crc_is_one_of_the_full_object(s3):
    """S3 compares it with all bytes, whatever the parts told, and keeps it."""
    upload_id, parts = two_parts(s3, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
    there = s3.list_parts(Bucket=BUCKET, Key=KEY, UploadId=upload_id)
    assert (there["ChecksumAlgorithm"], there["ChecksumType"]) == ("CRC32", "FULL_OBJECT")
    wrong = completion(upload_id, *parts, ChecksumCRC32=crc32(b"other"))
    assert code_of(s3.complete_multipart_upload, **wrong) == "BadDigest"
    s3.complete_multipart_upload(
        **completion(upload_id, *parts, ChecksumCRC32=crc32(FIRST + LAST)),
        ChecksumType="FULL_OBJECT",
    )
    head = s3.head_object(Bucket=BUCKET, Key=KEY, ChecksumMode="ENABLED")
    assert head["ChecksumCRC32"] == crc32(FIRST + LAST)
    assert head["ChecksumType"] == "FULL_OBJECT"


@pytest.mark.parametrize(
    ("algorithm", "kind"),
    [("SHA256", "FULL_OBJECT"), ("CRC64NVME", "COMPOSITE"), ("", "COMPOSITE")],
)
def test_not_every_algorithm_has_both_types(s3, algorithm, kind):
    """SHA-256 is composite only, CRC-64/NVME of the full object only."""
    named = {"ChecksumAlgorithm": algorithm} if algorithm else {}
    create = s3.create_multipart_upload
    assert code_of(create, Bucket=BUCKET, Key=KEY, ChecksumType=kind, **named) == "InvalidRequest"


def test_composite_parts_tell_their_checksums(s3):
    """Neither a part nor the completion passes without them."""
    upload_id = begin(s3, ChecksumAlgorithm="SHA256")
    bare = {"UploadId": upload_id, "PartNumber": 1, "Body": LAST}
    assert code_of(s3.upload_part, Bucket=BUCKET, Key=KEY, **bare) == "InvalidRequest"
    etag = part(s3, upload_id, 1, LAST, ChecksumSHA256=sha256(LAST))
    there = s3.list_parts(Bucket=BUCKET, Key=KEY, UploadId=upload_id)
    assert there["ChecksumType"] == "COMPOSITE"
    assert there["Parts"][0]["ChecksumSHA256"] == sha256(LAST)
    without = completion(upload_id, (1, etag, {}))
    assert code_of(s3.complete_multipart_upload, **without) == "InvalidRequest"
    told = (1, etag, {"ChecksumSHA256": sha256(LAST)})
    done = s3.complete_multipart_upload(**completion(upload_id, told))
    assert done["ChecksumSHA256"].endswith("-1")


def test_a_part_with_another_checksum_is_refused(s3):
    """The bytes are compared with the value that came along."""
    upload_id = begin(s3, ChecksumAlgorithm="SHA256")
    wrong = {"UploadId": upload_id, "PartNumber": 1, "Body": LAST, "ChecksumSHA256": sha256(FIRST)}
    assert code_of(s3.upload_part, Bucket=BUCKET, Key=KEY, **wrong) == "BadDigest"


def test_only_the_last_part_may_be_small(s3):
    """Below 5 MiB each other part is refused when the upload is completed."""
    upload_id, parts = two_parts(s3, first=FIRST[1:])
    assert (
        code_of(s3.complete_multipart_upload, **completion(upload_id, *parts)) == "EntityTooSmall"
    )


def test_parts_come_in_ascending_order(s3):
    """Neither backwards nor twice."""
    upload_id, parts = two_parts(s3)
    for listed in (parts[::-1], [parts[0], parts[0]]):
        refused = code_of(s3.complete_multipart_upload, **completion(upload_id, *listed))
        assert refused == "InvalidPartOrder"


def test_parts_and_size_are_those_that_are_there(s3):
    """A missing part, another ETag and another size are refused; then the upload still stands."""
    upload_id, parts = two_parts(s3)
    complete = s3.complete_multipart_upload
    missing, changed = (3, '"x"', {}), (2, '"x"', {})
    assert code_of(complete, **completion(upload_id, *parts, missing)) == "InvalidPart"
    assert code_of(complete, **completion(upload_id, parts[0], changed)) == "InvalidPart"
    short = completion(upload_id, *parts, MpuObjectSize=1)
    assert code_of(complete, **short) == "InvalidRequest"
    done = complete(**completion(upload_id, *parts, MpuObjectSize=len(FIRST + LAST)))
    assert done["ETag"].endswith('-2"')


def test_an_upload_without_a_checksum_needs_none(s3):
    """Nobody has to know of checksums."""
    upload_id, parts = two_parts(s3)
    assert "ChecksumType" not in s3.list_parts(Bucket=BUCKET, Key=KEY, UploadId=upload_id)
    assert s3.complete_multipart_upload(**completion(upload_id, *parts))["ETag"]


def test_who_may_do_what_with_an_upload(cloud, s3):
    """A missing upload is 404 to whoever may look at uploads of the key, and 403 to others."""
    keys = cloud.user(
        "uploader",
        allow(
            *("s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"),
            Resource=f"arn:aws:s3:::{BUCKET}/mine/*",
        ),
    )
    mine = cloud.client("s3", keys)
    for call in (mine.list_parts, mine.abort_multipart_upload):
        assert code_of(call, Bucket=BUCKET, Key="mine/a", UploadId="none") == "NoSuchUpload"
        assert code_of(call, Bucket=BUCKET, Key=KEY, UploadId="none") == "AccessDenied"
    upload_id = begin(s3)
    assert code_of(mine.list_parts, Bucket=BUCKET, Key="mine/a", UploadId=upload_id) == (
        "NoSuchUpload"
    )


def test_the_right_to_list_uploads_knows_no_prefix(cloud):
    """s3:ListBucketMultipartUploads has no condition key s3:prefix: it is all or nothing."""
    bucket = f"arn:aws:s3:::{BUCKET}"
    below = {"StringLike": {"s3:prefix": "mine/*"}}
    action = "s3:ListBucketMultipartUploads"
    some = cloud.user("lists-some", allow(action, Resource=bucket, Condition=below))
    every = cloud.user("lists-all", allow(action, Resource=bucket))
    asked = {"Bucket": BUCKET, "Prefix": "mine/"}
    assert code_of(cloud.client("s3", some).list_multipart_uploads, **asked) == "AccessDenied"
    assert code_of(cloud.client("s3", every).list_multipart_uploads, **asked) is None


def test_a_presigned_url_takes_no_header_that_is_not_signed(cloud, s3):
    """An x-amz-* header that the signature does not cover is refused, whatever it says."""
    url = s3.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "signed"})
    for name in ("x-amz-storage-class", "x-amz-meta-a", "X-Amz-Tagging"):
        answer = cloud.http("PUT", url, {name: "STANDARD_IA"}, b"x")
        assert answer.status == 403
        assert b"not signed" in answer.body
    assert cloud.http("PUT", url, data=b"x").status == 200
