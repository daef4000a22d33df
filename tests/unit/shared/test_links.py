from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from shared.errors import InvalidRequest
from shared.links import INLINE_TYPES, MAX_PUT_BYTES, LinkRequest, sign_link
from shared.presigner import Presigner
from tests.unit.shared.s3_stub import BUCKET, NOW, ODD_KEYS, credentials

GET = LinkRequest("GET", "a/k.txt", 60)
PUT = LinkRequest("PUT", "a/k.txt", 60, content_type="text/plain", content_length=3)


@pytest.fixture
def presigner(client, s3):
    yield Presigner(client, BUCKET, credentials("alice"), clock=NOW.timestamp)
    assert s3.requests == [], "a link is signed without asking S3"


def query_of(link):
    return {name: values[0] for name, values in parse_qs(urlsplit(link.url.url).query).items()}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_link_names_the_key_exactly(presigner, method, key):
    """For each method, decoding the URL's path once gives the key back."""
    request = replace(PUT if method == "PUT" else GET, method=method, key=key)
    link = sign_link(presigner, request)
    assert unquote(urlsplit(link.url.url).path) == f"/{BUCKET}/{key}"
    query = query_of(link)
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert query["X-Amz-Credential"].startswith("ASIAALICE/")
    assert query["X-Amz-Expires"] == "60"


def test_each_method_has_a_signature_of_its_own(presigner):
    """A URL for one method is none for another."""
    signatures = {
        query_of(sign_link(presigner, replace(GET, method=method)))["X-Amz-Signature"]
        for method in ("GET", "HEAD", "DELETE")
    }
    assert len(signatures) == 3


def test_a_put_signs_length_and_type(presigner):
    """The client has to send exactly what it announced; no checksum is asked of it."""
    link = sign_link(presigner, PUT)
    assert link.headers == {"Content-Type": "text/plain", "Content-Length": "3"}
    query = query_of(link)
    assert query["X-Amz-SignedHeaders"] == "content-length;content-type;host"
    assert not [name for name in query if "checksum" in name.lower()]
    other = sign_link(presigner, replace(PUT, content_length=4))
    assert query_of(other)["X-Amz-Signature"] != query["X-Amz-Signature"]


@pytest.mark.parametrize("length", [0, MAX_PUT_BYTES])
def test_a_put_of_no_bytes_and_of_the_most(presigner, length):
    """Both ends of the range are signed."""
    link = sign_link(presigner, replace(PUT, content_length=length))
    assert link.headers["Content-Length"] == str(length)


@pytest.mark.parametrize(
    "request_", [replace(PUT, content_type=None), replace(PUT, content_length=None)]
)
def test_a_put_needs_length_and_type(presigner, request_):
    """Without one of them nothing is signed."""
    with pytest.raises(InvalidRequest) as error:
        sign_link(presigner, request_)
    assert error.value.detail == "A PUT needs contentLength and contentType."


def test_a_puts_type_is_a_media_type(presigner):
    """What could break a header is refused."""
    with pytest.raises(InvalidRequest):
        sign_link(presigner, replace(PUT, content_type="text/plain\r\nx-amz-acl: public-read"))


@pytest.mark.parametrize("content_type", sorted(INLINE_TYPES))
def test_a_harmless_type_is_shown(presigner, content_type):
    """Inline with a type of the list: so is the answer, forced to that type."""
    query = query_of(
        sign_link(presigner, replace(GET, disposition="inline", content_type=content_type))
    )
    assert query["response-content-disposition"].startswith("inline; ")
    assert query["response-content-type"] == content_type


@pytest.mark.parametrize(
    "content_type",
    [
        *(None, "text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "image/*"),
        *("text/plain; charset=utf-7", "IMAGE/PNG", "image/png ", "text/plain, text/html", ""),
    ],
)
def test_anything_else_is_saved(presigner, content_type):
    """Another type, or none, is an attachment of the stored type, whatever was asked."""
    query = query_of(
        sign_link(presigner, replace(GET, disposition="inline", content_type=content_type))
    )
    assert query["response-content-disposition"].startswith("attachment; ")
    assert "response-content-type" not in query


def test_a_file_name_is_safe(presigner):
    """The name is that of RFC 6266 and 8187, without line breaks."""
    query = query_of(sign_link(presigner, replace(GET, filename='n\u00e4"\r\nSet-Cookie: x')))
    assert query["response-content-disposition"] == (
        'attachment; filename="n_\\"Set-Cookie: x"; filename*=UTF-8\'\'n%C3%A4%22Set-Cookie%3A%20x'
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_version_can_be_read(presigner, method):
    """GET and HEAD may name a version."""
    link = sign_link(presigner, replace(GET, method=method, version_id="v1"))
    assert query_of(link)["versionId"] == "v1"


@pytest.mark.parametrize(
    ("method", "member", "more"),
    [
        ("GET", "contentLength", {"content_length": 1}),
        ("HEAD", "filename", {"filename": "x"}),
        ("HEAD", "disposition", {"disposition": "inline"}),
        ("HEAD", "contentType", {"content_type": "a/b"}),
        ("PUT", "versionId", {"version_id": "v"}),
        ("PUT", "filename", {"filename": "x"}),
        ("DELETE", "versionId", {"version_id": "v"}),
        ("DELETE", "contentLength", {"content_length": 0}),
    ],
)
def test_a_member_without_an_effect_is_refused(presigner, method, member, more):
    """What a method does not know is 400 naming both; above all, no version is deleted."""
    request = replace(PUT if method == "PUT" else GET, method=method, **more)
    with pytest.raises(InvalidRequest) as error:
        sign_link(presigner, request)
    assert error.value.detail == f"A {method} takes no {member}."
