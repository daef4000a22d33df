"""`GET /explain` over HTTP, compared with what IAM really does."""

from urllib.parse import quote

import pytest

from tests.integration.refusal import refusal

PEOPLE = ["alice", "erin", "ada"]
PLACES = {
    "own": lambda api, who: f"{api.home(who)}explain/",
    "bob's": lambda api, _: f"{api.home('bob')}explain/",
    "shared": lambda *_: "shared/explain/",
    "of the editors": lambda *_: "groups/editors/explain/",
    "elsewhere": lambda *_: "elsewhere/explain/",
}


def explained(api, who, action, key, **options):
    answer = api.get(f"/explain?action={action}&key={quote(key, safe='')}", who, **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


def attempted(api, who, action, key):
    """Whether the API lets the person do it; what is missing is allowed to be looked for."""
    answer = {
        "list": lambda: api.get(f"/objects?prefix={quote(key, safe='')}", who),
        "read": lambda: api.object(key, who, params={"as": "content"}),
        "write": lambda: api.object(key, who, method="PUT", data=b"x"),
        "delete": lambda: api.object(key, who, method="DELETE"),
    }[action]()
    assert answer.status_code in {200, 201, 204, 403, 404}, answer.text
    return answer.status_code != 403


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("place", PLACES)
def test_the_explanation_is_the_truth(api, who, place):
    """Every action of every kind of person at every kind of place ends as it was explained."""
    folder = PLACES[place](api, who)
    for action, key in [
        ("list", folder),
        ("write", f"{folder}{who}.txt"),
        ("read", f"{folder}{who}.txt"),
        ("delete", f"{folder}{who}.txt"),
    ]:
        told = explained(api, who, action, key)
        assert told["allowed"] == attempted(api, who, action, key), (action, key, told)
        assert (told["remedy"] is None) == (told["missing"] is None) == told["allowed"]


def test_the_explanation_says_who_and_in_which_role(api):
    """The same person, role and mode as `GET /me` tells."""
    told, me = explained(api, "erin", "write", "home/me/a"), api.get("/me", "erin").json()
    assert told["key"] == f"{me['homePrefix']}a"
    for member in ("identityId", "role", "credentialSource"):
        assert told[member] == me[member]


def test_an_explanation_tells_nothing_about_anothers_object(api):
    """Bob's existing object and one that he lacks are explained to alice in the same words."""
    there, missing = (
        explained(api, "alice", "read", f"{api.home('bob')}{name}")
        for name in ("hello.txt", "missing.txt")
    )
    assert {**there, "key": None} == {**missing, "key": None}
    assert there["remedy"]["code"] == "outside_of_your_places"


def test_who_has_several_roles_is_told_which_to_pick(api):
    """Mia names none: the remedy is the role that then really does it."""
    told = explained(api, "mia", "write", "shared/explain/mia.txt")
    if told["role"] is not None:  # one role for all of her groups: nothing to pick
        assert told["allowed"]
        return
    assert told["remedy"]["code"] == "pick_role"
    assert told["choices"] == [
        {"role": choice, "allowed": choice == "editors"}
        for choice in [each["role"] for each in told["choices"]]
    ]
    (role,) = told["remedy"]["roles"]
    key = "shared/explain/mia.txt"
    assert api.object(key, "mia", method="PUT", data=b"x", params={"role": role}).status_code == 201
    assert api.object(key, "mia", method="DELETE", params={"role": role}).status_code == 204


@pytest.mark.parametrize("query", ["", "?action=read", "?action=steal&key=a", "?key=a"])
def test_an_unclear_question_is_refused(api, query):
    """Action and key are both needed."""
    assert refusal(api.get(f"/explain{query}")) == (400, "invalid_request")


def test_a_stranger_is_explained_nothing(api):
    """Without a token there is no answer."""
    assert refusal(api.get("/explain?action=read&key=a", who=None)) == (401, "invalid_token")
