import re
from urllib.parse import quote

import pytest
import requests

from tests.integration.refusal import refusal

HELLO = "Hello Alice, only you can read this.\n"
ORIGIN = "http://localhost:8080"

ODD_NAMES = [
    "plain.txt",
    "with space.txt",
    "plus+plus.txt",
    "percent%20.txt",
    "100%.txt",
    "ampersand&equals=.txt",
    "question?hash#.txt",
    "quote\"'.txt",
    "semi;colon:.txt",
    "Zürich ☀ 日本.txt",
    "nfd-u\u0308.txt",
    "rtl-\u202egnp.txt",
    "tilde~!*().txt",
    "<img src=x onerror=alert(1)>.txt",
    "back\\slash.txt",
    "trailing-slash/",
    "{braces}[brackets].txt",
]


@pytest.fixture(scope="module")
def put(api):
    """Put an object as root, below alice's home."""
    s3, bucket = api.stack.client("s3"), api.stack.outputs["BucketName"]

    def put_object(name, body=b"", **options):
        key = f"{api.home('alice')}{name}"
        s3.put_object(Bucket=bucket, Key=key, Body=body, **options)
        return key

    return put_object


def test_redirect_leads_to_the_bytes(api):
    """By default a fetch is a 307 to a presigned URL; following it yields the object."""
    answer = api.object("home/me/hello.txt")
    assert answer.status_code == 307
    fetched = requests.get(answer.headers["Location"], timeout=60)
    assert fetched.text == HELLO
    assert fetched.headers["Content-Disposition"].startswith('attachment; filename="hello.txt"')


def test_following_the_redirect_works_as_clients_do(api):
    """A client that follows redirects by itself gets the bytes, and a range of them."""
    answer = api.object("home/me/hello.txt", allow_redirects=True, headers={"Range": "bytes=0-4"})
    assert (answer.status_code, answer.text) == (206, "Hello")
    assert "Authorization" not in answer.request.headers


def test_link_tells_url_and_facts(api):
    """as=link gives the URL with its true end, and the object's facts."""
    link = api.object("home/me/hello.txt", params={"as": "link", "expiresIn": 60}).json()
    assert requests.get(link.pop("url"), timeout=60).text == HELLO
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", link.pop("expiresAt"))
    assert link == {
        "limitedBy": "requested",
        "size": 37,
        "etag": '"5b0ae4a04a2946fe23716f8e9757e4e3"',
        "contentType": "text/plain; charset=utf-8",
    }


def test_head_tells_the_metadata(api):
    """HEAD gives the object's metadata as headers and no body."""
    answer = api.object("home/me/hello.txt", method="HEAD")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["ETag"] == '"5b0ae4a04a2946fe23716f8e9757e4e3"'
    assert answer.headers["x-object-size"] == "37"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_content_passes_the_bytes_through(api, put):
    """as=content gives the very bytes, whatever they are, sandboxed and as an attachment."""
    body = bytes(range(256)) * 100
    put("bytes.bin", body, ContentType="text/html")
    answer = api.object("home/me/bytes.bin", params={"as": "content"})
    assert answer.content == body
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("asked", "status", "text"),
    [
        ("bytes=0-4", 206, "Hello"),
        ("bytes=-6", 206, "this.\n"),
        ("bytes=31-", 206, "this.\n"),
        ("bytes=0-0,5-6", 200, HELLO),
        ("lines=1-2", 200, HELLO),
    ],
)
def test_content_knows_ranges(api, asked, status, text):
    """as=content answers one range with 206 and ignores what it need not understand."""
    params, headers = {"as": "content"}, {"Range": asked}
    answer = api.object("home/me/hello.txt", params=params, headers=headers)
    assert (answer.status_code, answer.text) == (status, text)
    assert ("Content-Range" in answer.headers) == (status == 206)


def test_range_outside_is_416(api):
    """A range outside of the object is 416 with the object's size."""
    answer = api.object(
        "home/me/hello.txt",
        params={"as": "content"},
        headers={"Range": "bytes=100-200"},
    )
    assert refusal(answer) == (416, "range_not_satisfiable")


def test_conditions_are_kept(api):
    """If-None-Match and If-Modified-Since give 304, If-Match 412 where it does not hold."""
    first = api.object("home/me/hello.txt", params={"as": "content"})
    for headers, status in (
        ({"If-None-Match": first.headers["ETag"]}, 304),
        ({"If-None-Match": '"another"'}, 200),
        ({"If-Modified-Since": first.headers["Last-Modified"]}, 304),
        ({"If-Match": first.headers["ETag"]}, 200),
        ({"If-Match": '"another"'}, 412),
    ):
        answer = api.object("home/me/hello.txt", params={"as": "content"}, headers=headers)
        assert answer.status_code == status, headers
        if status == 304:
            assert answer.content == b""


@pytest.mark.parametrize(("size", "status"), [(4_500_000, 200), (4_500_001, 413)])
def test_content_has_a_limit(api, put, size, status):
    """4,500,000 bytes pass through; one more is 413, and a range of it passes."""
    put("large.bin", b"\xff" * size)
    answer = api.object("home/me/large.bin", params={"as": "content"})
    assert answer.status_code == status
    if status == 200:
        assert len(answer.content) == size
    else:
        assert refusal(answer) == (413, "too_large_for_content")
        part = api.object(
            "home/me/large.bin", params={"as": "content"}, headers={"Range": "bytes=4500000-"}
        )
        assert (part.status_code, part.content) == (206, b"\xff")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_make_the_round_trip(api, put, name):
    """A key of any spelling is listed and fetched in all ways as exactly itself."""
    body = f"content of {name}".encode()
    key = put(f"odd/{name}", body)
    page = api.get("/objects", params={"prefix": f"home/me/odd/{name}"}).json()
    assert [listed["key"] for listed in page["objects"]] == [key]
    assert api.object(key, params={"as": "content"}).content == body
    assert requests.get(api.object(key).headers["Location"], timeout=60).content == body
    link = api.object(key, params={"as": "link"}).json()
    assert requests.get(link["url"], timeout=60).content == body
    assert api.object(key, method="HEAD").headers["x-object-size"] == str(len(body))


@pytest.mark.parametrize(
    "key", ["%2e%2e/x", "home/me/%2e%2e/%2e%2e/x", "a%00b", "a%0Ab", "%2Fabsolute", "x" * 1025]
)
def test_impossible_keys_are_refused(api, key):
    """A key that the service refuses to name is 400 invalid_key, never another key's object."""
    url = f"{api.stack.api_url}/objects/{key}"
    request = requests.Request(
        "GET", url, headers={"Authorization": api.stack.users["alice"].tokens.id}
    )
    prepared = request.prepare()
    prepared.url = url  # as written: requests would resolve the dots
    with requests.Session() as session:
        answer = session.send(prepared, allow_redirects=False, timeout=60)
    assert refusal(answer) == (400, "invalid_key")


def test_unknown_form_is_refused(api):
    """as= knows redirect, link and content."""
    answer = api.object("home/me/hello.txt", params={"as": "zip"})
    assert refusal(answer) == (400, "invalid_request")


@pytest.mark.parametrize("seconds", ["0", "3601", "soon"])
def test_links_have_limits(api, seconds):
    """The life of a link is a whole number of seconds from 1 to 3600."""
    answer = api.object("home/me/hello.txt", params={"as": "link", "expiresIn": seconds})
    assert refusal(answer) == (400, "invalid_request")


def test_preflight_names_the_one_origin(api):
    """OPTIONS needs no token and names the allowed origin, whoever asks."""
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    answer = api.object("home/me/hello.txt", None, method="OPTIONS", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (ORIGIN, ORIGIN),
        ("https://evil.example", None),
        ("null", None),
        (f"{ORIGIN}.evil.example", None),
        ("https://localhost:8080", None),
    ],
)
def test_cors_of_answers(api, origin, allowed):
    """Answers and refusals name the allowed origin to itself and to nobody else."""
    for key in ("home/me/hello.txt", "home/me/missing.txt", "groups/editors/draft.md"):
        answer = api.object(key, headers={"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") == allowed
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_redirect_target_lets_null_origin_in(api):
    """S3 takes `Origin: null`, which browsers send after a redirect to another origin."""
    location = api.object("home/me/hello.txt").headers["Location"]
    for origin in (ORIGIN, "null"):
        answer = requests.get(location, headers={"Origin": origin}, timeout=60)
        assert answer.headers["Access-Control-Allow-Origin"] in {origin, "*"}
    answer = requests.get(location, headers={"Origin": "https://evil.example"}, timeout=60)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_every_answer_is_private(api):
    """Answers carry a request id and forbid every cache to keep them."""
    for path in ("/me", "/locations", "/objects", "/objects/home/me/hello.txt", "/objects?limit=0"):
        answer = api.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Vary"] == "Authorization, Origin"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["x-request-id"]


def test_unknown_routes_are_404(api):
    """An address or method that the API does not know is a problem document, too."""
    assert refusal(api.get("/nope")) == (404, "not_found")
    assert refusal(api.call("PATCH", f"/objects/{quote('home/me/hello.txt')}"))[0] in {403, 404}
