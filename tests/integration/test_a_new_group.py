"""Adding a group to the members' role as docs/operations.md says, in a copy of the project."""

import re
import shutil
from pathlib import Path

import pytest

from local.stack import LocalStack
from tests.integration.conftest import Api
from tests.integration.refusal import refusal

ROOT = Path(__file__).resolve().parents[2]


def with_copy(text, first, end):
    """The text with its part from `first` to before `end` again, the new group's name in it."""
    (part,) = re.findall(rf"({first}.*?)(?={end})", text, re.DOTALL | re.MULTILINE)
    return text.replace(part, part + part.replace("editors", "designers"))


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """A deployment of the template with one entry more, and the rows that tell of it."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    template = (ROOT / "template.yaml").read_text()
    start = template.index("  MemberRole:\n")
    members = with_copy(
        template[start:], r"^        - PolicyName: editors\n", r"^        - PolicyName:"
    )
    (folder / "template.yaml").write_text(template[:start] + members)
    grants = folder / "src" / "shared" / "locations.py"
    grants.write_text(
        with_copy(grants.read_text(), r'^    _Grant\("editors"', r'^    _Grant\("aud')
    )
    source = "member-role"
    with LocalStack(credential_source=source, template=folder / "template.yaml") as stack:
        stack.client("cognito-idp").create_group(
            UserPoolId=stack.outputs["UserPoolId"], GroupName="designers"
        )
        stack.add_user("dora", ("designers",))
        stack.add_user("dirk", ("designers", "auditors"))
        yield Api(stack)


def test_a_designer_has_the_new_places(api):
    """The group's folder is open to its members, and told."""
    key = "groups/designers/logo.svg"
    assert api.object(key, "dora", method="PUT", data=b"<svg/>").status_code == 201
    vias = {location["via"] for location in api.get("/locations", "dora").json()}
    assert vias == {"own", "shared", "group:designers"}
    assert api.object(key, "dirk").status_code == 307
    assert refusal(api.object(key, "alice")) == (403, "access_denied")


def test_the_other_groups_stay_as_they_are(api):
    """Designers are no editors, and editors no designers; who is in two groups has both."""
    draft, theirs = "groups/editors/draft.md", "groups/designers/logo.svg"
    assert refusal(api.object(draft, "dora")) == (403, "access_denied")
    assert refusal(api.object(theirs, "erin")) == (403, "access_denied")
    assert api.object(draft, "erin").status_code == 307
    assert api.object(draft, "dirk").status_code == 307
    written = api.object(draft, "dirk", method="PUT", data=b"x")
    assert refusal(written) == (403, "access_denied")
