"""An object of hundreds of megabytes: up in parts, interrupted, resumed, and down again."""

import hashlib
import http.client
import os
import random
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from tests.integration.refusal import refusal

# UPLOAD_TEST_BYTES=2000000000 runs the same with 2 GB; the emulated S3 keeps it in memory.
SIZE = int(os.environ.get("UPLOAD_TEST_BYTES", "200000000"))
AT_A_TIME = 4
BLOCK = 1024**2
NOISE = random.Random(20261121).randbytes(BLOCK)  # noqa: S311 # the same bytes in every run
KEY = "home/me/large/film.bin"


def blocks(first, last):
    """The object's bytes from `first`, a multiple of the block, to `last`; no two blocks alike."""
    for start in range(first, last, BLOCK):
        block = (start // BLOCK).to_bytes(8, "big") + NOISE[8:]
        yield block[: last - start]


def digest_of_the_object():
    digest = hashlib.sha256()
    for block in blocks(0, SIZE):
        digest.update(block)
    return digest.hexdigest()


class Uploader:
    """A client that knows the object's bytes, and of the upload only what it is told."""

    def __init__(self, api, key, upload_id, part_size):
        self.api, self.where, self.part_size = api, {"key": key, "uploadId": upload_id}, part_size

    def body(self, part):
        first = (part["partNumber"] - 1) * self.part_size
        return b"".join(blocks(first, first + part["size"]))

    def send(self, part):
        put = requests.put(part["url"], data=self.body(part), headers=part["headers"], timeout=60)
        assert put.status_code == 200, put.text
        return put.headers["ETag"]

    def break_off(self, part):
        """Send half of a part and hang up."""
        url = urlsplit(part["url"])
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
        connection.putrequest("PUT", f"{url.path}?{url.query}")
        for name, value in part["headers"].items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(self.body(part)[: part["size"] // 2])
        connection.close()

    def send_some(self, parts):
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            return list(pool.map(self.send, parts))

    def there(self):
        """The parts at S3 by their numbers, page by page."""
        found, cursor = {}, {}
        while cursor is not None:
            page = self.api.get("/uploads/parts", params={**self.where, "limit": 7, **cursor})
            found |= {part["partNumber"]: part for part in page.json()["parts"]}
            cursor = {"cursor": page.json()["cursor"]} if page.json()["cursor"] else None
        return found

    def urls(self, numbers):
        body = {**self.where, "size": SIZE, "partNumbers": numbers}
        return self.api.call("POST", "/uploads/parts", json=body).json()["parts"]

    def resume(self, count):
        """Send the parts that are missing; how many those were."""
        there = self.there()
        missing = [number for number in range(1, count + 1) if number not in there]
        for start in range(0, len(missing), 100):
            self.send_some(self.urls(missing[start : start + 100]))
        return missing

    def complete(self):
        body = {**self.where, "size": SIZE}
        return self.api.call("POST", "/uploads/complete", json=body)


@pytest.fixture
def begun(api):
    """A large upload that has just begun; afterwards all of it is taken from the bucket."""
    answer = api.call("POST", "/uploads", json={"key": KEY, "size": SIZE})
    upload = answer.json()
    yield upload
    s3, bucket = api.stack.client("s3"), api.stack.outputs["BucketName"]
    where = {"Bucket": bucket, "Prefix": upload["key"]}
    for left in s3.list_multipart_uploads(**where).get("Uploads", ()):
        s3.abort_multipart_upload(Bucket=bucket, Key=left["Key"], UploadId=left["UploadId"])
    for version in s3.list_object_versions(**where).get("Versions", ()):
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])


def test_an_interrupted_upload_is_resumed_and_comes_down_identical(api, begun):
    """Parts four at a time, a break in the middle, the missing ones by what S3 has, the bytes."""
    count = begun["partCount"]
    uploader = Uploader(api, begun["key"], begun["uploadId"], begun["partSize"])
    first_half = begun["parts"][: min(count, len(begun["parts"])) // 2]
    etags = uploader.send_some(first_half)
    uploader.break_off(begun["parts"][len(first_half)])

    # Another client, which knows no more than key, upload id and size, goes on.
    successor = Uploader(api, begun["key"], begun["uploadId"], begun["partSize"])
    early = successor.complete()
    assert refusal(early) == (409, "upload_incomplete")
    there = successor.there()
    assert sorted(there) == list(range(1, len(first_half) + 1))
    assert [there[number]["etag"] for number in sorted(there)] == etags
    assert early.json()["missing"] == list(range(len(first_half) + 1, count + 1))[:100]
    assert successor.resume(count) == list(range(len(first_half) + 1, count + 1))
    done = successor.complete()
    assert done.status_code == 200, done.text
    assert done.json()["size"] == SIZE

    link = api.object(KEY, params={"as": "link"}).json()
    assert (link["size"], link["etag"]) == (SIZE, done.json()["etag"])
    digest, received = hashlib.sha256(), 0
    with requests.get(link["url"], stream=True, timeout=60) as download:
        for block in download.iter_content(BLOCK):
            digest.update(block)
            received += len(block)
    assert received == SIZE
    assert digest.hexdigest() == digest_of_the_object()


def test_a_large_upload_is_aborted(api, begun):
    """After some parts: none is left, and no object was ever there."""
    uploader = Uploader(api, begun["key"], begun["uploadId"], begun["partSize"])
    uploader.send_some(begun["parts"][:AT_A_TIME])
    assert len(uploader.there()) == AT_A_TIME
    assert api.call("DELETE", "/uploads", params=uploader.where).status_code == 204
    assert refusal(api.get("/uploads/parts", params=uploader.where)) == (404, "no_such_upload")
    assert refusal(api.object(KEY)) == (404, "no_such_key")
