"""`GET /explain`."""

from dataclasses import replace

import pytest

from shared.errors import AmbiguousRole, NoRole
from tests.id_tokens import ABSENT
from tests.unit.handlers.deployment import AUDITORS_ROLE, BUCKET, EDITORS_ROLE, SIGNED_IN_ROLE
from tests.unit.handlers.fake_services import ALICE, BOB, HOME, IDENTITIES, credentials, token
from tests.unit.handlers.gateway_event import event

BOBS = f"home/{IDENTITIES[BOB]}/"
OWN = {
    "bucket": BUCKET,
    "prefix": HOME,
    "permissions": ["list", "read", "write", "delete"],
    "via": "own",
}
NO_GROUP = {"cognito:groups": ABSENT, "cognito:roles": ABSENT, "cognito:preferred_role": ABSENT}
BOTH = {
    "cognito:groups": ["editors", "auditors"],
    "cognito:roles": [EDITORS_ROLE, AUDITORS_ROLE],
    "cognito:preferred_role": ABSENT,
}


class SourceOfSeveralRoles:
    """Gives credentials in the role that is named, and refuses to choose."""

    def __init__(self):
        self.asked = []

    def credentials_for(self, principal, wanted_role, **_limits):
        self.asked.append(wanted_role)
        roles = {"editors": EDITORS_ROLE, "auditors": AUDITORS_ROLE}
        if wanted_role is None:
            raise AmbiguousRole("two", members={"choices": list(roles)})
        return credentials(principal.sub, roles.get(wanted_role, wanted_role))


@pytest.fixture
def ask(service):
    """Ask as somebody of no group."""

    def ask(**query):
        return service(
            event("GET", "/explain", query=query, headers={"Authorization": token(**NO_GROUP)})
        )

    yield ask
    assert service.s3.calls == []


@pytest.fixture
def ask_as_both(service_with):
    service = service_with(credential_source=SourceOfSeveralRoles())

    def ask(**query):
        return service(
            event("GET", "/explain", query=query, headers={"Authorization": token(**BOTH)})
        )

    yield ask
    assert service.s3.calls == []


def test_what_is_allowed(ask):
    """Who, in which role, and the place that allows it; the key is the real one."""
    answer = ask(action="write", key="home/me/a+b.txt")
    assert answer.status == 200
    assert answer.json == {
        "allowed": True,
        "action": "write",
        "key": f"{HOME}a+b.txt",
        "identityId": IDENTITIES[ALICE],
        "role": SIGNED_IN_ROLE,
        "credentialSource": "identity-pool",
        "location": OWN,
        "missing": None,
        "remedy": None,
        "choices": [],
    }


def test_what_is_outside(ask):
    """Another's folder: the nearest place of one's own, and that there is nothing to be done."""
    answer = ask(action="read", key=f"{BOBS}a.txt").json
    assert answer["allowed"] is False
    assert answer["location"] == OWN
    assert answer["missing"] == "read"
    assert answer["remedy"] == {
        "code": "outside_of_your_places",
        "detail": "This is outside of your places.",
        "roles": [],
    }


def test_no_answer_tells_whether_an_object_exists(ask, service):
    """What is there and what is not are answered alike, and S3 is never asked."""
    service.s3.objects[f"{BOBS}there"] = b""
    there, missing = (ask(action="read", key=f"{BOBS}{name}").json for name in ("there", "missing"))
    assert {**there, "key": None} == {**missing, "key": None}


@pytest.mark.parametrize(
    ("key", "real", "allowed"),
    [
        ("home/me", HOME, True),
        ("home/me/", HOME, True),
        ("", "", False),
        ("shared", "shared", False),
    ],
)
def test_a_listing_is_explained_by_its_prefix(ask, key, real, allowed):
    """`list` takes a prefix, and the empty one is the whole bucket."""
    answer = ask(action="list", key=key).json
    assert (answer["key"], answer["allowed"]) == (real, allowed)


def test_several_roles_and_none_named(ask_as_both):
    """No role, but what each choice would mean, and which to pick."""
    answer = ask_as_both(action="write", key="shared/a").json
    assert (answer["allowed"], answer["role"], answer["location"]) == (False, None, None)
    assert answer["identityId"] == IDENTITIES[ALICE]
    assert answer["remedy"]["code"] == "pick_role"
    assert answer["remedy"]["roles"] == ["editors"]
    assert answer["choices"] == [
        {"role": "editors", "allowed": True},
        {"role": "auditors", "allowed": False},
    ]


def test_several_roles_and_the_wrong_one_named(ask_as_both):
    """The nearest place of the named role, and the other role as the remedy."""
    answer = ask_as_both(action="write", key="shared/a", role="auditors").json
    assert answer["role"] == AUDITORS_ROLE
    assert answer["location"]["prefix"] == "shared/"
    assert answer["remedy"]["roles"] == ["editors"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "invalid_request"),
        ({"action": "read"}, "invalid_request"),
        ({"key": "a"}, "invalid_request"),
        ({"action": "readwrite", "key": "a"}, "invalid_request"),
        ({"action": "READ", "key": "a"}, "invalid_request"),
        ({"action": ["read", "list"], "key": "a"}, "invalid_request"),
        ({"action": "read", "key": ""}, "invalid_key"),
        ({"action": "read", "key": "/a"}, "invalid_key"),
        ({"action": "list", "key": "../a"}, "invalid_key"),
        ({"action": "read", "key": "a\x00"}, "invalid_key"),
    ],
)
def test_what_cannot_be_explained(ask, query, code):
    """An unknown action and a key that nothing can have are 400."""
    assert ask(**query).refused == (400, code)


def test_refusals_of_the_exchange_explain_themselves(ask, service):
    """Who has no role at all, or no token, is told that."""
    service.credential_source.error = NoRole("foreign")
    assert ask(action="read", key="a").refused == (403, "no_role")
    asked = event("GET", "/explain", query={"action": "read", "key": "a"})
    assert service(asked).refused == (401, "missing_token")


def test_the_mode_is_told(services, service_with):
    """In the mode of STS the answer says so."""
    settings = replace(services.settings, credential_source="group-role")
    asked = event(
        "GET",
        "/explain",
        query={"action": "read", "key": "a"},
        headers={"Authorization": token(**NO_GROUP)},
    )
    assert service_with(settings=settings)(asked).json["credentialSource"] == "group-role"
