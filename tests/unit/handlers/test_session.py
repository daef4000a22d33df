"""`POST /session/revoke`."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.compact_jws import MAX_TOKEN_CHARS
from shared.errors import IdentityRefused
from shared.request_trace import PARAMETER
from shared.upstream_errors import UpstreamUnavailable
from tests.id_tokens import NOW, access_token
from tests.unit.handlers.fake_services import ALICE, BOB, HOME, authorized, token
from tests.unit.handlers.gateway_event import REQUEST_ID, event

OWN = access_token({"sub": ALICE})


@pytest.fixture
def revoke(service):
    def revoke(body, headers=None):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        asked = event("POST", "/session/revoke", headers=headers or authorized())
        return service(asked | {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True})

    return revoke


@pytest.fixture
def user_pool(services):
    return services.user_pool


def test_the_person_is_signed_out_and_forgotten(revoke, service, user_pool):
    """Cognito is told first, then this environment forgets; the answer is empty."""
    answer = revoke({"accessToken": OWN})
    assert (answer.status, answer.body) == (204, "")
    assert answer.headers["cache-control"] == "no-store"
    assert user_pool.signed_out == [OWN]
    assert service.credential_source.forgotten == [ALICE]
    assert service.credential_source.asked == []


REFUSED = {
    "another person's": ({"accessToken": access_token({"sub": BOB})}, "invalid_access_token"),
    "expired": ({"accessToken": access_token({"exp": NOW})}, "invalid_access_token"),
    "an ID token": ({"accessToken": token()}, "invalid_access_token"),
    "garbage": ({"accessToken": "garbage"}, "invalid_access_token"),
    "empty": ({"accessToken": ""}, "invalid_access_token"),
    "absent": ({}, "invalid_request"),
    "null": ({"accessToken": None}, "invalid_request"),
    "a list": ({"accessToken": [OWN]}, "invalid_request"),
    "another name": ({"access_token": OWN}, "invalid_request"),
    "more": ({"accessToken": OWN, "sub": BOB}, "invalid_request"),
    "no object": ([OWN], "invalid_request"),
    "no JSON": (OWN.encode(), "invalid_request"),
    "no body": (b"", "invalid_request"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nobody_is_signed_out_by_a_bad_body(revoke, service, user_pool, name):
    """400, and neither Cognito nor the cache is touched."""
    body, code = REFUSED[name]
    assert revoke(body).refused == (400, code)
    assert (user_pool.signed_out, service.credential_source.forgotten) == ([], [])


def test_a_body_beyond_any_token_is_too_large(revoke, user_pool):
    """It is not even read."""
    assert revoke({"accessToken": "x" * (MAX_TOKEN_CHARS + 2_000)}).refused == (413, "too_large")
    assert user_pool.signed_out == []


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Accept": "*/*"}, "missing_token"),
        ({"Authorization": OWN}, "wrong_token_use"),
        ({"Authorization": token(exp=NOW)}, "token_expired"),
    ],
)
def test_the_access_token_is_no_identity(revoke, user_pool, headers, code):
    """Without a good ID token nobody is signed out, whatever the body holds."""
    assert revoke({"accessToken": OWN}, headers).refused == (401, code)
    assert user_pool.signed_out == []


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (IdentityRefused("revoked"), (403, "identity_refused")),
        (UpstreamUnavailable("silent"), (503, "upstream_unavailable")),
    ],
)
def test_a_failed_sign_out_is_no_success_but_forgets(revoke, service, user_pool, error, refusal):
    """The answer says what failed; what was kept is dropped all the same."""
    user_pool.error = error
    assert revoke({"accessToken": OWN}).refused == refusal
    assert service.credential_source.forgotten == [ALICE]


@pytest.mark.parametrize("body", [{"accessToken": OWN}, {"accessToken": f"{OWN}x"}])
def test_the_access_token_is_never_logged(revoke, log, body):
    """Neither where it is taken nor where it is refused."""
    revoke(body)
    assert log.getvalue()
    assert all(piece not in log.getvalue() for piece in OWN.split("."))


def test_the_sign_out_is_in_the_log(revoke, log_lines):
    """One line that names the person."""
    revoke({"accessToken": OWN})
    (line,) = [line for line in log_lines() if line["message"] == "signed out"]
    assert (line["sub"], line["request_id"]) == (ALICE, REQUEST_ID)


def test_a_presigned_url_carries_the_id_of_its_request(service_with, client, s3):
    """What S3's access log shows leads to this answer and, by our log, to the person."""
    asked = event("POST", "/links", headers=authorized())
    body = json.dumps({"items": [{"key": f"{HOME}a"}]})
    answer = service_with(s3=client)(asked | {"body": body})
    (item,) = answer.json["items"]
    assert parse_qs(urlsplit(item["url"]).query)[PARAMETER] == [REQUEST_ID]
    assert answer.headers["x-request-id"] == REQUEST_ID
    assert s3.requests == []
