"""Every limit of docs/limits.md, over HTTP: the last that is taken and the first that is not."""

import json
from functools import partial

import pytest

from handlers import copies, deletions, json_body, links, session, upload_request, uploads
from shared import links as signed_links
from shared import object_key, object_page, object_properties, part_plan, presigned_url
from shared.group_role import LONGEST_SECONDS, SHORTEST_SECONDS
from shared.object_content import MAX_CONTENT_BYTES
from shared.object_deletion import MAX_KEYS
from tests.integration.bucket_content import BucketContent
from tests.integration.conftest import Api
from tests.integration.refusal import refusal

KEY = "home/me/limits/object"
NEW_PARTS = {"key": KEY, "size": 5, "multipart": True}
NO_UPLOAD = {"key": KEY, "uploadId": "none", "size": 5}
INVALID, TOO_LARGE = (400, "invalid_request"), (413, "too_large")


@pytest.fixture(scope="module")
def api(role_stack):
    """The source that has all parameters."""
    return Api(role_stack)


def post(path, members, api, number):
    return api.call("POST", path, data=json.dumps(members(number)))


def padded(path, body, api, size):
    """The same body, brought to a size by white space, which JSON allows around it."""
    return api.call("POST", path, data=json.dumps(body).ljust(size))


def query(path, name, more, api, number):
    return api.get(path, params={**more, name: number})


def put(headers, api, number):
    return api.object(KEY, method="PUT", data=b"", headers=headers(number))


def body_of_put(api, size):
    return api.object(KEY, method="PUT", data=b"x" * size)


def link(number, **members):
    return {"items": [{"key": KEY, **members}] * number}


def keys_of(size):
    """One key that can be, and others that cannot: `size` bytes of them, or only the first."""
    first = "home/me/limits/of-keys"
    left = size - len(first)
    return {"keys": [first, "é" * (left // 2), "x" * (left % 2)]}


def copy(number):
    return {"items": [{"from": KEY, "to": f"{KEY}{index}"} for index in range(number)]}


def version(number):
    return {"items": [{"key": f"{KEY}{index}", "versionId": "none"} for index in range(number)]}


def put_link(size):
    item = {"method": "PUT", "key": KEY, "contentType": "text/plain", "contentLength": size}
    return {"items": [item]}


def wanted_parts(number):
    size = part_plan.MIN_PART_BYTES * number
    return {**NO_UPLOAD, "size": size, "partNumbers": list(range(1, number + 1))}


def all_parts(number):
    parts = [{"partNumber": part, "etag": '"e"'} for part in range(1, number + 1)]
    return {**NO_UPLOAD, "size": part_plan.MIN_PART_BYTES * part_plan.MAX_PARTS, "parts": parts}


def metadata(size):
    return {"x-amz-meta-name": "x" * (size - len("name"))}


# What it is, the request, the bounds, what is answered within them, and what beyond.
LIMITS = [
    ("PUT: bytes", body_of_put, (0, MAX_CONTENT_BYTES), {200, 201}, TOO_LARGE),
    *(
        (f"{path}: bytes", partial(padded, path, body), (None, most), {within}, TOO_LARGE)
        for path, body, most, within in [
            ("/links", link(1), json_body.MAX_BODY_BYTES, 200),
            ("/uploads", NEW_PARTS, json_body.MAX_BODY_BYTES, 200),
            ("/uploads/parts", wanted_parts(1), json_body.MAX_BODY_BYTES, 404),
            ("/uploads/complete", NO_UPLOAD, upload_request.MAX_COMPLETE_BYTES, 404),
            ("/deletions", {"keys": [f"{KEY}0"]}, deletions.MAX_BODY_BYTES, 200),
            ("/copies", copy(1), copies.MAX_BODY_BYTES, 200),
            ("/restorations", version(1), copies.MAX_BODY_BYTES, 200),
            ("/session/revoke", {"accessToken": "x"}, session.MAX_BODY_BYTES, 400),
        ]
    ),
    *(
        (f"{path}: limit", partial(query, path, "limit", more), (1, most), {within}, INVALID)
        for path, more, most, within in [
            ("/objects", {}, object_page.MAX_PAGE_SIZE, 200),
            ("/versions", {}, object_page.MAX_PAGE_SIZE, 200),
            ("/uploads", {}, object_page.MAX_PAGE_SIZE, 403),
            ("/uploads/parts", NO_UPLOAD, object_page.MAX_PAGE_SIZE, 404),
        ]
    ),
    ("/links: items", partial(post, "/links", link), (1, links.MAX_ITEMS), {200}, INVALID),
    ("/copies: items", partial(post, "/copies", copy), (1, 100), {200}, INVALID),
    ("/restorations: items", partial(post, "/restorations", version), (1, 100), {200}, INVALID),
    (
        "/deletions: keys",
        partial(post, "/deletions", lambda number: {"keys": [f"{KEY}{n}" for n in range(number)]}),
        (1, MAX_KEYS),
        {200},
        INVALID,
    ),
    (
        "/deletions: bytes of keys",
        partial(post, "/deletions", keys_of),
        (None, deletions.MAX_BYTES_OF_KEYS),
        {200},
        TOO_LARGE,
    ),
    (
        "/deletions: limit",
        partial(post, "/deletions", lambda limit: {"prefix": f"{KEY}/", "limit": limit}),
        (1, MAX_KEYS),
        {200},
        INVALID,
    ),
    (
        "/copies: limit",
        partial(
            post,
            "/copies",
            lambda limit: {"fromPrefix": f"{KEY}/", "toPrefix": f"{KEY}2/", "limit": limit},
        ),
        (1, 100),
        {200},
        INVALID,
    ),
    (
        "/uploads/parts: partNumbers",
        partial(post, "/uploads/parts", wanted_parts),
        (1, upload_request.MAX_PART_URLS),
        {404},
        INVALID,
    ),
    (
        "/uploads/complete: parts",
        partial(post, "/uploads/complete", all_parts),
        (part_plan.MAX_PARTS, part_plan.MAX_PARTS),
        {404},
        INVALID,
    ),
    (
        "as=link: expiresIn",
        partial(query, f"/objects/{KEY}", "expiresIn", {"as": "link"}),
        (1, presigned_url.MAX_SECONDS),
        {200},
        INVALID,
    ),
    (
        "/links: expiresIn",
        partial(post, "/links", lambda seconds: link(1, expiresIn=seconds)),
        (1, presigned_url.MAX_SECONDS),
        {200},
        INVALID,
    ),
    (
        "/uploads: expiresIn",
        partial(post, "/uploads", lambda seconds: {"key": KEY, "size": 1, "expiresIn": seconds}),
        (1, presigned_url.MAX_SECONDS),
        {200},
        INVALID,
    ),
    (
        "/links: minTtl",
        partial(post, "/links", lambda seconds: {**link(1), "minTtl": seconds}),
        (1, links.MAX_MIN_TTL_SECONDS),
        {200},
        INVALID,
    ),
    (
        "/links: contentLength",
        partial(post, "/links", put_link),
        (0, signed_links.MAX_PUT_BYTES),
        {200},
        INVALID,
    ),
    (
        "/credentials: duration",
        partial(query, "/credentials", "duration", {}),
        (SHORTEST_SECONDS, LONGEST_SECONDS),
        {200},
        INVALID,
    ),
    (
        "/uploads: size",
        partial(post, "/uploads", lambda size: {"key": KEY, "size": size}),
        (0, part_plan.MAX_OBJECT_BYTES),
        {200},
        TOO_LARGE,
    ),
    (
        "/uploads/parts: uploadId",
        lambda api, number: api.get(
            "/uploads/parts", params={"key": KEY, "uploadId": "u" * number}
        ),
        (1, 1024),
        {404},
        INVALID,
    ),
    (
        "PUT: metadata",
        partial(put, metadata),
        (None, object_properties.MAX_METADATA_BYTES),
        {200, 201},
        INVALID,
    ),
    (
        "PUT: Cache-Control",
        partial(put, lambda number: {"Cache-Control": "x" * number}),
        (0, object_properties.MAX_PROPERTY_CHARACTERS),
        {200, 201},
        INVALID,
    ),
    (
        "PUT: Content-Type",
        partial(put, lambda number: {"Content-Type": "text/plain;".ljust(number, "x")}),
        (None, object_properties.MAX_PROPERTY_CHARACTERS),
        {200, 201},
        INVALID,
    ),
    (
        "key: bytes",
        lambda api, number: api.get("/explain", params={"action": "read", "key": "k" * number}),
        (1, object_key.MAX_KEY_BYTES),
        {200},
        (400, "invalid_key"),
    ),
]


@pytest.fixture(scope="module", autouse=True)
def there(api):
    """The object of KEY; no upload of these tests stays unfinished."""
    bucket, key = BucketContent(api.stack), f"{api.home('alice')}limits/object"
    bucket.put(key, b"x")
    yield
    bucket.abort_uploads(key)


@pytest.mark.parametrize(
    ("send", "bounds", "within", "beyond"),
    [limit[1:] for limit in LIMITS],
    ids=[limit[0] for limit in LIMITS],
)
def test_a_limit_has_two_sides(api, send, bounds, within, beyond):
    """What is just within is taken, what is just beyond is refused with its code."""
    least, most = bounds
    for number in {bound for bound in bounds if bound is not None}:
        answer = send(api, number)
        assert answer.status_code in within, answer.text
    assert refusal(send(api, most + 1)) == beyond
    # No text is shorter than none, and what is negative is never taken.
    if least is not None and least > 0:
        assert send(api, least - 1).status_code in {400, 404}


def test_content_through_the_function_has_two_sides(api):
    """The last size that as=content carries, and the first that it does not."""
    bucket, key = BucketContent(api.stack), f"{api.home('alice')}limits/content"
    bucket.put(key, b"x" * MAX_CONTENT_BYTES)
    assert len(api.object(key, params={"as": "content"}).content) == MAX_CONTENT_BYTES
    bucket.put(key, b"x" * (MAX_CONTENT_BYTES + 1))
    answer = api.object(key, params={"as": "content"})
    assert refusal(answer) == (413, "too_large_for_content")
    assert answer.json()["maximum"] == MAX_CONTENT_BYTES
    part = api.object(key, params={"as": "content"}, headers={"Range": "bytes=1-"})
    assert len(part.content) == MAX_CONTENT_BYTES


def test_at_once_or_in_parts(api):
    """Up to 64 MiB are one PUT; a byte more are parts."""
    kinds = [
        api.call("POST", "/uploads", json={"key": KEY, "size": size}).json()["kind"]
        for size in (uploads.MAX_SINGLE_BYTES, uploads.MAX_SINGLE_BYTES + 1)
    ]
    assert kinds == ["single", "multipart"]
