"""Each error of the family as the answer that a caller sees."""

import importlib
import json
import pkgutil

import pytest

import shared
from handlers.problem import problem_response
from shared.errors import BucketpassError
from tests.unit.handlers.fake_services import authorized
from tests.unit.handlers.gateway_event import REQUEST_ID, event

# The contract: status, code and headers of every cause.
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="bucketpass"'}
LATER = {"Retry-After": "2"}
CONTRACT = {
    "BucketpassError": (500, "internal", {}),
    "InvalidRequest": (400, "invalid_request", {}),
    "InvalidKey": (400, "invalid_key", {}),
    "InvalidCursor": (400, "invalid_cursor", {}),
    "MissingToken": (401, "missing_token", CHALLENGE),
    "InvalidToken": (401, "invalid_token", CHALLENGE),
    "TokenExpired": (401, "token_expired", CHALLENGE),
    "WrongTokenUse": (401, "wrong_token_use", CHALLENGE),
    "AccessDenied": (403, "access_denied", {}),
    "NoRole": (403, "no_role", {}),
    "AmbiguousRole": (403, "ambiguous_role", {}),
    "RoleNotYours": (403, "role_not_yours", {}),
    "ScopeNotYours": (403, "scope_not_yours", {}),
    "IdentityRefused": (403, "identity_refused", {}),
    "NotFound": (404, "not_found", {}),
    "NoSuchKey": (404, "no_such_key", {}),
    "NoSuchVersion": (404, "no_such_version", {}),
    "NoSuchUpload": (404, "no_such_upload", {}),
    "MethodNotAllowed": (405, "method_not_allowed", {}),
    "Conflict": (409, "conflict", {}),
    "ObjectArchived": (409, "archived", {}),
    "UploadIncomplete": (409, "upload_incomplete", {}),
    "ChecksumMismatch": (409, "checksum_mismatch", {}),
    "CopyUnproven": (409, "copy_unproven", {}),
    "PreconditionFailed": (412, "precondition_failed", {}),
    "TooLarge": (413, "too_large", {}),
    "TooLargeForContent": (413, "too_large_for_content", {}),
    "RangeNotSatisfiable": (416, "range_not_satisfiable", {}),
    "Throttled": (429, "throttled", LATER),
    "UpstreamError": (502, "upstream_error", {}),
    "UpstreamUnavailable": (503, "upstream_unavailable", LATER),
    "KeysUnavailable": (503, "keys_unavailable", LATER),
    "DeadlineExceeded": (504, "deadline", {}),
}
REASON = "reason-for-the-log-alone"

for _module in pkgutil.iter_modules(shared.__path__):
    importlib.import_module(f"shared.{_module.name}")


def family(base=BucketpassError):
    """Every concrete class of the family, wherever it is defined."""
    yield base
    for child in base.__subclasses__():
        yield from family(child)


CONCRETE = sorted({error for error in family() if error.__name__ != "Unauthenticated"}, key=str)


@pytest.mark.parametrize(("name", "promised"), CONTRACT.items())
def test_each_cause_keeps_its_status_code_and_headers(name, promised):
    """The status, the code and the headers that the contract promises for it."""
    cause = {error.__name__: error for error in CONCRETE}[name]
    error = cause(REASON)
    assert (error.status, error.code, error.headers) == promised


@pytest.mark.parametrize("cause", CONCRETE, ids=lambda cause: cause.__name__)
def test_each_cause_becomes_a_problem_document(service, cause):
    """Raised inside a request: status, type, code, request id and sentence, never its reason."""
    service.credential_source.error = cause(REASON)
    answer = service(event("GET", "/me", headers=authorized()))
    assert answer.status == cause.status
    assert answer.problem == {
        "type": f"urn:bucketpass:problem:{cause.code}",
        "title": cause.title,
        "status": cause.status,
        "detail": cause.sentence,
        "code": cause.code,
        "requestId": REQUEST_ID,
    }
    for name, value in cause(REASON).headers.items():
        assert answer.headers[name.lower()] == value
    assert REASON not in json.dumps(answer.raw)


@pytest.mark.parametrize("cause", CONCRETE, ids=lambda cause: cause.__name__)
def test_each_401_429_and_503_carries_its_header(cause):
    """A 401 names the scheme, a 429 or 503 says when to come again."""
    headers = cause(REASON).headers
    assert ("WWW-Authenticate" in headers) == (cause.status == 401)
    assert ("Retry-After" in headers) == (cause.status in {429, 503})


@pytest.mark.parametrize("cause", CONCRETE, ids=lambda cause: cause.__name__)
def test_a_fault_of_ours_is_told_from_a_refusal_in_the_log(service, log_lines, cause):
    """4xx is one line at INFO, 5xx an ERROR with its traceback; both name code and reason."""
    service.credential_source.error = cause(REASON)
    service(event("GET", "/me", headers=authorized()))
    line = next(line for line in log_lines() if line["message"] in {"fault", "refusal"})
    fault = cause.status >= 500
    assert (line["message"], line["level"]) == (
        ("fault", "ERROR") if fault else ("refusal", "INFO")
    )
    assert (line["code"], line["reason"], line["status"]) == (cause.code, REASON, cause.status)
    assert ("exception" in line) == fault


def test_further_members_details_and_headers_are_told():
    """What an error adds for the caller stands beside the fixed members."""
    error = BucketpassError(
        REASON, detail="Do this.", members={"choices": ["a"]}, headers={"X-More": "1"}
    )
    response = problem_response(error, "id-1")
    document = json.loads(response.body)
    assert (document["detail"], document["choices"]) == ("Do this.", ["a"])
    assert response.headers["X-More"] == "1"
