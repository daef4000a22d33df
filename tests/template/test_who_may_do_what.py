"""The table of rights in docs/architecture.md, judged on the policies as they are rendered."""

import copy
import uuid
from dataclasses import dataclass

import pytest

from tests.template import permission_invariants
from tests.template.iam_judge import Request, is_allowed
from tests.template.permission_slips import PERMISSION_SLIPS
from tests.template.policies import MEMBER_ROLE, bucket_of, policies_of_role
from tests.template.rendering import REGION, Rendered

ALICE = f"{REGION}:0a1b2c3d-0000-4000-8000-00000000000a"
BOB = f"{REGION}:0a1b2c3d-0000-4000-8000-00000000000b"
ERIN = f"{REGION}:e0000000-0000-4000-8000-000000000001"
ADA = f"{REGION}:ada00000-0000-4000-8000-000000000001"

# who, their role, their identity id
PEOPLE = {
    "alice": ("SignedInRole", ALICE),
    "bob": ("SignedInRole", BOB),
    "erin": ("EditorsRole", ERIN),
    "ada": ("AuditorsRole", ADA),
}
# The actions of each right: those on the bucket ask for a prefix, those on an object for its key.
ON_THE_BUCKET = {"l": ("s3:ListBucket", "s3:ListBucketVersions")}
ON_AN_OBJECT = {
    "r": ("s3:GetObject", "s3:GetObjectVersion"),
    "w": ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
    "d": ("s3:DeleteObject",),
}

# Where, with {own} for the caller's identity id and {other} for somebody else's; then what a
# person of no group, an editor and an auditor may there: list, read, write, delete.
TABLE = [
    ("home/{own}/", "lrwd", "lrwd", "lrwd"),
    ("home/{own}/deep/er/", "lrwd", "lrwd", "lrwd"),
    ("home/{own}/ünï/", "lrwd", "lrwd", "lrwd"),
    ("home/{other}/", "", "", "lr"),
    ("home/{other}/{own}/", "", "", "lr"),
    ("home/{own}x/", "", "", "lr"),
    ("home/{own}-old/", "", "", "lr"),
    ("home/{own}", "", "", "lr"),
    ("home/{shortened}/", "", "", "lr"),
    ("home/{OWN}/", "", "", "lr"),
    ("home/*/", "", "", "lr"),
    ("home/?", "", "", "lr"),
    ("home//{own}/", "", "", "lr"),
    ("home//", "", "", "lr"),
    ("home/", "", "", "lr"),
    ("home", "", "", "lr"),
    ("Home/{own}/", "", "", "lr"),
    ("/home/{own}/", "", "", "lr"),
    ("{own}/", "", "", "lr"),
    ("home/me/", "", "", "lr"),
    ("home/${{aws:PrincipalTag/identity_id}}/", "", "", "lr"),
    ("home/${{cognito-identity.amazonaws.com:sub}}/", "", "", "lr"),
    ("shared/", "lr", "lrwd", "lr"),
    ("shared/templates/", "lr", "lrwd", "lr"),
    ("shared", "", "", "lr"),
    ("shared-secret/", "", "", "lr"),
    ("Shared/", "", "", "lr"),
    ("groups/editors/", "", "lrwd", "lr"),
    ("groups/editors/2026/", "", "lrwd", "lr"),
    ("groups/editors", "", "", "lr"),
    ("groups/editors2/", "", "", "lr"),
    ("groups/auditors/", "", "", "lr"),
    ("groups/", "", "", "lr"),
    ("", "", "", "lr"),
    ("root-", "", "", "lr"),
]
COLUMNS = {"SignedInRole": 1, "EditorsRole": 2, "AuditorsRole": 3}
SOURCES = ("identity-pool", "group-role", "member-role")
GROUP_OF_ROLE = {"EditorsRole": "editors", "AuditorsRole": "auditors"}
EVERY_PERSON = pytest.mark.parametrize("who", PEOPLE)
EVERY_SOURCE = pytest.mark.parametrize("source", SOURCES)


@dataclass(frozen=True)
class Session:
    """Temporary credentials of one person: the policies behind them and what IAM knows of them."""

    policies: list
    bucket: str
    known: dict

    def may(self, action: str, resource: str, **context: str) -> bool:
        known = {**self.known, **{name.replace("_", ":"): text for name, text in context.items()}}
        return is_allowed(self.policies, Request(action, resource, known))

    def rights(self, place: str) -> str:
        """Of list, read, write, delete what is allowed there; "?" follows what is half allowed."""
        found = ""
        for letter in "lrwd":
            answers = {
                self.may(action, self.bucket, s3_prefix=place)
                for action in ON_THE_BUCKET.get(letter, ())
            } | {
                self.may(action, f"{self.bucket}/{place}file.txt")
                for action in ON_AN_OBJECT.get(letter, ())
            }
            found += {(True,): letter, (False,): ""}.get(tuple(answers), f"{letter}?")
        return found


def session(template, source: str, role: str, identity_id: str) -> Session:
    """What each exchange makes known to IAM: Cognito the identity id, STS the session tags.

    By the source member-role it is the members' role, with the tag of the role's group.
    """
    if source == "member-role" and role in COLUMNS:
        groups = [GROUP_OF_ROLE[role]] if role in GROUP_OF_ROLE else []
        return member(template, identity_id, {f"group_{group}": "member" for group in groups})
    rendered = Rendered(template, {"CredentialSource": source})
    known = {
        "identity-pool": {
            "cognito-identity.amazonaws.com:sub": identity_id,
            "cognito-identity.amazonaws.com:aud": rendered.ref("IdentityPool"),
            "cognito-identity.amazonaws.com:amr": ["authenticated"],
        },
    }.get(source, by_tags(identity_id))
    return person(rendered, role, {**known, "aws:SecureTransport": "true"})


def member(template, identity_id: str, group_tags: dict[str, str]) -> Session:
    """Credentials of the members' role, with further session tags."""
    rendered = Rendered(template, {"CredentialSource": "member-role"})
    tags = {f"aws:PrincipalTag/{name}": value for name, value in group_tags.items()}
    known = {**by_tags(identity_id), **tags, "aws:SecureTransport": "true"}
    return person(rendered, MEMBER_ROLE, known)


def by_tags(identity_id: str) -> dict[str, str]:
    return {
        "aws:PrincipalTag/identity_id": identity_id,
        "aws:PrincipalTag/sub": str(uuid.UUID(int=1)),
    }


def person(rendered: Rendered, role: str, known: dict) -> Session:
    bucket = f"arn:aws:s3:::{bucket_of(rendered)}"
    return Session(policies_of_role(rendered, role), bucket, known)


def filled(place: str, own: str, other: str) -> str:
    return place.format(own=own, OWN=own.upper(), other=other, shortened=own[:-1])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0] or "(whole bucket)")
@EVERY_PERSON
@EVERY_SOURCE
def test_rights_are_as_designed(source, who, row, transformed):
    """In each place everybody may exactly what the table says, by both credential sources."""
    role, own = PEOPLE[who]
    other = BOB if own != BOB else ALICE
    place = filled(row[0], own, other)
    expected = row[COLUMNS[role]]
    # "home/x" is also the beginning of "home/xfile.txt", which is an object like any other.
    assert session(transformed, source, role, own).rights(place) == expected


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0] or "(whole bucket)")
def test_a_member_of_both_has_both(row, transformed):
    """One set of credentials has what editors and what auditors may, and no more than these."""
    mia = member(transformed, ALICE, {"group_editors": "member", "group_auditors": "member"})
    either = {*row[COLUMNS["EditorsRole"]], *row[COLUMNS["AuditorsRole"]]}
    expected = "".join(letter for letter in "lrwd" if letter in either)
    assert mia.rights(filled(row[0], ALICE, BOB)) == expected


@pytest.mark.parametrize(
    "tags",
    [
        *({"group_editors": value} for value in ("", "Member", "members", "*", "true", "member ")),
        *({f"group_{name}": "member"} for name in ("editors2", "editor", "*", "edit*", "e?itors")),
        *({name: "member"} for name in ("editors", "group", "group_", "groups_editors", "Group")),
        {"group_editors/auditors": "member"},
        {"group_": "editors"},
    ],
    ids=str,
)
def test_a_tag_that_only_looks_alike_gives_nothing(tags, transformed):
    """Another name or value than the policies' own is no membership."""
    stranger = member(transformed, ALICE, tags)
    for place, *columns in TABLE:
        filled_place = filled(place, ALICE, BOB)
        assert stranger.rights(filled_place) == columns[COLUMNS["SignedInRole"] - 1], filled_place


def test_a_member_without_identity_id_has_no_home(transformed):
    """The tags of groups alone open the groups' places, and nobody's folder."""
    rendered = Rendered(transformed, {"CredentialSource": "member-role"})
    nobody = person(rendered, MEMBER_ROLE, {"aws:PrincipalTag/group_editors": "member"})
    assert nobody.rights("groups/editors/") == "lrwd"
    for place in (f"home/{ALICE}/", "home//", "home/${aws:PrincipalTag/identity_id}/"):
        assert nobody.rights(place) == ""


@EVERY_PERSON
@EVERY_SOURCE
def test_a_listing_without_prefix_is_the_auditors(source, who, transformed):
    """A listing that names no prefix at all is refused to everybody but auditors."""
    role, own = PEOPLE[who]
    theirs = session(transformed, source, role, own)
    bucket = theirs.bucket
    assert [theirs.may(action, bucket) for action in ON_THE_BUCKET["l"]] == [who == "ada"] * 2
    # For this action S3 gives IAM no prefix (Service Authorization Reference), so a condition on
    # one never holds, and a right without it would show everybody's keys.
    assert not theirs.may("s3:ListBucketMultipartUploads", bucket)


@pytest.mark.parametrize(
    "action",
    [
        "iam:PassRole",
        "s3:BypassGovernanceRetention",
        "s3:DeleteBucketPolicy",
        "s3:DeleteObjectVersion",
        "s3:GetBucketPolicy",
        "s3:GetObjectAcl",
        "s3:GetObjectTagging",
        "s3:ListAllMyBuckets",
        "s3:PutBucketPolicy",
        "s3:PutObjectAcl",
        "s3:PutObjectTagging",
        "sts:AssumeRole",
        "sts:TagSession",
    ],
)
@EVERY_PERSON
@EVERY_SOURCE
def test_nothing_else_is_allowed(source, who, action, transformed):
    """Beyond these actions nobody may anything, not even in their own folder."""
    role, own = PEOPLE[who]
    theirs = session(transformed, source, role, own)
    bucket = theirs.bucket
    for resource in (bucket, f"{bucket}/home/{own}/file", f"{bucket}/shared/file", "*"):
        assert not theirs.may(action, resource, s3_prefix=f"home/{own}/")


@pytest.mark.parametrize("name", ["{}x", "x{}", "{}-old", "other"])
@EVERY_PERSON
@EVERY_SOURCE
def test_another_bucket_is_another_bucket(source, who, name, transformed):
    """No right reaches a bucket with a similar name."""
    role, own = PEOPLE[who]
    theirs = session(transformed, source, role, own)
    arn = "arn:aws:s3:::" + name.format(theirs.bucket.removeprefix("arn:aws:s3:::"))
    for action in ON_THE_BUCKET["l"]:
        assert not theirs.may(action, arn, s3_prefix=f"home/{own}/")
    for key in (f"home/{own}/file", "shared/file", "groups/editors/file"):
        assert not theirs.may("s3:GetObject", f"{arn}/{key}")


@pytest.mark.parametrize("hostile", ["*", "?" * 46, "", "${aws:userid}", ALICE[:-1] + "*", "../x"])
@EVERY_SOURCE
def test_a_hostile_identity_id_opens_nothing(source, hostile, transformed):
    """A wildcard or a variable in an identity id is plain text: it opens no other home."""
    theirs = session(transformed, source, "SignedInRole", hostile)
    assert theirs.rights(f"home/{ALICE}/") == ""


@pytest.mark.parametrize("role", COLUMNS)
def test_who_is_not_known_has_no_home(role, transformed):
    """Without identity id, by neither source, a variable has no value and no home opens."""
    rendered = Rendered(transformed)
    nobody = person(rendered, role, {"aws:SecureTransport": "true"})
    places = (f"home/{ALICE}/", "home//", "home/${aws:PrincipalTag/identity_id}/")
    assert {nobody.rights(place) for place in places} == {
        "lr" if role == "AuditorsRole" else "",
    }


@EVERY_SOURCE
def test_the_function_may_nothing_of_it(source, transformed):
    """The function's own role has no right in any of these places."""
    function = session(transformed, source, "FunctionRole", ALICE)
    places = [filled(place, ALICE, BOB) for place, *_ in TABLE]
    assert {function.rights(place) for place in places} == {""}


RIGHTS_SLIPS = [
    slip
    for slip in PERMISSION_SLIPS
    if slip.invariant
    in {
        permission_invariants.policies_know_variables,
        permission_invariants.prefixes_end_in_a_slash,
        permission_invariants.homes_belong_to_one_person,
        permission_invariants.policy_variables_are_rendered,
    }
    and slip.name != "no version"  # of a trust, which grants no right in the bucket
]


def rights_of_all(template) -> dict:
    return {
        (source, who, place): theirs.rights(filled(place, own, BOB))
        for source in SOURCES
        for who, (role, own) in PEOPLE.items()
        if (theirs := session(template, source, role, own))
        for place, *_ in TABLE
    }


@pytest.mark.parametrize("slip", RIGHTS_SLIPS, ids=lambda slip: slip.name)
def test_the_table_notices_a_slip(slip, transformed):
    """A slip in a policy changes what somebody may somewhere in the table."""
    slipped = copy.deepcopy(transformed)
    slip.plant(slipped)
    assert rights_of_all(slipped) != rights_of_all(transformed)
