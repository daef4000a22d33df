"""IAM policy variables: reference_policies_variables of the IAM User Guide."""

import json

import pytest

from tests.contract.cloud import ACCOUNT, allow, code_of, deny, document

BUCKET = "variables"
ROLE = "variables"
ANYONE_HERE = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def arn(path=""):
    return f"arn:aws:s3:::{BUCKET}/{path}" if path else f"arn:aws:s3:::{BUCKET}"


@pytest.fixture(scope="module")
def role(cloud):
    cloud.bucket(
        BUCKET,
        "home/ann/a",
        "home/anna/a",
        "home/*/a",
        "home/bob/a",
        "home/${aws:userid}/a",
        "home/everyone/a",
        "home//a",
    )
    trust = allow("sts:AssumeRole", "sts:TagSession", Principal=ANYONE_HERE)
    return cloud.role(ROLE, trust, allow("s3:GetObject", Resource="*"))


@pytest.fixture(scope="module")
def session_of(cloud, role):
    known = {}

    def session(**tags):
        name = json.dumps(tags)
        if name not in known:
            tagged = [{"Key": key, "Value": value} for key, value in tags.items()]
            known[name] = cloud.assume(cloud.root, role, Tags=tagged)
        return cloud.client("s3", known[name])

    return session


def read(s3, key):
    return code_of(s3.get_object, Bucket=BUCKET, Key=key)


def test_resource_with_value(cloud, session_of):
    """A variable in Resource stands for the caller's own value and nothing longer."""
    cloud.allow(ROLE, allow("s3:GetObject", Resource=arn("home/${aws:PrincipalTag/who}/*")))
    ann = session_of(who="ann")
    assert read(ann, "home/ann/a") is None
    assert read(ann, "home/anna/a") == "AccessDenied"
    assert read(ann, "home/bob/a") == "AccessDenied"


def test_resource_without_value(cloud, session_of):
    """A variable without a value matches no resource, not even an empty segment."""
    cloud.allow(ROLE, allow("s3:GetObject", Resource=arn("home/${aws:PrincipalTag/who}/*")))
    for key in ("home/ann/a", "home//a", "home/${aws:PrincipalTag/who}/a"):
        assert read(session_of(), key) == "AccessDenied"


@pytest.mark.parametrize("wildcard", ["*", "a?n", "an*", "???"])
def test_wildcards_of_a_value(cloud, session_of, wildcard):
    """Wildcards in a value, which a request may bring along, are literal characters."""
    condition = {"StringLike": {"aws:PrincipalTag/who": "${s3:prefix}"}}
    cloud.allow(ROLE, allow("s3:ListBucket", Resource=arn(), Condition=condition))
    ann = session_of(who="ann")
    assert code_of(ann.list_objects_v2, Bucket=BUCKET, Prefix="ann") is None
    assert code_of(ann.list_objects_v2, Bucket=BUCKET, Prefix=wildcard) == "AccessDenied"


def test_literal_characters(cloud, session_of):
    """`${*}` is a star, `${$}` a dollar sign, and neither is a wildcard or a variable."""
    resources = [arn("home/${*}/a"), arn("home/${$}{aws:userid}/a")]
    cloud.allow(ROLE, allow("s3:GetObject", Resource=resources))
    assert read(session_of(), "home/*/a") is None
    assert read(session_of(), "home/${aws:userid}/a") is None
    assert read(session_of(), "home/ann/a") == "AccessDenied"


def test_default_value(cloud, session_of):
    """A default stands in for a missing value and only for that."""
    resource = arn("home/${aws:PrincipalTag/who, 'everyone'}/*")
    cloud.allow(ROLE, allow("s3:GetObject", Resource=resource))
    assert read(session_of(), "home/everyone/a") is None
    assert read(session_of(who="ann"), "home/ann/a") is None
    assert read(session_of(who="ann"), "home/everyone/a") == "AccessDenied"


def test_old_version_knows_no_variables(cloud, session_of):
    """In a policy of Version 2008-10-17 a variable is plain text."""
    statement = allow("s3:GetObject", Resource=arn("home/${aws:PrincipalTag/who}/*"))
    cloud.allow(ROLE, statement, version="2008-10-17")
    assert read(session_of(who="ann"), "home/ann/a") == "AccessDenied"


def test_not_resource(cloud, session_of):
    """A variable in NotResource excludes its value; without a value it excludes nothing."""
    cloud.allow(
        ROLE,
        allow("s3:GetObject", Resource=arn("*")),
        deny("s3:*", NotResource=arn("home/${aws:PrincipalTag/who}/*")),
    )
    assert read(session_of(who="ann"), "home/ann/a") is None
    assert read(session_of(who="ann"), "home/bob/a") == "AccessDenied"
    assert read(session_of(), "home/ann/a") == "AccessDenied"


def test_listing_condition(cloud, session_of):
    """s3:prefix is tested against the caller's own folder; without a prefix there is no listing."""
    condition = {"StringLike": {"s3:prefix": "home/${aws:PrincipalTag/who}/*"}}
    cloud.allow(ROLE, allow("s3:ListBucket", Resource=arn(), Condition=condition))

    def listing(s3, **prefix):
        return code_of(s3.list_objects_v2, Bucket=BUCKET, **prefix)

    ann = session_of(who="ann")
    assert listing(ann, Prefix="home/ann/") is None
    for prefix in ("home/anna/", "home/ann", "home/", "", "home/bob/"):
        assert listing(ann, Prefix=prefix) == "AccessDenied"
    assert listing(ann) == "AccessDenied"
    assert listing(session_of(), Prefix="home/ann/") == "AccessDenied"


def test_negated_condition_without_value(cloud, session_of):
    """An inverted operator does match a variable without a value, so that a Deny holds."""
    condition = {"StringNotEquals": {"aws:userid": "${aws:PrincipalTag/who}"}}
    cloud.allow(
        ROLE,
        allow("s3:GetObject", Resource=arn("*")),
        deny("s3:GetObject", Resource=arn("home/bob/*"), Condition=condition),
    )
    assert read(session_of(), "home/bob/a") == "AccessDenied"
    assert read(session_of(), "home/ann/a") is None


def test_bucket_policy(cloud, session_of):
    """Variables work in a bucket policy too."""
    cloud.allow(ROLE, allow("s3:GetObject", Resource=arn("*")))
    statement = deny("s3:GetObject", Principal="*", Resource=arn("home/${aws:PrincipalTag/who}/*"))
    s3 = cloud.client("s3")
    s3.put_bucket_policy(Bucket=BUCKET, Policy=document(statement))
    try:
        assert read(session_of(who="ann"), "home/ann/a") == "AccessDenied"
        assert read(session_of(who="ann"), "home/bob/a") is None
        assert read(session_of(), "home/ann/a") is None
    finally:
        s3.delete_bucket_policy(Bucket=BUCKET)


def test_session_policy_narrows(cloud, role):
    """A session policy with a variable narrows the role and never widens it."""
    cloud.allow(ROLE, allow("s3:GetObject", Resource=arn("home/ann/*")))
    policy = document(allow("s3:GetObject", Resource=arn("home/${aws:PrincipalTag/who}/*")))

    def session(who):
        tags = [{"Key": "who", "Value": who}]
        return cloud.client("s3", cloud.assume(cloud.root, role, Tags=tags, Policy=policy))

    assert read(session("ann"), "home/ann/a") is None
    assert read(session("bob"), "home/bob/a") == "AccessDenied"
    assert read(session("bob"), "home/ann/a") == "AccessDenied"
