"""The vended credentials over HTTP, and what S3 makes of them."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from tests.integration.conftest import Api
from tests.integration.refusal import refusal
from tests.integration.vended import client_with

ROUTES = ("/credentials", "/credentials/container")


@pytest.fixture(scope="session", params=["role_stack", "member_stack"])
def narrowing(request):
    """The API of a stack whose credentials come from STS."""
    return Api(request.getfixturevalue(request.param))


class Objects:
    """S3 by the answer of `GET /credentials`; each call is the error code, or None."""

    def __init__(self, api, told):
        self.bucket = told["bucket"]
        self.s3 = client_with(told, "s3", api.stack.endpoint_url)

    def list(self, prefix):
        return self._code(self.s3.list_objects_v2, Prefix=prefix)

    def get(self, key):
        return self._code(self.s3.get_object, Key=key)

    def put(self, key):
        return self._code(self.s3.put_object, Key=key, Body=b"written")

    def delete(self, key):
        return self._code(self.s3.delete_object, Key=key)

    def _code(self, call, **request):
        try:
            answer = call(Bucket=self.bucket, **request)
        except ClientError as error:
            return error.response["Error"]["Code"]
        if "Body" in answer:
            answer["Body"].close()
        return None


def objects(api, who="alice", **params):
    answer = api.get("/credentials", who, params=params)
    assert answer.status_code == 200, answer.text
    return Objects(api, answer.json())


def expiration_of(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


DENIED = "AccessDenied"


def test_alices_credentials_are_alices(api):
    """With the vended credentials she may all in her home and nothing in bob's."""
    alice, home, bobs = objects(api), api.home("alice"), api.home("bob")
    key = f"{home}vended.txt"
    calls = (alice.put(key), alice.get(key), alice.list(home), alice.delete(key))
    assert calls == (None,) * 4
    key = f"{bobs}hello.txt"
    calls = (alice.get(key), alice.put(key), alice.delete(key), alice.list(bobs))
    assert calls == (DENIED,) * 4
    assert (alice.list(""), alice.list("home/"), alice.get("groups/editors/draft.md")) == (
        DENIED,
    ) * 3


def test_each_format_tells_the_same_credentials(api):
    """One kept set in four shapes: json, process, container, env."""
    told = api.get("/credentials").json()
    me = api.get("/me").json()
    assert {name: told[name] for name in ("identityId", "homePrefix", "bucket", "role")} == {
        name: me[name] for name in ("identityId", "homePrefix", "bucket", "role")
    }
    keys = [told[name] for name in ("accessKeyId", "secretAccessKey", "sessionToken")]
    process = api.get("/credentials?format=process").json()
    assert process.pop("Version") == 1
    container = api.get("/credentials/container").json()
    assert container.pop("RoleArn") == told["role"]
    assert list(process.values()) == list(container.values()) == [*keys, told["expiration"]]
    env = api.get("/credentials?format=env")
    assert env.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert [line.partition("=")[2] for line in env.text.splitlines()] == [
        *keys,
        told["expiration"],
        "eu-west-1",
        "eu-west-1",
        api.stack.endpoint_url,
    ]


@pytest.mark.parametrize("route", ROUTES)
def test_no_cache_keeps_them(api, route):
    """Credentials are never stored on their way."""
    answer = api.get(route)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Authorization" in answer.headers["Vary"]


@pytest.mark.parametrize("route", ROUTES)
def test_without_a_token_there_are_none(api, route):
    """Nobody, garbage and an access token are refused before the function."""
    for token in (None, "garbage", api.stack.users["alice"].tokens.access):
        answer = api.get(route, None, token=token)
        assert answer.status_code == 401
        assert "AccessKeyId" not in answer.text


def test_a_quarter_of_an_hour_is_left(api):
    """What is vended lives for at least 15 minutes and at most an hour."""
    told = api.get("/credentials").json()
    left = expiration_of(told["expiration"]) - datetime.now(UTC)
    assert timedelta(minutes=15) <= left <= timedelta(hours=1)


def test_no_secret_of_them_is_in_the_log(api):
    """The function's log names neither key nor token."""
    told = api.get("/credentials").json()
    log = "\n".join(api.stack.function_log())
    assert '"GET /credentials"' in log
    assert not [n for n in ("accessKeyId", "secretAccessKey", "sessionToken") if told[n] in log]


@pytest.mark.parametrize("query", ["scop=home/me/", "permission=read", "format=ini", "duration=x"])
def test_what_is_not_understood_gives_none(api, query):
    """A misspelt limit is refused, never left out."""
    assert refusal(api.get(f"/credentials?{query}")) == (400, "invalid_request")


@pytest.mark.parametrize("query", ["duration=900", "scope=home/me/", "scope=home/me/&duration=900"])
@pytest.mark.parametrize("route", ROUTES)
def test_an_identity_pool_does_not_narrow(pool_stack, route, query):
    """It is said why, and no credentials are given."""
    answer = Api(pool_stack).get(f"{route}?{query}")
    assert refusal(answer) == (400, "narrowing_unavailable")
    assert "identity pool" in answer.json()["detail"]


def test_a_shorter_life(narrowing):
    """`duration` is the credentials' life, in seconds; they are not those that are kept."""
    kept = narrowing.get("/credentials").json()
    short = narrowing.get("/credentials?duration=900").json()
    left = expiration_of(short["expiration"]) - datetime.now(UTC)
    assert timedelta(seconds=890) <= left <= timedelta(seconds=901)
    assert short["accessKeyId"] != kept["accessKeyId"]
    assert narrowing.get("/credentials").json() == kept


def test_a_scope_to_read(narrowing):
    """Read below the scope, and nothing anywhere else, not even in the own folder."""
    home = narrowing.home("alice")
    reader = objects(narrowing, scope="home/me/notes/")
    assert reader.list(f"{home}notes/") is None
    assert reader.get(f"{home}notes/to do.md") is None
    assert reader.get(f"{home}notes/2026/Zürich ☀ trip.md") is None
    refused = [
        reader.put(f"{home}notes/new.md"),
        reader.delete(f"{home}notes/to do.md"),
        reader.get(f"{home}hello.txt"),
        reader.list(home),
        reader.list(f"{home}notes"),
        reader.get("shared/handbook.txt"),
        reader.list("shared/"),
        reader.get(f"{narrowing.home('bob')}hello.txt"),
    ]
    assert refused == [DENIED] * len(refused)


def test_a_scope_to_change(narrowing):
    """`readwrite` also writes and deletes, below the scope alone."""
    home = narrowing.home("alice")
    writer = objects(narrowing, scope="home/me/drafts/", permission="readwrite")
    key = f"{home}drafts/new.md"
    assert [writer.put(key), writer.get(key), writer.delete(key)] == [None] * 3
    refused = [writer.put(f"{home}new.md"), writer.put(f"{home}drafts2/new.md")]
    assert refused == [DENIED] * 2


def test_narrowed_and_whole_do_not_mix(narrowing):
    """In one warm environment each request gets the width that it asked for."""
    home = narrowing.home("alice")
    for _ in range(2):
        assert objects(narrowing, scope="home/me/notes/").get(f"{home}hello.txt") == DENIED
        assert objects(narrowing).get(f"{home}hello.txt") is None


@pytest.mark.parametrize("name", ["n*", "note?", "n${*}", "${aws:username}", "*", "no**"])
def test_a_wildcard_is_a_character(narrowing, name):
    """A scope with wildcards or variables opens the folder of that very name and no other."""
    home = narrowing.home("alice")
    scoped = objects(narrowing, scope=f"home/me/{name}/", permission="readwrite")
    key = f"{home}{name}/literal.txt"
    assert [scoped.put(key), scoped.get(key), scoped.list(f"{home}{name}/")] == [None] * 3
    refused = [scoped.get(f"{home}notes/to do.md"), scoped.list(f"{home}notes/")]
    assert refused == [DENIED] * 2
    assert scoped.delete(key) is None


@pytest.mark.parametrize(
    ("who", "params", "refused"),
    [
        ("alice", {"scope": "{bob}"}, (403, "scope_not_yours")),
        ("alice", {"scope": "{bob}diary/"}, (403, "scope_not_yours")),
        ("alice", {"scope": "home/"}, (403, "scope_not_yours")),
        ("alice", {"scope": "groups/editors/"}, (403, "scope_not_yours")),
        ("alice", {"scope": "shared/", "permission": "readwrite"}, (403, "scope_not_yours")),
        ("ada", {"scope": "{bob}", "permission": "readwrite"}, (403, "scope_not_yours")),
        ("alice", {"scope": "home/me/notes"}, (400, "invalid_request")),
        ("alice", {"scope": ""}, (400, "invalid_request")),
        ("alice", {"scope": "home/me/../"}, (400, "invalid_key")),
        ("alice", {"scope": "home/me/" + "☀" * 300 + "/"}, (400, "scope_too_large")),
        ("alice", {"duration": "899"}, (400, "invalid_request")),
        ("alice", {"duration": "3601"}, (400, "invalid_request")),
    ],
)
@pytest.mark.parametrize("route", ROUTES)
def test_refused_narrowing(narrowing, route, who, params, refused):
    """What cannot be narrowed as asked gives no credentials."""
    params = {n: text.replace("{bob}", narrowing.home("bob")) for n, text in params.items()}
    assert refusal(narrowing.get(route, who, params=params)) == refused


def test_the_longest_policy_is_taken(narrowing):
    """A policy of nearly 2,048 characters works, and is not cut."""
    home = narrowing.home("alice")
    folder = f"{home}{'x' * 700}/"
    scoped = objects(narrowing, scope=folder, permission="readwrite")
    key = f"{folder}a"
    assert [scoped.put(key), scoped.get(key), scoped.delete(key)] == [None] * 3
    assert scoped.put(f"{home}{'x' * 699}/a") == DENIED


@pytest.mark.parametrize(
    ("who", "params", "key"),
    [
        ("erin", {"scope": "shared/", "permission": "readwrite"}, "shared/handbook.txt"),
        ("erin", {"scope": "groups/editors/"}, "groups/editors/draft.md"),
        ("ada", {"scope": "{bob}diary/"}, "{bob}diary/monday.txt"),
    ],
)
def test_a_scope_in_the_places_of_a_group(narrowing, who, params, key):
    """Who has more places can narrow to them."""
    bob = narrowing.home("bob")
    params = {name: text.replace("{bob}", bob) for name, text in params.items()}
    scoped = objects(narrowing, who, **params)
    assert scoped.get(key.replace("{bob}", bob)) is None
    assert scoped.get(f"{bob}hello.txt") == DENIED
