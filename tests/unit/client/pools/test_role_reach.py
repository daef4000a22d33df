import pytest

from bucketpass.pools.role_reach import (
    common_rights,
    contains,
    has_own_objects,
    listings_of_everyone,
    objects_of_everyone,
    own_folders,
)
from tests.unit.client.pools.described_pools import (
    BUCKET,
    HOME,
    OWN,
    SHARED,
    allow,
    document,
    listing,
    role,
)

TAG = "${aws:PrincipalTag/identity_id}"
BY_LEVEL = {"StringEquals": {"s3:delimiter": "/"}}


def prefixes(*statements, version="2012-10-17"):
    found = listings_of_everyone(role("r", HOME, document(*statements, version=version)))
    return {opening.pattern for opening in found}


def objects(resource, action="s3:GetObject", **more):
    one = role("r", HOME, document(allow(action, resource, **more)))
    return {opening.pattern for opening in objects_of_everyone(one)}


@pytest.mark.parametrize(
    "statement",
    [
        listing(f"home/{OWN}/*"),
        listing(f"home/{TAG}/*"),
        listing(f"home/{OWN}/*", operator="ForAnyValue:StringLike"),
        listing(f"home/{OWN}/", operator="StringEquals"),
        listing("shared/*", "public/"),
        listing("home/welcome/*"),
        listing("", **BY_LEVEL),
        allow("s3:ListBucket", BUCKET, {"StringEquals": {"aws:PrincipalTag/group_x": "member"}}),
        allow("s3:ListAllMyBuckets", "*"),
        allow("s3:ListBucket", f"{BUCKET}/*"),
        {**allow("s3:ListBucket", BUCKET), "Effect": "Deny"},
    ],
)
def test_listings_of_ones_own(statement):
    """A prefix bound to the person, a folder meant for all, a right that lists no keys."""
    assert prefixes(statement) == set()


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        (allow("s3:ListBucket", BUCKET), ""),
        (allow("s3:ListBucketVersions", BUCKET), ""),
        (allow("S3:listbucket", BUCKET), ""),
        (allow("s3:List*", "*"), ""),
        (allow("*", "*"), ""),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, ""),
        ({"Effect": "Allow", "Action": "s3:*", "NotResource": f"{BUCKET}/secret"}, ""),
        (listing("*"), "*"),
        (listing(""), ""),
        (listing("home/"), "home/"),
        (listing("home/*"), "home/*"),
        (listing("h*"), "h*"),
        (listing("home/eu-west-1:*"), "home/eu-west-1:*"),
        (listing(f"*{OWN}/*"), f"*{OWN}/*"),
        (listing(f"home/{OWN}/*", "home/*"), "home/*"),
        (listing(f"home/{OWN}/*", operator="StringLikeIfExists"), ""),
        (listing(f"home/{OWN}/*", operator="ForAllValues:StringLike"), ""),
        (listing("secret/*", operator="StringNotLike"), ""),
        (listing("home/${aws:PrincipalTag/team, 'x'}/*"), "home/${aws:PrincipalTag/team, 'x'}/*"),
        (listing("home/${aws:username}/*"), "home/${aws:username}/*"),
        (listing("home/*", **BY_LEVEL), "home/*"),
    ],
)
def test_listings_of_everyone(statement, shown):
    """No prefix, one that a request may leave out, or one that others' keys fit as well."""
    assert prefixes(statement) == {shown}


def test_names_of_folders_are_less_than_keys():
    """Level by level, the folder of all homes shows who is there and not what they have."""
    one = role("r", HOME, document(listing("", "home/", **BY_LEVEL)))
    assert [(o.pattern, o.names_only) for o in listings_of_everyone(one)] == [("home/", True)]


def test_variables_are_text_in_old_policies():
    """Version 2008-10-17, which is also the default, knows none."""
    old = document(*HOME["Statement"], version="2008-10-17")
    assert not has_own_objects(role("r", old))
    assert own_folders(role("r", old)) == set()


@pytest.mark.parametrize(
    "resource",
    [
        f"{BUCKET}/*",
        f"{BUCKET}*",
        "*",
        "arn:aws:s3:::*",
        f"{BUCKET}/home/*",
        f"{BUCKET}/ho*",
        f"{BUCKET}/home/*/{OWN}",
    ],
)
def test_objects_of_everyone(resource):
    """Patterns that other people's keys fit."""
    assert objects(resource) == {resource}
    assert objects(resource, "s3:*") == {resource}


@pytest.mark.parametrize(
    "resource", [BUCKET, f"{BUCKET}/shared/*", f"{BUCKET}/home/{OWN}/*", f"{BUCKET}/home/all/*"]
)
def test_objects_of_ones_own(resource):
    """The own folder, a folder with a name, the bucket itself."""
    assert objects(resource) == set()


def test_other_actions_open_no_objects():
    """Neither another service's nor those on the bucket."""
    assert objects("*", ["dynamodb:GetItem", "s3:GetBucketLocation"]) == set()


def test_common_rights_are_told_apart():
    """What changes something, what only reads, what Cognito's own template always grants."""
    one = role(
        "r",
        HOME,
        SHARED,
        document(
            allow(["dynamodb:PutItem", "dynamodb:Query*"], "arn:aws:dynamodb:::table/t"),
            allow(["cognito-sync:*", "mobileanalytics:PutEvents"], "*"),
            allow("dynamodb:UpdateItem", "*", {"StringEquals": {"dynamodb:LeadingKeys": OWN}}),
        ),
    )
    changes = {opening.action for opening in common_rights(one, changing=True)}
    reads = {opening.action for opening in common_rights(one, changing=False)}
    assert changes == {"dynamodb:PutItem", "dynamodb:Query*"}
    assert reads == {"s3:ListBucket", "s3:GetObject"}


def test_one_role_contains_another():
    """Word for word, in whatever policies the statements stand."""
    larger = role("l", document(*HOME["Statement"], *SHARED["Statement"]))
    assert contains(larger, role("s", SHARED, HOME))
    assert not contains(role("s", HOME), larger)
