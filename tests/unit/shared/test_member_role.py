"""The exchange for the role of everybody: which tags the session carries, and which never."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import botocore.session
import pytest
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import IdentityRefused
from shared.locations import GROUPS
from shared.member_role import MEMBER, MOST_GROUPS, TAG_PREFIX, MemberRole
from shared.principal import Principal
from shared.role_choice import RoleChoice
from shared.secret import Secret

IDENTITY = "eu-central-1:0f0e0d0c-1111-4222-8333-444455556666"
SUB = "9f1c0a52-6f0e-4a51-8a3c-0d1a2b3c4d5e"
ROLE = RoleChoice("arn:aws:iam::123456789012:role/pass-MemberRole", explicit=True)
MIA = Principal(
    issuer="https://issuer",
    client_id="client",
    sub=SUB,
    username="mia",
    groups=("auditors", "editors"),
    roles=(),
    preferred_role=None,
    expires_at=2_000_000_000,
    id_token=Secret("the-id-token"),
)
PERSON = [{"Key": "identity_id", "Value": IDENTITY}, {"Key": "sub", "Value": SUB}]
EDITOR = {"Key": "group_editors", "Value": "member"}
AUDITOR = {"Key": "group_auditors", "Value": "member"}
CREDENTIALS = {
    "AccessKeyId": "ASIAMIA000000000",
    "SecretAccessKey": "mia-secret",
    "SessionToken": "mia-session",
    "Expiration": datetime(2026, 11, 20, 10, 11, 12, tzinfo=UTC),
}


@pytest.fixture(scope="module")
def client():
    return botocore.session.get_session().create_client(
        "sts", region_name="eu-central-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )


@pytest.fixture
def sts(client):
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def tags_of(groups, known=GROUPS):
    return MemberRole(None, known).tags(replace(MIA, groups=tuple(groups)), IDENTITY)


def test_the_session_carries_the_groups(client, sts):
    """One call for all groups: the role of everybody, named by the sub, tagged with each group."""
    sts.add_response(
        "assume_role",
        {"Credentials": CREDENTIALS},
        {
            "RoleArn": ROLE.arn,
            "RoleSessionName": SUB,
            "DurationSeconds": 3600,
            "Tags": [*PERSON, EDITOR, AUDITOR],
        },
    )
    credentials = MemberRole(client, GROUPS).credentials(MIA, IDENTITY, ROLE)
    assert (credentials.identity_id, credentials.role_arn) == (IDENTITY, ROLE.arn)
    assert credentials.access_key_id == "ASIAMIA000000000"


def test_a_refused_role_is_told(client, sts):
    """A trust policy that does not admit these tags refuses the person, as in the other modes."""
    sts.add_client_error("assume_role", "AccessDenied", "told by STS", 403)
    with pytest.raises(IdentityRefused) as caught:
        MemberRole(client, GROUPS).credentials(MIA, IDENTITY, ROLE)
    assert (caught.value.status, caught.value.code) == (403, "identity_refused")


@pytest.mark.parametrize(
    ("groups", "tagged"),
    [
        ((), []),
        (("editors",), [EDITOR]),
        (("auditors",), [AUDITOR]),
        (("auditors", "editors"), [EDITOR, AUDITOR]),
        (("editors", "editors"), [EDITOR]),
        (("strangers", "editors"), [EDITOR]),
    ],
)
def test_each_known_group_is_one_tag(groups, tagged):
    """Known groups are tags in the deployment's order, once each; unknown ones are none."""
    assert tags_of(groups) == PERSON + tagged


@pytest.mark.parametrize(
    "forged",
    [
        *(
            "Editors",
            "EDITORS",
            "editors2",
            "editor",
            "edit*",
            "*",
            "?" * 7,
            "editors/",
            "/editors",
        ),
        *(
            '"editors"',
            "editors,auditors",
            "editors auditors",
            " editors",
            "editors\n",
            "editors\0",
        ),
        *("group_editors", "member", "identity_id", "sub", "${aws:userid}", "", "éditors"),
    ],
)
def test_a_group_that_looks_alike_is_no_tag(forged):
    """Only the exact name counts: no case, no wildcard, no part, no list."""
    assert tags_of([forged]) == PERSON


@given(st.lists(st.text(max_size=20) | st.sampled_from([*GROUPS, "sub", "Editors"])))
def test_no_text_of_the_token_becomes_a_tag(groups):
    """Whatever the groups are called, the keys are the deployment's and the values fixed."""
    further = tags_of(groups)[2:]
    assert {tag["Key"] for tag in further} == {
        f"{TAG_PREFIX}{group}" for group in GROUPS if group in groups
    }
    assert all(tag["Value"] == MEMBER for tag in further)
    assert tags_of(groups)[:2] == PERSON


@pytest.mark.parametrize(
    "known",
    [
        *(["*"], ["a b"], ["a/b"], ['a"'], ["a:b"], [""], ["ä"], ["a\n"], ["x" * 101]),
        ["editors", "Editors"],
        ["editors", "editors"],
        [f"g{number}" for number in range(MOST_GROUPS + 1)],
    ],
)
def test_groups_that_cannot_be_tags_stop_the_function(known):
    """A deployment whose groups IAM could confuse does not start."""
    with pytest.raises(ValueError, match=r"^(a group|groups) that "):
        MemberRole(None, known)


def test_the_tags_fit_what_sts_allows(client):
    """The most groups with the longest names lie within the limits of the service's model."""
    known = [f"{number:0100}" for number in range(MOST_GROUPS)]
    shape = client.meta.service_model.operation_model("AssumeRole").input_shape.members["Tags"]
    key = shape.member.members["Key"]
    tags = tags_of(known, known)
    assert len(tags) == shape.metadata["max"]
    assert all(
        len(tag["Key"]) <= key.metadata["max"]
        and re.fullmatch(r"[\w .:/=+@-]+", tag["Key"], re.ASCII)
        for tag in tags
    )
