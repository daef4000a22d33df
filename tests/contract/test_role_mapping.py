"""The role claims of an ID token, and the role that an identity pool gives by them."""

import pytest
from jwt import decode

from tests.contract.cloud import IdentityPool, UserPool, code_of

REFUSED = "NotAuthorizedException"
GROUPS = {"first": 1, "second": 2, "equal": 1, "last": None}
USERS = {
    "nobody": [],
    "one": ["second"],
    "ranked": ["second", "first"],
    "ambiguous": ["first", "equal"],
    "unranked": ["last", "second"],
    "roleless": ["plain"],
}


@pytest.fixture(scope="module")
def people(cloud):
    return UserPool(cloud, "people")


@pytest.fixture(scope="module")
def pool(cloud, people):
    return IdentityPool(cloud, "people", people)


@pytest.fixture(scope="module")
def roles(cloud, people, pool):
    made = {name: cloud.role(f"group-{name}", pool.trust()) for name in (*GROUPS, "default")}
    for name, precedence in GROUPS.items():
        people.group(name, made[name], precedence)
    people.group("plain")
    for name, groups in USERS.items():
        people.user(name, *groups)
    return made


@pytest.fixture(scope="module")
def token_of(people, roles):
    known = {}

    def token(name):
        if name not in known:
            known[name] = people.tokens(name)["IdToken"]
        return known[name]

    return token


@pytest.fixture
def role_of(cloud, people, pool, roles, token_of):
    """The role that the pool gives to a user, or the code of its refusal."""

    def role(name, resolution="AuthenticatedRole", mapping=None, **more):
        token_mapping = {"Type": "Token", "AmbiguousRoleResolution": resolution}
        pool.roles(roles["default"], mapping or token_mapping)
        logins = {people.provider: token_of(name)}
        code = code_of(pool.credentials, logins, **more)
        if code:
            return code
        caller = cloud.client("sts", pool.keys(logins, **more)).get_caller_identity()
        return caller["Arn"].split("/")[1].removeprefix("group-")

    return role


def claims_of(token):
    return decode(token, options={"verify_signature": False})


@pytest.mark.parametrize(
    ("name", "carried", "preferred"),
    [
        ("nobody", None, None),
        ("roleless", None, None),
        ("one", {"second"}, "second"),
        ("ranked", {"first", "second"}, "first"),
        ("ambiguous", {"first", "equal"}, None),
        ("unranked", {"second", "last"}, "second"),
    ],
)
def test_claims(roles, token_of, name, carried, preferred):
    """The ID token carries the groups' roles; the best precedence, if unique, is preferred."""
    claims = claims_of(token_of(name))
    expected = {roles[role] for role in carried} if carried else None
    found = claims.get("cognito:roles")
    assert (set(found) if found else None) == expected
    assert claims.get("cognito:preferred_role") == (roles[preferred] if preferred else None)


def test_access_token_carries_no_roles(people, roles):
    """Only the ID token carries roles."""
    claims = claims_of(people.tokens("one")["AccessToken"])
    assert not {"cognito:roles", "cognito:preferred_role"} & set(claims)
    assert claims["cognito:groups"] == ["second"]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("nobody", "default"),
        ("roleless", "default"),
        ("one", "second"),
        ("ranked", "first"),
        ("unranked", "second"),
        ("ambiguous", "default"),
    ],
)
def test_token_mapping(role_of, name, role):
    """The preferred role is given; without one, the default role of signed-in users."""
    assert role_of(name) == role


@pytest.mark.parametrize("name", ["ambiguous", "nobody"])
def test_ambiguity_denied(role_of, name):
    """Without a preferred role there is none where ambiguity is denied."""
    assert role_of(name, "Deny") == REFUSED


@pytest.mark.parametrize(
    ("name", "wanted", "given"),
    [
        ("ambiguous", "first", "first"),
        ("ambiguous", "equal", "equal"),
        ("ranked", "second", "second"),
        ("ambiguous", "second", REFUSED),
        ("ranked", "default", REFUSED),
        ("nobody", "first", REFUSED),
        ("nobody", "default", REFUSED),
    ],
)
def test_custom_role(role_of, roles, name, wanted, given):
    """A role that the token carries may be asked for, no other."""
    assert role_of(name, CustomRoleArn=roles[wanted]) == given


def test_foreign_custom_role(role_of):
    """An ARN that belongs to nobody is refused."""
    assert role_of("ambiguous", CustomRoleArn="arn:aws:iam::000000000000:role/admin") == REFUSED


@pytest.mark.parametrize(
    ("match", "value", "name", "given"),
    [
        ("Equals", "one", "one", "first"),
        ("Equals", "one", "nobody", "default"),
        ("StartsWith", "am", "ambiguous", "first"),
        ("Contains", "bod", "nobody", "first"),
        ("NotEqual", "one", "one", "default"),
    ],
)
def test_rules(role_of, roles, match, value, name, given):
    """The first rule that a claim meets decides, otherwise the default role."""
    rule = {
        "Claim": "cognito:username",
        "MatchType": match,
        "Value": value,
        "RoleARN": roles["first"],
    }
    mapping = {
        "Type": "Rules",
        "AmbiguousRoleResolution": "AuthenticatedRole",
        "RulesConfiguration": {"Rules": [rule]},
    }
    assert role_of(name, mapping=mapping) == given
