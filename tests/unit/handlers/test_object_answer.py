"""One object as headers, a redirect, a link, its bytes."""

import json
from datetime import UTC, datetime

import pytest

from handlers.object_answer import content_answer, head_answer, link_answer, redirect_answer
from shared.object_content import NotModified, ObjectContent, ObjectHead
from shared.presigned_url import PresignedUrl

HEAD = ObjectHead(
    size=10,
    etag='"e"',
    last_modified=datetime(2026, 3, 1, 8, 9, 10, tzinfo=UTC),
    content_type="text/html",
    storage_class="STANDARD",
    version_id=None,
    content_encoding="gzip",
    content_language="de",
    content_disposition="inline",
    cache_control="max-age=9",
    metadata={},
)
URL = PresignedUrl(
    "https://example.com/?X-Amz-Signature=00", datetime(2026, 3, 1, tzinfo=UTC), "maximum"
)


def test_the_head_tells_how_the_bytes_are_encoded():
    """Encoding and language belong to the bytes, so they go along."""
    headers = head_answer(HEAD).headers
    assert (headers["Content-Encoding"], headers["Content-Language"]) == ("gzip", "de")
    assert (headers["x-object-size"], headers["ETag"]) == ("10", '"e"')


@pytest.mark.parametrize("part", [None, "bytes 0-1/10"])
def test_stored_headers_cannot_make_content_run(part):
    """Whoever stored `inline` HTML gets an attachment in a sandbox."""
    answer = content_answer("a/page.html", ObjectContent(HEAD, b"<script>", part))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="page.html"')
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.status_code == (200 if part is None else 206)
    assert answer.headers.get("Content-Range") == part


def test_a_file_name_cannot_break_out_of_its_header():
    """Quotes in a key stay within the header's quoted text."""
    answer = content_answer('a/x"; evil="1', ObjectContent(HEAD, b"", None))
    assert '"x\\"; evil=\\"1"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("etag", ['"e"', None])
@pytest.mark.parametrize("made", [head_answer, lambda found: content_answer("a", found)])
def test_not_modified_has_an_etag_or_nothing(made, etag):
    """A 304 repeats the ETag if S3 told one, and has no body."""
    answer = made(NotModified(etag))
    assert (answer.status_code, answer.body) == (304, "")
    assert answer.headers.get("ETag") == etag


def test_a_redirect_keeps_the_method():
    """307, not 302: a HEAD or PUT would become a GET."""
    answer = redirect_answer(URL)
    assert (answer.status_code, answer.body) == (307, "")
    assert answer.headers["Location"] == URL.url


def test_a_link_tells_why_it_ends():
    """The expiry and what limits it, as the signer found them."""
    told = json.loads(link_answer(URL, HEAD).body)
    assert told["expiresAt"] == "2026-03-01T00:00:00Z"
    assert told["limitedBy"] == "maximum"
