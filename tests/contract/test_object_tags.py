"""Tags of objects: what a write that sets them asks for."""

import pytest

from tests.contract.cloud import allow, code_of

BUCKET = "tags"
ANY = f"arn:aws:s3:::{BUCKET}/*"
WRITING = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")


@pytest.fixture(scope="module")
def tagged_version(cloud):
    cloud.bucket(BUCKET, "plain")
    s3 = cloud.client("s3")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return s3.put_object(Bucket=BUCKET, Key="tagged", Body=b"x", Tagging="a=b")["VersionId"]


@pytest.fixture(scope="module")
def writer(cloud, tagged_version):
    return cloud.client("s3", cloud.user("writer", allow(*WRITING, Resource=ANY)))


@pytest.fixture(scope="module")
def tagger(cloud, tagged_version):
    rights = ("s3:GetObjectTagging", "s3:GetObjectVersionTagging", "s3:PutObjectTagging")
    return cloud.client("s3", cloud.user("tagger", allow(*WRITING, *rights, Resource=ANY)))


def writes(s3, version):
    """The error codes of all writes that set tags."""
    place = {"Bucket": BUCKET, "Key": "new//tagged"}
    source = {"Bucket": BUCKET, "Key": "tagged"}
    of_version = {**source, "VersionId": version}
    replaced = {"TaggingDirective": "REPLACE", "Tagging": "c=d"}
    return [
        code_of(s3.put_object, **place, Tagging="a=b"),
        code_of(s3.create_multipart_upload, **place, Tagging="a=b"),
        code_of(s3.copy_object, **place, CopySource=source),
        code_of(s3.copy_object, **place, CopySource=of_version),
        code_of(s3.copy_object, **place, CopySource=source, **replaced),
    ]


def test_setting_tags_takes_the_right_to_it(writer, tagger, tagged_version):
    """Writing an object is not enough; a copy takes its source's tags along by default."""
    assert writes(writer, tagged_version) == ["AccessDenied"] * 5
    assert writes(tagger, tagged_version) == [None] * 5


def test_without_tags_nothing_more_is_asked_for(writer):
    """A plain write, a copy of what has no tags, and one that leaves them behind."""
    place, source = {"Bucket": BUCKET, "Key": "new"}, {"Bucket": BUCKET, "Key": "tagged"}
    assert code_of(writer.put_object, **place) is None
    plain = {"Bucket": BUCKET, "Key": "plain"}
    assert code_of(writer.copy_object, **place, CopySource=plain) is None
    replaced = {"TaggingDirective": "REPLACE"}
    assert code_of(writer.copy_object, **place, CopySource=source, **replaced) is None


def test_a_presigned_write_sets_no_tags(cloud, writer):
    """Neither by a header that is not signed, nor by one that is."""
    place = {"Bucket": BUCKET, "Key": "presigned"}
    url = writer.generate_presigned_url("put_object", Params=place)
    assert cloud.http("PUT", url, {"x-amz-tagging": "a=b"}, b"x").status == 403
    assert cloud.http("PUT", url + "&x-amz-tagging=a%3Db", data=b"x").status == 403
    url = writer.generate_presigned_url("put_object", Params={**place, "Tagging": "a=b"})
    assert cloud.http("PUT", url, {"x-amz-tagging": "a=b"}, b"x").status == 403
