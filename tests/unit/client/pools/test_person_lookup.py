from dataclasses import dataclass
from datetime import datetime, timezone

import pytest

from bucketpass.errors import AccessDenied
from bucketpass.pools.exchange_log import Exchange
from bucketpass.pools.person_lookup import NobodyFound, PersonLookup
from tests.unit.client.pools.aws_fakes import FakeClient, refusal

SUB = "11111111-2222-3333-4444-555555555555"
IDENTITY = "eu-west-1:66666666-7777-8888-9999-000000000000"
WHEN = datetime(2024, 1, 1, tzinfo=timezone.utc)  # Python 3.10
EXCHANGE = Exchange(SUB, IDENTITY, "a-role", WHEN)
USERS = {"people": {"username": "alice", "sub": SUB, "email": "alice@example.com"}}


def list_users(UserPoolId, Filter):  # noqa: N803 # AWS's names
    attribute, _, value = Filter.partition(" = ")
    user = USERS.get(UserPoolId, {})
    if user.get(attribute) != value.strip('"'):
        return [{"Users": []}]
    attributes = [{"Name": name, "Value": user[name]} for name in ("sub", "email")]
    listed = {"Username": user["username"], "Attributes": attributes}
    return [{"Users": [{**listed, "Enabled": True, "UserStatus": "CONFIRMED"}]}]


@dataclass
class FakeAdministrator:
    user_pools: FakeClient
    identity_pools: FakeClient


def administrator(**operations):
    known = {"Logins": ["a-provider"], "CreationDate": WHEN}
    users = {
        "list_users": list_users,
        "admin_list_groups_for_user": lambda **_: [{"Groups": [{"GroupName": "editors"}]}],
    }
    identities = {"describe_identity": lambda **_: known}
    return FakeAdministrator(
        FakeClient(**{**users, **operations}), FakeClient(**{**identities, **operations})
    )


class Log:
    def __init__(self, *exchanges):
        self.exchanges = exchanges

    def of_sub(self, sub):
        return [e for e in self.exchanges if e.sub == sub]

    def of_identity(self, identity_id):
        return [e for e in self.exchanges if e.identity_id == identity_id]


def lookup(log=None, pools=("empty", "people"), **operations):
    return PersonLookup(administrator(**operations), iter(pools), log)


@pytest.mark.parametrize(
    "name", ["alice", "alice@example.com", SUB, IDENTITY, f"home/{IDENTITY}/", f"home/{IDENTITY}"]
)
def test_every_name_leads_to_the_same_person(name):
    """User name, e-mail address, sub, identity id, home prefix: both sides are told."""
    (person,) = lookup(Log(EXCHANGE)).people(name)
    assert person.document() == {
        "username": "alice",
        "sub": SUB,
        "userPoolId": "people",
        "status": "CONFIRMED",
        "enabled": True,
        "groups": ["editors"],
        "identities": [
            {
                "identityId": IDENTITY,
                "home": f"home/{IDENTITY}/",
                "created": "2024-01-01T00:00:00+00:00",
                "loginProviders": ["a-provider"],
                "lastExchange": "2024-01-01T00:00:00+00:00",
                "lastRole": "a-role",
            }
        ],
    }
    assert person.unknown is None


def test_without_the_log_one_side_is_not_guessed():
    """And the reason is told."""
    (user,) = lookup().people("alice")
    (identity,) = lookup().people(IDENTITY)
    assert (user.user.sub, user.identities) == (SUB, ())
    assert (identity.user, identity.identities[0].id) == (None, IDENTITY)
    assert "--stack" in user.unknown == identity.unknown


def test_somebody_who_never_came():
    """The log has nothing of them, which is another reason."""
    (user,) = lookup(Log()).people("alice")
    (identity,) = lookup(Log()).people(IDENTITY)
    assert user.identities == ()
    assert identity.user is None
    assert "has no exchange" in user.unknown == identity.unknown


def test_an_identity_that_is_deleted_is_still_in_the_log():
    """Cognito knows nothing of it any more; whose it was stays told."""
    gone = {"describe_identity": lambda **_: refusal("ResourceNotFoundException")}
    (person,) = lookup(Log(EXCHANGE), **gone).people(IDENTITY)
    assert (person.user.username, person.identities[0].created) == ("alice", None)


def test_a_user_who_is_deleted_is_not_made_up():
    """The log names a sub that no user pool has."""
    (person,) = lookup(Log(EXCHANGE), pools=("empty",)).people(IDENTITY)
    assert person.user is None


@pytest.mark.parametrize("name", ["nobody", SUB.replace("1", "9"), "x@example.com", 'a" or "b'])
def test_nobody_of_that_name(name):
    """An error of its own, with the name."""
    with pytest.raises(NobodyFound) as caught:
        lookup(Log(EXCHANGE)).people(name)
    assert repr(name) in caught.value.sentence


def test_missing_rights_are_named():
    """Not taken for an identity that is not there."""
    denied = {"describe_identity": lambda **_: refusal("AccessDeniedException")}
    with pytest.raises(AccessDenied):
        lookup(Log(EXCHANGE), **denied).people(IDENTITY)
