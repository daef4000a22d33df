"""Which role a verified person acts in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import AmbiguousRole, NoRole, RoleNotYours
from shared.principal import Principal
from shared.role_choice import RoleChoice, choose_role, nameable_roles
from shared.secret import Secret
from shared.settings import DeployedRoles

SIGNED_IN = "arn:aws:iam::123456789012:role/pass-SignedInRole"
EDITORS = "arn:aws:iam::123456789012:role/pass-EditorsRole"
AUDITORS = "arn:aws:iam::123456789012:role/groups/pass-AuditorsRole"
FOREIGN = "arn:aws:iam::123456789012:role/Administrator"
ROLES = DeployedRoles(SIGNED_IN, {"editors": EDITORS, "auditors": AUDITORS})
# Each differs from the editors' role in one part of its ARN.
LOOKALIKES = [
    "arn:aws:iam::210987654321:role/pass-EditorsRole",
    "arn:aws:iam::123456789012:role/elsewhere/pass-EditorsRole",
    "arn:aws-cn:iam::123456789012:role/pass-EditorsRole",
    "arn:aws:iam::123456789012:role/aws-service-role/pass-EditorsRole",
    "arn:aws:iam::123456789012:role/pass-editorsrole",
    "arn:aws:iam::123456789012:role/pass-EditorsRole ",
    "arn:aws:iam::123456789012:role/pass-EditorsRole/",
]
MODES = ["identity-pool", "group-role"]


def person(*roles, preferred=None):
    return Principal(
        issuer="https://issuer",
        client_id="client",
        sub="9f1c0a52-6f0e-4a51-8a3c-0d1a2b3c4d5e",
        username="mia",
        groups=("editors", "auditors"),
        roles=roles,
        preferred_role=preferred,
        expires_at=2_000_000_000,
        id_token=Secret("token"),
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("principal", "wanted", "chosen"),
    [
        (person(), None, RoleChoice(SIGNED_IN, explicit=False)),
        (person(EDITORS, preferred=EDITORS), None, RoleChoice(EDITORS, explicit=False)),
        (person(EDITORS, AUDITORS, preferred=AUDITORS), None, RoleChoice(AUDITORS, explicit=False)),
        (person(EDITORS), None, RoleChoice(EDITORS, explicit=True)),
        (person(EDITORS, EDITORS), None, RoleChoice(EDITORS, explicit=True)),
        (person(FOREIGN, EDITORS), None, RoleChoice(EDITORS, explicit=True)),
        (person(FOREIGN, EDITORS, preferred=FOREIGN), None, RoleChoice(EDITORS, explicit=True)),
        (person(SIGNED_IN), None, RoleChoice(SIGNED_IN, explicit=True)),
        (person(EDITORS, AUDITORS), EDITORS, RoleChoice(EDITORS, explicit=True)),
        (person(EDITORS, AUDITORS), "pass-EditorsRole", RoleChoice(EDITORS, explicit=True)),
        (person(EDITORS, AUDITORS), "pass-AuditorsRole", RoleChoice(AUDITORS, explicit=True)),
        (person(EDITORS, AUDITORS), "auditors", RoleChoice(AUDITORS, explicit=True)),
        (
            person(EDITORS, AUDITORS, preferred=EDITORS),
            "auditors",
            RoleChoice(AUDITORS, explicit=True),
        ),
    ],
)
def test_the_table(mode, principal, wanted, chosen):
    """Wanted, else preferred, else the only one, else every signed-in user's role."""
    assert choose_role(principal, ROLES, wanted, mode) == chosen


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("roles", "choices"),
    [
        ((EDITORS, AUDITORS), ["editors", "auditors"]),
        ((AUDITORS, EDITORS), ["auditors", "editors"]),
        ((EDITORS, FOREIGN, AUDITORS), ["editors", "auditors"]),
        ((EDITORS, SIGNED_IN), ["editors", SIGNED_IN]),
    ],
)
def test_several_roles_and_none_preferred_must_choose(mode, roles, choices):
    """Never the first of a list: 403 with what `role=` may name, in the token's order."""
    with pytest.raises(AmbiguousRole) as caught:
        choose_role(person(*roles), ROLES, None, mode)
    assert (caught.value.status, caught.value.code) == (403, "ambiguous_role")
    assert caught.value.members["choices"] == choices


def test_every_choice_that_is_offered_can_be_made():
    """What `choices` lists is accepted as `role=`."""
    mia = person(EDITORS, AUDITORS, SIGNED_IN)
    with pytest.raises(AmbiguousRole) as caught:
        choose_role(mia, ROLES, None, "group-role")
    chosen = {
        choose_role(mia, ROLES, name, "group-role").arn for name in caught.value.members["choices"]
    }
    assert chosen == {EDITORS, AUDITORS, SIGNED_IN}


def test_a_preferred_role_of_somebody_else_settles_nothing():
    """A preferred role outside of the deployment leaves two of ours ambiguous."""
    with pytest.raises(AmbiguousRole):
        choose_role(
            person(EDITORS, AUDITORS, FOREIGN, preferred=FOREIGN), ROLES, None, "identity-pool"
        )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "wanted",
    [
        *(AUDITORS, "pass-AuditorsRole", "auditors", SIGNED_IN, FOREIGN, "Administrator"),
        *("", "EDITORS", *LOOKALIKES),
    ],
)
def test_a_role_that_the_token_does_not_carry_cannot_be_wanted(mode, wanted):
    """An editor gets no other role by its ARN, name or group, nor by a lookalike."""
    with pytest.raises(RoleNotYours) as caught:
        choose_role(person(EDITORS, FOREIGN, preferred=EDITORS), ROLES, wanted, mode)
    assert (caught.value.status, caught.value.code) == (403, "role_not_yours")


@pytest.mark.parametrize("lookalike", LOOKALIKES)
def test_a_lookalike_in_the_token_is_a_foreign_role(lookalike):
    """Another account, partition, path or spelling is not this deployment's role."""
    person_of_it = person(lookalike, preferred=lookalike)
    with pytest.raises(NoRole):
        choose_role(person_of_it, ROLES, None, "identity-pool")
    with pytest.raises(RoleNotYours):
        choose_role(person_of_it, ROLES, lookalike, "identity-pool")
    assert choose_role(person_of_it, ROLES, None, "group-role").arn == SIGNED_IN


def test_foreign_roles_alone_are_no_role_at_an_identity_pool():
    """The pool would hand out the foreign role, so nothing is asked of it."""
    with pytest.raises(NoRole) as caught:
        choose_role(person(FOREIGN), ROLES, None, "identity-pool")
    assert (caught.value.status, caught.value.code) == (403, "no_role")


def test_foreign_roles_alone_are_no_group_at_sts():
    """STS gives nothing unasked: the person is served as every signed-in user."""
    assert choose_role(person(FOREIGN), ROLES, None, "group-role") == RoleChoice(
        SIGNED_IN, explicit=False
    )


def test_a_name_that_means_two_roles_is_ambiguous():
    """Two accounts' roles of one name are told apart by their groups or ARNs."""
    twin = "arn:aws:iam::210987654321:role/pass-EditorsRole"
    roles = DeployedRoles(SIGNED_IN, {"editors": EDITORS, "twins": twin})
    with pytest.raises(AmbiguousRole) as caught:
        choose_role(person(EDITORS, twin), roles, "pass-EditorsRole", "group-role")
    assert caught.value.members["choices"] == ["editors", "twins"]
    assert choose_role(person(EDITORS, twin), roles, twin, "group-role").arn == twin


def test_a_group_goes_before_a_role_of_its_name():
    """What `choices` offers can be made even where another role is called like the group."""
    confusing = "arn:aws:iam::123456789012:role/editors"
    roles = DeployedRoles(SIGNED_IN, {"auditors": confusing, "editors": EDITORS})
    mia = person(confusing, EDITORS)
    assert choose_role(mia, roles, "editors", "group-role").arn == EDITORS
    assert choose_role(mia, roles, confusing, "group-role").arn == confusing


def test_two_groups_of_one_role_are_no_choice():
    """A role that two groups share is one role, called by the first of them."""
    roles = DeployedRoles(SIGNED_IN, {"editors": EDITORS, "writers": EDITORS, "auditors": AUDITORS})
    assert choose_role(person(EDITORS), roles, "writers", "group-role").arn == EDITORS
    with pytest.raises(AmbiguousRole) as caught:
        choose_role(person(EDITORS, AUDITORS), roles, None, "group-role")
    assert caught.value.members["choices"] == ["editors", "auditors"]


def test_the_name_is_what_follows_the_last_slash():
    """A path is no part of a role's name."""
    assert RoleChoice(AUDITORS, explicit=True).name == "pass-AuditorsRole"


arns = st.sampled_from([SIGNED_IN, EDITORS, AUDITORS, FOREIGN, *LOOKALIKES])


@given(
    carried=st.lists(arns, max_size=5),
    preferred=st.none() | arns,
    wanted=st.none() | arns | st.sampled_from(["editors", "auditors", "pass-EditorsRole", "x"]),
    mode=st.sampled_from(MODES),
)
def test_no_combination_yields_a_role_that_was_not_given(carried, preferred, wanted, mode):
    """The chosen role is the deployment's, and the token's too unless it is everybody's."""
    try:
        chosen = choose_role(person(*carried, preferred=preferred), ROLES, wanted, mode)
    except (AmbiguousRole, NoRole, RoleNotYours):
        return
    assert chosen.arn in {SIGNED_IN, EDITORS, AUDITORS}
    if chosen.explicit or chosen.arn != SIGNED_IN:
        assert chosen.arn in carried
    if wanted is not None:
        assert wanted in (chosen.arn, chosen.name, "editors", "auditors")


MEMBER = "arn:aws:iam::123456789012:role/pass-MemberRole"
WITH_MEMBER = DeployedRoles(SIGNED_IN, {"editors": EDITORS, "auditors": AUDITORS}, MEMBER)
EVERYBODY = [
    person(),
    person(EDITORS, preferred=EDITORS),
    person(EDITORS, AUDITORS),
    person(FOREIGN, preferred=FOREIGN),
]


@pytest.mark.parametrize("principal", EVERYBODY)
@pytest.mark.parametrize("wanted", [None, MEMBER, "pass-MemberRole"])
def test_everybody_acts_in_the_member_role(principal, wanted):
    """Where there is one, whatever roles the token carries, and without a choice to make."""
    chosen = choose_role(principal, WITH_MEMBER, wanted, "member-role")
    assert chosen.arn == MEMBER
    assert nameable_roles(principal, WITH_MEMBER) == {MEMBER: MEMBER}


@pytest.mark.parametrize("principal", EVERYBODY)
@pytest.mark.parametrize(
    "wanted",
    [
        *(EDITORS, "editors", "pass-EditorsRole", "auditors", SIGNED_IN, FOREIGN, "member", ""),
        *(f"{MEMBER}/", MEMBER.lower(), "arn:aws:iam::210987654321:role/pass-MemberRole"),
    ],
)
def test_no_other_role_can_be_wanted_there(principal, wanted):
    """Not even one that the token carries: its rights come with the member role already."""
    with pytest.raises(RoleNotYours) as caught:
        choose_role(principal, WITH_MEMBER, wanted, "member-role")
    assert (caught.value.status, caught.value.code) == (403, "role_not_yours")
