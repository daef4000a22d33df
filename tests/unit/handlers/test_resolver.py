"""Routes, CORS and the error mapping."""

import json

import pytest

from tests.unit.handlers.deployment import ORIGIN
from tests.unit.handlers.fake_services import HOME, authorized
from tests.unit.handlers.gateway_event import event, object_event


@pytest.mark.parametrize(
    "path", ["/", "", "/nope", "/mee", "/me/x", "/v1/me", "/Me", "/objectsx/a"]
)
def test_an_unknown_address_is_not_found(service, path):
    """404 as a problem document, with or without a token, and nobody is asked."""
    assert service(event("GET", path)).refused == (404, "not_found")
    assert service(event("GET", path, headers=authorized())).refused == (404, "not_found")
    assert service.credential_source.asked == []


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "CONNECT", "PROPFIND", "get\n"])
@pytest.mark.parametrize(
    ("path", "allowed"), [("/health", "GET"), ("/me", "GET"), ("/locations", "GET")]
)
def test_another_method_is_not_allowed(service, method, path, allowed):
    """405 naming the methods that are."""
    answer = service(event(method, path, headers=authorized()))
    assert answer.refused == (405, "method_not_allowed")
    assert answer.headers["allow"] == allowed
    assert service.credential_source.asked == []


def test_a_method_override_is_not_read(service):
    """A GET stays a GET, whatever a header or parameter says."""
    asked = event(
        "GET",
        "/me",
        headers={"X-HTTP-Method-Override": "DELETE", **authorized()},
        query={"_method": "DELETE"},
    )
    assert service(asked).status == 200


@pytest.mark.parametrize(
    "asked",
    [
        event("GET", "/health", headers={"Origin": ORIGIN}),
        event("GET", "/me", headers=authorized(origin=ORIGIN)),
        event("GET", "/me", headers={"Origin": ORIGIN}),
        event("GET", "/nowhere", headers={"Origin": ORIGIN}),
        event("PATCH", "/me", headers={"Origin": ORIGIN}),
        object_event("GET", f"{HOME}report.txt", headers=authorized(Origin=ORIGIN)),
        object_event("GET", f"{HOME}missing", headers=authorized(Origin=ORIGIN)),
    ],
)
def test_the_allowed_origin_may_read_every_answer(service, asked):
    """CORS names that one origin, on refusals too, and never allows cookies."""
    headers = service(asked).headers
    assert headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in headers
    exposed = headers["access-control-expose-headers"].split(",")
    assert {"ETag", "Retry-After", "WWW-Authenticate", "x-request-id"} <= set(exposed)


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "null", "*", "", "http://app.example.com", "app.example.com"),
        *("https://app.example.com.evil.example", "https://evilapp.example.com"),
        *("https://app.example.com:8443", "https://app.example.com/", "HTTPS://APP.EXAMPLE.COM"),
        *("https://app.example.com, https://evil.example", "https://user@app.example.com"),
        *("https://app.example.com\u200b", "https://app\u3002example.com"),
        ["https://evil.example", ORIGIN],
    ],
)
def test_no_other_origin_is_named(service, origin):
    """Neither a reflected origin nor `null` nor a look-alike gets a CORS header."""
    for asked in (
        event("GET", "/health", headers={"Origin": origin}),
        event("GET", "/me", headers=authorized(Origin=origin)),
        event("GET", "/me", headers={"Origin": origin}),
    ):
        cors = [name for name in service(asked).headers if name.startswith("access-control")]
        assert cors == []


def test_an_unforeseen_exception_tells_nothing(service, log_lines):
    """500 `internal` with nothing of it inside; class, text and traceback are in the log."""
    service.credential_source.error = RuntimeError("bucket-7 at 10.0.0.1 <secret plan>")
    answer = service(event("GET", "/me", headers=authorized()))
    assert answer.refused == (500, "internal")
    shown = json.dumps(answer.raw)
    for inside in ("RuntimeError", "bucket-7", "10.0.0.1", "Traceback", "secret plan", ".py"):
        assert inside not in shown
    fault = next(line for line in log_lines() if line["message"] == "fault")
    assert (fault["level"], fault["reason"]) == ("ERROR", "unforeseen RuntimeError")
    assert "Traceback" in fault["exception"]
    assert "bucket-7 at 10.0.0.1" in fault["exception"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (event("GET", "/health"), {"Requests": 1}),
        (event("GET", "/me"), {"Requests": 1, "Refusals": 1}),
        (event("GET", "/me", headers=authorized()), {"Requests": 1, "Faults": 1}),
        ({}, {"Requests": 1, "Faults": 1}),
    ],
)
def test_requests_refusals_and_faults_are_counted(service, capsys, asked, expected):
    """One line of metrics per request, with nothing left over for the next."""
    service.credential_source.error = RuntimeError
    service(asked)
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    names = {"Requests", "Refusals", "Faults"}
    counted = [{name: sum(line[name]) for name in names & line.keys()} for line in printed]
    assert counted == [expected]
