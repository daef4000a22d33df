"""`GET /me` and `GET /locations`."""

from datetime import UTC, datetime

import pytest

from tests.id_tokens import ABSENT
from tests.unit.handlers.deployment import AUDITORS_ROLE, BUCKET, EDITORS_ROLE, SIGNED_IN_ROLE
from tests.unit.handlers.fake_services import ALICE, BOB, HOME, IDENTITIES, authorized, token
from tests.unit.handlers.gateway_event import event


def test_me_is_the_token_and_the_exchange(service):
    """Every member of the contract, and none beyond it."""
    service.credential_source.role = EDITORS_ROLE
    service.credential_source.expiration = datetime(2026, 9, 21, 15, 0, 1, tzinfo=UTC)
    answer = service(event("GET", "/me", headers=authorized()))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "sub": ALICE,
        "username": "alice",
        "groups": ["editors"],
        "roles": [EDITORS_ROLE],
        "role": EDITORS_ROLE,
        "credentialSource": "identity-pool",
        "identityId": IDENTITIES[ALICE],
        "homePrefix": HOME,
        "bucket": BUCKET,
        "tokenExpiresAt": "2026-09-21T15:11:40Z",
        "credentialsExpireAt": "2026-09-21T15:00:01Z",
    }


def test_each_person_is_told_about_themselves(service):
    """Two people one after the other, each with an identity and a home of their own."""
    told = [service(event("GET", "/me", headers=authorized(sub))).json for sub in (ALICE, BOB)]
    assert [me["sub"] for me in told] == [ALICE, BOB]
    assert [me["identityId"] for me in told] == [IDENTITIES[ALICE], IDENTITIES[BOB]]
    assert [me["homePrefix"] for me in told] == [HOME, f"home/{IDENTITIES[BOB]}/"]


def test_someone_without_a_group_has_empty_lists(service):
    """No groups and no roles are empty lists, not null."""
    absent = dict.fromkeys(("cognito:groups", "cognito:roles", "cognito:preferred_role"), ABSENT)
    headers = {"Authorization": token(BOB, **absent)}
    me = service(event("GET", "/me", headers=headers)).json
    assert (me["groups"], me["roles"], me["role"]) == ([], [], SIGNED_IN_ROLE)


OWN = (HOME, ["list", "read", "write", "delete"], "own")
SHARED = ("shared/", ["list", "read"], "shared")


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (SIGNED_IN_ROLE, [OWN, SHARED]),
        (
            EDITORS_ROLE,
            [
                OWN,
                SHARED,
                ("shared/", ["write", "delete"], "group:editors"),
                ("groups/editors/", ["list", "read", "write", "delete"], "group:editors"),
            ],
        ),
        (AUDITORS_ROLE, [OWN, SHARED, ("", ["list", "read"], "group:auditors")]),
    ],
)
def test_the_locations_are_those_of_the_role(service, role, places):
    """The whole answer for each role of the deployment, the own folder first."""
    service.credential_source.role = role
    answer = service(event("GET", "/locations", headers=authorized()))
    assert answer.status == 200
    assert answer.json == [
        {"bucket": BUCKET, "prefix": prefix, "permissions": permissions, "via": via}
        for prefix, permissions, via in places
    ]
