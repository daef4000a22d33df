"""AssumeRole with session tags, as a function with a role of its own calls it."""

import pytest

from tests.contract.cloud import ACCOUNT, allow, code_of

BUCKET = "assumed"
SUB = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
FUNCTION = f"arn:aws:iam::{ACCOUNT}:role/function"
PERSON = f"arn:aws:iam::{ACCOUNT}:role/person"
TAGS = {"identity_id": "eu-west-1:ann", "sub": SUB}
CONDITION = {
    "StringLike": {"aws:RequestTag/identity_id": "eu-west-1:*"},
    "StringEquals": {"sts:RoleSessionName": "${aws:RequestTag/sub}"},
    "ForAllValues:StringEquals": {"aws:TagKeys": ["identity_id", "sub"]},
}
ASSUME = allow("sts:AssumeRole", Resource=PERSON)
TAG = allow("sts:TagSession", Resource=PERSON)
TRUST_ASSUME = allow("sts:AssumeRole", Principal={"AWS": FUNCTION}, Condition=CONDITION)
TRUST_TAG = allow("sts:TagSession", Principal={"AWS": FUNCTION}, Condition=CONDITION)


@pytest.fixture(scope="module")
def function_keys(cloud):
    cloud.bucket(BUCKET, "home/eu-west-1:ann/a", "home/eu-west-1:bob/a", "home//a")
    here = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    cloud.role("function", allow("sts:AssumeRole", Principal=here), ASSUME, TAG)
    own = "home/${aws:PrincipalTag/identity_id}/*"
    cloud.role(
        "person",
        (TRUST_ASSUME, TRUST_TAG),
        allow("s3:GetObject", Resource=f"arn:aws:s3:::{BUCKET}/{own}"),
        allow(
            "s3:ListBucket",
            Resource=f"arn:aws:s3:::{BUCKET}",
            Condition={"StringLike": {"s3:prefix": own}},
        ),
    )
    return cloud.assume(cloud.root, FUNCTION, "function")


@pytest.fixture
def policies(cloud, function_keys):
    """Puts other policies in place for one test."""

    def put(caller=(ASSUME, TAG), trust=(TRUST_ASSUME, TRUST_TAG)):
        cloud.allow("function", *caller)
        cloud.trust("person", *trust)

    yield put
    put()


@pytest.fixture
def attempt(cloud, function_keys):
    """The code with which STS refuses the function, None if it does not."""
    sts = cloud.client("sts", function_keys, parameter_validation=False)

    def call(session=SUB, tags=TAGS, **more):
        tagged = [{"Key": key, "Value": value} for key, value in tags.items()]
        return code_of(
            sts.assume_role, RoleArn=PERSON, RoleSessionName=session, Tags=tagged, **more
        )

    return call


def test_tagged_session(cloud, function_keys):
    """The tag opens the own folder for reading and listing, and no other."""
    tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    keys = cloud.assume(function_keys, PERSON, SUB, Tags=tags)
    caller = cloud.client("sts", keys).get_caller_identity()
    assert caller["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/person/{SUB}"
    s3 = cloud.client("s3", keys)
    assert code_of(s3.get_object, Bucket=BUCKET, Key="home/eu-west-1:ann/a") is None
    assert code_of(s3.list_objects_v2, Bucket=BUCKET, Prefix="home/eu-west-1:ann/") is None
    for key in ("home/eu-west-1:bob/a", "home//a"):
        assert code_of(s3.get_object, Bucket=BUCKET, Key=key) == "AccessDenied"
    for prefix in ("home/eu-west-1:bob/", "home/", "home//", ""):
        refused = code_of(s3.list_objects_v2, Bucket=BUCKET, Prefix=prefix)
        assert refused == "AccessDenied"


@pytest.mark.parametrize(
    ("session", "tags"),
    [
        (SUB, {}),
        (SUB, {"sub": SUB}),
        (SUB, {"identity_id": "eu-west-1:ann"}),
        (SUB, {**TAGS, "identity_id": "other:ann"}),
        (SUB, {**TAGS, "admin": "yes"}),
        ("somebody-else", TAGS),
    ],
    ids=["no tags", "no identity", "no sub", "other identity", "another tag", "other name"],
)
def test_trust_conditions(attempt, session, tags):
    """The trust policy's conditions on tags and session name hold, also with a variable."""
    assert attempt(session, tags) == "AccessDenied"
    assert attempt() is None


@pytest.mark.parametrize("caller", [(ASSUME,), (TAG,)], ids=["no TagSession", "no AssumeRole"])
def test_caller_policy(policies, attempt, caller):
    """The caller's own policies have to allow both, assuming and tagging."""
    policies(caller=caller)
    assert attempt() == "AccessDenied"


@pytest.mark.parametrize(
    "trust", [(TRUST_ASSUME,), (TRUST_TAG,)], ids=["no TagSession", "no AssumeRole"]
)
def test_trust_policy(policies, attempt, trust):
    """The trust policy has to allow both, assuming and tagging."""
    policies(trust=trust)
    assert attempt() == "AccessDenied"


def test_caller_conditions(policies, attempt):
    """The caller's policy may ask for tags and a session name as well."""
    policies(caller=(TAG, {**ASSUME, "Condition": CONDITION}))
    assert attempt() is None
    policies(caller=(ASSUME, {**TAG, "Condition": {"Null": {"aws:RequestTag/more": "false"}}}))
    assert attempt() == "AccessDenied"


def test_foreign_caller(cloud, attempt):
    """Nobody but the function assumes the role, however much a user's own policy allows."""
    sts = cloud.client("sts", cloud.user("stranger", allow("sts:*", Resource="*")))
    tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    refused = code_of(sts.assume_role, RoleArn=PERSON, RoleSessionName=SUB, Tags=tags)
    assert refused == "AccessDenied"
    nobody = cloud.unsigned("sts")
    refused = code_of(nobody.assume_role, RoleArn=PERSON, RoleSessionName=SUB)
    assert refused == "MissingAuthenticationToken"


def test_unknown_role(cloud, function_keys):
    """A role that does not exist is answered like one that is not allowed."""
    sts = cloud.client("sts", function_keys)
    unknown = f"arn:aws:iam::{ACCOUNT}:role/unknown"
    assert code_of(sts.assume_role, RoleArn=unknown, RoleSessionName=SUB) == "AccessDenied"


@pytest.mark.parametrize("duration", [1, 899, 43201])
def test_durations(attempt, duration):
    """A session lasts 15 minutes at least and 12 hours at most."""
    assert attempt(DurationSeconds=duration) == "ValidationError"


def test_chained_duration(cloud, attempt):
    """A role that was assumed by a role lasts one hour at most, whatever the role allows."""
    cloud.client("iam").update_role(RoleName="person", MaxSessionDuration=7200)
    assert attempt(DurationSeconds=3600) is None
    assert attempt(DurationSeconds=3601) == "ValidationError"


def test_longest_duration(cloud, function_keys):
    """No session outlasts the role's own limit."""
    sts = cloud.client("sts")
    arn = f"arn:aws:iam::{ACCOUNT}:role/function"
    assert code_of(sts.assume_role, RoleArn=arn, RoleSessionName="long", DurationSeconds=7200) == (
        "ValidationError"
    )


@pytest.mark.parametrize("name", ["a b", "a/b", "ä" * 3, "a:b"])
def test_session_names(cloud, function_keys, name):
    """A session's name is plain."""
    sts = cloud.client("sts")
    assert code_of(sts.assume_role, RoleArn=FUNCTION, RoleSessionName=name) == "ValidationError"


@pytest.mark.parametrize("value", ["*", "a" * 257, "${aws:userid}", "a\nb*"])
def test_tag_values(attempt, value):
    """A tag holds neither wildcards nor variables."""
    refused = attempt(tags={**TAGS, "identity_id": value})
    assert refused in ("ValidationError", "ParamValidationError")
