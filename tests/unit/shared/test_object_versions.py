from datetime import UTC, datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cursor import MAX_CURSOR_CHARACTERS, Listing, make_cursor
from shared.errors import AccessDenied, InvalidCursor
from shared.object_versions import (
    ObjectVersion,
    ObjectVersions,
    VersionMarker,
    VersionPage,
)
from shared.upstream_errors import UpstreamError
from tests.unit.shared.s3_stub import BUCKET, Reply, credentials, refusal


@pytest.fixture
def versions(client, s3):
    return ObjectVersions(client, BUCKET, credentials("alice"))


def entry(name, key, version_id, second, *, latest=False):
    facts = "" if name == "DeleteMarker" else "<Size>5</Size><ETag>&quot;e&quot;</ETag>"
    return (
        f"<{name}><Key>{escape(quote(key))}</Key><VersionId>{version_id}</VersionId>"
        f"<IsLatest>{str(latest).lower()}</IsLatest>"
        f"<LastModified>2025-11-06T08:49:{second:02}.000Z</LastModified>{facts}"
        f"<Owner><ID>secret-owner</ID></Owner></{name}>"
    )


def page(*entries, marker=None):
    inside = "".join(entries)
    if marker:
        key, version_id = marker
        inside += f"<NextKeyMarker>{escape(quote(key))}</NextKeyMarker>"
        inside += f"<NextVersionIdMarker>{version_id}</NextVersionIdMarker>"
    text = (
        f"<ListVersionsResult><EncodingType>url</EncodingType>"
        f"<IsTruncated>{str(bool(marker)).lower()}</IsTruncated>{inside}</ListVersionsResult>"
    )
    return Reply(200, {"Content-Type": "application/xml"}, text.encode())


def version(key, version_id, second, *, latest=False, deleted=False):
    return ObjectVersion(
        key=key,
        version_id=version_id,
        is_latest=latest,
        deleted=deleted,
        size=None if deleted else 5,
        etag=None if deleted else '"e"',
        last_modified=datetime(2025, 11, 6, 8, 49, second, tzinfo=UTC),
    )


def test_versions_and_deletions_are_one_history(versions, s3):
    """Of each key the latest comes first, deletions in their place; keys in S3's order."""
    s3.replies = [
        page(
            entry("Version", "p/ü b", "v1", 1),
            entry("DeleteMarker", "p/ü b", "v2", 2),
            entry("Version", "p/ü b", "v3", 3),
            entry("DeleteMarker", "p/ü b", "v4", 3, latest=True),
            entry("Version", "p/a", "v5", 0, latest=True),
        )
    ]
    assert versions.below("p/").versions == (
        version("p/a", "v5", 0, latest=True),
        version("p/ü b", "v4", 3, latest=True, deleted=True),
        version("p/ü b", "v3", 3),
        version("p/ü b", "v2", 2, deleted=True),
        version("p/ü b", "v1", 1),
    )
    (request,) = s3.requests
    assert (request.method, request.path) == ("GET", f"/{BUCKET}")
    assert request.query == {
        "versions": "",
        "prefix": "p/",
        "max-keys": "1000",
        "encoding-type": "url",
    }


def test_the_versions_of_one_key_end_with_it(versions, s3):
    """Longer keys are no versions of this one, and end its pages."""
    s3.replies = [
        page(
            entry("Version", "p/a", "v1", 1, latest=True),
            entry("Version", "p/a.txt", "v2", 1, latest=True),
            marker=("p/a.txt", "v2"),
        )
    ]
    assert versions.of("p/a") == VersionPage((version("p/a", "v1", 1, latest=True),), None)
    assert s3.requests[0].query["prefix"] == "p/a"


def test_a_page_of_one_key_can_go_on(versions, s3):
    """As long as there is nothing but this key, the marker leads on."""
    s3.replies = [
        page(entry("Version", "p/ü", "v9", 1, latest=True), marker=("p/ü", "v9")),
        page(entry("Version", "p/ü", "v8", 1)),
    ]
    first = versions.of("p/ü", limit=1)
    assert first.next_marker == VersionMarker("p/ü", "v9")
    second = versions.of("p/ü", limit=1, after=first.next_marker)
    assert second == VersionPage((version("p/ü", "v8", 1),), None)
    asked = s3.requests[1].query
    assert (asked["key-marker"], asked["version-id-marker"], asked["max-keys"]) == (
        "p/ü",
        "v9",
        "1",
    )


def test_nothing_is_an_empty_page(versions, s3):
    """A key without versions has none."""
    s3.replies = [page()]
    assert versions.of("p/a") == VersionPage((), None)


@pytest.mark.parametrize(
    ("after", "reply", "cause"),
    [
        (None, refusal(403, "AccessDenied"), AccessDenied),
        (None, refusal(400, "InvalidArgument"), UpstreamError),
        (VersionMarker("k", "v"), refusal(400, "InvalidArgument"), InvalidCursor),
    ],
)
def test_refusals(versions, s3, after, reply, cause):
    """A marker that S3 does not know is the cursor's fault; without one it is not."""
    s3.replies = [reply]
    with pytest.raises(cause) as refused:
        versions.below("p/", after=after)
    assert type(refused.value) is cause


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
version_ids = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30)


@given(st.builds(VersionMarker, texts, version_ids))
def test_a_marker_makes_the_round_trip(marker):
    """What a cursor holds comes back as it was."""
    assert VersionMarker.from_token(marker.to_token()) == marker


@pytest.mark.parametrize(
    "token", ["", "x", "{}", "[" * 2900, '["\\ud800","a"]', "\n", "\nkey", "version\n"]
)
def test_another_token_is_refused(token):
    """What no marker was made into is 400 invalid_cursor."""
    with pytest.raises(InvalidCursor):
        VersionMarker.from_token(token)


@pytest.mark.parametrize("character", ["\x01", "\n", '"', "\\", "x"])
def test_the_longest_marker_fits_into_a_cursor(character):
    """Whatever the 1,024 bytes of a key are, the cursor is not too long."""
    marker = VersionMarker(character * 1024, "v" * 1024)
    assert VersionMarker.from_token(marker.to_token()) == marker
    assert len(make_cursor(marker.to_token(), Listing("sub", "p"))) <= MAX_CURSOR_CHARACTERS
