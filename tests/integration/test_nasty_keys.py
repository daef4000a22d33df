"""Names that break careless programs, through every operation: exactly themselves, or the 400.

An object's content is its own key, so that another key's object would be noticed.
"""

import json
from urllib.parse import quote

import pytest
import requests

from shared.object_key import MAX_KEY_BYTES
from tests.integration.bucket_content import BucketContent
from tests.integration.conftest import Api
from tests.integration.odd_names import HOSTILE_NAMES
from tests.integration.refusal import refusal

HOME = "home/me/nasty/"
FITS, TOO_LONG = "fits", "too long"
NAMES = [
    *dict.fromkeys(HOSTILE_NAMES),
    FITS,
    "...",
    ".hidden/..also/a..b",
    "home/me/again",
    "objects/links",
    "uploads/parts?key=x&uploadId=y",
    "{key+}",
    "%",
    "%00.txt",
    "%2e%2e%2fup.txt",
    "%252F",
    "a%0d%0ab",
    "double//",
    "'; DROP TABLE objects; --",
    "' OR '1'='1",
    "`id` $(id) ${HOME} ; id | id && id > out",
    "-rf",
    "<script>alert(document.domain)</script>",
    "{{7*7}} ${jndi:ldap://x}",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f4",
    "\u00e9 e\u0301 \u1e9e \u0130",
    "\u200e\u200f\u061c\u2066\u2069",
    "\ufffd \ue000 \U0010ffff",
    "\u00a0\u3000",
    "*.txt?[a-z]!",
    "CON:nul|aux\\",
]
IMPOSSIBLE = [
    "../up.txt",
    "a/../b.txt",
    "a/./b.txt",
    "a/..",
    ".",
    "nul\x00.txt",
    "line\nbreak.txt",
    "crlf\r\nSet-Cookie: a=b",
    "tab\t.txt",
    "esc\x1b[2J.txt",
    "del\x7f.txt",
    "c1\x85.txt",
    "\ufffe.txt",
    "\uffff.txt",
    TOO_LONG,
]
# Of the key itself, since nothing may stand before it.
IN_NO_PATH = ["", "//", ".."]
IMPOSSIBLE_KEYS = [*IN_NO_PATH, "/home/me/nasty/x", "../home/me/x"]


@pytest.fixture(scope="module")
def api(pool_stack):
    """Keys are the same whoever gives the credentials: one stack is enough."""
    return Api(pool_stack)


@pytest.fixture(scope="module")
def bucket(api):
    return BucketContent(api.stack)


def real(api, name):
    """The real key of a name; the two of the limit are made as long as they have to be."""
    start = f"{api.home('alice')}nasty/"
    if name in {FITS, TOO_LONG}:
        rest = MAX_KEY_BYTES - len(start) + (name == TOO_LONG)
        return start + "\u00fc" * (rest // 2) + "x" * (rest % 2)
    return start + name


@pytest.fixture(params=NAMES)
def key(request, api):
    return real(api, request.param)


@pytest.fixture
def there(key, bucket):
    bucket.put(key, key.encode())
    return key


def path(key):
    """The key in a path, its slashes too: clients change what looks like a path to them."""
    return f"/objects/{quote(key, safe='', errors='surrogatepass')}"


def post(api, where, body):
    answer = api.call("POST", where, data=json.dumps(body))
    assert answer.status_code == 200, answer.text
    return answer.json()


def fetch(url):
    answer = requests.get(url, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.content.decode()


# ---------------------------------------------------------------------------------- one at a time
def test_written_is_read(api, bucket, key):
    """PUT makes this very key, told as it is, and DELETE removes it."""
    answer = api.call("PUT", path(key), data=key.encode())
    assert answer.json()["key"] == key
    assert bucket.body(key) == key.encode()
    assert api.call("DELETE", path(key)).status_code == 204
    assert bucket.body(key) is None


def test_read_in_every_way(api, there):
    """HEAD, bytes, redirect and link lead to the object of this key."""
    assert api.call("HEAD", path(there)).headers["x-object-size"] == str(len(there.encode()))
    content = api.get(path(there), params={"as": "content"})
    assert content.content == there.encode()
    assert "\n" not in content.headers["Content-Disposition"]
    assert fetch(api.get(path(there)).headers["Location"]) == there
    assert fetch(api.get(path(there), params={"as": "link"}).json()["url"]) == there


def test_the_short_form_is_the_same_key(api, there):
    """home/me/ at the start, and only there, stands for the own folder."""
    short = f"home/me/{there.removeprefix(api.home('alice'))}"
    assert api.get(path(short), params={"as": "content"}).content == there.encode()


def test_listed_and_found_again(api, there):
    """A listing tells the key; as prefix it finds itself, behind itself it is not.

    U+FFFD in a query is what broken UTF-8 becomes, so that it is no prefix.
    """
    if "\ufffd" in there:
        for name in ("prefix", "startAfter"):
            assert refusal(api.get("/objects", params={name: there})) == INVALID
        there = there.partition("\ufffd")[0]
        assert there in api.get("/objects", params={"prefix": there}).json()["prefix"]
        return
    listed = api.get("/objects", params={"prefix": there}).json()
    assert listed["prefix"] == there
    assert there in [entry["key"] for entry in listed["objects"]]
    behind = api.get("/objects", params={"prefix": there, "startAfter": there}).json()
    assert there not in [entry["key"] for entry in behind["objects"]]


def test_explained(api, key):
    """GET /explain judges the key that it was asked about."""
    told = api.get("/explain", params={"action": "read", "key": key}).json()
    assert (told["key"], told["allowed"]) == (key, True)


# -------------------------------------------------------------------------------------- in batches
def test_linked(api, bucket, there):
    """A link of each method is for this very key."""
    items = post(
        api,
        "/links",
        {
            "items": [
                {"key": there},
                {"key": there, "method": "HEAD"},
                {"key": there, "method": "PUT", "contentType": "text/plain", "contentLength": 3},
                {"key": there, "method": "DELETE"},
            ]
        },
    )["items"]
    assert {item["key"] for item in items} == {there}
    get, head, put, delete = items
    assert fetch(get["url"]) == there
    assert requests.head(head["url"], timeout=60).status_code == 200
    sent = requests.put(put["url"], data=b"new", headers=put["headers"], timeout=60)
    assert sent.status_code == 200
    assert bucket.body(there) == b"new"
    assert requests.delete(delete["url"], timeout=60).status_code == 204
    assert bucket.body(there) is None


def test_uploaded_at_once_and_in_parts(api, bucket, key):
    """Both kinds of upload make this very key."""
    once = post(api, "/uploads", {"key": key, "size": 4})
    requests.put(once["url"], data=b"once", headers=once["headers"], timeout=60)
    assert (once["key"], bucket.body(key)) == (key, b"once")
    parts = post(api, "/uploads", {"key": key, "size": 5, "multipart": True})
    (part,) = parts["parts"]
    assert requests.put(part["url"], data=b"parts", headers=part["headers"], timeout=60).ok
    named = {"key": key, "uploadId": parts["uploadId"]}
    there = api.get("/uploads/parts", params=named).json()
    assert (there["key"], len(there["parts"])) == (key, 1)
    assert post(api, "/uploads/parts", {**named, "size": 5, "partNumbers": [1]})["parts"]
    assert post(api, "/uploads/complete", parts["complete"])["key"] == key
    assert bucket.body(key) == b"parts"
    given_up = post(api, "/uploads", {"key": key, "size": 5, "multipart": True})
    named = {"key": key, "uploadId": given_up["uploadId"]}
    assert api.call("DELETE", "/uploads", params=named).status_code == 204


def test_copied_moved_and_deleted(api, bucket, there):
    """From this key and onto it; then the batch deletes it and nothing beside."""
    beside, neighbour = f"{api.home('alice')}beside", f"{there[:-1]}~"
    bucket.put(neighbour, b"stays")
    copy = {"from": there, "to": beside, "move": True}
    (moved,) = post(api, "/copies", {"items": [copy]})["items"]
    assert (moved["from"], moved["to"], moved["moved"]) == (there, beside, True)
    assert (bucket.body(beside), bucket.body(there)) == (there.encode(), None)
    (back,) = post(api, "/copies", {"items": [{"from": beside, "to": there}]})["items"]
    assert (back["to"], bucket.body(there)) == (there, there.encode())
    deleted = post(api, "/deletions", {"keys": [there, beside]})["items"]
    assert [(item["key"], item["deleted"]) for item in deleted] == [(there, True), (beside, True)]
    assert (bucket.body(there), bucket.body(neighbour)) == (None, b"stays")


def test_had_back_from_its_versions(api, bucket, there):
    """The versions of this very key, one of them fetched and restored."""
    bucket.delete(there)
    versions = api.get("/versions", params={"key": there}).json()["versions"]
    assert {version["key"] for version in versions} == {there}
    old = next(version["versionId"] for version in versions if not version["deleted"])
    content = api.get(path(there), params={"as": "content", "versionId": old})
    assert content.content == there.encode()
    (restored,) = post(api, "/restorations", {"items": [{"key": there, "versionId": old}]})["items"]
    assert (restored["key"], bucket.body(there)) == (there, there.encode())


def test_a_whole_folder_of_them(api, bucket):
    """Copied and deleted page by page, none is lost, doubled or another one."""
    names = [name for name in NAMES if name != FITS]
    source, to = f"{api.home('alice')}nasty/all/", f"{api.home('alice')}nasty/too/"
    for name in names:
        bucket.put(source + name, name.encode())
    cursor, copied = {}, []
    while cursor is not None:
        body = {"fromPrefix": source, "toPrefix": to, "limit": 7, **cursor}
        page = post(api, "/copies", body)
        copied += [item["to"].removeprefix(to) for item in page["items"]]
        cursor = page["cursor"] and {"cursor": page["cursor"]}
    assert sorted(copied) == sorted(names)
    assert all(bucket.body(to + name) == name.encode() for name in names)
    cursor = {}
    while cursor is not None:
        page = post(api, "/deletions", {"prefix": to, "limit": 7, **cursor})
        assert all(item.get("deleted") for item in page["items"])
        cursor = page["cursor"] and {"cursor": page["cursor"]}
    assert bucket.keys(to) == []
    assert len(bucket.keys(source)) == len(names)


# --------------------------------------------------------------------------------- impossible keys
@pytest.fixture(params=[*IMPOSSIBLE, *IMPOSSIBLE_KEYS], ids=ascii)
def impossible(request, api):
    name = request.param
    return name if name in IMPOSSIBLE_KEYS else real(api, name)


INVALID = (400, "invalid_key")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
# "", "//" and ".." are the path of no object: clients resolve them, and so does API Gateway.
@pytest.mark.parametrize(
    "impossible",
    [name for name in [*IMPOSSIBLE, *IMPOSSIBLE_KEYS] if name not in IN_NO_PATH],
    ids=ascii,
    indirect=True,
)
def test_no_path_names_it(api, impossible, method):
    """400 in every way of fetching, writing and deleting one object."""
    for form in ("redirect", "link", "content") if method == "GET" else ("",):
        params = {"as": form} if form else None
        assert refusal(api.call(method, path(impossible), params=params)) == INVALID
    assert api.call("HEAD", path(impossible)).status_code == 400


def test_no_query_names_it(api, impossible):
    """400 for the versions, the parts, the end of an upload and the explanation of it."""
    named = {"key": impossible, "uploadId": "u"}
    assert refusal(api.get("/versions", params={"key": impossible})) == INVALID
    assert refusal(api.get("/uploads/parts", params=named)) == INVALID
    assert refusal(api.call("DELETE", "/uploads", params=named)) == INVALID
    explained = {"key": impossible, "action": "write"}
    assert refusal(api.get("/explain", params=explained)) == INVALID
    if impossible:
        assert refusal(api.get("/objects", params={"startAfter": impossible})) == INVALID


SURROGATES = ["home/me/nasty/\ud800.txt", "home/me/nasty/\udfff\ud800.txt"]


@pytest.fixture(params=[*IMPOSSIBLE, *IMPOSSIBLE_KEYS, *SURROGATES], ids=ascii)
def impossible_in_json(request, api):
    name = request.param
    return name if name in {*IMPOSSIBLE_KEYS, *SURROGATES} else real(api, name)


def test_no_body_names_it(api, impossible_in_json):
    """400 for an upload of it and its parts."""
    named = {"key": impossible_in_json, "size": 1}
    of_upload = {**named, "uploadId": "u"}
    for where, body in [
        ("/uploads", named),
        ("/uploads", {**named, "multipart": True}),
        ("/uploads/parts", {**of_upload, "partNumbers": [1]}),
        ("/uploads/complete", of_upload),
    ]:
        assert refusal(api.call("POST", where, data=json.dumps(body))) == INVALID


def test_in_a_batch_it_is_the_problem_of_its_item(api, bucket, impossible_in_json):
    """The others of links, deletions, copies and restorations are done; it is told as it was."""
    fine = f"{api.home('alice')}nasty/fine"
    version = bucket.put(fine, b"fine")
    for where, key_member, items in [
        ("/links", "key", lambda key: {"items": [{"key": key}, {"key": fine}]}),
        ("/restorations", "key", lambda key: {"items": [_version(key), _version(fine, version)]}),
        ("/copies", "from", lambda key: {"items": [_copy(key, "1"), _copy(fine, "2")]}),
        ("/copies", "to", lambda key: {"items": [{"from": fine, "to": key}]}),
        ("/deletions", "key", lambda key: {"keys": [key, fine]}),
    ]:
        first, *others = post(api, where, items(impossible_in_json))["items"]
        assert first[key_member] == impossible_in_json
        assert (first["problem"]["status"], first["problem"]["code"]) == INVALID
        assert not any("problem" in item for item in others)


def _version(key, version_id="v1"):
    return {"key": key, "versionId": version_id}


def _copy(key, to):
    return {"from": key, "to": f"{HOME}copy-{to}"}


@pytest.mark.parametrize("encoded", ["%ED%A0%80", "%FF", "%C0%AF", "%E2%82"])
def test_a_path_that_is_no_utf_8_is_no_key(api, encoded):
    """Lone surrogates, overlong forms and halves of characters: 400, never a replacement."""
    for method in ("GET", "PUT", "DELETE"):
        answer = api.call(method, f"/objects/home%2Fme%2Fnasty%2F{encoded}")
        assert refusal(answer) == INVALID


# ------------------------------------------------------------------------------------- file names
@pytest.mark.parametrize(
    "filename",
    [
        "a\r\nSet-Cookie: session=1.txt",
        'quote".html\r\n\r\n<script>',
        "\ud800.txt",
        "../../etc/passwd",
        "\u202egnp.exe",
        "",
        "x" * 2000,
        "ü" * 200,
    ],
    ids=ascii,
)
def test_a_file_name_stays_a_file_name(api, bucket, filename):
    """Whatever it is, the answer has one Content-Disposition and no header of the caller's."""
    key = f"{api.home('alice')}nasty/file"
    bucket.put(key, b"content")
    (item,) = post(api, "/links", {"items": [{"key": key, "filename": filename}]})["items"]
    answer = requests.get(item["url"], timeout=60)
    assert answer.content == b"content"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.isascii()
    assert disposition.isprintable()
    assert "/" not in disposition.replace("%2F", "")
    assert "Set-Cookie" not in answer.headers


def test_nothing_is_left_elsewhere(api, bucket):
    """After all of this there is nothing but below the folder of these tests and the people's."""
    places = (*(api.home(who) for who in api.stack.users), "shared/", "groups/")
    assert [key for key in bucket.keys("") if not key.startswith(places)] == []
