"""One set of credentials for the own folder and all groups of a person, over HTTP."""

import pytest
from botocore.exceptions import ClientError

from tests.integration.bucket_content import BucketContent
from tests.integration.conftest import Api
from tests.integration.function_role import function_credentials
from tests.integration.refusal import refusal
from tests.integration.vended import client_with

DRAFT = "groups/editors/draft.md"


@pytest.fixture(scope="module")
def api(member_stack):
    return Api(member_stack)


@pytest.fixture(scope="module")
def bobs_key(api):
    return f"{api.home('bob')}hello.txt"


@pytest.fixture
def pool(api):
    """Groups as an administrator changes them."""
    return UserPool(api.stack)


class UserPool:
    def __init__(self, stack):
        self.admin = stack.client("cognito-idp")
        self.id = stack.outputs["UserPoolId"]

    def create(self, group, **options):
        self.admin.create_group(UserPoolId=self.id, GroupName=group, **options)

    def delete(self, group):
        self.admin.delete_group(UserPoolId=self.id, GroupName=group)

    def add(self, username, group):
        self.admin.admin_add_user_to_group(UserPoolId=self.id, Username=username, GroupName=group)

    def remove(self, username, group):
        self.admin.admin_remove_user_from_group(
            UserPoolId=self.id, Username=username, GroupName=group
        )


def reads(api, key, who="mia", **options):
    return api.object(key, who, params={"as": "content"}, **options).status_code


def writes(api, key, who="mia", **options):
    return api.object(key, who, method="PUT", data=b"text", **options).status_code


def test_mia_need_not_choose(api):
    """Of two groups and without a role parameter mia acts in the one role there is."""
    answer = api.get("/me", "mia").json()
    assert answer["role"].rpartition("/")[2] == api.role()
    assert sorted(answer["groups"]) == ["auditors", "editors"]
    assert answer["homePrefix"] == api.home("mia")


def test_mia_has_what_each_group_has(api, bobs_key):
    """She reads what auditors may, changes what editors may, and has her own folder."""
    assert reads(api, bobs_key) == 200
    assert api.get("/objects", "mia", params={"prefix": "home/"}).status_code == 200
    for key in ("groups/editors/by-mia.txt", "shared/by-mia.txt", "home/me/by-mia.txt"):
        assert writes(api, key) == 201, key
        assert reads(api, key) == 200
        assert api.object(key, "mia", method="DELETE").status_code == 204


def test_mia_has_no_more_than_each_group_has(api, bobs_key):
    """What neither group may she may not: change the folders of others, or other places."""
    for key in (bobs_key, f"{api.home('alice')}by-mia.txt", "groups/auditors/x.txt", "x.txt"):
        written = api.object(key, "mia", method="PUT", data=b"text")
        deleted = api.object(key, "mia", method="DELETE")
        assert refusal(written) == refusal(deleted) == (403, "access_denied")
    assert reads(api, "home/me/hello.txt", "bob") == 200


def test_it_is_one_set_of_credentials(api, bobs_key):
    """The same access key reads as an auditor, writes as an editor and opens the own folder."""
    given = api.get("/credentials", "mia").json()
    s3 = client_with(given, "s3", api.stack.endpoint_url)
    bucket = given["bucket"]
    assert s3.get_object(Bucket=bucket, Key=bobs_key)["Body"].read().startswith(b"Hello Bob")
    for key in ("groups/editors/one.txt", f"{given['homePrefix']}one.txt"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"one")
        s3.delete_object(Bucket=bucket, Key=key)
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket=bucket, Key=bobs_key, Body=b"one")
    assert caught.value.response["Error"]["Code"] == "AccessDenied"


def test_no_other_role_can_be_named(api):
    """role= names the role of members or nothing, also for a member of the group."""
    for name in ("editors", "auditors", api.stack.outputs["EditorsRoleArn"], "SignedInRole"):
        answer = api.get("/me", "mia", params={"role": name})
        assert refusal(answer) == (403, "role_not_yours")
    assert api.get("/me", "mia", params={"role": api.role()}).status_code == 200


def test_who_leaves_a_group_loses_it_with_the_next_token(api, pool):
    """The old token is served as it says; the next one has the other group's rights alone."""
    user = api.stack.add_user("lea", ("editors", "auditors"))
    bobs_key = f"{api.home('bob')}hello.txt"
    assert (reads(api, DRAFT, "lea"), reads(api, bobs_key, "lea")) == (200, 200)
    assert writes(api, "shared/by-lea.txt", "lea") == 201
    pool.remove("lea", "editors")
    assert writes(api, "shared/by-lea.txt", "lea") == 200
    fresh = api.stack.sign_in("lea").id
    assert reads(api, bobs_key, token=fresh) == 200
    assert writes(api, "shared/by-lea.txt", token=fresh) == 403
    pool.remove("lea", "auditors")
    last = api.stack.sign_in("lea").id
    assert reads(api, bobs_key, token=last) == reads(api, DRAFT, token=last) == 403
    assert writes(api, "home/me/mine.txt", token=last) == 201
    assert api.get("/me", token=last).json()["identityId"] == user.identity_id
    BucketContent(api.stack).delete("shared/by-lea.txt")


STRANGE_GROUPS = [
    *("editors2", "Editors", "EDITORS", "editor", "edit*", "*", "?ditors", "editors/", "a/b"),
    *('"editors"', "editors,auditors", "[editors]", "group_editors", "member", "é", "sub"),
    *("identity_id", "${aws:PrincipalTag/identity_id}", "x" * 128),
]


@pytest.mark.parametrize("group", STRANGE_GROUPS)
def test_a_group_that_is_not_of_the_deployment_gives_nothing(api, pool, group, bobs_key):
    """Genuine groups of the user pool with names that look alike, are patterns, or are unknown."""
    who = f"stranger-{STRANGE_GROUPS.index(group)}"
    pool.create(group)
    api.stack.add_user(who)
    pool.add(who, group)
    try:
        token = api.stack.sign_in(who).id
        me = api.get("/me", token=token).json()
        assert me["groups"] == [group]
        for key in (bobs_key, DRAFT, f"groups/{group}/x.txt"):
            assert refusal(api.object(key, token=token)) == (403, "access_denied")
        for key in ("shared/x.txt", "groups/editors/x.txt", bobs_key):
            written = api.object(key, token=token, method="PUT", data=b"text")
            assert refusal(written) == (403, "access_denied")
        assert writes(api, "home/me/mine.txt", token=token) == 201
        vias = [location["via"] for location in api.get("/locations", token=token).json()]
        assert vias == ["own", "shared"]
    finally:
        pool.delete(group)


def test_a_strange_group_takes_nothing_away(api, pool):
    """Who is an editor beside strange groups is an editor."""
    groups = [f"strange-{number}" for number in range(60)]
    api.stack.add_user("max", ("editors",))
    for group in groups:
        pool.create(group)
        pool.add("max", group)
    try:
        token = api.stack.sign_in("max").id
        assert len(api.get("/me", token=token).json()["groups"]) == 61
        assert reads(api, DRAFT, token=token) == 200
        assert reads(api, f"{api.home('bob')}hello.txt", token=token) == 403
    finally:
        for group in groups:
            pool.delete(group)


def test_a_group_with_a_foreign_role_is_no_way_in(api, pool, bobs_key):
    """The role that a group of the user pool carries counts for nothing in this mode."""
    pool.create("guests", RoleArn=api.stack.outputs["AuditorsRoleArn"])
    api.stack.add_user("gus", ("guests",))
    try:
        assert api.get("/me", "gus").json()["roles"] == [api.stack.outputs["AuditorsRoleArn"]]
        assert refusal(api.object(bobs_key, "gus")) == (403, "access_denied")
        for role in ("auditors", api.stack.outputs["AuditorsRoleArn"]):
            answer = api.object(bobs_key, "gus", params={"role": role})
            assert refusal(answer) == (403, "role_not_yours")
    finally:
        pool.delete("guests")


@pytest.fixture
def function_sts(api):
    """STS with the function's own credentials, as code in its place would hold them."""
    return client_with(function_credentials(api.stack), "sts", api.stack.endpoint_url)


def test_the_trust_demands_the_person(api, function_sts):
    """Not even the function's role is given the members' role without the person's tags."""
    sts, iam = function_sts, api.stack.client("iam")
    arn = iam.get_role(RoleName=api.role())["Role"]["Arn"]
    alice = api.stack.users["alice"]
    person = [("identity_id", alice.identity_id), ("sub", alice.sub)]
    editor = ("group_editors", "member")
    assume(sts, arn, person)
    assume(sts, arn, [*person, editor])
    for tags in ([], [editor], person[:1], [*person, ("department", "all")], [*person[1:], editor]):
        with pytest.raises(ClientError) as caught:
            assume(sts, arn, tags)
        assert caught.value.response["Error"]["Code"] == "AccessDenied"
    for output in ("SignedInRoleArn", "EditorsRoleArn", "AuditorsRoleArn"):
        with pytest.raises(ClientError) as caught:
            assume(sts, api.stack.outputs[output], person)
        assert caught.value.response["Error"]["Code"] == "AccessDenied"


def assume(sts, arn, tags):
    sts.assume_role(
        RoleArn=arn,
        RoleSessionName="as-the-function",
        Tags=[{"Key": key, "Value": value} for key, value in tags],
    )
