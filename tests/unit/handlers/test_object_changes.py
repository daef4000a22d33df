"""`PUT` and `DELETE /objects/{key+}`."""

import base64

import pytest

from shared.object_content import MAX_CONTENT_BYTES
from tests.unit.handlers.deployment import BUCKET
from tests.unit.handlers.fake_services import BOB, HOME, IDENTITIES, authorized
from tests.unit.handlers.gateway_event import object_event
from tests.unit.shared.s3_stub import Reply, refusal

WRITTEN = Reply(200, {"ETag": '"new"', "x-amz-version-id": "v2"})
KEY = f"{HOME}a b.txt"


@pytest.fixture
def change(service_with, client, s3):
    """Send a change to the function over S3 on loopback."""
    service = service_with(s3=client)

    def send(method, key="home/me/a b.txt", body=b"", query=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        changed = object_event(method, key, query=query, headers=authorized(**named))
        changed |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        return service(changed)

    return send


def test_a_new_object_is_created(change, s3):
    """201 with the entity tag and version as headers and, with the real key and size, as JSON."""
    s3.replies = [WRITTEN]
    answer = change(
        "PUT",
        body=b"\x00\xff\n",
        content_type="text/plain",
        Content_Language="de",
        Content_Encoding="gzip",
        Content_Disposition="inline",
        Cache_Control="no-cache",
        X_Amz_Meta_Colour=["light", "blue"],
        x_amz_acl="public-read",
    )
    assert answer.status == 201
    assert (answer.headers["etag"], answer.headers["x-amz-version-id"]) == ('"new"', "v2")
    assert answer.json == {"key": KEY, "etag": '"new"', "versionId": "v2", "size": 3}
    (request,) = s3.requests
    assert (request.method, request.body) == ("PUT", b"\x00\xff\n")
    assert request.path == f"/{BUCKET}/{KEY}".replace(" ", "%20").replace(":", "%3A")
    sent = request.headers
    assert sent["content-type"] == "text/plain"
    assert sent["content-language"] == "de"
    assert sent["content-encoding"] == "gzip"
    assert sent["content-disposition"] == "inline"
    assert sent["cache-control"] == "no-cache"
    assert sent["x-amz-meta-colour"] == "light, blue"
    assert "x-amz-acl" not in sent


def test_an_existing_object_is_replaced(change, s3):
    """200 where there was one."""
    s3.replies = [refusal(412, "PreconditionFailed"), WRITTEN]
    assert change("PUT", body=b"x").status == 200


def test_no_content_type_is_bytes(change, s3):
    """Without one the object is application/octet-stream, and may be empty."""
    s3.replies = [WRITTEN]
    assert change("PUT").json["size"] == 0
    assert s3.requests[0].headers["content-type"] == "application/octet-stream"


def test_the_largest_body(change, s3):
    """4,500,000 bytes are written; one more is 413 naming the way, and S3 is not asked."""
    s3.replies = [WRITTEN]
    assert change("PUT", body=b"x" * MAX_CONTENT_BYTES).json["size"] == 4_500_000
    answer = change("PUT", body=b"x" * (MAX_CONTENT_BYTES + 1))
    assert answer.refused == (413, "too_large")
    assert "4,500,000" in answer.problem["detail"]
    assert "POST /uploads" in answer.problem["detail"]
    assert len(s3.requests) == 1


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"If_None_Match": "*"}, {"if-none-match": "*"}),
        ({"If_Match": '"old"'}, {"if-match": '"old"'}),
    ],
)
def test_conditions_of_a_write_are_s3s_to_weigh(change, s3, headers, sent):
    """They reach S3; its refusal is 412, in one call."""
    s3.replies = [refusal(412, "PreconditionFailed")]
    assert change("PUT", **headers).refused == (412, "precondition_failed")
    assert sent.items() <= s3.requests[0].headers.items()


REFUSED = [
    ("PUT", {"If_None_Match": '"a"'}),
    ("PUT", {"If_Match": "*"}),
    ("PUT", {"If_Match": '"a", "b"'}),
    ("PUT", {"If_Match": '"a"', "If_None_Match": "*"}),
    ("PUT", {"If_Unmodified_Since": "Thu, 06 Nov 2025 08:49:37 GMT"}),
    ("PUT", {"Content_Range": "bytes 0-1/5"}),
    ("PUT", {"query": {"versionId": "v1"}}),
    ("PUT", {"Content_Type": "nonsense"}),
    ("PUT", {"Content_Encoding": "aws-chunked"}),
    ("PUT", {"x_amz_meta_a": "ä"}),
    ("PUT", {"x_amz_meta_": "a"}),
    ("PUT", {"x_amz_meta_a": "x" * 2048}),
    ("DELETE", {"If_None_Match": "*"}),
    ("DELETE", {"If_Match": "a"}),
    ("DELETE", {"If_Unmodified_Since": "x"}),
    ("DELETE", {"query": {"versionId": "v1"}}),
]


@pytest.mark.parametrize(("method", "parts"), REFUSED)
def test_what_s3_would_take_otherwise_is_refused(change, s3, method, parts):
    """400 before S3 is asked: nothing that was meant as a limit is ignored."""
    answer = change(method, **parts)
    assert answer.refused == (400, "invalid_request")
    assert s3.requests == []


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("key", ["a/../b", "/a", "a\nb", "x" * 1025, "\ud800"])
def test_an_invalid_key_is_refused(change, s3, method, key):
    """400 invalid_key, and S3 is not asked."""
    assert change(method, key).refused == (400, "invalid_key")
    assert s3.requests == []


def test_a_deletion_tells_its_marker(change, s3):
    """204 without a body, with the delete marker's id."""
    s3.replies = [Reply(204, {"x-amz-version-id": "m1"})]
    answer = change("DELETE")
    assert (answer.status, answer.body) == (204, "")
    assert answer.headers["x-amz-version-id"] == "m1"
    assert s3.requests[0].method == "DELETE"


@pytest.mark.parametrize("tag", ['"old"', "*"])
def test_a_condition_of_a_deletion(change, s3, tag):
    """If-Match reaches S3, which refuses with 412 and, where nothing is, with 404: 412 both."""
    s3.replies = [refusal(412, "PreconditionFailed"), refusal(404, "NoSuchKey")]
    for _ in range(2):
        assert change("DELETE", If_Match=tag).refused == (412, "precondition_failed")
    assert [request.headers["if-match"] for request in s3.requests] == [tag, tag]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_anothers_key_is_iams_to_refuse(change, s3, method):
    """The call goes out with the caller's own credentials; IAM's refusal is 403."""
    s3.replies = [refusal(403, "AccessDenied")]
    answer = change(method, f"home/{IDENTITIES[BOB]}/x")
    assert answer.refused == (403, "access_denied")
    assert s3.requests[0].headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=ASIA")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_without_a_token_nothing_is_read(service_with, client, s3, method):
    """401 before the body or the key is looked at."""
    answer = service_with(s3=client)(object_event(method, "a/../b"))
    assert answer.refused == (401, "missing_token")
    assert s3.requests == []
