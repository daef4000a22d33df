"""The contract with botocore: a presigned URL carries the id of its request, signed."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from shared.presigner import Presigner
from shared.request_credentials import acting_as
from shared.request_trace import PARAMETER, traced
from tests.unit.shared.s3_stub import BUCKET, NOW, REGION, Reply, credentials

ALICE = replace(credentials("alice"), expiration=NOW + timedelta(hours=1))
REQUEST = "3a7c1f40-9d1e-4d55-8d4e-0c4f4b7a2e11"


@pytest.fixture
def presigner(client):
    return Presigner(client, BUCKET, ALICE, clock=NOW.timestamp)


def presigned(presigner, operation="get_object", **parameters):
    return presigner.sign(operation, "a key+", 60, parameters).url


def trace_of(url):
    return parse_qs(urlsplit(url).query).get(PARAMETER)


OPERATIONS = [
    ("get_object", {"ResponseContentDisposition": "attachment"}),
    ("head_object", {}),
    ("put_object", {"ContentType": "a/b", "ContentLength": 3}),
    ("delete_object", {}),
    ("upload_part", {"UploadId": "u", "PartNumber": 1}),
]


@pytest.mark.parametrize(("operation", "parameters"), OPERATIONS)
def test_every_kind_of_url_carries_the_id(presigner, operation, parameters):
    """Once, beside all that a URL of the operation has anyway."""
    without = presigned(presigner, operation, **parameters)
    with traced(REQUEST):
        url = presigned(presigner, operation, **parameters)
    assert trace_of(url) == [REQUEST]
    names = [{name for name, _ in parse_qsl(urlsplit(each).query)} for each in (url, without)]
    assert names[0] - names[1] == {PARAMETER}
    assert names[1] <= names[0]


def _signature(url):
    """What S3 would compute for this URL, by botocore's signer at the URL's own moment."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    signature, moment = query.pop("X-Amz-Signature"), query["X-Amz-Date"]
    text = "&".join(
        pair for pair in parts.query.split("&") if not pair.startswith("X-Amz-Signature=")
    )
    request = AWSRequest("GET", f"{parts.scheme}://{parts.netloc}{parts.path}?{text}")
    request.headers["host"] = parts.netloc
    request.context["timestamp"] = moment
    auth = S3SigV4QueryAuth(
        Credentials("ASIAALICE", "secret-of-alice", "session-of-alice"), "s3", REGION
    )
    canonical = auth.canonical_request(request)
    return signature, auth.signature(auth.string_to_sign(request, canonical), request)


def test_the_id_is_signed(presigner):
    """The signature covers it: taken off, or changed, it is another URL."""
    with traced(REQUEST):
        url = presigned(presigner)
    given, computed = _signature(url)
    assert given == computed
    for forged in (url.replace(REQUEST, "other"), url.replace(f"{PARAMETER}={REQUEST}&", "")):
        assert forged != url
        given, computed = _signature(forged)
        assert given != computed


def test_outside_of_a_request_there_is_none(presigner):
    """Neither before nor after, and nesting restores the outer one."""
    assert trace_of(presigned(presigner)) is None
    with traced("outer"):
        with traced("inner"):
            assert trace_of(presigned(presigner)) == ["inner"]
        assert trace_of(presigned(presigner)) == ["outer"]
    assert trace_of(presigned(presigner)) is None


@pytest.mark.parametrize("odd", ["", "a b", "a&b=c", "é", "a\n", "x" * 65, "a/b"])
def test_an_id_of_odd_form_is_left_out(presigner, odd):
    """An event can be made up: nothing of it gets into a URL unchecked."""
    with traced(odd):
        assert trace_of(presigned(presigner)) is None


def test_another_thread_has_no_id(presigner):
    """The id is that of the context, not of the process."""
    found = []
    with traced(REQUEST):
        thread = threading.Thread(target=lambda: found.append(trace_of(presigned(presigner))))
        thread.start()
        thread.join()
    assert found == [None]


def test_a_request_that_is_sent_carries_none(client, s3, presigner):
    """Only URLs are traced: what the function sends itself is in its own log."""
    s3.replies.append(Reply())
    with traced(REQUEST), acting_as(ALICE):
        client.head_object(Bucket=BUCKET, Key="k")
    (sent,) = s3.requests
    assert "/the-bucket/k" in str(sent)
    assert PARAMETER not in str(sent)


def test_the_url_still_dies_with_the_credentials(presigner):
    """The id changes nothing about the life of a URL."""
    with traced(REQUEST):
        url = presigner.sign("get_object", "k", 60, {})
    assert url.expires_at == datetime.fromtimestamp(NOW.timestamp() + 60, NOW.tzinfo)
