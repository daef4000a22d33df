"""The contract with botocore's signer: each request is the current person's or is not made."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from shared.request_credentials import (
    RequestCredentialsUnset,
    acting_as,
    sign_with_request_credentials,
)
from shared.scoped_credentials import ScopedCredentials
from shared.secret import Secret

FUNCTION_ROLE = {
    "AWS_ACCESS_KEY_ID": "ASIAFUNCTIONROLE",
    "AWS_SECRET_ACCESS_KEY": "function-secret",
    "AWS_SESSION_TOKEN": "function-session",
}


def credentials_of(name):
    return ScopedCredentials(
        access_key_id=f"ASIA{name.upper()}",
        secret_access_key=Secret(f"{name}-secret"),
        session_token=Secret(f"{name}-session"),
        expiration=datetime(2030, 1, 1, tzinfo=UTC),
        identity_id=f"eu-central-1:{name}",
        role_arn="arn:aws:iam::123456789012:role/SignedIn",
    )


ALICE, BOB = credentials_of("alice"), credentials_of("bob")


class Body(io.BytesIO):
    def stream(self, **_options):
        yield self.read()


class Wire:
    """Stands where the network begins: keeps what would be sent and answers by its script."""

    def __init__(self):
        self.sent = []
        self.statuses = []

    def send(self, request, **_event):
        self.sent.append(request)
        status = self.statuses.pop(0) if self.statuses else 200
        return AWSResponse(request.url, status, {}, Body(b"<ListBucketResult/>"))

    def key_ids(self):
        return [signed_by(request) for request in self.sent]


def signed_by(request):
    authorization = request.headers["Authorization"].decode()
    return authorization.partition("Credential=")[2].partition("/")[0]


def session_token(request):
    token = request.headers["X-Amz-Security-Token"]
    return token.decode() if isinstance(token, bytes) else token


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def client(monkeypatch, wire):
    """An S3 client that the function's own role is present in: the worst case."""
    for name, value in FUNCTION_ROLE.items():
        monkeypatch.setenv(name, value)
    s3 = botocore.session.Session().create_client(
        "s3",
        region_name="eu-central-1",
        config=Config(signature_version="s3v4", retries={"mode": "standard"}),
    )
    s3.meta.events.register_last("before-send.s3", wire.send)
    sign_with_request_credentials(s3)
    return s3


def list_objects(client):
    client.list_objects_v2(Bucket="bucket")


def presign(client, operation="get_object"):
    url = client.generate_presigned_url(operation, Params={"Bucket": "bucket", "Key": "key"})
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def presign_post(client):
    return client.generate_presigned_post("bucket", "key")["fields"]


def test_the_function_role_would_sign_without_the_hook(monkeypatch):
    """The premise of the tests below: an ordinary client takes the environment's role."""
    for name, value in FUNCTION_ROLE.items():
        monkeypatch.setenv(name, value)
    ordinary = botocore.session.Session().create_client(
        "s3", region_name="eu-central-1", config=Config(signature_version="s3v4")
    )
    assert presign(ordinary)["X-Amz-Credential"].startswith("ASIAFUNCTIONROLE/")


def test_a_request_is_signed_as_the_person(client, wire):
    """The header's key id and session token are the person's, not the function's."""
    with acting_as(ALICE):
        list_objects(client)
    assert wire.key_ids() == ["ASIAALICE"]
    assert session_token(wire.sent[0]) == "alice-session"


@pytest.mark.parametrize("operation", ["get_object", "head_object", "put_object", "delete_object"])
def test_a_presigned_url_is_signed_as_the_person(client, operation):
    """The query's key id and session token are the person's, not the function's."""
    with acting_as(ALICE):
        query = presign(client, operation)
    assert query["X-Amz-Credential"].startswith("ASIAALICE/")
    assert query["X-Amz-Security-Token"] == "alice-session"


def test_a_presigned_form_is_signed_as_the_person(client):
    """The same holds for the fields of a POST form."""
    with acting_as(ALICE):
        fields = presign_post(client)
    assert fields["x-amz-credential"].startswith("ASIAALICE/")
    assert fields["x-amz-security-token"] == "alice-session"


def test_the_signature_is_made_with_the_secret_of_the_person(client):
    """Two people's URLs for one object differ in their signatures."""
    with acting_as(ALICE):
        first = presign(client)
    with acting_as(BOB):
        second = presign(client)
    assert first["X-Amz-Signature"] != second["X-Amz-Signature"]


@pytest.mark.parametrize("call", [list_objects, presign, presign_post])
def test_without_credentials_nothing_is_signed_or_sent(client, wire, call):
    """Fails closed, with the function's own role present in client and environment."""
    with pytest.raises(RequestCredentialsUnset) as caught:
        call(client)
    assert (caught.value.status, caught.value.code) == (500, "internal")
    assert wire.sent == []


@pytest.mark.parametrize("call", [list_objects, presign, presign_post])
@pytest.mark.parametrize("failure", [None, ZeroDivisionError])
def test_credentials_end_with_their_block(client, wire, call, failure):
    """The next request in the same environment starts without them, after an error as well."""
    with nullcontext() if failure is None else pytest.raises(failure), acting_as(ALICE):
        if failure is not None:
            raise failure
    with pytest.raises(RequestCredentialsUnset):
        call(client)
    assert wire.sent == []


def test_one_person_after_the_other(client, wire):
    """One client serves two people in turn, with a failure in between."""
    with acting_as(ALICE):
        list_objects(client)
    with pytest.raises(ZeroDivisionError), acting_as(ALICE):
        raise ZeroDivisionError
    with acting_as(BOB):
        list_objects(client)
    assert wire.key_ids() == ["ASIAALICE", "ASIABOB"]


def test_nesting_returns_to_the_outer_person(client, wire):
    """An inner block is the inner person's alone."""
    with acting_as(ALICE):
        with acting_as(BOB):
            list_objects(client)
        list_objects(client)
    assert wire.key_ids() == ["ASIABOB", "ASIAALICE"]


def test_a_retry_is_signed_as_the_same_person(client, wire):
    """Each attempt is signed anew, with the same credentials."""
    wire.statuses = [500, 200]
    with acting_as(ALICE):
        list_objects(client)
    assert wire.key_ids() == ["ASIAALICE", "ASIAALICE"]


def test_a_thread_inherits_nothing(client, wire):
    """Work handed to another thread fails closed instead of acting as anybody."""
    caught = []

    def work():
        try:
            list_objects(client)
        except RequestCredentialsUnset as error:
            caught.append(error)

    with acting_as(ALICE):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert len(caught) == 1
    assert wire.sent == []


def test_a_page_that_is_fetched_late_fails_closed(client, wire):
    """A paginator that outlives its block cannot fetch on."""
    with acting_as(ALICE):
        pages = iter(client.get_paginator("list_objects_v2").paginate(Bucket="bucket"))
    with pytest.raises(RequestCredentialsUnset):
        next(pages)
    assert wire.sent == []


def test_many_threads_on_one_client_sign_as_their_own_person(client):
    """Interleaved header and query signatures never carry another's credentials."""
    ready = threading.Barrier(8)
    signed = []
    client.meta.events.register_first(
        "before-send.s3", lambda request, **_: signed.append((threading.get_ident(), request))
    )

    def work(number):
        mine = credentials_of(f"person{number}")
        key_id = mine.access_key_id
        ready.wait(10)
        for _ in range(25):
            with acting_as(mine):
                list_objects(client)
                query = presign(client)
            assert query["X-Amz-Credential"].startswith(f"{key_id}/")
            assert query["X-Amz-Security-Token"] == f"person{number}-session"
        return threading.get_ident(), key_id

    with ThreadPoolExecutor(8) as threads:
        owners = dict(threads.map(work, range(8)))
    assert len(owners) == 8
    assert len(signed) == 8 * 25
    assert all(signed_by(request) == owners[thread] for thread, request in signed)
