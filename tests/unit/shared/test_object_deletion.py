from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.deadline import deadline
from shared.errors import AccessDenied, IdentityRefused
from shared.object_deletion import _SAFE_IN_XML, DeletedObject, ObjectDeletion
from shared.upstream_errors import (
    DeadlineExceeded,
    Throttled,
    UpstreamError,
    UpstreamUnavailable,
)
from tests.unit.shared.fake_bucket import FakeBucket
from tests.unit.shared.s3_stub import BUCKET, Reply, credentials, refusal


@pytest.fixture
def deletion(client, s3):
    return ObjectDeletion(client, BUCKET, credentials("alice"))


def deleted(*keys, errors=()):
    inside = "".join(
        f"<Deleted><Key>{escape(key)}</Key><DeleteMarker>true</DeleteMarker>"
        f"<DeleteMarkerVersionId>m-{escape(key)}</DeleteMarkerVersionId></Deleted>"
        for key in keys
    )
    inside += "".join(
        f"<Error><Key>{escape(key)}</Key><Code>{code}</Code><Message>no</Message></Error>"
        for key, code in errors
    )
    return Reply(
        200, {"Content-Type": "application/xml"}, f"<DeleteResult>{inside}</DeleteResult>".encode()
    )


def gone(key):
    return Reply(204, {"x-amz-delete-marker": "true", "x-amz-version-id": f"m-{key}"})


def named(request):
    """The keys in the body of a DeleteObjects."""
    return [element.text for element in ET.fromstring(request.body).iter() if "Key" in element.tag]  # noqa: S314 # our own


def test_many_keys_are_one_call(deletion, s3):
    """All keys go in one DeleteObjects; each answer has its delete marker."""
    s3.replies = [deleted("b", "a")]
    assert deletion.delete(["a", "b"]) == [DeletedObject("m-a"), DeletedObject("m-b")]
    (request,) = s3.requests
    assert (request.method, request.query) == ("POST", {"delete": ""})
    assert named(request) == ["a", "b"]
    assert request.key_id == "ASIAALICE"


def test_one_key_is_a_plain_delete(deletion, s3):
    """A single key needs no batch."""
    s3.replies = [gone("a")]
    assert deletion.delete(["a"]) == [DeletedObject("m-a")]
    assert s3.requests[0].method == "DELETE"


def test_nothing_is_no_call(deletion, s3):
    """No key, no request."""
    assert deletion.delete([]) == []
    assert s3.requests == []


def test_a_key_named_twice_is_sent_once(deletion, s3):
    """Each naming of a key gets the answer of the one deletion."""
    s3.replies = [deleted("a", "b")]
    became = deletion.delete(["a", "b", "a"])
    assert became == [DeletedObject("m-a"), DeletedObject("m-b"), DeletedObject("m-a")]
    assert named(s3.requests[0]) == ["a", "b"]


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("AccessDenied", AccessDenied),
        ("InternalError", UpstreamUnavailable),
        ("ServiceUnavailable", UpstreamUnavailable),
        ("SlowDown", UpstreamUnavailable),
        ("ThrottlingException", Throttled),
        ("NoSuchBucket", UpstreamError),
        ("", UpstreamError),
    ],
)
def test_each_refused_key_has_its_own_cause(deletion, s3, code, cause):
    """A key that S3 refuses is told so; the others are deleted."""
    s3.replies = [deleted("a", "c", errors=[("b", code)])]
    a, b, c = deletion.delete(["a", "b", "c"])
    assert (a, c) == (DeletedObject("m-a"), DeletedObject("m-c"))
    assert type(b) is cause


def test_a_key_that_s3_says_nothing_about_is_not_deleted(deletion, s3):
    """Silence is no success."""
    s3.replies = [deleted("a")]
    a, b = deletion.delete(["a", "b"])
    assert a == DeletedObject("m-a")
    assert type(b) is UpstreamError


def test_a_call_refused_as_a_whole_is_made_key_by_key():
    """Where one forbidden key makes the engine refuse all, each is asked about by itself."""
    bucket = FakeBucket()
    bucket.delete_objects = refuse = _Refusing()
    bucket.forbidden = {"b"}
    for key in "abc":
        bucket.put(key)
    a, b, c = ObjectDeletion(bucket, BUCKET, credentials("alice")).delete(["a", "b", "c"])
    assert isinstance(a, DeletedObject)
    assert isinstance(b, AccessDenied)
    assert isinstance(c, DeletedObject)
    assert bucket.keys() == ["b"]
    assert refuse.calls == 1


class _Refusing:
    calls = 0

    def __call__(self, **request):
        from tests.unit.shared.s3_stub import client_error  # noqa: PLC0415

        self.calls += 1
        raise client_error(403, "AccessDenied")


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        (refusal(403, "ExpiredToken"), IdentityRefused),
        (refusal(404, "NoSuchBucket"), UpstreamError),
        (refusal(400, "MalformedXML"), UpstreamError),
    ],
)
def test_any_other_refusal_of_the_whole_call_is_raised(deletion, s3, reply, cause):
    """Where nothing is known about any key, the request as a whole has failed."""
    s3.replies = [reply]
    with pytest.raises(cause):
        deletion.delete(["a", "b"])
    assert len(s3.requests) == 1


@pytest.mark.parametrize("odd", ["tab\t", "line\n", "return\r", "bell\x07", "\x85", "\ufffe"])
def test_a_key_that_xml_cannot_carry_goes_by_itself(deletion, s3, odd):
    """A key that would spoil the XML of the batch, or come back changed, is deleted alone."""
    s3.replies = [deleted("a", "b"), gone("odd")]
    became = deletion.delete(["a", odd, "b"])
    assert became == [DeletedObject("m-a"), DeletedObject("m-odd"), DeletedObject("m-b")]
    batch, alone = s3.requests
    assert named(batch) == ["a", "b"]
    assert alone.method == "DELETE"


@pytest.mark.parametrize(
    "key",
    ["<Key>x</Key>", "]]>", "&amp;", "&#x1F;", " a ", "\u2028", "☀", "é", "\U0001f600", "'\""],
)
def test_a_key_that_xml_can_carry_goes_with_the_others(deletion, s3, key):
    """What looks like markup is sent as exactly itself."""
    s3.replies = [deleted(key, "b")]
    assert deletion.delete([key, "b"]) == [DeletedObject(f"m-{key}"), DeletedObject("m-b")]
    assert named(s3.requests[0]) == [key, "b"]


@given(st.text(min_size=1, max_size=20))
def test_what_counts_as_safe_survives_xml(key):
    """A key that goes into the batch is the same when XML has carried it."""
    if _SAFE_IN_XML.fullmatch(key):
        element = ET.Element("Key")
        element.text = key
        assert ET.fromstring(ET.tostring(element)).text == key  # noqa: S314 # our own


def test_keys_that_time_does_not_allow_are_told_so():
    """Key by key, those after the deadline are DeadlineExceeded; the others are deleted."""
    bucket, now = FakeBucket(), [0.0]
    bucket.delete_objects = _Refusing()
    for number in range(30):
        bucket.put(f"{number:02}")

    def late():
        now[0] += 1
        if now[0] > 10:
            raise DeadlineExceeded("late")

    bucket.before["delete_object"] = late
    with deadline(25, clock=lambda: now[0]):
        became = ObjectDeletion(bucket, BUCKET, credentials("alice")).delete(
            [f"{number:02}" for number in range(30)]
        )
    assert sum(isinstance(outcome, DeletedObject) for outcome in became) == 10
    assert sum(isinstance(outcome, DeadlineExceeded) for outcome in became) == 20
    assert len(bucket.keys()) == 20
