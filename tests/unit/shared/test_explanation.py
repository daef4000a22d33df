"""Why somebody may or may not: a table of people, actions and keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.explanation import ACTIONS, Explanation, Standpoint, explain
from shared.locations import locations_for
from shared.settings import DeployedRoles

SIGNED_IN = "arn:aws:iam::123456789012:role/SignedIn"
EDITORS = "arn:aws:iam::123456789012:role/Editors"
AUDITORS = "arn:aws:iam::123456789012:role/Auditors"
ROLES = DeployedRoles(SIGNED_IN, {"editors": EDITORS, "auditors": AUDITORS})
HOME = "home/eu-central-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/"
BOBS = "home/eu-central-1:bbbbbbbb-4b5a-6978-8796-a5b4c3d2e1f0/"


def standpoint(role, name="role"):
    return Standpoint(role, name, locations_for(role, (), ROLES, HOME, "bucket"))


EVERYBODY, EDITOR, AUDITOR = (
    standpoint(SIGNED_IN),
    standpoint(EDITORS, "editors"),
    standpoint(AUDITORS, "auditors"),
)
MIAS = (EDITOR, AUDITOR)


@pytest.mark.parametrize(
    ("acting", "action", "key", "via"),
    [
        (EVERYBODY, "read", f"{HOME}a.txt", "own"),
        (EVERYBODY, "write", f"{HOME}deep/er/a.txt", "own"),
        (EVERYBODY, "delete", HOME, "own"),
        (EVERYBODY, "list", HOME, "own"),
        (EVERYBODY, "list", "shared/", "shared"),
        (EVERYBODY, "read", "shared/a", "shared"),
        (EDITOR, "write", "shared/a", "group:editors"),
        (EDITOR, "read", "shared/a", "shared"),
        (EDITOR, "delete", "groups/editors/a", "group:editors"),
        (AUDITOR, "list", "", "group:auditors"),
        (AUDITOR, "read", f"{BOBS}a", "group:auditors"),
        (AUDITOR, "read", f"{HOME}a", "own"),
    ],
)
def test_what_is_allowed_names_the_place_that_allows_it(acting, action, key, via):
    """The innermost place with the permission; nothing is missing and nothing to be done."""
    explanation = explain(action, key, acting, MIAS)
    assert explanation.location.via == via
    assert explanation == Explanation(
        allowed=True, location=explanation.location, missing=None, remedy=None
    )


@pytest.mark.parametrize(
    ("acting", "action", "key", "nearest", "code"),
    [
        (EVERYBODY, "read", f"{BOBS}a", "own", "outside_of_your_places"),
        (EVERYBODY, "list", "", "own", "outside_of_your_places"),
        (EVERYBODY, "list", HOME[:-1], "own", "outside_of_your_places"),
        (EVERYBODY, "list", HOME[:-2], "own", "outside_of_your_places"),
        (EVERYBODY, "read", "elsewhere/a", "own", "outside_of_your_places"),
        (EVERYBODY, "read", "shared", "shared", "outside_of_your_places"),
        (EVERYBODY, "write", "shared/a", "shared", "ask_for_permission"),
        (EDITOR, "read", "groups/others/a", "group:editors", "outside_of_your_places"),
        (AUDITOR, "write", f"{BOBS}a", "group:auditors", "ask_for_permission"),
        (AUDITOR, "delete", "groups/editors/a", "group:auditors", "ask_for_permission"),
    ],
)
def test_what_is_not_allowed_names_the_nearest_place(acting, action, key, nearest, code):
    """The place around the key, else the one with most folders in common; and what lacks."""
    explanation = explain(action, key, acting, ())
    assert not explanation.allowed
    assert explanation.location.via == nearest
    assert explanation.missing == action
    assert explanation.remedy.code == code


def test_a_lacking_permission_is_told_beside_those_that_are_there():
    """Who may list and read here is told so, and what to ask for."""
    remedy = explain("write", "shared/a", EVERYBODY, ()).remedy
    assert remedy.sentence == "Here you may list and read only; ask for the permission to write."


def test_permissions_of_several_places_are_told_together():
    """The editors' two grants of shared/ leave nothing that they could ask for there."""
    assert all(explain(action, "shared/a", EDITOR, ()).allowed for action in ACTIONS)


@pytest.mark.parametrize(
    ("action", "key", "roles"),
    [
        ("write", "shared/a", ("editors",)),
        ("read", f"{BOBS}a", ("auditors",)),
        ("read", "groups/editors/a", ("editors", "auditors")),
        ("list", HOME, ("editors", "auditors")),
    ],
)
def test_who_has_not_picked_a_role_is_told_which_would_do(action, key, roles):
    """Several roles and none named: no place and the names that `role=` takes."""
    explanation = explain(action, key, None, MIAS)
    assert explanation.location is None
    assert not explanation.allowed
    assert (explanation.remedy.code, explanation.remedy.roles) == ("pick_role", roles)
    assert explanation.remedy.sentence.endswith(f"{' or '.join(roles)}.")


def test_another_role_is_a_remedy_only_where_it_helps():
    """Acting as an auditor, mia is sent to the editors for shared/, and nowhere for bob's."""
    assert explain("write", "shared/a", AUDITOR, MIAS).remedy.roles == ("editors",)
    assert explain("write", f"{BOBS}a", AUDITOR, MIAS).remedy.code == "ask_for_permission"
    assert explain("write", f"{BOBS}a", None, MIAS).remedy.code == "outside_of_your_places"


def test_a_role_without_places_has_no_nearest():
    """A role of another deployment goes nowhere."""
    explanation = explain("read", "a", standpoint("arn:aws:iam::123456789012:role/Other"), ())
    assert (explanation.allowed, explanation.location) == (False, None)
    assert explanation.remedy.code == "outside_of_your_places"


@given(
    st.sampled_from(ACTIONS),
    st.lists(st.sampled_from(["home", "shared", "groups", "editors", HOME[5:-1], "a", ""])),
    st.sampled_from([EVERYBODY, EDITOR, AUDITOR]),
)
def test_allowed_is_exactly_what_a_place_grants(action, folders, acting):
    """Allowed if and only if a place with the permission is a prefix of the key."""
    key = "/".join(folders)
    granted = [
        place
        for place in acting.locations
        if key.startswith(place.prefix) and action in place.permissions
    ]
    explanation = explain(action, key, acting, ())
    assert explanation.allowed == bool(granted)
    assert (explanation.location in granted) == bool(granted)
    assert (explanation.remedy is None) == (explanation.missing is None) == bool(granted)
