"""The AWS clients: their configuration, and on a loopback wire their patience and retries."""

import socket
import struct
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from urllib3.response import HTTPResponse

from shared.aws_clients import BACKOFF_SECONDS, PATIENCE, Patience, build_clients
from shared.aws_errors import translated
from shared.deadline import deadline
from shared.request_credentials import RequestCredentialsUnset, acting_as
from shared.scoped_credentials import ScopedCredentials
from shared.secret import Secret
from shared.settings import DeployedRoles, Settings
from shared.upstream_errors import (
    DeadlineExceeded,
    Throttled,
    UpstreamError,
    UpstreamUnavailable,
)

SHORT = Patience(connect=0.5, exchange_read=0.2, s3_read=0.2)
ALICE = ScopedCredentials(
    access_key_id="ASIAALICE",
    secret_access_key=Secret("alice-secret"),
    session_token=Secret("alice-session"),
    expiration=datetime(2030, 1, 1, tzinfo=UTC),
    identity_id="eu-central-1:0f0e0d0c-1111-4222-8333-444455556666",
    role_arn="arn:aws:iam::123456789012:role/SignedIn",
)
IDENTITY = b'{"IdentityId": "eu-central-1:0f0e0d0c-1111-4222-8333-444455556666"}'
CREDENTIALS = b'{"IdentityId": "i", "Credentials": {"Expiration": 1795169472.5}}'
LISTING = (
    b"<ListBucketResult><Name>bucket</Name><Contents><Key>k</Key>"
    b"<LastModified>2026-11-20T10:11:12.000Z</LastModified></Contents></ListBucketResult>"
)
ASSUMED = (
    b"<AssumeRoleResponse><AssumeRoleResult><Credentials>"
    b"<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
    b"<SessionToken>t</SessionToken><Expiration>2026-11-20T10:11:12Z</Expiration>"
    b"</Credentials></AssumeRoleResult></AssumeRoleResponse>"
)


def settings_of(endpoint_url=None, source="group-role"):
    return Settings(
        region="eu-central-1",
        user_pool_id="eu-central-1_Pool",
        client_ids=("client",),
        identity_pool_id="eu-central-1:00000000-aaaa-4bbb-8ccc-dddddddddddd",
        bucket="bucket",
        credential_source=source,
        roles=DeployedRoles("arn:aws:iam::123456789012:role/SignedIn", {}),
        allowed_origin="https://example.org",
        url_suffix="amazonaws.com",
        version="test",
        endpoint_url=endpoint_url,
    )


class LoopbackAws:
    """An AWS endpoint that follows a script, one step a request, and keeps what it saw.

    A step is (status, body), "reset" (the connection is torn down), "silence" (no answer), or
    a function that is called and gives one of these.
    """

    def __init__(self):
        self.script = []
        self.seen = []
        self.finished = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Else each second answer waits for a delayed acknowledgement.
            disable_nagle_algorithm = True

            def do_GET(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.seen.append((self.path, dict(self.headers)))
                step = outer.script.pop(0)
                outer.answer(self, step() if callable(step) else step)

            def do_POST(self):
                self.do_GET()

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, handler, step):
        if step == "reset":
            handler.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            handler.connection.close()
            handler.close_connection = True
        elif step == "silence":
            self.finished.wait(10)
            handler.close_connection = True
        else:
            status, body = step
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

    def close(self):
        self.finished.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(autouse=True, scope="module")
def function_role():
    """The function's own role is present, as it is in every execution environment."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "ASIAFUNCTIONROLE")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "function-secret")
        environment.setenv("AWS_SESSION_TOKEN", "function-session")
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            environment.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def loopback():
    server = LoopbackAws()
    yield server
    server.close()


@pytest.fixture(scope="module")
def clients(loopback):
    built = build_clients(settings_of(loopback.url), SHORT)
    yield built
    for client in (built.cognito_identity, built.sts, built.s3):
        client.close()


@pytest.fixture
def aws(loopback):
    loopback.script, loopback.seen = [], []
    return loopback


@pytest.fixture
def backoff(monkeypatch):
    """The seconds that botocore would have slept between attempts."""
    slept = []
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=slept.append))
    return slept


def get_id(clients):
    return clients.cognito_identity.get_id(
        IdentityPoolId="eu-central-1:00000000-aaaa-4bbb-8ccc-dddddddddddd", Logins={"p": "t"}
    )


def assume_role(clients):
    return clients.sts.assume_role(
        RoleArn="arn:aws:iam::123456789012:role/SignedIn", RoleSessionName="session"
    )


def list_objects(clients):
    with acting_as(ALICE):
        return clients.s3.list_objects_v2(Bucket="bucket")


CALLS = [(get_id, IDENTITY), (assume_role, ASSUMED), (list_objects, LISTING)]


def test_every_client_has_bounded_patience_and_one_layer_of_retries():
    """Time-outs and `standard` retries, two attempts in all, whatever the environment says."""
    clients = build_clients(settings_of())
    reads = {"cognito_identity": 5.0, "sts": 5.0, "s3": 8.0}
    for name, read in reads.items():
        config = getattr(clients, name).meta.config
        assert (config.connect_timeout, config.read_timeout) == (1.0, read)
        assert config.retries == {"mode": "standard", "total_max_attempts": 2}


def test_the_worst_case_of_a_cold_request_can_start():
    """GetId, GetCredentialsForIdentity and one S3 call, each answered at the last moment, fit."""
    exchange = PATIENCE.connect + PATIENCE.exchange_read
    assert 2 * exchange + PATIENCE.connect + PATIENCE.s3_read + BACKOFF_SECONDS <= 25


def test_the_endpoints_are_regional(monkeypatch):
    """Each service is asked in the deployment's region, and no variable redirects it."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    clients = build_clients(settings_of())
    assert [c.meta.endpoint_url for c in (clients.cognito_identity, clients.sts, clients.s3)] == [
        "https://cognito-identity.eu-central-1.amazonaws.com",
        "https://sts.eu-central-1.amazonaws.com",
        "https://s3.eu-central-1.amazonaws.com",
    ]


@pytest.mark.parametrize("source", ["group-role", "member-role"])
def test_the_function_role_is_in_the_sts_client_alone(source):
    """Cognito is asked unsigned, S3 knows no key of the function."""
    clients = build_clients(settings_of(source=source))
    assert clients.cognito_identity.meta.config.signature_version is UNSIGNED
    assert clients.cognito_identity._request_signer._credentials is None
    assert clients.sts._request_signer._credentials.access_key == "ASIAFUNCTIONROLE"
    assert clients.s3._request_signer._credentials.access_key == "signed-per-request"


def test_no_client_knows_the_function_role_where_nobody_assumes_a_role():
    """In identity-pool mode the function's role is in no client at all."""
    clients = build_clients(settings_of(source="identity-pool"))
    assert clients.sts.meta.config.signature_version is UNSIGNED
    for client in (clients.cognito_identity, clients.sts, clients.s3):
        credentials = client._request_signer._credentials
        assert credentials is None or credentials.access_key == "signed-per-request"


def test_the_user_pool_client_is_built_once_and_late(aws, loopback):
    """Nobody but a sign-out pays for it; it knows no key, and is as patient as the others."""
    clients = build_clients(settings_of(loopback.url), SHORT)
    client = clients.cognito_idp()
    assert clients.cognito_idp() is client
    config = client.meta.config
    assert config.signature_version is UNSIGNED
    assert client._request_signer._credentials is None
    assert (config.connect_timeout, config.read_timeout) == (SHORT.connect, SHORT.exchange_read)
    assert config.retries == {"mode": "standard", "total_max_attempts": 2}
    aws.script = [(200, b"{}")]
    client.global_sign_out(AccessToken="token")
    (_path, headers) = aws.seen[0]
    assert headers["X-Amz-Target"].endswith(".GlobalSignOut")
    assert "Authorization" not in headers
    client.close()


def test_the_user_pool_is_asked_in_its_region():
    """The endpoint is the deployment's own."""
    client = build_clients(settings_of()).cognito_idp()
    assert client.meta.endpoint_url == "https://cognito-idp.eu-central-1.amazonaws.com"


def test_the_s3_client_fails_closed(aws, clients):
    """Outside of acting_as nothing is sent, though the function's role is at hand."""
    with pytest.raises(RequestCredentialsUnset):
        clients.s3.list_objects_v2(Bucket="bucket")
    assert aws.seen == []


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
@pytest.mark.parametrize("operation", ["get_object", "head_object", "put_object"])
def test_a_presigned_url_is_regional_sigv4_and_asks_nothing_of_its_user(region, operation):
    """Virtual host of the region, SigV4, and no signed header but the host."""
    s3 = build_clients(replace(settings_of(), region=region)).s3
    with acting_as(ALICE):
        url = s3.generate_presigned_url(operation, Params={"Bucket": "bucket", "Key": "a b"})
    assert url.startswith(f"https://bucket.s3.{region}.amazonaws.com/a%20b?")
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
    assert "X-Amz-SignedHeaders=host&" in url
    assert "checksum" not in url.lower()


def test_an_overridden_endpoint_is_addressed_by_path(aws, clients):
    """Loopback has no name per bucket."""
    with acting_as(ALICE):
        url = clients.s3.generate_presigned_url("get_object", Params={"Bucket": "b-1", "Key": "k"})
    assert url.startswith(f"{aws.url}/b-1/k?")


def test_a_directory_bucket_gets_no_shared_session():
    """S3 Express would sign one person's requests with another's session: it is switched off."""
    s3 = build_clients(settings_of()).s3
    sent = []

    def answer(request, **_event):
        sent.append(request)
        return AWSResponse(request.url, 403, {}, HTTPResponse(BytesIO(), preload_content=False))

    s3.meta.events.register_last("before-send.s3", answer)
    with acting_as(ALICE), pytest.raises(ClientError):
        s3.head_object(Bucket="bucket--euc1-az1--x-s3", Key="key")
    [request] = sent
    assert urlsplit(request.url).path == "/key"
    assert b"Credential=ASIAALICE/" in request.headers["Authorization"]
    assert "X-Amz-S3session-Token" not in request.headers


def test_times_are_read_by_the_fast_parser(aws, clients):
    """S3's, STS's and Cognito's times arrive as aware times, S3's and STS's in plain UTC."""
    aws.script = [(200, LISTING), (200, ASSUMED), (200, CREDENTIALS)]
    listed = list_objects(clients)["Contents"][0]["LastModified"]
    assumed = assume_role(clients)["Credentials"]["Expiration"]
    given = clients.cognito_identity.get_credentials_for_identity(IdentityId="r:1")
    assert listed == assumed == datetime(2026, 11, 20, 10, 11, 12, tzinfo=UTC)
    assert listed.tzinfo is UTC
    assert assumed.tzinfo is UTC
    assert given["Credentials"]["Expiration"].timestamp() == 1795169472.5


def test_cognito_is_asked_without_a_signature(aws, clients):
    """The token in the body is the whole identity of the call."""
    aws.script = [(200, IDENTITY)]
    get_id(clients)
    [(_, headers)] = aws.seen
    assert "Authorization" not in headers
    assert "X-Amz-Security-Token" not in headers


@pytest.mark.parametrize(("call", "body"), CALLS)
@pytest.mark.parametrize("stumble", [(500, b""), (503, b""), "reset", "silence"])
def test_one_failed_attempt_is_made_good(aws, clients, backoff, call, body, stumble):
    """A 5xx, a torn connection or a time-out is tried once more, after at most the known sleep."""
    aws.script = [stumble, (200, body)]
    call(clients)
    assert len(aws.seen) == 2
    assert len(backoff) == 1
    assert 0 <= backoff[0] <= BACKOFF_SECONDS


@pytest.mark.parametrize(("call", "_body"), CALLS)
@pytest.mark.parametrize("stumble", [(500, b""), (503, b"<html>busy</html>"), "reset", "silence"])
def test_two_failed_attempts_are_unavailable(aws, clients, backoff, call, _body, stumble):
    """After two attempts it is 503 with Retry-After, and nobody tries a third time."""
    aws.script = [stumble, stumble]
    with pytest.raises(UpstreamUnavailable) as caught, translated({}):
        call(clients)
    assert caught.value.headers["Retry-After"] == "2"
    assert (len(aws.seen), len(backoff)) == (2, 1)


@pytest.mark.usefixtures("backoff")
def test_the_retries_have_a_budget_that_all_requests_share(aws, loopback):
    """While AWS fails, about a hundred retries are spent, and then each request is one attempt."""
    clients = build_clients(settings_of(loopback.url), SHORT)
    aws.script = [(400, b'{"__type": "TooManyRequestsException"}')] * 400
    for _ in range(200):
        with pytest.raises(Throttled), translated({}):
            get_id(clients)
    assert len(aws.seen) == 200 + 100
    clients.cognito_identity.close()


THROTTLING = [
    (get_id, (400, b'{"__type": "TooManyRequestsException"}')),
    (assume_role, (400, b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>")),
]


@pytest.mark.parametrize(("call", "answer"), THROTTLING)
def test_throttling_is_429_after_two_attempts(aws, clients, backoff, call, answer):
    """The retry of the SDK is the only one."""
    aws.script = [answer, answer]
    with pytest.raises(Throttled) as caught, translated({}):
        call(clients)
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (429, "2")
    assert (len(aws.seen), len(backoff)) == (2, 1)


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (get_id, (200, b"[]")),
        (get_id, (200, b"null")),
        (get_id, (400, b'"text"')),
        (get_id, (200, b"\xff\xfe")),
        (assume_role, (200, b"<AssumeRoleResp")),
        (assume_role, (200, b"<Other/>")),
        (assume_role, (200, ASSUMED.replace(b"2026-11-20T10:11:12Z", b"soon"))),
        (list_objects, (200, LISTING.replace(b"2026-11-20T10:11:12.000Z", b"soon"))),
        (list_objects, (403, b"<html>")),
    ],
)
def test_a_malformed_answer_is_502_and_not_asked_for_again(aws, clients, call, answer):
    """What cannot be read is an unexpected answer, never an error of ours."""
    aws.script = [answer]
    with pytest.raises(UpstreamError) as caught, translated({}):
        call(clients)
    assert (caught.value.status, caught.value.code) == (502, "upstream_error")
    assert len(aws.seen) == 1


@pytest.mark.usefixtures("backoff")
def test_an_unreachable_endpoint_is_unavailable():
    """Nobody listens: 503, within moments."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        clients = build_clients(settings_of(url), SHORT)
        with pytest.raises(UpstreamUnavailable), translated({}):
            get_id(clients)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


WORST = SHORT.connect + SHORT.s3_read + BACKOFF_SECONDS


@pytest.mark.parametrize(("call", "_body"), CALLS)
def test_an_attempt_that_could_outlive_the_deadline_is_not_started(aws, clients, call, _body):
    """504 and nothing was sent."""
    with deadline(WORST - 0.01, Clock()), pytest.raises(DeadlineExceeded), translated({}):
        call(clients)
    assert aws.seen == []


@pytest.mark.parametrize(("call", "body"), CALLS)
def test_an_attempt_that_fits_is_started(aws, clients, call, body):
    """The last moment at which the worst case still fits is good enough."""
    aws.script = [(200, body)]
    with deadline(WORST, Clock()):
        call(clients)
    assert len(aws.seen) == 1


@pytest.mark.parametrize(("call", "body"), CALLS)
def test_the_deadline_is_asked_before_each_attempt(aws, clients, backoff, call, body):
    """A first attempt that took long leaves no time for a second: 504 after one."""
    clock = Clock()

    def slow_failure():
        clock.now += 9
        return (500, b"")

    aws.script = [slow_failure, (200, body)]
    with deadline(10, clock), pytest.raises(DeadlineExceeded), translated({}):
        call(clients)
    assert (len(aws.seen), len(backoff)) == (1, 1)


@pytest.mark.parametrize(("call", "_body"), CALLS)
def test_the_work_ends_inside_the_deadline(aws, clients, call, _body):
    """An endpoint that never answers ends as 503 or 504, in time on the real clock."""
    aws.script = ["silence", "silence"]
    begin = time.monotonic()
    with (
        deadline(WORST + 0.1),
        pytest.raises((UpstreamUnavailable, DeadlineExceeded)),
        translated({}),
    ):
        call(clients)
    assert time.monotonic() - begin < WORST + 0.1
    assert len(aws.seen) >= 1
