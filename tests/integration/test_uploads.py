"""Uploads over HTTP: at once and in parts, their checksums, and whose they are."""

import base64
import hashlib
import zlib

import pytest
import requests

from tests.integration.refusal import refusal

MEBIBYTE = 1024**2
PART = 8 * MEBIBYTE
SIZE = PART + 5
CONTENT = bytes(range(256)) * (PART // 256) + b"hello"


def post(api, path, body, who="alice", **options):
    return api.call("POST", path, who, json=body, **options)


def begin(api, key, who="alice", **members):
    body = {"key": key, "size": SIZE, "multipart": True, **members}
    answer = post(api, "/uploads", body, who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def send(part, content=CONTENT):
    """PUT one part of the content to its URL; S3's answer."""
    first = (part["partNumber"] - 1) * PART
    body = content[first : first + part["size"]]
    return requests.put(part["url"], data=body, headers=part["headers"], timeout=60)


def send_all(upload):
    for part in upload["parts"]:
        assert send(part).status_code == 200


def fetch(api, key, who="alice"):
    link = api.object(key, who, params={"as": "link"}).json()
    return requests.get(link["url"], timeout=60).content


def crc32(content):
    return base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()


def sha256(content):
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


# ---------------------------------------------------------------------------------------- at once
def test_a_small_object_goes_up_at_once(api):
    """One PUT with the headers that were told makes the object, its type and its metadata."""
    body = {
        "key": "home/me/uploads/once.txt",
        "size": 5,
        "contentType": "text/plain",
        "metadata": {"colour": "blue"},
        "checksum": {"algorithm": "SHA256", "value": sha256(b"hello")},
    }
    upload = post(api, "/uploads", body).json()
    assert upload["kind"] == "single"
    put = requests.put(upload["url"], data=b"hello", headers=upload["headers"], timeout=60)
    assert put.status_code == 200
    head = api.object(upload["key"], method="HEAD")
    assert head.headers["Content-Type"] == "text/plain"
    assert head.headers["x-amz-meta-colour"] == "blue"
    assert fetch(api, upload["key"]) == b"hello"


@pytest.mark.parametrize(
    "change",
    [
        {"data": b"hell"},
        {"data": b"hello!"},
        {"headers": {"Content-Type": "text/html"}},
        {"headers": {"x-amz-meta-colour": "red"}},
        {"headers": {"x-amz-acl": "public-read"}},
        {"headers": {"x-amz-storage-class": "GLACIER"}},
    ],
)
def test_the_url_takes_what_was_signed_and_nothing_else(api, change):
    """Another length, type, metadata, or a header that nobody asked for: no object."""
    key = "home/me/uploads/never.txt"
    body = {"key": key, "size": 5, "contentType": "text/plain", "metadata": {"colour": "blue"}}
    upload = post(api, "/uploads", body).json()
    headers = {
        name: value
        for name, value in {**upload["headers"], **change.get("headers", {})}.items()
        if name != "Content-Length"
    }
    put = requests.put(
        upload["url"], data=change.get("data", b"hello"), headers=headers, timeout=60
    )
    assert put.status_code in {400, 403}
    assert refusal(api.object(key)) == (404, "no_such_key")


def test_other_bytes_than_those_of_the_checksum_are_refused(api):
    """The right length is not enough where a checksum was signed."""
    key = "home/me/uploads/digest.txt"
    checksum = {"algorithm": "CRC32", "value": crc32(b"hello")}
    upload = post(api, "/uploads", {"key": key, "size": 5, "checksum": checksum}).json()
    put = requests.put(upload["url"], data=b"jello", headers=upload["headers"], timeout=60)
    assert put.status_code == 400
    assert refusal(api.object(key)) == (404, "no_such_key")


def test_if_none_match_never_replaces(api):
    """With the condition signed, the second PUT to the same URL is S3's 412."""
    body = {"key": "home/me/uploads/first.txt", "size": 5, "ifNoneMatch": "*"}
    upload = post(api, "/uploads", body).json()
    api.object(body["key"], method="DELETE")
    puts = [
        requests.put(upload["url"], data=content, headers=upload["headers"], timeout=60).status_code
        for content in (b"first", b"other")
    ]
    assert puts == [200, 412]
    assert fetch(api, body["key"]) == b"first"


# --------------------------------------------------------------------------------------- in parts
def test_parts_make_the_object(api):
    """Begin, send, complete: the bytes come down as they went up, with type and metadata."""
    upload = begin(
        api, "home/me/uploads/parts.bin", contentType="text/csv", metadata={"colour": "blue"}
    )
    assert (upload["partSize"], upload["partCount"]) == (PART, 2)
    send_all(upload)
    done = post(api, "/uploads/complete", upload["complete"]).json()
    assert done["key"] == f"{api.home('alice')}uploads/parts.bin"
    assert done["etag"].endswith('-2"')
    assert done["versionId"]
    assert done["size"] == SIZE
    head = api.object(done["key"], method="HEAD").headers
    assert (head["ETag"], head["Content-Type"]) == (done["etag"], "text/csv")
    assert head["x-amz-meta-colour"] == "blue"
    assert fetch(api, done["key"]) == CONTENT


def test_the_client_may_name_the_parts(api):
    """With the ETags that S3 answered, and so that a repeated completion is answered again."""
    upload = begin(api, "home/me/uploads/named.bin")
    etags = [send(part).headers["ETag"] for part in upload["parts"]]
    parts = [{"partNumber": number, "etag": etag} for number, etag in enumerate(etags, 1)]
    answers = [
        post(api, "/uploads/complete", {**upload["complete"], "parts": parts}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME"])
def test_a_crc_proves_the_whole_object(api, algorithm):
    """Parts need no checksum; a wrong value of the whole is 409, and the upload still stands."""
    key = f"home/me/uploads/{algorithm}.bin"
    upload = begin(api, key, size=5, checksum={"algorithm": algorithm})
    (part,) = upload["parts"]
    assert part["headers"] == {"Content-Length": "5"}
    assert send(part, b"hello").status_code == 200
    wrong = {"CRC32": "AAAAAA==", "CRC32C": "AAAAAA==", "CRC64NVME": "AAAAAAAAAAA="}[algorithm]
    body = {**upload["complete"], "checksum": {"algorithm": algorithm, "value": wrong}}
    assert refusal(post(api, "/uploads/complete", body)) == (409, "checksum_mismatch")
    assert post(api, "/uploads/complete", upload["complete"]).status_code == 200


def test_the_right_crc_is_taken(api):
    """The value that was told at the beginning is sent along with the completion."""
    checksum = {"algorithm": "CRC32", "value": crc32(CONTENT)}
    upload = begin(api, "home/me/uploads/crc.bin", checksum=checksum)
    send_all(upload)
    assert upload["complete"]["checksum"] == checksum
    assert post(api, "/uploads/complete", upload["complete"]).status_code == 200


def test_sha256_proves_each_part(api):
    """The value is signed into the part's URL, which takes no other bytes."""
    upload = begin(api, "home/me/uploads/sha.bin", checksum={"algorithm": "SHA256"})
    assert upload["parts"] == []
    body = {
        **{name: upload["complete"][name] for name in ("key", "uploadId", "size")},
        "partNumbers": [1, 2],
        "checksums": {"1": sha256(CONTENT[:PART]), "2": sha256(CONTENT[PART:])},
    }
    parts = post(api, "/uploads/parts", body).json()["parts"]
    assert send(parts[1], CONTENT[:PART] + b"jello").status_code == 400
    for part in parts:
        assert send(part).status_code == 200
    assert post(api, "/uploads/complete", upload["complete"]).status_code == 200
    assert fetch(api, upload["key"]) == CONTENT


def test_what_is_missing_is_named(api):
    """Before all parts are there, completing is 409 with their numbers, and can be repeated."""
    upload = begin(api, "home/me/uploads/gap.bin")
    assert send(upload["parts"][1]).status_code == 200
    answer = post(api, "/uploads/complete", upload["complete"])
    assert refusal(answer) == (409, "upload_incomplete")
    assert answer.json()["missing"] == [1]
    assert send(upload["parts"][0]).status_code == 200
    assert post(api, "/uploads/complete", upload["complete"]).status_code == 200


def test_a_part_that_changed_meanwhile_is_refused(api):
    """An ETag that S3 does not have makes no object."""
    upload = begin(api, "home/me/uploads/changed.bin")
    send_all(upload)
    parts = [{"partNumber": number, "etag": f'"{"0" * 32}"'} for number in (1, 2)]
    answer = post(api, "/uploads/complete", {**upload["complete"], "parts": parts})
    assert refusal(answer) == (409, "upload_incomplete")
    assert refusal(api.object(upload["key"])) == (404, "no_such_key")


def test_an_object_that_came_in_between_stays(api):
    """`ifNoneMatch` is weighed when the upload is completed."""
    upload = begin(api, "home/me/uploads/taken.bin", ifNoneMatch="*")
    send_all(upload)
    single = post(api, "/uploads", {"key": upload["key"], "size": 5}).json()
    requests.put(single["url"], data=b"first", headers=single["headers"], timeout=60)
    answer = post(api, "/uploads/complete", upload["complete"])
    assert refusal(answer) == (412, "precondition_failed")
    assert fetch(api, upload["key"]) == b"first"


def test_a_completion_whose_answer_was_lost_is_told_again(api):
    """The same body with its parts is the same answer again, and no further version."""
    upload = begin(api, "home/me/uploads/lost.bin")
    etags = [send(part).headers["ETag"] for part in upload["parts"]]
    parts = [{"partNumber": number, "etag": etag} for number, etag in enumerate(etags, 1)]
    body = {**upload["complete"], "parts": parts}
    answers = [post(api, "/uploads/complete", body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert len(api.get("/versions", params={"key": upload["key"]}).json()["versions"]) == 1
    unnamed = post(api, "/uploads/complete", upload["complete"])
    assert refusal(unnamed) == (404, "no_such_upload")


def test_an_aborted_upload_is_not_another_object(api):
    """An object that another upload made is not taken for that of one that was given up."""
    key = "home/me/uploads/other.bin"
    given_up, made = begin(api, key), begin(api, key)
    etags = [send(part, bytes(SIZE)).headers["ETag"] for part in given_up["parts"]]
    send_all(made)
    assert post(api, "/uploads/complete", made["complete"]).status_code == 200
    where = {"key": key, "uploadId": given_up["uploadId"]}
    assert api.call("DELETE", "/uploads", params=where).status_code == 204
    parts = [{"partNumber": number, "etag": etag} for number, etag in enumerate(etags, 1)]
    answer = post(api, "/uploads/complete", {**given_up["complete"], "parts": parts})
    assert refusal(answer) == (404, "no_such_upload")
    smaller = {**given_up["complete"], "size": SIZE - 1}
    assert refusal(post(api, "/uploads/complete", smaller)) == (404, "no_such_upload")


def test_an_aborted_upload_is_gone(api):
    """No part stays, its URLs lead nowhere, and aborting again is no error."""
    upload = begin(api, "home/me/uploads/aborted.bin")
    assert send(upload["parts"][0]).status_code == 200
    where = {"key": upload["key"], "uploadId": upload["uploadId"]}
    for _ in range(2):
        answer = api.call("DELETE", "/uploads", params=where)
        assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(api.get("/uploads/parts", params=where)) == (404, "no_such_upload")
    assert send(upload["parts"][1]).status_code == 404
    more = {**where, "size": SIZE, "partNumbers": [1]}
    assert refusal(post(api, "/uploads/parts", more)) == (404, "no_such_upload")
    assert refusal(post(api, "/uploads/complete", upload["complete"])) == (404, "no_such_upload")


ODD_NAMES = ["with space+plus.bin", "percent%20%.bin", "a//b/", "Zürich ☀.bin", "<b>&'\".bin"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_keys_survive_every_step(api, name):
    """A key in a body or a query is taken as it is, and the URL leads to that very key."""
    upload = begin(api, f"home/me/uploads/odd/{name}", size=5)
    key = f"{api.home('alice')}uploads/odd/{name}"
    assert upload["key"] == key
    assert send(upload["parts"][0], b"hello").status_code == 200
    where = {"key": key, "uploadId": upload["uploadId"]}
    assert len(api.get("/uploads/parts", params=where).json()["parts"]) == 1
    assert post(api, "/uploads/complete", upload["complete"]).json()["key"] == key
    stored = api.stack.client("s3").get_object(Bucket=api.stack.outputs["BucketName"], Key=key)
    with stored["Body"] as body:
        assert body.read() == b"hello"


# --------------------------------------------------------------------------------------- listing
def test_nobody_lists_unfinished_uploads_by_prefix(api):
    """IAM knows that right for a whole bucket alone, so that no member has it: 403 that says so."""
    for who in ("alice", "erin"):
        answer = api.get("/uploads", who)
        assert refusal(answer) == (403, "access_denied")
        assert "keep the uploadId" in answer.json()["detail"]


def test_a_role_that_lists_the_buckets_uploads_sees_them(api):
    """With the right to it: the caller's home by default, pages by cursor, and any prefix."""
    uploads = [begin(api, f"home/me/uploads/list/{number}.bin") for number in range(3)]
    iam, role = api.stack.client("iam"), api.role()
    document = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
        '"Action": "s3:ListBucketMultipartUploads", "Resource": "*"}]}'
    )
    iam.put_role_policy(RoleName=role, PolicyName="uploads", PolicyDocument=document)
    try:
        prefix = f"{api.home('alice')}uploads/list/"
        params = {"prefix": "home/me/uploads/list/", "limit": 2}
        first = api.get("/uploads", params=params).json()
        second = api.get("/uploads", params={**params, "cursor": first["cursor"]}).json()
        whole = api.get("/uploads").json()
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="uploads")
    assert first["prefix"] == prefix
    assert len(first["uploads"]) == 2
    assert second["cursor"] is None
    seen = {entry["uploadId"] for entry in first["uploads"] + second["uploads"]}
    assert seen == {upload["uploadId"] for upload in uploads}
    assert whole["prefix"] == api.home("alice")
    assert seen <= {entry["uploadId"] for entry in whole["uploads"]}


# -------------------------------------------------------------------------------------- isolation
@pytest.fixture
def bobs_upload(api):
    """Bob's unfinished upload with its first part; afterwards he can still complete it."""
    upload = begin(api, "home/me/uploads/bobs.bin", "bob")
    assert send(upload["parts"][0]).status_code == 200
    yield upload
    assert send(upload["parts"][1]).status_code == 200
    assert post(api, "/uploads/complete", upload["complete"], "bob").status_code == 200
    assert fetch(api, upload["key"], "bob") == CONTENT


FOREIGN_CALLS = {
    "further parts": lambda api, where: post(
        api, "/uploads/parts", {**where, "size": SIZE, "partNumbers": [2]}
    ),
    "look at parts": lambda api, where: api.get("/uploads/parts", params=where),
    "complete": lambda api, where: post(api, "/uploads/complete", {**where, "size": SIZE}),
    "complete by a list": lambda api, where: post(
        api,
        "/uploads/complete",
        {**where, "size": 5, "parts": [{"partNumber": 1, "etag": '"e"'}]},
    ),
    "abort": lambda api, where: api.call("DELETE", "/uploads", params=where),
}


@pytest.mark.parametrize("name", FOREIGN_CALLS)
def test_alice_does_nothing_with_bobs_upload(api, bobs_upload, name):
    """Each route with bob's key is 403 by IAM, though she knows his upload id."""
    where = {"key": bobs_upload["key"], "uploadId": bobs_upload["uploadId"]}
    answer = FOREIGN_CALLS[name](api, where)
    assert refusal(answer) == (403, "access_denied")
    assert "X-Amz" not in answer.text


@pytest.mark.parametrize("name", FOREIGN_CALLS)
def test_bobs_upload_id_is_none_of_alices(api, bobs_upload, name):
    """With a key of her own his id names no upload: 404, and aborting it ends nothing."""
    where = {"key": "home/me/uploads/bobs.bin", "uploadId": bobs_upload["uploadId"]}
    answer = FOREIGN_CALLS[name](api, where)
    if name == "abort":
        assert answer.status_code == 204
    else:
        assert refusal(answer) == (404, "no_such_upload")


@pytest.mark.parametrize("name", FOREIGN_CALLS)
def test_nothing_is_revealed_about_bobs_uploads(api, bobs_upload, name):
    """An id of bob's and one that never was get the same answer."""
    key = bobs_upload["key"]
    answers = [
        FOREIGN_CALLS[name](api, {"key": key, "uploadId": upload_id}).json()
        for upload_id in (bobs_upload["uploadId"], "never-was")
    ]
    assert {**answers[0], "requestId": ""} == {**answers[1], "requestId": ""}


FOREIGN_KEYS = {
    "bob's folder": lambda api: f"{api.home('bob')}uploads/new.bin",
    "shared": lambda api: "shared/new.bin",
    "a group's folder": lambda api: "groups/editors/new.bin",
    "the bucket": lambda api: "new.bin",
}


@pytest.mark.parametrize("name", FOREIGN_KEYS)
def test_alice_begins_no_upload_elsewhere(api, name):
    """In parts IAM refuses the beginning, at once it refuses the URL when that is used."""
    key = FOREIGN_KEYS[name](api)
    answer = post(api, "/uploads", {"key": key, "size": SIZE, "multipart": True})
    assert refusal(answer) == (403, "access_denied")
    upload = post(api, "/uploads", {"key": key, "size": 5}).json()
    put = requests.put(upload["url"], data=b"hello", headers=upload["headers"], timeout=60)
    assert put.status_code == 403
    listed = api.stack.client("s3").list_objects_v2(
        Bucket=api.stack.outputs["BucketName"], Prefix=key
    )
    assert listed["KeyCount"] == 0


@pytest.mark.parametrize("prefix", ["", "home/", "shared/", "bob"])
def test_alice_lists_no_uploads_elsewhere(api, bobs_upload, prefix):
    """Every prefix is refused, by IAM, and no key is told."""
    where = api.home("bob") if prefix == "bob" else prefix
    answer = api.get("/uploads", params={"prefix": where})
    assert refusal(answer) == (403, "access_denied")
    assert bobs_upload["uploadId"] not in answer.text


def test_a_part_url_opens_its_part_alone(api, bobs_upload):
    """Another key, upload, part or length, or the headers of another request: 403, no part."""
    upload = begin(api, "home/me/uploads/bobs.bin")
    part = upload["parts"][0]
    bob, alice = (api.home(who).replace(":", "%3A") for who in ("bob", "alice"))
    tampered = [
        part["url"].replace(alice, bob),
        part["url"].replace(upload["uploadId"], bobs_upload["uploadId"]),
        part["url"].replace("partNumber=1", "partNumber=2"),
    ]
    for url in tampered:
        assert url != part["url"]
        assert send({**part, "url": url}).status_code == 403
    short = requests.put(part["url"], data=b"short", timeout=60)
    assert short.status_code == 403
    where = {"key": upload["key"], "uploadId": upload["uploadId"]}
    assert api.get("/uploads/parts", params=where).json()["parts"] == []
    assert api.call("DELETE", "/uploads", params=where).status_code == 204


def test_an_editor_uploads_to_what_is_shared(api):
    """Where the role may write, every step works with its rights."""
    upload = begin(api, "shared/uploads/erin.bin", "erin", size=5)
    assert send(upload["parts"][0], b"hello").status_code == 200
    where = {"key": upload["key"], "uploadId": upload["uploadId"]}
    assert len(api.get("/uploads/parts", "erin", params=where).json()["parts"]) == 1
    assert post(api, "/uploads/complete", upload["complete"], "erin").status_code == 200
    gone = begin(api, "groups/editors/gone.bin", "erin", size=5)
    where = {"key": gone["key"], "uploadId": gone["uploadId"]}
    assert api.call("DELETE", "/uploads", "erin", params=where).status_code == 204


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/uploads"),
        ("POST", "/uploads"),
        ("DELETE", "/uploads"),
        ("GET", "/uploads/parts"),
        ("POST", "/uploads/parts"),
        ("POST", "/uploads/complete"),
    ],
)
def test_nobody_uploads_without_a_token(api, method, path):
    """Every route of uploads is closed to who does not sign in."""
    answer = api.call(method, path, None, json={"key": "home/me/x", "size": 1})
    assert answer.status_code == 401
