import pytest

from tests.integration.bucket_content import BucketContent
from tests.integration.refusal import refusal

MANY = 2300


@pytest.fixture(scope="module")
def many(api):
    """2,300 objects below listed/ in alice's folder; their keys in S3's order."""
    keys = [f"{api.home('alice')}listed/{n % 7}/{n:04}" for n in range(MANY)]
    BucketContent(api.stack).put_all({key: key.encode() for key in keys})
    return sorted(keys)


def pages(api, **params):
    """Every page of a listing, following the cursor."""
    cursor = None
    while True:
        answer = api.get("/objects", params={**params, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield page
        cursor = page["cursor"]
        if cursor is None:
            return


@pytest.mark.parametrize("limit", [1000, 999, 730])
def test_pages_cover_every_key_once(api, many, limit):
    """Following the cursor yields all 2,300 keys, each once, in order, in full pages."""
    seen = list(pages(api, prefix="home/me/listed/", limit=limit))
    assert [listed["key"] for page in seen for listed in page["objects"]] == many
    assert {len(page["objects"]) for page in seen[:-1]} == {limit}


def test_default_page_has_100_keys(api, many):
    """Without a limit a page has 100 keys and a cursor."""
    page = api.get("/objects?prefix=home/me/listed/").json()
    assert len(page["objects"]) == 100
    assert page["cursor"]


def test_folders_are_prefixes(api, many):
    """With a delimiter the next level's folders are common prefixes, paged like keys."""
    seen = list(pages(api, prefix="home/me/listed/", delimiter="/", limit=3))
    folders = [prefix for page in seen for prefix in page["prefixes"]]
    assert folders == [f"{api.home('alice')}listed/{n}/" for n in range(7)]
    assert [page["objects"] for page in seen] == [[]] * len(seen)


def test_listing_starts_behind_a_key(api, many):
    """A listing can start behind a key, which may be written with home/me/."""
    behind = many[-3].replace(api.home("alice"), "home/me/")
    page = api.get("/objects", params={"prefix": "home/me/listed/", "startAfter": behind}).json()
    assert [listed["key"] for listed in page["objects"]] == many[-2:]


def test_an_entry_has_its_facts(api):
    """An entry of a listing has key, size, ETag, time and storage class."""
    page = api.get("/objects?prefix=home/me/hello").json()
    (entry,) = page["objects"]
    assert entry["key"] == f"{api.home('alice')}hello.txt"
    assert entry["size"] == 37
    assert entry["etag"] == '"5b0ae4a04a2946fe23716f8e9757e4e3"'
    assert entry["storageClass"] == "STANDARD"
    assert entry["lastModified"].endswith("Z")
    assert page["bucket"] == api.stack.outputs["BucketName"]


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "ten", "1.5", "", "1e2", "\u0661\u0660"])
def test_wrong_limits_are_refused(api, limit):
    """The limit is a whole number from 1 to 1000; anything else is 400."""
    answer = api.get("/objects", params={"limit": limit})
    assert refusal(answer) == (400, "invalid_request")
    assert answer.json()["detail"] == "limit is a whole number from 1 to 1000."


def test_cursor_belongs_to_caller_and_listing(api, many):
    """A damaged cursor, one of another listing and one of another caller are 400."""
    prefix = f"{api.home('alice')}listed/"
    cursor = api.get("/objects", params={"prefix": prefix, "limit": 5}).json()["cursor"]
    damaged = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    for params in (
        {"prefix": prefix, "cursor": damaged},
        {"prefix": prefix, "cursor": "x"},
        {"prefix": f"{prefix}1/", "cursor": cursor},
        {"prefix": prefix, "cursor": cursor, "delimiter": "/"},
    ):
        assert refusal(api.get("/objects", params=params)) == (400, "invalid_cursor"), params
    answer = api.get("/objects", "ada", params={"prefix": prefix, "cursor": cursor})
    assert refusal(answer) == (400, "invalid_cursor")


@pytest.mark.parametrize("prefix", ["../", "home/me/../x", "/home", "a\x00b", "a\nb"])
def test_impossible_prefixes_are_refused(api, prefix):
    """A prefix that no key can have is 400 invalid_key."""
    assert refusal(api.get("/objects", params={"prefix": prefix})) == (400, "invalid_key")


def test_locations_are_what_the_role_may(api):
    """/locations tells the places of the caller's role."""
    home = api.home("erin")
    told = {
        (place["prefix"], place["via"]): place["permissions"]
        for place in api.get("/locations", "erin").json()
    }
    everything = ["list", "read", "write", "delete"]
    assert told == {
        (home, "own"): everything,
        ("shared/", "shared"): ["list", "read"],
        ("shared/", "group:editors"): ["write", "delete"],
        ("groups/editors/", "group:editors"): everything,
    }


def test_me_tells_who_is_calling(api):
    """/me tells the verified facts, the identity and until when token and credentials live."""
    me = api.get("/me", "erin").json()
    erin, outputs = api.stack.users["erin"], api.stack.deployment.outputs
    assert {
        "sub": erin.sub,
        "username": "erin",
        "groups": ["editors"],
        "roles": [outputs["EditorsRoleArn"]],
        "credentialSource": outputs["CredentialSource"],
        "identityId": erin.identity_id,
        "homePrefix": api.home("erin"),
        "bucket": outputs["BucketName"],
    }.items() <= me.items()
    assert me["role"].rpartition("/")[2] == api.role("editors")
    assert me["tokenExpiresAt"].endswith("Z")
    assert me["credentialsExpireAt"].endswith("Z")


def test_health_needs_no_token(api):
    """/health answers everybody with the version and nothing else."""
    answer = api.get("/health", who=None)
    assert answer.json() == {"status": "ok", "version": "0.1.0"}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("prefix=%ff", "invalid_key"),
        ("prefix=home/me/a%c3", "invalid_key"),
        ("startAfter=%ff", "invalid_key"),
        ("delimiter=%ff", "invalid_request"),
    ],
)
def test_a_query_that_is_no_utf_8_is_refused(api, query, code):
    """What arrives in place of broken bytes is another prefix than the one that was meant."""
    assert refusal(api.get(f"/objects?{query}")) == (400, code)
