import pytest

from shared.locations import GROUPS, Location, locations_for
from shared.settings import DeployedRoles

SIGNED_IN = "arn:aws:iam::123456789012:role/signed-in"
EDITORS = "arn:aws:iam::123456789012:role/editors"
AUDITORS = "arn:aws:iam::123456789012:role/auditors"
READERS = "arn:aws:iam::123456789012:role/readers"
ROLES = DeployedRoles(SIGNED_IN, {"editors": EDITORS, "auditors": AUDITORS, "readers": READERS})
HOME = "home/eu-central-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/"
EVERYONE = [
    (HOME, ("list", "read", "write", "delete"), "own"),
    ("shared/", ("list", "read"), "shared"),
]


@pytest.mark.parametrize(
    ("role", "further"),
    [
        (SIGNED_IN, []),
        (
            EDITORS,
            [
                ("shared/", ("write", "delete"), "group:editors"),
                ("groups/editors/", ("list", "read", "write", "delete"), "group:editors"),
            ],
        ),
        (AUDITORS, [("", ("list", "read"), "group:auditors")]),
        (READERS, []),
    ],
)
def test_each_role_has_what_everyone_has_and_its_own_grants(role, further):
    """The whole table: who may do what, where, and why."""
    assert locations_for(role, (), ROLES, HOME, "bucket") == [
        Location("bucket", *grant) for grant in EVERYONE + further
    ]


@pytest.mark.parametrize(
    "role",
    [
        "",
        "arn:aws:iam::999999999999:role/editors",
        "arn:aws:iam::123456789012:role/editors/",
        "editors",
    ],
)
def test_a_role_of_no_group_of_ours_has_no_location(role):
    """Only the exact ARNs of the deployment have locations."""
    assert locations_for(role, (), ROLES, HOME, "bucket") == []


def test_every_prefix_ends_in_a_slash_or_is_the_whole_bucket():
    """No location opens a sibling whose name merely begins alike."""
    for role in (SIGNED_IN, EDITORS, AUDITORS):
        for location in locations_for(role, (), ROLES, HOME, "bucket"):
            assert location.prefix == "" or location.prefix.endswith("/")


MEMBER = "arn:aws:iam::123456789012:role/member"
WITH_MEMBER = DeployedRoles(SIGNED_IN, {"editors": EDITORS, "auditors": AUDITORS}, MEMBER)
OF_EDITORS = [
    ("shared/", ("write", "delete"), "group:editors"),
    ("groups/editors/", ("list", "read", "write", "delete"), "group:editors"),
]
OF_AUDITORS = [("", ("list", "read"), "group:auditors")]


@pytest.mark.parametrize(
    ("groups", "further"),
    [
        ((), []),
        (("editors",), OF_EDITORS),
        (("auditors",), OF_AUDITORS),
        (("auditors", "editors"), OF_EDITORS + OF_AUDITORS),
        (("editors", "editors", "strangers"), OF_EDITORS),
        (("Editors", "editors2", "editor", "edit*", " editors", "group:editors", ""), []),
    ],
)
def test_the_member_role_has_what_each_group_has(groups, further):
    """The union of the grants of the verified groups; a name that only looks alike has none."""
    assert locations_for(MEMBER, groups, WITH_MEMBER, HOME, "bucket") == [
        Location("bucket", *grant) for grant in EVERYONE + further
    ]


@pytest.mark.parametrize("role", [SIGNED_IN, AUDITORS])
def test_another_role_ignores_the_groups(role):
    """What a group's own role gives does not depend on further groups of the token."""
    assert locations_for(role, ("editors",), WITH_MEMBER, HOME, "bucket") == locations_for(
        role, (), WITH_MEMBER, HOME, "bucket"
    )


def test_without_a_member_role_there_is_none():
    """A deployment of another source has no location for the role of members."""
    assert locations_for(MEMBER, ("editors",), ROLES, HOME, "bucket") == []


def test_the_groups_are_those_of_the_table():
    """Each group with a grant, once."""
    assert GROUPS == ("editors", "auditors")
