import socket

import pytest

from bucketpass.errors import (
    AccessDenied,
    ConfigurationError,
    IdentityRefused,
    RoleRefused,
    SignInExpired,
    Throttled,
    UnexpectedAnswer,
    Unreachable,
)
from bucketpass.secret import Secret
from bucketpass.service_api import ServiceApi
from tests.unit.client.http_stub import http_stub


def answering(status, content, headers=None):
    return http_stub(lambda *_: (status, headers or {}, content))


def test_the_token_is_sent_as_it_is_and_nowhere_else(tmp_path, monkeypatch):
    """Not replaced by what ~/.netrc says, and not shown to a proxy for this machine."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login x password y\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with answering(200, {"ok": True}) as (url, seen):
        assert ServiceApi(url).get("/me", Secret("the-token"), {"a": "b c"}) == {"ok": True}
        ServiceApi(url).get("/health", None)
    assert [s[1] for s in seen] == ["/me?a=b+c", "/health"]
    assert seen[0][2]["Authorization"] == "the-token"
    assert "Authorization" not in seen[1][2]


def test_a_redirect_is_not_followed():
    """The token stays where it was sent."""
    with (
        answering(200, {}) as (other, elsewhere),
        answering(307, {}, {"Location": other}) as (url, _),
    ):
        with pytest.raises(UnexpectedAnswer):
            ServiceApi(url).get("/me", Secret("the-token"))
        assert elsewhere == []


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, "token_expired", SignInExpired),
        (401, "invalid_token", IdentityRefused),
        (403, "access_denied", AccessDenied),
        (403, "ambiguous_role", RoleRefused),
        (403, "role_not_yours", RoleRefused),
        (404, "not_found", UnexpectedAnswer),
        (429, "throttled", Throttled),
        (503, "upstream_unavailable", Unreachable),
        (500, "internal", Unreachable),
    ],
)
def test_each_problem_has_its_error(status, code, error):
    """By its code; the sentence is the service's."""
    body = {"status": status, "code": code, "detail": "So it is.", "choices": ["a", "b"]}
    with answering(status, body) as (url, _), pytest.raises(error, match=r"So it is. \(a, b\)"):
        ServiceApi(url).get("/x", Secret("t"))


@pytest.mark.parametrize("content", ["", "<html>", "[]", "null"])
def test_what_is_no_object_is_no_answer(content):
    """A captive portal's page does not pass for the service."""
    with answering(200, content) as (url, _), pytest.raises(UnexpectedAnswer):
        ServiceApi(url).get("/me", Secret("t"))


def test_nobody_there():
    """Named, without the token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unreachable) as raised:
        ServiceApi(url).get("/me", Secret("the-token"))
    assert "the-token" not in str(raised.value)


def test_an_address_in_the_clear_is_refused():
    """Before anything is sent."""
    with pytest.raises(ConfigurationError):
        ServiceApi("http://example.com")
