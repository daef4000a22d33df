"""Writing, deleting and linking objects over HTTP, in each credential source."""

import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
import requests

from tests.integration.refusal import refusal

MODES = ("redirect", "link", "content")


@pytest.fixture
def place(api):
    """A prefix of alice's home, by its short name, that no other test knows."""
    return f"home/me/{uuid4()}/"


def put(api, key, who="alice", data=b"x", **headers):
    return api.object(key, who, method="PUT", data=data, headers=headers)


def content(api, key, who="alice", **params):
    return api.object(key, who, params={"as": "content", **params})


# --------------------------------------------------------------------------------------- writing
def test_what_is_written_comes_back(api, place):
    """Bytes, type, properties and metadata of a PUT are those of the following GET and HEAD."""
    body = bytes(range(256)) * 20
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Language": "de",
        "X-Amz-Meta-Colour": "light blue",
        "x-amz-meta-empty": "",
    }
    written = put(api, f"{place}a b+c%.txt", data=body, **headers)
    assert written.status_code == 201
    answer = written.json()
    assert answer["key"] == f"{place}a b+c%.txt".replace("home/me/", api.home("alice"))
    assert (answer["size"], answer["etag"]) == (len(body), written.headers["ETag"])
    assert answer["versionId"] == written.headers["x-amz-version-id"]
    read = content(api, f"{place}a b+c%.txt")
    head = api.object(f"{place}a b+c%.txt", method="HEAD")
    assert read.content == body
    for told in (read.headers, head.headers):
        assert told["Content-Type"] == "text/plain; charset=utf-8"
        assert told["Content-Language"] == "de"
        assert told["x-amz-meta-colour"] == "light blue"
        assert told["x-amz-version-id"] == answer["versionId"]
        assert told["x-amz-storage-class"] == "STANDARD"
        assert told["ETag"] == answer["etag"]


def test_created_and_replaced_are_told_apart(api, place):
    """201 for a new object, 200 for another version of it, 201 again once it was deleted."""
    key = f"{place}k"
    assert [put(api, key).status_code for _ in range(3)] == [201, 200, 200]
    assert api.object(key, method="DELETE").status_code == 204
    assert put(api, key).status_code == 201


def test_if_none_match_writes_once(api, place):
    """Of many who write a new object at once with `If-None-Match: *` exactly one succeeds."""

    def write(number):
        return put(api, f"{place}k", data=str(number), **{"If-None-Match": "*"}).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(write, range(8)))
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 409, 412}


def test_if_match_saves_a_lost_update(api, place):
    """With the ETag that was read the write succeeds, with an outdated one it is 412."""
    first = put(api, f"{place}k").headers["ETag"]
    second = put(api, f"{place}k", data=b"second", **{"If-Match": first})
    assert second.status_code == 200
    late = put(api, f"{place}k", data=b"third", **{"If-Match": first})
    assert refusal(late) == (412, "precondition_failed")
    assert content(api, f"{place}k").content == b"second"
    missing = put(api, f"{place}missing", **{"If-Match": first})
    assert refusal(missing) == (412, "precondition_failed")


def test_the_largest_body(api, place):
    """4,500,000 bytes go through and come back; one more is 413 naming the way."""
    body = b"\xff" * 4_500_000
    assert put(api, f"{place}k", data=body).json()["size"] == len(body)
    assert content(api, f"{place}k").content == body
    answer = put(api, f"{place}larger", data=body + b"x")
    assert refusal(answer) == (413, "too_large")
    assert "POST /uploads" in answer.json()["detail"]
    assert refusal(content(api, f"{place}larger")) == (404, "no_such_key")


def test_an_archived_object_is_told_as_such(api, place):
    """HEAD shows the storage class; whatever would read it is 409 archived, before a redirect."""
    key = f"{place}k".replace("home/me/", api.home("alice"))
    api.stack.client("s3").put_object(
        Bucket=api.stack.deployment.outputs["BucketName"],
        Key=key,
        Body=b"x",
        StorageClass="DEEP_ARCHIVE",
    )
    head = api.object(key, method="HEAD")
    assert (head.status_code, head.headers["x-amz-storage-class"]) == (200, "DEEP_ARCHIVE")
    for mode in MODES:
        assert refusal(api.object(key, params={"as": mode})) == (409, "archived")


# -------------------------------------------------------------------------------------- deleting
def test_what_is_deleted_is_gone_but_not_its_versions(api, place):
    """204 with the marker's id, also where nothing was; the old version can still be fetched."""
    key = f"{place}k"
    version = put(api, key, data=b"old").json()["versionId"]
    put(api, key, data=b"new")
    deleted = api.object(key, method="DELETE")
    assert (deleted.status_code, deleted.content) == (204, b"")
    marker = deleted.headers["x-amz-version-id"]
    assert api.object(key, method="DELETE").status_code == 204
    for mode in MODES:
        assert refusal(api.object(key, params={"as": mode})) == (404, "no_such_key")
        old = api.object(key, params={"as": mode, "versionId": version})
        url = old.headers.get("Location") or (mode == "link" and old.json()["url"])
        assert (requests.get(url, timeout=60) if url else old).content == b"old"
        for none in (marker, "nonsense", "no id", str(uuid4())):
            answer = api.object(key, params={"as": mode, "versionId": none})
            assert refusal(answer) == (404, "no_such_version")
    assert api.object(key, method="HEAD", params={"versionId": version}).status_code == 200


def test_if_match_of_a_deletion(api, place):
    """An outdated ETag deletes nothing."""
    tag = put(api, f"{place}k").headers["ETag"]
    put(api, f"{place}k", data=b"changed")
    for condition in ({"If-Match": tag}, {"If-Match": '"x"'}):
        answer = api.object(f"{place}k", method="DELETE", headers=condition)
        assert refusal(answer) == (412, "precondition_failed")
    assert content(api, f"{place}k").content == b"changed"
    answer = api.object(f"{place}k", method="DELETE", headers={"If-Match": "*"})
    assert answer.status_code == 204
    answer = api.object(f"{place}k", method="DELETE", headers={"If-Match": "*"})
    assert refusal(answer) == (412, "precondition_failed")


# ------------------------------------------------------------------------------------- isolation
WRITES = [
    ("alice", "home:bob/new.txt", None, 403),
    ("alice", "home:bob/hello.txt", None, 403),
    ("alice", "shared/handbook.txt", None, 403),
    ("alice", "groups/editors/draft.md", None, 403),
    ("alice", "new.txt", None, 403),
    ("alice", "home/new.txt", None, 403),
    ("erin", "home:bob/new.txt", None, 403),
    ("erin", "shared/{}", None, 200),
    ("erin", "groups/editors/{}", None, 200),
    ("ada", "home:bob/new.txt", None, 403),
    ("ada", "shared/handbook.txt", None, 403),
    ("ada", "home:ada/{}", None, 200),
    ("mia", "shared/{}", "editors", 200),
    ("mia", "shared/handbook.txt", "auditors", 403),
]


def _key(api, text):
    place, _, rest = text.format(uuid4()).partition("/")
    return f"{api.home(place[5:])}{rest}" if place.startswith("home:") else f"{place}/{rest}"


@pytest.mark.parametrize(("who", "where", "role", "status"), WRITES)
def test_the_table_of_writes(api, who, where, role, status):
    """Each person writes, deletes and links for writing what the table of rights says."""
    key = _key(api, where)
    before = _stored(api, key)
    options = {"params": {"role": role} if role else {}}
    written = api.object(key, who, method="PUT", data=b"changed", **options)
    deleted = api.object(key, who, method="DELETE", **options)
    if role and api.has_one_role:
        assert refusal(written) == refusal(deleted) == (403, "role_not_yours")
        return
    linked = [_use(link) for link in _links(api, key, who, role)]
    if status == 403:
        assert refusal(written) == refusal(deleted) == (403, "access_denied")
        assert [answer.status_code for answer in linked] == [403, 403]
        assert _stored(api, key) == before
    else:
        assert (written.status_code, deleted.status_code) == (201, 204)
        assert [answer.status_code for answer in linked] == [200, 204]


def _links(api, key, who, role):
    items = [
        {"method": "PUT", "key": key, "contentType": "text/plain", "contentLength": 3},
        {"method": "DELETE", "key": key},
    ]
    params = {"role": role} if role else {}
    answer = api.call("POST", "/links", who, json={"items": items}, params=params)
    assert answer.status_code == 200
    return answer.json()["items"]


def _use(link):
    data = b"abc" if link["method"] == "PUT" else None
    return requests.request(
        link["method"], link["url"], headers=link["headers"], data=data, timeout=60
    )


def _stored(api, key):
    """The versions of a key, seen by the account itself."""
    bucket = api.stack.deployment.outputs["BucketName"]
    answer = api.stack.client("s3").list_object_versions(Bucket=bucket, Prefix=key)
    return answer.get("Versions", []), answer.get("DeleteMarkers", [])


def test_nothing_is_revealed_by_a_refused_change(api):
    """Changes of an existing and of a missing key of bob's are refused alike, conditions too."""
    for method in ("PUT", "DELETE"):
        for headers in ({}, {"If-Match": '"x"'}, {"If-Match": "*"}, {"If-None-Match": "*"}):
            if "*" in headers.values() and (method == "PUT") == ("If-Match" in headers):
                continue
            answers = [
                api.object(f"{api.home('bob')}{name}", method=method, headers=headers)
                for name in ("hello.txt", "missing.txt")
            ]
            assert [refusal(answer) for answer in answers] == [(403, "access_denied")] * 2


def test_versions_of_others_are_refused(api):
    """Bob's version is 403 to alice, existing or not, in all ways of reading it."""
    version = put(api, "home/me/v.txt", "bob").json()["versionId"]
    for mode in MODES:
        for versioned in (version, str(uuid4())):
            answer = api.object(
                f"{api.home('bob')}v.txt", params={"as": mode, "versionId": versioned}
            )
            assert refusal(answer) == (403, "access_denied")


# ----------------------------------------------------------------------------------------- links
def test_links_of_every_method(api, place):
    """One call, four URLs: write, look, read and delete without any SDK."""
    key = f"{place}r\u00e4t & co+.txt"
    asked = [
        {"method": "PUT", "key": key, "contentType": "text/plain", "contentLength": 3},
        {"method": "HEAD", "key": key},
        {"key": key, "disposition": "inline", "contentType": "text/plain"},
        {"method": "DELETE", "key": key},
    ]
    write, look, read, delete = api.call("POST", "/links", json={"items": asked}).json()["items"]
    refused = requests.put(write["url"], data=b"four", headers=write["headers"], timeout=60)
    other = requests.put(
        write["url"], data=b"abc", headers=write["headers"] | {"Content-Type": "a/b"}, timeout=60
    )
    assert (refused.status_code, other.status_code) == (403, 403)
    assert _use(write).status_code == 200
    assert _use(look).headers["Content-Length"] == "3"
    found = _use(read)
    assert found.content == b"abc"
    assert found.headers["Content-Disposition"].startswith("inline; ")
    assert found.headers["Content-Type"] == "text/plain"
    for link in (look, read, delete):
        wrong = requests.request("POST", link["url"], timeout=60)
        assert wrong.status_code in {403, 405}
    assert requests.put(read["url"], data=b"x", timeout=60).status_code == 403
    assert _use(delete).status_code == 204
    assert _use(read).status_code in {403, 404}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_link_to_anothers_key_opens_nothing(api, method):
    """Alice's signature for bob's object is refused by S3 for each method; her own works."""
    more = {"contentType": "a/b", "contentLength": 3} if method == "PUT" else {}
    key = f"{api.home('bob')}hello.txt"
    before = _stored(api, key)
    items = [{"method": method, "key": key, **more}, {"key": "home/me/hello.txt"}]
    foreign, own = api.call("POST", "/links", json={"items": items}).json()["items"]
    assert _use(foreign).status_code == 403
    assert _use(own).status_code == 200
    assert _stored(api, key) == before


def test_min_ttl_is_kept(api):
    """A link that asks for 3,300 s of credentials lives as long as it says."""
    items = [{"key": "home/me/hello.txt", "expiresIn": 3300}]
    (link,) = api.call("POST", "/links", json={"items": items, "minTtl": 3300}).json()["items"]
    assert link["limitedBy"] == "requested"
    assert _use(link).status_code == 200


# --------------------------------------------------------------------------------------- buckets
@pytest.mark.parametrize("who", ["alice", "erin", "ada"])
def test_everybody_sees_the_one_bucket(api, who):
    """No role may list the account's buckets; each may list in the deployment's own."""
    bucket = api.stack.deployment.outputs["BucketName"]
    region = api.stack.deployment.outputs["Region"]
    assert api.get("/buckets", who).json() == {"buckets": [{"name": bucket, "region": region}]}


def test_hidden_names_can_be_searched(api, place):
    """A prefix that ends in the beginning of a dotted name finds it."""
    put(api, f"{place}.profile")
    put(api, f"{place}..odd")
    for beginning, count in ((".", 2), ("..", 1)):
        page = api.get("/objects", params={"prefix": f"{place}{beginning}"}).json()
        assert len(page["objects"]) == count
    assert refusal(api.get("/objects", params={"prefix": f"{place}../"})) == (400, "invalid_key")


def test_lines_of_a_condition_are_one_list(api, place):
    """What the last line alone would say does not decide: a list is more than S3 weighs: 400."""
    key = f"{place}lines"
    etag = put(api, key).headers["ETag"]
    for name, lines in (
        ("If-Match", ['"other"', etag]),
        ("If-Match", [etag, '"other"']),
        ("If-None-Match", ['"other"', "*"]),
    ):
        assert _sent(api, "PUT", key, name, lines) == 400
    assert _sent(api, "DELETE", key, "If-Match", ['"other"', etag]) == 400
    assert content(api, key).content == b"x"


def _sent(api, method, key, name, lines):
    """The status of a request with one header in several lines."""
    url = urlsplit(f"{api.stack.api_url}/objects/{quote(key)}")
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=40)
    with closing(connection):
        connection.putrequest(method, url.path)
        connection.putheader("Authorization", api.stack.users["alice"].tokens.id)
        connection.putheader("Content-Length", "1")
        for line in lines:
            connection.putheader(name, line)
        connection.endheaders(b"y")
        return connection.getresponse().status
