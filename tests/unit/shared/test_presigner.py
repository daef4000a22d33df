from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from shared.errors import InvalidRequest
from shared.presigned_url import PresignedUrl
from shared.presigner import Presigner
from shared.request_credentials import RequestCredentialsUnset
from shared.upstream_errors import UpstreamUnavailable
from tests.unit.shared.s3_stub import BUCKET, NOW, ODD_KEYS, REGION, credentials


@pytest.fixture
def presigner(client):
    return Presigner(client, BUCKET, credentials("alice"), clock=NOW.timestamp)


def query_of(presigned: PresignedUrl) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(presigned.url).query).items()}


def test_a_presigned_url_is_made_without_asking(s3, presigner):
    """SigV4 with the person's credentials over the host alone, and no request to anybody."""
    presigned = presigner.sign_get("a/k.txt", 900)
    query = query_of(presigned)
    assert s3.requests == []
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert query["X-Amz-Credential"].startswith("ASIAALICE/")
    assert query["X-Amz-Credential"].endswith(f"/{REGION}/s3/aws4_request")
    assert query["X-Amz-Security-Token"] == "session-of-alice"
    assert query["X-Amz-SignedHeaders"] == "host"
    assert query["X-Amz-Expires"] == "900"
    assert urlsplit(presigned.url).path == f"/{BUCKET}/a/k.txt"
    assert query["response-content-disposition"] == (
        "attachment; filename=\"k.txt\"; filename*=UTF-8''k.txt"
    )
    assert {name for name in query if name.startswith("response-")} == {
        "response-content-disposition"
    }


def test_the_saved_name_and_the_disposition_can_be_asked_for(presigner):
    """Another file name, and inline, are part of what is signed."""
    query = query_of(presigner.sign_get("k", 60, filename='n\u00e4"\r\n', disposition="inline"))
    assert query["response-content-disposition"] == (
        'inline; filename="n_\\""; filename*=UTF-8\'\'n%C3%A4%22'
    )


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_odd_key_is_presigned_exactly(presigner, key):
    """Decoding the URL's path once gives the key back."""
    presigned = presigner.sign_get(key, 60)
    assert unquote(urlsplit(presigned.url).path) == f"/{BUCKET}/{key}"
    assert presigned.url.isascii()


@pytest.mark.parametrize(
    ("asked", "left", "seconds", "limited_by"),
    [
        (60, 3000, 60, "requested"),
        (7200, 9000, 3600, "maximum"),
        (900, 301, 301, "credentials"),
    ],
)
def test_the_expiry_is_the_true_one(client, asked, left, seconds, limited_by):
    """The time told is what the URL itself says, and why it is no later."""
    mine = credentials("alice", NOW + timedelta(seconds=left))
    presigner = Presigner(client, BUCKET, mine, clock=NOW.timestamp)
    presigned = presigner.sign_get("k", asked)
    assert query_of(presigned)["X-Amz-Expires"] == str(seconds)
    assert presigned.expires_at == NOW + timedelta(seconds=seconds)
    assert presigned.limited_by == limited_by


def test_the_expiry_told_is_never_later_than_the_urls_own(client):
    """By the real clock: the signature's time and life reach at least the time told."""
    mine = credentials("alice", datetime.now(UTC) + timedelta(hours=1))
    presigned = Presigner(client, BUCKET, mine).sign_get("k", 120)
    query = query_of(presigned)
    signed = datetime.strptime(query["X-Amz-Date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
    own = signed + timedelta(seconds=int(query["X-Amz-Expires"]))
    assert presigned.expires_at <= own <= presigned.expires_at + timedelta(seconds=5)


@pytest.mark.parametrize("left", [-1, 0, 0.5])
def test_ended_credentials_presign_nothing(client, left):
    """A URL that would be dead at birth is 503, not a URL."""
    mine = credentials("alice", NOW + timedelta(seconds=left))
    with pytest.raises(UpstreamUnavailable):
        Presigner(client, BUCKET, mine, clock=NOW.timestamp).sign_get("k", 60)


def test_presigning_leaves_no_credentials_behind(presigner, client):
    """After it the client presigns for nobody."""
    presigner.sign_get("k", 60)
    with pytest.raises(RequestCredentialsUnset):
        client.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "k"})


def test_a_version_and_a_type_can_be_asked_for(presigner):
    """The version, and the type that the answer has, are part of what is signed."""
    query = query_of(presigner.sign_get("k", 60, version_id="v.1", content_type="image/png"))
    assert query["versionId"] == "v.1"
    assert query["response-content-type"] == "image/png"


def test_a_url_for_writing_signs_length_and_type(s3, presigner):
    """What travels as a header is signed as one, and no checksum is asked of the URL's user."""
    presigned = presigner.sign(
        "put_object", "k", 60, {"ContentType": "text/plain", "ContentLength": 0}
    )
    query = query_of(presigned)
    assert query["X-Amz-SignedHeaders"] == "content-length;content-type;host"
    assert not [name for name in query if "checksum" in name.lower()]
    assert s3.requests == []


def test_a_url_lives_for_a_second_at_least(presigner):
    """Zero seconds are refused rather than signed."""
    with pytest.raises(InvalidRequest):
        presigner.sign("head_object", "k", 0, {})
