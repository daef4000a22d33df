"""The Lambda entry: whatever comes in, an answer goes out, and nothing stays behind."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.app import LONGEST_WORK_SECONDS
from shared import deadline
from shared.aws_clients import build_clients
from shared.object_store import ObjectStore
from shared.observability import logger
from shared.upstream_errors import DeadlineExceeded
from tests.unit.handlers.fake_services import (
    ALICE,
    BOB,
    HOME,
    SECRET_ACCESS_KEY,
    authorized,
    credentials,
    fake_services,
)
from tests.unit.handlers.gateway_event import Context, event, object_event
from tests.unit.shared.s3_stub import S3Stub, listing

CODES_OF_GARBAGE = {400, 401, 403, 404, 405, 500}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=8,
)
GOOD = object_event("GET", f"{HOME}report.txt", headers=authorized(), query={"as": "content"})
QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)


def answered(answer):
    """It is a proxy answer with a status, and a problem document unless all is well."""
    assert answer.headers["x-request-id"]
    if answer.status not in {200, 204}:
        assert answer.status in CODES_OF_GARBAGE
        assert answer.problem["code"]
    return answer


@pytest.mark.parametrize(
    "broken",
    [
        *({}, [], None, "text", 5, True, [GOOD], {"requestContext": []}, {"requestContext": "x"}),
        {"httpMethod": "GET"},
        {"path": "/me"},
        {"httpMethod": None, "path": None},
        {"httpMethod": 5, "path": "/me"},
        {"httpMethod": "GET", "path": ["me"]},
        {"Records": [{"s3": {}}]},
        {
            "version": "2.0",
            "routeKey": "GET /me",
            "rawPath": "/me",
            "headers": authorized(),
            "requestContext": {"http": {"method": "GET", "path": "/me"}},
        },
    ],
)
def test_an_event_of_another_kind_gets_an_answer(service, broken):
    """Other JSON, other services' events, payload version 2: a 500 that serves nobody."""
    assert answered(service(broken)).refused == (500, "internal")
    assert (service.credential_source.asked, service.s3.calls) == ([], [])


@pytest.mark.parametrize("value", [None, [], "x", 5, {"": None}, [None], {"authorizer": "x"}])
@pytest.mark.parametrize(
    "member",
    [
        *("headers", "multiValueHeaders", "queryStringParameters", "pathParameters", "resource"),
        *("multiValueQueryStringParameters", "requestContext", "body", "stageVariables"),
    ],
)
def test_an_event_with_a_spoilt_member_gets_an_answer(service, member, value):
    """Null or ill-typed parts of an event end in an answer with a code."""
    answered(service({**GOOD, member: value}))


@pytest.mark.parametrize("member", GOOD)
def test_an_event_without_a_member_gets_an_answer(service, member):
    """Each part may be missing altogether."""
    answered(service({name: value for name, value in GOOD.items() if name != member}))


@pytest.mark.parametrize("authorizer", ["x", [], 5, {"claims": [1]}, {"claims": "sub"}])
def test_ill_typed_authorizer_claims_serve_nobody(service, authorizer):
    """What cannot be compared with the token is never taken for agreement."""
    spoilt = copy.deepcopy(GOOD)
    spoilt["requestContext"]["authorizer"] = authorizer
    answer = answered(service(spoilt))
    assert answer.status == (200 if not authorizer else 500)


@QUICK
@given(broken=JSON)
def test_any_json_gets_an_answer(service, broken):
    """Whatever a direct invocation brings, there is no exception and nothing is served."""
    assert answered(service(broken)).status == 500


@QUICK
@given(member=st.sampled_from(sorted(GOOD)), value=JSON)
def test_any_member_of_any_type_gets_an_answer(service, member, value):
    """One member of a good event replaced by any JSON."""
    answered(service({**GOOD, member: value}))


@QUICK
@given(
    method=st.sampled_from(["GET", "HEAD", "PATCH", "OPTIONS"]) | st.text(max_size=5),
    path=st.text(max_size=20).map("/{}".format)
    | st.sampled_from(["/me", "/objects", "/objects/a"]),
    query=st.dictionaries(
        st.sampled_from(["limit", "prefix", "cursor", "as", "role", "delimiter", "startAfter"]),
        st.text(max_size=10) | st.lists(st.text(max_size=5), min_size=1, max_size=3),
    ),
)
def test_any_request_gets_an_answer(service, method, path, query):
    """Any method, path and parameters of a signed-in person: no fault of ours."""
    answer = service(event(method, path, headers=authorized(), query=query))
    assert answer.status in {200, 204, 307, 400, 403, 404, 405}


class TestDeadline:
    @pytest.mark.parametrize(
        ("milliseconds", "seconds"), [(28_000, LONGEST_WORK_SECONDS), (10_000, 8.5), (1_000, 0)]
    )
    def test_the_work_ends_before_lambda_does(self, service_with, milliseconds, seconds):
        """The deadline of the work leaves time for the answer, and stays below API Gateway's."""
        seen = []

        class Source:
            def credentials_for(self, principal, _wanted_role, **_limits):
                seen.append(deadline.remaining())
                return credentials(principal.sub)

        service_with(credential_source=Source())(
            event("GET", "/me", headers=authorized()), Context(milliseconds)
        )
        assert seconds - 1 < seen[0] <= seconds or seen == [seconds]

    def test_it_is_over_with_the_request(self, service):
        """Nothing of it is left for the environment's next request."""
        service(event("GET", "/me", headers=authorized()), Context(100))
        assert deadline.remaining() is None

    def test_no_time_is_a_504(self, service):
        """Work that no longer fits is refused with its own code."""
        service.credential_source.error = DeadlineExceeded("5 s do not fit")
        asked = event("GET", "/me", headers=authorized())
        assert service(asked, Context(0)).refused == (504, "deadline")


class TestNothingStays:
    def test_the_log_of_one_request_knows_nothing_of_the_last(self, service, log, log_lines):
        """Person and ids are those of the request at hand, also after an exception in between."""
        service(event("GET", "/me", headers=authorized(ALICE), request_id="first"))
        service.credential_source.error = RuntimeError("in between")
        service(event("GET", "/me", headers=authorized(ALICE), request_id="second"))
        service([])
        service.credential_source.error = None
        assert logger.get_current_keys().keys().isdisjoint({"sub", "request_id"})
        log.truncate(0)
        log.seek(0)
        service(event("GET", "/health", request_id="third"))
        service(event("GET", "/me", headers=authorized(BOB), request_id="fourth"))
        service(event("GET", "/me", request_id="fifth"))
        people = [(line["request_id"], line.get("sub")) for line in log_lines()]
        assert people == [
            ("third", None),
            ("fourth", BOB),
            ("fifth", None),
            ("fifth", None),
        ]

    def test_a_failing_trace_costs_no_answer_and_keeps_no_state(self, service, monkeypatch):
        """Where not even the metrics can be written, the caller is served and the log cleared."""
        monkeypatch.setattr("shared.observability.metrics.provider.namespace", None)
        assert service(event("GET", "/me", headers=authorized())).status == 200
        assert "sub" not in logger.get_current_keys()

    def test_one_person_after_another_with_a_fault_between(self, service):
        """Each listing asks S3 for the home of the person at hand."""
        homes = []
        for sub, error in ((ALICE, None), (BOB, None), (ALICE, RuntimeError("x")), (BOB, None)):
            service.s3.calls.clear()
            service.credential_source.error = error
            service(event("GET", "/objects", headers=authorized(sub)))
            homes += [request["Prefix"][:22] for request in service.s3.called("list_objects_v2")]
        assert homes == [
            "home/eu-central-1:aaaa",
            "home/eu-central-1:bbbb",
            "home/eu-central-1:bbbb",
        ]

    def test_the_answer_of_one_request_is_not_that_of_the_next(self, service):
        """Headers of an answer are made anew: a refusal's challenge does not stick."""
        assert "www-authenticate" in service(event("GET", "/me")).headers
        assert "www-authenticate" not in service(event("GET", "/health")).headers


class TestFailsClosed:
    @pytest.fixture
    def stub(self):
        stub = S3Stub()
        yield stub
        stub.close()

    @pytest.fixture
    def real(self, service_with, stub, monkeypatch):
        """The S3 client of the deployment, the function's own role lying in the environment."""
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            monkeypatch.setenv(name, f"FUNCTION-ROLE-{name}")
        deployed = fake_services(AWS_ENDPOINT_URL=stub.url).settings
        return service_with(settings=deployed, s3=build_clients(deployed).s3)

    @pytest.mark.parametrize("path", ["list", "redirect", "link", "content"])
    def test_without_the_persons_credentials_s3_is_not_reached(
        self, real, stub, monkeypatch, log, path
    ):
        """A call that slips past `acting_as` is a 500, and not a byte leaves the function."""

        def bypass(self, *_args, **_more):
            list(self.client.list_objects_v2(Bucket=self.bucket))

        def presign(self, *_args, **_more):
            return self.client.generate_presigned_url(
                "get_object", Params={"Bucket": "b", "Key": "k"}
            )

        for name in ("list", "head", "readable_head", "get"):
            monkeypatch.setattr(ObjectStore, name, presign if path == "link" else bypass)
        asked = (
            event("GET", "/objects", headers=authorized())
            if path == "list"
            else object_event("GET", "home/me/a", headers=authorized(), query={"as": path})
        )
        assert real(asked).refused == (500, "internal")
        assert stub.requests == []
        assert "RequestCredentialsUnset" in log.getvalue()
        assert "FUNCTION-ROLE" not in log.getvalue()

    def test_with_them_s3_sees_that_person(self, real, stub):
        """The other side of the same coin: the request is signed by the person's key."""
        stub.replies.append(listing())
        assert real(event("GET", "/objects", headers=authorized())).status == 200
        (request,) = stub.requests
        assert request.key_id == credentials().access_key_id
        assert "FUNCTION-ROLE" not in json.dumps(request.headers)
        assert SECRET_ACCESS_KEY not in json.dumps(request.headers)
