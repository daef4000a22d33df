"""Who gets what over HTTP, in each credential source; and that IAM is what decides it."""

import json
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.function_role import function_credentials
from tests.integration.refusal import refusal
from tests.integration.vended import client_with

MODES = ("redirect", "link", "content")


@pytest.fixture(scope="module")
def bobs_key(api):
    return f"{api.home('bob')}hello.txt"


def test_alice_sees_her_folder(api):
    """Without a prefix a listing shows the caller's own folder and nothing else."""
    page = api.get("/objects").json()
    assert page["prefix"] == api.home("alice")
    assert f"{api.home('alice')}hello.txt" in [listed["key"] for listed in page["objects"]]
    assert all(listed["key"].startswith(api.home("alice")) for listed in page["objects"])


FOREIGN_PREFIXES = {
    "bob's folder": lambda api: api.home("bob"),
    "bob's folder without its slash": lambda api: api.home("bob").rstrip("/"),
    "a part of bob's identity id": lambda api: api.home("bob")[:-10],
    "her own without its slash": lambda api: api.home("alice").rstrip("/"),
    "all homes": lambda api: "home/",
    "the whole bucket": lambda api: "",
    "a group's folder": lambda api: "groups/editors/",
}


@pytest.mark.parametrize("name", FOREIGN_PREFIXES)
@pytest.mark.parametrize("delimiter", ["", "&delimiter=/"])
def test_alice_cannot_list_elsewhere(api, name, delimiter):
    """Every prefix that is not below her own folder or shared/ is refused, by IAM."""
    prefix = quote(FOREIGN_PREFIXES[name](api), safe="")
    answer = api.get(f"/objects?prefix={prefix}{delimiter}")
    assert refusal(answer) == (403, "access_denied")
    assert "objects" not in answer.json()


@pytest.mark.parametrize("mode", MODES)
def test_alice_cannot_fetch_bobs_object(api, bobs_key, mode):
    """Bob's object is 403 access_denied to alice in all three ways of fetching."""
    answer = api.object(f"{bobs_key}", params={"as": mode})
    assert refusal(answer) == (403, "access_denied")
    assert "Location" not in answer.headers


def test_alice_cannot_look_at_bobs_object(api, bobs_key):
    """HEAD of bob's object is 403 without any of its metadata."""
    answer = api.object(bobs_key, method="HEAD")
    assert answer.status_code == 403
    assert not {"ETag", "x-object-size", "Last-Modified"} & set(answer.headers)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("mode", MODES)
def test_nothing_is_revealed_about_bobs_objects(api, bobs_key, method, mode):
    """The answers for an existing and for a missing key of bob's are the same."""
    answers = [
        api.object(key, method=method, params={"as": mode})
        for key in (bobs_key, f"{api.home('bob')}missing.txt")
    ]
    for answer in answers:
        for name in ("Date", "x-request-id", "x-amzn-requestid", "x-amz-request-id"):
            answer.headers.pop(name, None)
    there, missing = answers
    assert there.status_code == missing.status_code == 403
    assert dict(there.headers) == dict(missing.headers)
    if method == "GET":
        assert {**there.json(), "requestId": ""} == {**missing.json(), "requestId": ""}


def test_own_missing_object_is_404(api):
    """In her own folder alice is told that a key does not exist."""
    for mode in MODES:
        answer = api.object("home/me/missing.txt", params={"as": mode})
        assert refusal(answer) == (404, "no_such_key")


@pytest.fixture
def presigned(api):
    """A presigned URL of alice's own object that works."""
    url = api.object("home/me/hello.txt", params={"as": "link"}).json()["url"]
    assert requests.get(url, timeout=60).status_code == 200
    return url


TAMPERING = {
    "bob's key": lambda url, api: url.replace(
        quote(api.home("alice")[5:-1]), quote(api.home("bob")[5:-1])
    ),
    "another of her keys": lambda url, api: url.replace("hello.txt", "photos/pixel.svg"),
    "a longer life": lambda url, api: url.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"),
    "another file name": lambda url, api: url.replace("attachment", "inline"),
    "no session token": lambda url, api: "&".join(
        part for part in url.split("&") if not part.startswith("X-Amz-Security-Token")
    ),
    "a flipped signature": lambda url, api: url[:-1] + ("0" if url[-1] != "0" else "1"),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_tampered_url_is_refused(api, presigned, name):
    """A presigned URL opens exactly what it was signed for."""
    tampered = TAMPERING[name](presigned, api)
    assert tampered != presigned
    answer = requests.get(tampered, timeout=60)
    # S3 names a missing token a bad request
    assert answer.status_code in {400, 403}
    assert "Hello" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_url_for_reading_changes_nothing(presigned, method):
    """A URL that was signed for GET neither writes nor deletes."""
    answer = requests.request(method, presigned, data=b"changed", timeout=60)
    assert answer.status_code in {403, 405}
    assert requests.get(presigned, timeout=60).text.startswith("Hello Alice")


def test_url_is_signed_by_the_person(presigned):
    """The URL is signed with temporary credentials by SigV4, and not for longer than asked."""
    query = parse_qs(urlsplit(presigned).query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Credential"][0].startswith("ASIA")
    assert query["X-Amz-Expires"] == ["300"]


# who, path, role parameter -> status: the table of who may do what, as far as reading goes
TABLE = [
    ("alice", "shared/handbook.txt", None, 200),
    ("alice", "groups/editors/draft.md", None, 403),
    ("bob", "home:bob/diary/monday.txt", None, 200),
    ("erin", "shared/handbook.txt", None, 200),
    ("erin", "groups/editors/draft.md", None, 200),
    ("erin", "home:bob/diary/monday.txt", None, 403),
    ("erin", "home:alice/hello.txt", None, 403),
    ("ada", "shared/handbook.txt", None, 200),
    ("ada", "groups/editors/draft.md", None, 200),
    ("ada", "home:bob/diary/monday.txt", None, 200),
    ("ada", "home:alice/hello.txt", None, 200),
    ("mia", "groups/editors/draft.md", "editors", 200),
    ("mia", "home:bob/diary/monday.txt", "editors", 403),
    ("mia", "home:bob/diary/monday.txt", "auditors", 200),
]


def _key(api, text):
    place, _, rest = text.partition("/")
    return f"{api.home(place[5:])}{rest}" if place.startswith("home:") else text


@pytest.mark.parametrize(("who", "where", "role", "status"), TABLE)
@pytest.mark.parametrize("mode", MODES)
def test_the_table_of_rights(api, who, where, role, status, mode):
    """Each person reads what the table of rights says, in every way of fetching."""
    params = {"as": mode} | ({"role": role} if role else {})
    answer = api.object(_key(api, where), who, params=params)
    if role and api.has_one_role:
        assert refusal(answer) == (403, "role_not_yours")
        return
    expected = 307 if (status, mode) == (200, "redirect") else status
    assert answer.status_code == expected
    if status == 403:
        assert refusal(answer) == (403, "access_denied")


LISTINGS = [
    ("alice", "shared/", None, 200),
    ("erin", "groups/editors/", None, 200),
    ("erin", "", None, 403),
    ("erin", "home/", None, 403),
    ("ada", "", None, 200),
    ("ada", "home:bob/", None, 200),
    ("mia", "groups/editors/", "editors", 200),
    ("mia", "", "editors", 403),
    ("mia", "", "auditors", 200),
]


@pytest.mark.parametrize(("who", "where", "role", "status"), LISTINGS)
def test_the_table_of_listings(api, who, where, role, status):
    """Each person lists what the table of rights says."""
    params = {"prefix": _key(api, where)} | ({"role": role} if role else {})
    answer = api.get("/objects", who, params=params)
    if role and api.has_one_role:
        assert refusal(answer) == (403, "role_not_yours")
        return
    assert answer.status_code == status
    if status == 403:
        assert refusal(answer) == (403, "access_denied")


# Where everybody acts in one role there is none to choose: test_member_role.py.
ROLES_TO_CHOOSE = pytest.mark.parametrize("stack", ["identity-pool", "group-role"], indirect=True)


@ROLES_TO_CHOOSE
def test_mia_must_choose(api):
    """A member of two groups without a preferred role is asked to name one of them."""
    answer = api.get("/objects", "mia")
    assert refusal(answer) == (403, "ambiguous_role")
    choices = answer.json()["choices"]
    assert sorted(choices) == ["auditors", "editors"]
    for choice in choices:
        assert api.get("/me", "mia", params={"role": choice}).status_code == 200


@ROLES_TO_CHOOSE
def test_mia_chooses_by_arn(api):
    """A role can be named by its ARN, too."""
    for role in api.get("/me?role=editors", "mia").json()["roles"]:
        assert api.get("/me", "mia", params={"role": role}).json()["role"] == role


@pytest.mark.parametrize("who", ["alice", "erin"])
@pytest.mark.parametrize("role", ["auditors", "FunctionRole", "*", "admin"])
def test_a_role_of_others_is_refused(api, who, role):
    """`role=` names only roles that the verified ID token carries."""
    assert refusal(api.get("/me", who, params={"role": role})) == (403, "role_not_yours")
    arn = api.stack.deployment.outputs["AuditorsRoleArn"]
    assert refusal(api.get("/me", who, params={"role": arn})) == (403, "role_not_yours")


def test_both_people_of_one_warm_environment(api):
    """Requests in turn of alice and bob, served by warm environments, never mix."""
    for _ in range(10):
        for who in ("alice", "bob"):
            answer = api.object("home/me/hello.txt", who, params={"as": "content"})
            assert answer.text == f"Hello {who.capitalize()}, only you can read this.\n"


def test_role_decides_not_the_code(api):
    """Without the S3 statements of her role alice's own requests fail, and with them they work."""
    iam = api.stack.client("iam")
    policy = {"RoleName": api.role(), "PolicyArn": api.stack.deployment.resources["SignedInPolicy"]}
    iam.detach_role_policy(**policy)
    try:
        assert refusal(api.get("/objects")) == (403, "access_denied")
        for mode in MODES:
            answer = api.object("home/me/hello.txt", params={"as": mode})
            assert refusal(answer) == (403, "access_denied")
    finally:
        iam.attach_role_policy(**policy)
    assert api.get("/objects").status_code == 200
    assert api.object("home/me/hello.txt").status_code == 307


@pytest.fixture
def function_s3(stack):
    """S3 with the credentials of the function's own role, as code in its place would hold them."""
    given = function_credentials(stack)
    identity = client_with(given, "sts", stack.endpoint_url).get_caller_identity()["Arn"]
    assert f":assumed-role/{stack.deployment.resources['FunctionRole']}/" in identity
    return client_with(given, "s3", stack.endpoint_url)


def _calls_of_s3(home):
    """What each kind of access to somebody's folder, and to shared/, is asked of S3 with."""
    for folder, there in ((home, f"{home}hello.txt"), ("shared/", "shared/handbook.txt")):
        yield "list_objects_v2", {"Prefix": folder}
        yield "list_object_versions", {"Prefix": folder}
        yield "get_object", {"Key": there}
        yield "head_object", {"Key": there}
        yield "put_object", {"Key": there, "Body": b"overwritten"}
        yield "put_object", {"Key": f"{folder}of-the-function.txt", "Body": b"put in"}
        yield "delete_object", {"Key": there}
    yield "list_objects_v2", {}


def test_functions_own_role_opens_nothing(api, function_s3):
    """S3 denies each access with the function's own credentials, and nothing has changed."""
    bucket, root = api.stack.outputs["BucketName"], api.stack.client("s3")
    before = root.list_object_versions(Bucket=bucket)
    for name, members in _calls_of_s3(api.home("alice")):
        with pytest.raises(ClientError) as caught:
            getattr(function_s3, name)(Bucket=bucket, **members)
        # an answer to HEAD has no body that could name the error
        expected = "403" if name == "head_object" else "AccessDenied"
        assert caught.value.response["Error"]["Code"] == expected, (name, members)
    with pytest.raises(ClientError) as caught:
        function_s3.list_buckets()
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    after = root.list_object_versions(Bucket=bucket)
    assert after["Versions"] == before["Versions"]
    assert after.get("DeleteMarkers") == before.get("DeleteMarkers")


def test_functions_own_role_names_no_s3(stack):
    """No policy of the function's role says anything about S3."""
    function = stack.deployment.resources["FunctionRole"]
    iam = stack.client("iam")
    documents = [
        iam.get_role_policy(RoleName=function, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=function)["PolicyNames"]
    ]
    attached = iam.list_attached_role_policies(RoleName=function)["AttachedPolicies"]
    assert documents
    assert attached == []
    assert "s3:" not in json.dumps(documents)
