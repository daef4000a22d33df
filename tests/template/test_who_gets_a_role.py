"""The trust in people's roles, judged as it is rendered."""

import pytest

from tests.template.iam_judge import Request, is_allowed
from tests.template.policies import MEMBER_ROLE, PEOPLE_ROLES, trust_of
from tests.template.rendering import ACCOUNT, REGION, Rendered

SUB = "9f3c1e52-7a41-4d0e-8a59-6f2f0c6f1b7d"
IDENTITY = f"{REGION}:{SUB}"
COGNITO = ("Federated", "cognito-identity.amazonaws.com")
AUD, AMR = "cognito-identity.amazonaws.com:aud", "cognito-identity.amazonaws.com:amr"
OTHER_POOL = f"{REGION}:99999999-9999-4999-8999-999999999999"
TAGS = {"identity_id": IDENTITY, "sub": SUB}
EVERY_ROLE = pytest.mark.parametrize("role", PEOPLE_ROLES)
EVERY_SOURCE = pytest.mark.parametrize("source", ["identity-pool", "group-role", "member-role"])


def gets_role(rendered: Rendered, role: str, action: str, principal, context) -> bool:
    request = Request(f"sts:{action}", context=context, principal=principal)
    return is_allowed([trust_of(rendered, role)], request)


def by_function(rendered: Rendered, role: str, tags: dict, action: str = "AssumeRole") -> bool:
    function = ("AWS", rendered.attribute("FunctionRole", "Arn"))
    context = {f"aws:RequestTag/{name}": value for name, value in tags.items()}
    return gets_role(rendered, role, action, function, {**context, "aws:TagKeys": list(tags)})


@EVERY_ROLE
@EVERY_SOURCE
def test_people_of_this_pool_get_the_role(source, role, transformed):
    """Cognito may give each role to somebody who signed in through this identity pool."""
    rendered = Rendered(transformed, {"CredentialSource": source})
    context = {AUD: rendered.ref("IdentityPool"), AMR: ["authenticated", "cognito-idp…:x"]}
    assert gets_role(rendered, role, "AssumeRoleWithWebIdentity", COGNITO, context)


@pytest.mark.parametrize(
    "change",
    [
        {AUD: OTHER_POOL},
        {AUD: None},
        {AMR: ["unauthenticated"]},
        {AMR: []},
        {AMR: None},
        {AMR: ["unauthenticated", "graph.facebook.com"]},
    ],
    ids=str,
)
@EVERY_ROLE
@EVERY_SOURCE
def test_guests_and_other_pools_get_no_role(source, role, change, transformed):
    """A token of another identity pool, a guest's, or one that does not say, gets no role."""
    rendered = Rendered(transformed, {"CredentialSource": source})
    good = {AUD: rendered.ref("IdentityPool"), AMR: ["authenticated"]}
    context = {name: value for name, value in {**good, **change}.items() if value is not None}
    assert not gets_role(rendered, role, "AssumeRoleWithWebIdentity", COGNITO, context)


@pytest.mark.parametrize("action", ["AssumeRole", "TagSession"])
@EVERY_ROLE
def test_the_function_acts_for_one_person(role, action, transformed):
    """In group-role mode the function gets each role for a person named by both tags."""
    rendered = Rendered(transformed, {"CredentialSource": "group-role"})
    assert by_function(rendered, role, TAGS, action)


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"sub": SUB},
        {"identity_id": IDENTITY},
        {**TAGS, "department": "all"},
        {**TAGS, "identity_id": "*"},
        {**TAGS, "identity_id": ""},
        {**TAGS, "identity_id": f"us-east-1:{SUB}"},
        {**TAGS, "identity_id": f"{IDENTITY}/x"},
        {**TAGS, "sub": "alice"},
        {**TAGS, "sub": f"{SUB}x"},
    ],
    ids=str,
)
@pytest.mark.parametrize("action", ["AssumeRole", "TagSession"])
@EVERY_ROLE
def test_the_function_gets_no_role_for_nobody(role, action, tags, transformed):
    """Without one of the tags, with a further one or with another form, there is no session."""
    rendered = Rendered(transformed, {"CredentialSource": "group-role"})
    assert not by_function(rendered, role, tags, action)


@EVERY_ROLE
@pytest.mark.parametrize("source", ["identity-pool", "member-role"])
def test_the_function_gets_no_role_in_another_mode(source, role, transformed):
    """Outside of group-role mode the function cannot assume any of these roles."""
    rendered = Rendered(transformed, {"CredentialSource": source})
    assert not by_function(rendered, role, TAGS)


@pytest.fixture
def members(transformed):
    return Rendered(transformed, {"CredentialSource": "member-role"})


@pytest.mark.parametrize("action", ["AssumeRole", "TagSession"])
@pytest.mark.parametrize("groups", [(), ("editors",), ("editors", "auditors")])
def test_the_members_role_is_for_one_person_and_their_groups(action, groups, members):
    """The function gets it with both tags of the person, and tags of none or some groups."""
    tags = TAGS | {f"group_{group}": "member" for group in groups}
    assert by_function(members, MEMBER_ROLE, tags, action)


@pytest.mark.parametrize(
    "tags",
    [
        {"group_editors": "member"},
        {"sub": SUB, "group_editors": "member"},
        {"identity_id": IDENTITY, "group_editors": "member"},
        {**TAGS, "department": "all"},
        {**TAGS, "Group_editors": "member"},
        {**TAGS, "identity_id": "*"},
        {**TAGS, "identity_id": f"{IDENTITY}/x"},
        {**TAGS, "sub": "alice"},
    ],
    ids=str,
)
@pytest.mark.parametrize("action", ["AssumeRole", "TagSession"])
def test_the_members_role_is_not_for_nobody(action, tags, members):
    """Without the person, or with a tag of another kind, there is no session, groups or not."""
    assert not by_function(members, MEMBER_ROLE, tags, action)


def test_cognito_gets_no_members_role(members):
    """Nobody becomes a member past the function: the identity pool cannot give this role."""
    context = {AUD: members.ref("IdentityPool"), AMR: ["authenticated"]}
    assert not gets_role(members, MEMBER_ROLE, "AssumeRoleWithWebIdentity", COGNITO, context)


@pytest.mark.parametrize("source", ["identity-pool", "group-role"])
def test_the_members_role_is_of_its_mode(source, transformed):
    """In the other modes it does not exist."""
    assert MEMBER_ROLE not in Rendered(transformed, {"CredentialSource": source}).resources


@pytest.mark.parametrize(
    "principal",
    [
        ("AWS", f"arn:aws:iam::{ACCOUNT}:root"),
        ("AWS", f"arn:aws:iam::{ACCOUNT}:role/FunctionRole2"),
        ("AWS", f"arn:aws:iam::{ACCOUNT}:role/SignedInRole"),
        ("AWS", "arn:aws:iam::999999999999:role/FunctionRole"),
        ("Service", "lambda.amazonaws.com"),
        COGNITO,
    ],
    ids=str,
)
@pytest.mark.parametrize("role", [*PEOPLE_ROLES, MEMBER_ROLE])
def test_nobody_else_gets_a_role(role, principal, transformed):
    """No other principal gets a role, whatever tags it sends."""
    source = "member-role" if role == MEMBER_ROLE else "group-role"
    rendered = Rendered(transformed, {"CredentialSource": source})
    context = {f"aws:RequestTag/{name}": value for name, value in TAGS.items()}
    context["aws:TagKeys"] = list(TAGS)
    assert not gets_role(rendered, role, "AssumeRole", principal, context)
