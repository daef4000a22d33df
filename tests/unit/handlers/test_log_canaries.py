"""No secret reaches any sink: not the log, not the metrics, not what a library prints."""

import io
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aws_lambda_powertools.logging.filters import SuppressFilter

from shared.aws_clients import build_clients
from shared.credential_source import CredentialSource
from shared.errors import BucketpassError
from shared.group_role import GroupRole
from shared.identity_pool import IdentityPool
from shared.observability import logger
from tests.id_tokens import NOW, access_token, id_token, private_key
from tests.unit.handlers.deployment import EDITORS_ROLE
from tests.unit.handlers.fake_services import (
    ACCESS_KEY_ID,
    ALICE,
    HOME,
    IDENTITIES,
    SECRET_ACCESS_KEY,
    SESSION_TOKEN,
    SIGNATURE,
    authorized,
    client_error,
    fake_services,
    token,
)
from tests.unit.handlers.gateway_event import event, object_event
from tests.unit.shared.s3_stub import S3Stub, content, listing

GOOD = token()
TOKENS = [
    GOOD,
    id_token({"exp": NOW}),
    id_token(key=private_key("foreign")),
    access_token(),
    f"{GOOD}x",
    "Basic Q0FOQVJZOkNBTkFSWQ==",
    f"{GOOD}, {GOOD}",
    "CANARY.CANARY.CANARY",
]
CANARIES = [SECRET_ACCESS_KEY, SESSION_TOKEN, SIGNATURE, ACCESS_KEY_ID]
KEY = f"{HOME}report.txt"


def pieces(raw):
    """What of a token must not show: itself and each of its longer segments."""
    return [raw, *(segment for segment in raw.replace(",", ".").split(".") if len(segment) > 12)]


class Sinks:
    """Everything that could show a secret: the log, other loggers' lines, stdout, stderr."""

    def __init__(self, log, root, caplog, capfd):
        self._log, self._root, self._caplog, self._capfd = log, root, caplog, capfd

    def written(self):
        printed = self._capfd.readouterr()
        return f"{self._log.getvalue()}\n{self._root.getvalue()}\n{printed.out}\n{printed.err}"

    def recorded(self):
        """The records themselves, as a handler that masks nothing would find them."""
        return "\n".join(
            f"{logging.Formatter().format(record)} {vars(record)}"
            for record in self._caplog.records
        )


@pytest.fixture(params=["INFO", "DEBUG"])
def sinks(request, log, capfd, caplog):
    """The function at one level, the root logger and its handler at DEBUG as Lambda has them."""
    caplog.set_level(logging.DEBUG)
    logger.setLevel(request.param)
    root = logging.StreamHandler(io.StringIO())
    # Powertools puts it on Lambda's own handler: it does not write the function's lines again.
    root.addFilter(SuppressFilter(logger.service))
    logging.getLogger().addHandler(root)
    yield Sinks(log, root.stream, caplog, capfd)
    logging.getLogger().removeHandler(root)


def clean(text, canaries):
    assert "Requests" in text, "nothing was captured"
    return [canary for canary in canaries if canary in text]


@pytest.mark.parametrize("raw", TOKENS)
def test_no_token_shows_good_or_bad(service, sinks, raw):
    """Served or refused, a request leaves no trace of what stood in its Authorization header."""
    for headers in ({"Authorization": raw}, {"Authorization": [raw, GOOD]}):
        for path in ("/me", "/nowhere", "/objects"):
            service(event("GET", path, headers=headers))
    service({**event("GET", "/me", headers={"Authorization": raw}), "httpMethod": None})
    service({**event("GET", "/me", headers={"Authorization": raw}), "multiValueHeaders": 5})
    assert clean(sinks.written() + sinks.recorded(), pieces(raw) + pieces(GOOD)) == []


@pytest.mark.parametrize("way", ["redirect", "link", "content", "unknown"])
@pytest.mark.parametrize("key", [KEY, f"{HOME}missing"])
def test_no_credential_or_signed_url_shows(service, sinks, way, key):
    """Whichever way an object is fetched, keys, session and signature stay in the answer."""
    service(object_event("GET", key, headers=authorized(), query={"as": way}))
    service(event("GET", "/objects", headers=authorized()))
    assert clean(sinks.written() + sinks.recorded(), CANARIES + pieces(GOOD)) == []


@pytest.mark.parametrize(
    "error",
    [
        client_error("GetObject", 403, "AccessDenied", f"{ACCESS_KEY_ID} {SESSION_TOKEN}"),
        client_error("GetObject", 400, "ExpiredToken", **{"Token-0": SESSION_TOKEN}),
        client_error("GetObject", 500, "InternalError", f"X-Amz-Security-Token={SESSION_TOKEN}"),
        TypeError(f"unexpected {{'SessionToken': '{SESSION_TOKEN}'}}"),
        KeyError(f'{{"SecretAccessKey": "{SECRET_ACCESS_KEY}"}}'),
    ],
)
def test_no_failure_of_s3_shows_a_secret(service, sinks, error):
    """AWS echoes what it refuses, botocore quotes what it cannot read."""
    methods = ("get_object", "head_object", "list_objects_v2", "generate_presigned_url")
    service.s3.errors = dict.fromkeys(methods, error)
    for way in ("redirect", "link", "content"):
        service(object_event("GET", KEY, headers=authorized(), query={"as": way}))
    service(event("GET", "/objects", headers=authorized()))
    assert clean(sinks.written(), [SESSION_TOKEN, SECRET_ACCESS_KEY, *pieces(GOOD)]) == []


class FakeCognito:
    """Answers once with credentials, or raises."""

    def __init__(self, error=None, expiration=None, secret=SECRET_ACCESS_KEY):
        self.error = error
        self.given = {
            "AccessKeyId": ACCESS_KEY_ID,
            "SecretKey": secret,
            "SecretAccessKey": secret,
            "SessionToken": SESSION_TOKEN,
            "Expiration": expiration or datetime.now(UTC) + timedelta(hours=1),
        }

    def get_id(self, **_request):
        return {"IdentityId": IDENTITIES[ALICE]}

    def get_credentials_for_identity(self, **_request):
        return self._answer()

    def assume_role(self, **_request):
        return self._answer()

    def _answer(self):
        if self.error is not None:
            raise self.error
        return {"IdentityId": IDENTITIES[ALICE], "Credentials": self.given}


@pytest.mark.parametrize(
    ("cognito", "of_pool", "of_sts"),
    [
        (FakeCognito(), 200, 200),
        (FakeCognito(client_error("X", 400, "NotAuthorizedException", f"bad {GOOD}")), 403, 502),
        (FakeCognito(client_error("X", 400, "Weird", f"what is {SESSION_TOKEN}")), 502, 502),
        (FakeCognito(client_error("X", 500, "InternalErrorException", GOOD)), 503, 503),
        (FakeCognito(TypeError(f"in {{'SecretKey': '{SECRET_ACCESS_KEY}'}}")), 502, 502),
        (FakeCognito(RuntimeError(f"{{'SecretKey': '{SECRET_ACCESS_KEY}'}} {GOOD}")), 500, 500),
        (FakeCognito(BucketpassError(f"{{'SessionToken': '{SESSION_TOKEN}'}}")), 500, 500),
        (FakeCognito(expiration="never"), 502, 502),
        (FakeCognito(secret=""), 502, 502),
    ],
)
@pytest.mark.parametrize("source", ["identity-pool", "group-role"])
def test_no_exchange_shows_a_secret(
    service_with, services, sinks, source, cognito, of_pool, of_sts
):
    """Granted, refused or broken, by the pool or by STS: token and credentials stay unsaid."""
    deployed = replace(services.settings, credential_source=source)
    exchange = CredentialSource(
        settings=deployed,
        identity_pool=IdentityPool(cognito, deployed.identity_pool_id, deployed.login_provider),
        assumed_role=GroupRole(cognito),
        count=lambda _name: None,
    )
    service = service_with(settings=deployed, credential_source=exchange)
    answers = [
        service(event("GET", "/me", headers=authorized(), query=query))
        for query in (None, {"role": EDITORS_ROLE})
    ]
    expected = of_pool if source == "identity-pool" else of_sts
    assert [answer.status for answer in answers] == [expected, expected]
    shown = sinks.written() + "".join(answer.body for answer in answers)
    assert clean(shown, [SESSION_TOKEN, SECRET_ACCESS_KEY, *pieces(GOOD)]) == []


def test_no_switch_of_powertools_prints_the_event(service_with, monkeypatch, capsys):
    """POWERTOOLS_DEV makes Powertools print whole events, unless it was told otherwise."""
    monkeypatch.setenv("POWERTOOLS_DEV", "1")
    service = service_with()
    service.services.credential_source.error = RuntimeError("hush")
    answer = service(event("GET", "/me", headers={"Authorization": GOOD}))
    assert answer.refused == (500, "internal")
    printed = capsys.readouterr()
    assert [raw for raw in pieces(GOOD) if raw in printed.out + printed.err] == []
    assert "Traceback" not in printed.out


class TestRealClient:
    @pytest.fixture
    def ask(self, service_with):
        """A listing, a HEAD and a presigned URL by botocore itself, S3 being on loopback."""
        stub = S3Stub()
        deployed = fake_services(AWS_ENDPOINT_URL=stub.url).settings
        service = service_with(settings=deployed, s3=build_clients(deployed).s3)

        def ask():
            stub.replies += [listing(), content()]
            listed = service(event("GET", "/objects", headers=authorized()))
            fetched = service(object_event("GET", KEY, headers=authorized()))
            assert (listed.status, fetched.status) == (200, 307)

        yield ask
        stub.close()

    def test_a_library_says_nothing_even_at_debug(self, ask, sinks):
        """Botocore and urllib3 log whole requests at DEBUG, so they are kept above it."""
        ask()
        assert clean(sinks.written() + sinks.recorded(), [*CANARIES, *pieces(GOOD)]) == []

    def test_it_would_say_them_unless_kept_from_it(self, ask, sinks, caplog):
        """The other side of the same coin: at DEBUG botocore does log the session token."""
        caplog.set_level(logging.DEBUG, logger="botocore")
        ask()
        assert SESSION_TOKEN in sinks.recorded()
