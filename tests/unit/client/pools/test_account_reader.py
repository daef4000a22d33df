from dataclasses import dataclass, field

import pytest

from bucketpass.errors import AccessDenied, UnexpectedAnswer
from bucketpass.pools.account_reader import read_everything, read_pools
from bucketpass.pools.user_pool_reader import STANDARD_ATTRIBUTES
from tests.unit.client.pools.aws_fakes import FakeClient, refusal
from tests.unit.client.pools.described_pools import (
    ACCOUNT,
    HOME,
    POOL_ID,
    PROVIDER,
    USER_POOL_ID,
    arn,
    trust,
)

USERS = {
    "list_user_pools": lambda **_: [
        {"UserPools": [{"Id": USER_POOL_ID, "Name": "people"}]},
        {"UserPools": [{"Id": "eu-west-1_Unbound", "Name": "others"}]},
    ],
    "describe_user_pool": lambda **_: {
        "UserPool": {
            "AdminCreateUserConfig": {},
            "SchemaAttributes": [{"Name": "sub", "Mutable": False}, {"Name": "email"}],
        }
    },
    "list_user_pool_clients": lambda **_: [
        {"UserPoolClients": [{"ClientId": "web", "ClientName": "page"}]}
    ],
    "describe_user_pool_client": lambda **_: {"UserPoolClient": {}},
    "list_groups": lambda **_: [{"Groups": [{"GroupName": "editors", "RoleArn": arn("editors")}]}],
}
IDENTITIES = {
    "list_identity_pools": lambda **_: [
        {"IdentityPools": [{"IdentityPoolId": POOL_ID, "IdentityPoolName": "files"}]}
    ],
    "describe_identity_pool": lambda **_: {
        "IdentityPoolName": "files",
        "AllowUnauthenticatedIdentities": False,
        "CognitoIdentityProviders": [{"ProviderName": PROVIDER, "ClientId": "web"}],
        "SupportedLoginProviders": {"accounts.google.com": "x"},
    },
    "get_identity_pool_roles": lambda **_: {
        "Roles": {"authenticated": arn("everybody")},
        "RoleMappings": {f"{PROVIDER}:web": {"Type": "Token", "AmbiguousRoleResolution": "Deny"}},
    },
    "get_principal_tag_attribute_map": lambda **_: refusal("ResourceNotFoundException"),
}
ROLES = {
    "get_role": lambda RoleName: {"Role": {"AssumeRolePolicyDocument": trust()}},  # noqa: N803
    "list_attached_role_policies": lambda **_: [
        {"AttachedPolicies": [{"PolicyArn": "arn:aws:iam::000000000000:policy/home"}]}
    ],
    "get_policy": lambda **_: {"Policy": {"DefaultVersionId": "v3"}},
    "get_policy_version": lambda **_: {"PolicyVersion": {"Document": HOME}},
    "list_role_policies": lambda **_: [{"PolicyNames": ["inline"]}],
    "get_role_policy": lambda **_: {"PolicyDocument": HOME},
}


@dataclass
class FakeAdministrator:
    changed: dict = field(default_factory=dict)
    region: str = "eu-west-1"
    account: str = ACCOUNT

    def __post_init__(self):
        self.user_pools = FakeClient(**{**USERS, **self.changed})
        self.identity_pools = FakeClient(**{**IDENTITIES, **self.changed})
        self.iam = FakeClient(**{**ROLES, **self.changed})


def quiet(_):
    """Nobody wants to know."""


def everything(**changed):
    return read_everything(FakeAdministrator(changed), quiet)


def test_all_pages_are_read():
    """Each list to its end, with the most that one answer holds."""
    who = FakeAdministrator()
    inventory = read_pools(who, quiet)
    assert [pool.name for pool in inventory.user_pools] == ["people", "others"]
    assert dict(who.user_pools.calls)["list_user_pools"] == {"PaginationConfig": {"PageSize": 60}}
    assert dict(who.identity_pools.calls)["list_identity_pools"] == {
        "PaginationConfig": {"PageSize": 60}
    }


def test_a_listing_asks_for_no_more_than_it_shows():
    """No call to IAM, and none for each client."""
    who = FakeAdministrator()
    assert read_pools(who, quiet).roles == {}
    names = {name for name, _ in who.user_pools.calls}
    assert (who.iam.calls, "describe_user_pool_client" in names) == ([], False)


def test_only_bound_user_pools_are_read_in_detail():
    """What a pool that nobody trusts allows is no matter of credentials."""
    people, others = everything().user_pools
    assert (people.open_sign_up, people.fixed) == (True, {"sub"})
    assert people.clients[0].writable == STANDARD_ATTRIBUTES
    assert (others.open_sign_up, others.clients[0].writable) == (False, frozenset())


def test_what_a_client_may_write_where_somebody_has_chosen():
    """Then these attributes and no others."""
    chosen = {"UserPoolClient": {"WriteAttributes": ["email"]}}
    (people, _) = everything(describe_user_pool_client=lambda **_: chosen).user_pools
    assert people.clients[0].writable == {"email"}


@pytest.mark.parametrize(
    ("answer", "tags"),
    [
        ({"UseDefaults": True, "PrincipalTags": {}}, {"username": "sub", "client": "aud"}),
        ({"UseDefaults": False, "PrincipalTags": {"team": "custom:team"}}, {"team": "custom:team"}),
        ({"UseDefaults": False, "PrincipalTags": {}}, None),
        (refusal("ResourceNotFoundException"), None),
    ],
)
def test_principal_tags(answer, tags):
    """The defaults, chosen ones, and the two ways to have none."""
    (pool,) = everything(get_principal_tag_attribute_map=lambda **_: answer).identity_pools
    assert pool.providers[0].tags == tags


def test_what_cognito_does_not_say_is_off():
    """The check of the token is not taken for granted; other providers are named."""
    (pool,) = everything().identity_pools
    assert (pool.guests, pool.classic_flow, pool.providers[0].token_check) == (False, False, False)
    assert pool.other_providers == ("accounts.google.com",)


def test_roles_have_all_their_policies():
    """Attached ones in their default version, and inline ones; a shared policy is read once."""
    who = FakeAdministrator()
    inventory = read_everything(who, quiet)
    assert set(inventory.roles) == {arn("everybody"), arn("editors")}
    assert inventory.roles[arn("editors")].policies == (HOME, HOME)
    versions = [arguments for name, arguments in who.iam.calls if name == "get_policy_version"]
    assert [arguments["VersionId"] for arguments in versions] == ["v3"]


def test_a_role_that_is_gone_or_closed_is_told():
    """Neither ends the doctor's visit, nor passes for a good role."""
    gone = everything(get_role=lambda RoleName: refusal("NoSuchEntity", 404))  # noqa: N803
    closed = everything(get_role_policy=lambda **_: refusal("AccessDenied", 403))
    assert gone.missing == {arn("everybody"), arn("editors")}
    assert set(closed.unread) == {arn("everybody"), arn("editors")}
    assert (gone.roles, closed.roles) == ({}, {})


def test_a_role_of_another_account_is_told():
    """IAM could only be asked for a role of the same name."""
    far = {"Roles": {"authenticated": "arn:aws:iam::999999999999:role/everybody"}}
    inventory = everything(get_identity_pool_roles=lambda **_: far)
    assert set(inventory.unread) == {far["Roles"]["authenticated"]}


def test_other_refusals_are_errors():
    """Of this package, by their cause."""
    with pytest.raises(AccessDenied):
        everything(list_user_pools=lambda **_: refusal("AccessDeniedException"))
    with pytest.raises(UnexpectedAnswer):
        everything(get_role=lambda RoleName: refusal("Strange"))  # noqa: N803
