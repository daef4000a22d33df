import pytest

from bucketpass.errors import AccessDenied, ChangedMeanwhile, NotFound, Throttled, UnexpectedAnswer
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.s3_refusal import about, of_code
from tests.unit.client.files.fake_s3 import FakeS3, refusal


def bucket(*arguments, **options):
    return BucketFiles(FakeS3(*arguments, **options), "a-bucket")


def test_a_missing_object_is_told_from_a_forbidden_one_where_listing_is_allowed():
    """S3 answers 403 to both; the listing knows which, and is not asked for what is there."""
    files = bucket({"a/there": b"x", "a/secret": b"", "a/none-longer": b""}, {"a/secret"})
    assert files.head("a/there").size == 1
    assert ("list", "a/there") not in files.client.calls
    with pytest.raises(NotFound, match="a/none: "):
        files.head("a/none")
    with pytest.raises(AccessDenied, match="a/secret: "):
        files.head("a/secret")


def test_nothing_is_told_of_what_may_not_be_listed():
    """Another's existing and missing keys answer alike."""
    files = bucket({"home/b/there": b""}, {"home/b/there", "home/b/none"})
    for key in ("home/b/there", "home/b/none"):
        with pytest.raises(AccessDenied, match=f"^{key}: Your role does not allow this.$"):
            files.head(key)


def test_a_composite_checksum_is_not_that_of_the_object():
    """It ends in the number of parts."""
    assert bucket({"a": b"x"}).head("a").crc32 is None


def test_many_are_removed_a_thousand_at_a_time():
    """Each key is answered, and one that stays stops no other."""
    keys = [f"k{number:04}" for number in range(2500)]
    files = bucket(dict.fromkeys(keys, b""), {"k1500"})
    told = dict(files.remove_all(keys))
    assert [call for call in files.client.calls if call[0] == "delete many"] == [
        ("delete many", 1000),
        ("delete many", 1000),
        ("delete many", 500),
    ]
    assert list(files.client.objects) == ["k1500"]
    assert isinstance(told.pop("k1500"), AccessDenied)
    assert set(told.values()) == {None}


@pytest.mark.parametrize("key", ["a\x01", "\x1b[2J", "x\ufffe"])
def test_keys_that_no_xml_can_hold_are_removed_one_by_one(key):
    """They exist, and a list of keys cannot name them."""
    files = bucket({key: b"", "plain": b""})
    assert dict(files.remove_all([key, "plain"])) == {key: None, "plain": None}
    assert files.client.calls == [("delete many", 1), ("delete", key)]


@pytest.mark.parametrize(
    ("key", "hinted"),
    [
        ("hello.txt", True),
        ("home", True),
        ("home/", True),
        ("homes/x", True),
        ("home/i/x", False),
        ("groups/g/", False),
        ("shared/x", False),
    ],
)
def test_a_refused_key_outside_all_roots_comes_with_a_hint(key, hinted):
    """Alone and as one of many; what is missing needs none."""
    with pytest.raises(AccessDenied) as raised, about(key):
        raise refusal("AccessDenied", 403)
    for error in (raised.value, of_code("AccessDenied", "no", key)):
        assert ("`home:NAME`" in str(error)) is hinted
    assert of_code("NoSuchKey", "no", key).remedy is None


@pytest.mark.parametrize(
    ("code", "status", "cause", "words"),
    [
        ("AccessDenied", 403, AccessDenied, "k: Your role does not allow this."),
        ("NoSuchKey", 404, NotFound, "k: There is nothing of that name."),
        ("412", 412, ChangedMeanwhile, "k: It has changed"),
        ("SlowDown", 503, Throttled, "^As S3 says"),
        ("InvalidRequest", 400, UnexpectedAnswer, "k: AWS refused the call: InvalidRequest"),
    ],
)
def test_refusals_name_the_key_where_they_are_about_it(code, status, cause, words):
    """And AWS's error stays the cause, for the log."""
    with pytest.raises(cause, match=words) as raised, about("k"):
        raise refusal(code, status)
    assert raised.value.__cause__ is not None
