"""`GET /credentials` and `GET /credentials/container`."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.errors import NarrowingUnavailable, RoleNotYours
from shared.upstream_errors import Throttled
from tests.unit.handlers.deployment import BUCKET, EDITORS_ROLE, SIGNED_IN_ROLE
from tests.unit.handlers.fake_services import (
    ACCESS_KEY_ID,
    ALICE,
    BOB,
    HOME,
    IDENTITIES,
    SECRET_ACCESS_KEY,
    SESSION_TOKEN,
    authorized,
)
from tests.unit.handlers.gateway_event import event

ROUTES = ("/credentials", "/credentials/container")
FORMATS = ("json", "process", "env")
EXPIRATION = datetime(2026, 9, 21, 15, 0, 1, 999_999, tzinfo=UTC)
EXPIRES = "2026-09-21T15:00:01Z"


@pytest.fixture
def ask(service):
    service.credential_source.expiration = EXPIRATION

    def ask(route="/credentials", sub=ALICE, **query):
        return service(event("GET", route, query=query, headers=authorized(sub)))

    return ask


def test_json(ask):
    """The default: the credentials and where they lead, every member and none beyond."""
    answer = ask()
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "accessKeyId": ACCESS_KEY_ID,
        "secretAccessKey": SECRET_ACCESS_KEY,
        "sessionToken": SESSION_TOKEN,
        "expiration": EXPIRES,
        "identityId": IDENTITIES[ALICE],
        "homePrefix": HOME,
        "bucket": BUCKET,
        "region": "eu-central-1",
        "role": SIGNED_IN_ROLE,
    }
    assert ask(format="json").json == answer.json


def test_process(ask):
    """Version 1 of credential_process, and nothing that it does not know."""
    answer = ask(format="process")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "Version": 1,
        "AccessKeyId": ACCESS_KEY_ID,
        "SecretAccessKey": SECRET_ACCESS_KEY,
        "SessionToken": SESSION_TOKEN,
        "Expiration": EXPIRES,
    }


def test_container(ask):
    """The shape that the SDKs read from the address of a container's credentials."""
    answer = ask("/credentials/container")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "AccessKeyId": ACCESS_KEY_ID,
        "SecretAccessKey": SECRET_ACCESS_KEY,
        "Token": SESSION_TOKEN,
        "Expiration": EXPIRES,
        "RoleArn": SIGNED_IN_ROLE,
    }


def evaluated(text):
    """What a POSIX shell knows after it evaluated the text."""
    told = subprocess.run(
        ["/bin/sh", "-c", 'eval "$TEXT"; env -0'],
        env={"TEXT": text, "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stderr == ""
    return dict(line.split("=", 1) for line in told.stdout.split("\0") if line)


def test_env(ask):
    """Lines for a shell's `eval`: the variables of the AWS tools, no endpoint on AWS."""
    answer = ask(format="env")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.body.endswith("\n")
    assert all(line.startswith("export AWS_") for line in answer.body.splitlines())
    variables = evaluated(answer.body)
    assert {name: text for name, text in variables.items() if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_SESSION_TOKEN": SESSION_TOKEN,
        "AWS_CREDENTIAL_EXPIRATION": EXPIRES,
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }


@pytest.mark.parametrize("hostile", ["'; echo x >&2; '", "$(echo x >&2)", "`x`", 'a"b\nc\\', "-n"])
def test_env_is_safe(service_with, services, hostile):
    """No value, whatever it holds, is anything but a value to the shell."""
    settings = replace(services.settings, region=hostile, endpoint_url=hostile)
    service = service_with(settings=settings)
    answer = service(
        event("GET", "/credentials", query={"format": "env"}, headers=authorized(ALICE))
    )
    variables = evaluated(answer.body)
    assert (variables["AWS_REGION"], variables["AWS_ENDPOINT_URL"]) == (hostile, hostile)
    assert variables["AWS_ACCESS_KEY_ID"] == ACCESS_KEY_ID


@pytest.mark.parametrize("route", ROUTES)
def test_no_cache_and_no_log_keeps_them(ask, log, route):
    """The answers are no-store and differ by who asks; no secret of them is in the log."""
    answer = ask(route)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["vary"] == "Authorization, Origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert log.getvalue()
    for secret in (ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN):
        assert secret not in log.getvalue()


@pytest.mark.parametrize("route", ROUTES)
def test_each_person_gets_their_own(ask, service, route):
    """What is vended is what the source has for the verified person."""
    for sub in (ALICE, BOB):
        assert ask(route, sub).status == 200
    assert service.credential_source.asked == [(ALICE, None), (BOB, None)]


@pytest.mark.parametrize("route", ROUTES)
def test_a_quarter_of_an_hour_is_left(ask, service, route):
    """The source is asked for at least 15 minutes, when the SDKs begin to renew."""
    assert ask(route).status == 200
    assert service.credential_source.limits == [{"at_least": 900}]


@pytest.mark.parametrize("route", ROUTES)
def test_a_role_of_several(ask, service, route):
    """`role=` reaches the source, which decides about it; its refusal is the answer."""
    assert ask(route, role="editors").status == 200
    assert service.credential_source.asked == [(ALICE, "editors")]
    service.credential_source.error = RoleNotYours("no")
    assert ask(route, role="auditors").refused == (403, "role_not_yours")


@pytest.mark.parametrize("route", ROUTES)
def test_a_throttle_says_when_to_ask_again(ask, service, route):
    """429 with Retry-After, as everywhere."""
    service.credential_source.error = Throttled("slow")
    answer = ask(route)
    assert answer.refused == (429, "throttled")
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_gets_nothing(service, route):
    """Without an ID token there is a 401, and the source is not asked."""
    assert service(event("GET", route)).refused == (401, "missing_token")
    garbage = service(event("GET", route, headers={"Authorization": "garbage"}))
    assert garbage.refused == (401, "invalid_token")
    assert service.credential_source.asked == []


@pytest.mark.parametrize(
    "query",
    [
        {"format": "ini"},
        {"format": ""},
        {"format": ["json", "env"]},
        {"role": ["a", "b"]},
        {"scop": "home/me/"},
        {"Scope": "home/me/"},
        {"scope": ["home/me/", "shared/"]},
        {"scope": None},
        {"scope": ""},
        {"scope": "home/me/reports"},
        {"permission": "read"},
        {"scope": "home/me/", "permission": "write"},
        {"scope": "home/me/", "permission": ""},
        {"duration": "899"},
        {"duration": "3601"},
        {"duration": "1e3"},
        {"duration": "-900"},
        {"duration": ""},
        {"duration": ["900", "3600"]},
        {"durationSeconds": "900"},
    ],
    ids=str,
)
def test_what_is_not_understood_gives_no_credentials(ask, service, query):
    """A misspelt or malformed limit is 400, never credentials without that limit."""
    assert ask(**query).refused == (400, "invalid_request")
    assert (service.credential_source.asked, service.credential_source.narrowed) == ([], [])


def test_the_container_route_has_one_format(ask):
    """`format` belongs to the other route."""
    assert ask("/credentials/container", format="json").refused == (400, "invalid_request")


@pytest.mark.parametrize("route", ROUTES)
def test_a_shorter_life(ask, service, route):
    """`duration` alone asks for new credentials of the whole role."""
    assert ask(route, duration="900", role="editors").status == 200
    assert service.credential_source.narrowed == [(ALICE, "editors", 900, None)]
    assert service.credential_source.asked == []


@pytest.mark.parametrize("route", ROUTES)
def test_a_narrower_scope(ask, service, route):
    """`scope` becomes a session policy of the real prefix; `read` unless asked otherwise."""
    assert ask(route, scope="home/me/a*/").status == 200
    assert ask(route, scope="home/me/a*/", permission="read").status == 200
    assert ask(route, scope="home/me/a*/", permission="readwrite", duration="901").status == 200
    first, same, writing = service.credential_source.narrowed
    assert first == same
    assert first[:3] == (ALICE, None, 3600)
    assert writing[:3] == (ALICE, None, 901)
    statements = [json.loads(narrowed[3])["Statement"] for narrowed in (first, writing)]
    objects = [f"arn:aws:s3:::{BUCKET}/{HOME}a${{*}}/*"]
    assert [reading["Resource"] for _, reading in statements] == [objects] * 2
    assert ["s3:PutObject" in reading["Action"] for _, reading in statements] == [False, True]


@pytest.mark.parametrize(
    ("role", "query", "refusal"),
    [
        (SIGNED_IN_ROLE, {"scope": f"home/{IDENTITIES[BOB]}/"}, (403, "scope_not_yours")),
        (SIGNED_IN_ROLE, {"scope": "home/"}, (403, "scope_not_yours")),
        (SIGNED_IN_ROLE, {"scope": "groups/editors/"}, (403, "scope_not_yours")),
        (
            SIGNED_IN_ROLE,
            {"scope": "shared/", "permission": "readwrite"},
            (403, "scope_not_yours"),
        ),
        (EDITORS_ROLE, {"scope": "groups/auditors/"}, (403, "scope_not_yours")),
        (SIGNED_IN_ROLE, {"scope": "home/me/../"}, (400, "invalid_key")),
        (SIGNED_IN_ROLE, {"scope": "home/me/" + "*" * 700 + "/"}, (400, "scope_too_large")),
    ],
    ids=str,
)
def test_refused_scopes(ask, service, role, query, refusal):
    """A scope elsewhere, or with more access than there is, gives no credentials at all."""
    service.credential_source.role = role
    assert ask(**query).refused == refusal
    assert service.credential_source.narrowed == []


@pytest.mark.parametrize("query", [{"scope": "shared/", "permission": "readwrite"}])
def test_the_role_decides_about_the_scope(ask, service, query):
    """Editors may narrow to writing where others only read."""
    service.credential_source.role = EDITORS_ROLE
    assert ask(**query).status == 200


@pytest.mark.parametrize("query", [{"duration": "900"}, {"scope": "home/me/"}])
@pytest.mark.parametrize("route", ROUTES)
def test_narrowing_where_there_is_none(ask, service, route, query):
    """The answer names the reason."""
    service.credential_source.error = NarrowingUnavailable("an identity pool")
    answer = ask(route, **query)
    assert answer.refused == (400, "narrowing_unavailable")
    assert "identity pool" in answer.problem["detail"]
