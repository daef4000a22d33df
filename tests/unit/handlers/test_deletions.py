"""`POST /deletions`: what is read from the body, and how each key is answered."""

import json

import pytest

from handlers.deletions import MAX_BODY_BYTES, MAX_BYTES_OF_KEYS
from shared.upstream_errors import DeadlineExceeded
from tests.unit.handlers.fake_services import BOB, HOME, authorized
from tests.unit.handlers.gateway_event import event
from tests.unit.shared.fake_bucket import FakeBucket


@pytest.fixture
def bucket():
    bucket = FakeBucket()
    for name in "abc":
        bucket.put(f"{HOME}{name}")
    return bucket


@pytest.fixture
def delete(service_with, bucket):
    service = service_with(s3=bucket)

    def call(body, sub=None):
        headers = authorized() if sub is None else authorized(sub)
        text = body if isinstance(body, str) else json.dumps(body)
        request = event("POST", "/deletions", headers=headers) | {"body": text}
        return service(request)

    return call


def test_items_have_the_real_keys_and_the_markers(delete, bucket):
    """home/me/ stands for the home; versionId is that of the delete marker."""
    answer = delete({"keys": ["home/me/a", f"{HOME}b"]})
    assert answer.status == 200
    assert answer.json == {
        "items": [
            {"key": f"{HOME}{name}", "deleted": True, "versionId": bucket.versions[key][-1].id}
            for name, key in (("a", f"{HOME}a"), ("b", f"{HOME}b"))
        ]
    }
    assert bucket.keys() == [f"{HOME}c"]


def test_a_problem_of_an_item_is_a_whole_document(delete, bucket):
    """What an item's problem says is what the request's would, with the same request id."""
    bucket.forbidden = {f"{HOME}a"}
    answer = delete({"keys": ["home/me/a", "home/me/b"]})
    assert answer.json["items"][0] == {
        "key": f"{HOME}a",
        "problem": {
            "type": "urn:bucketpass:problem:access_denied",
            "title": "Access denied",
            "status": 403,
            "detail": "Your role does not allow this.",
            "code": "access_denied",
            "requestId": answer.headers["x-request-id"],
        },
    }
    assert answer.json["items"][1]["deleted"] is True


def test_an_impossible_key_is_answered_as_it_was_asked(delete):
    """A key that is none keeps its spelling in the answer, lone surrogates included."""
    items = delete('{"keys": ["\\ud800", "home/me/../x", "home/me/a"]}').json["items"]
    assert [item["key"] for item in items] == ["\ud800", "home/me/../x", f"{HOME}a"]
    assert [item.get("problem", {}).get("code") for item in items] == [
        "invalid_key",
        "invalid_key",
        None,
    ]


def test_only_impossible_keys_are_no_call(delete, bucket):
    """S3 is asked about nothing that is no key."""
    assert delete({"keys": [""]}).json["items"][0]["problem"]["code"] == "invalid_key"
    assert bucket.calls == []


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
def test_the_body_has_a_limit(delete, more, status):
    """3,200,000 bytes, which hold 1,000 of the longest keys; one byte more is 413."""
    text = json.dumps({"keys": ["home/me/a"]})
    answer = delete(text + " " * (MAX_BODY_BYTES - len(text) + more))
    assert answer.status == status
    if status == 413:
        assert answer.refused == (413, "too_large")


def test_the_longest_keys_fit(delete):
    """1,000 keys of 1,024 bytes fit however JSON escapes them."""
    keys = [f"{HOME}{n:03}".ljust(1024 - 460 - 460, "x") + "é" * 460 for n in range(1000)]
    assert all(len(key.encode()) == 1024 for key in keys)
    assert delete(json.dumps({"keys": keys}, ensure_ascii=True)).status == 200


def test_without_a_token_nothing_is_read(service_with, bucket):
    """401 before anything else."""
    request = event("POST", "/deletions") | {"body": json.dumps({"keys": ["home/me/a"]})}
    assert service_with(s3=bucket)(request).refused == (401, "missing_token")
    assert bucket.calls == []


def test_each_person_has_their_own_home(delete, bucket):
    """home/me/ of bob is not that of alice."""
    delete({"keys": ["home/me/a"]}, sub=BOB)
    assert bucket.body(f"{HOME}a") is not None


def test_a_page_ends_where_the_time_does(delete, bucket):
    """Keys that the time did not allow are left to the next page, not told as failed."""
    bucket.put(f"{HOME}odd\x07")

    def late():
        raise DeadlineExceeded("late")

    bucket.before["delete_object"] = late  # the odd key goes by itself
    page = delete({"prefix": "home/me/"}).json
    assert [item["key"] for item in page["items"]] == [f"{HOME}{name}" for name in "abc"]
    assert page["cursor"] is not None
    bucket.before.clear()
    page = delete({"prefix": "home/me/", "cursor": page["cursor"]}).json
    assert [item["key"] for item in page["items"]] == [f"{HOME}odd\x07"]
    assert page["cursor"] is None
    assert bucket.keys() == []


def test_a_page_without_any_time_is_504(delete, bucket):
    """Where not one key could be deleted, the request as a whole has failed."""

    def late():
        raise DeadlineExceeded("late")

    bucket.before["delete_objects"] = late
    assert delete({"prefix": "home/me/"}).refused == (504, "deadline")


@pytest.mark.parametrize("prefix", ["", "home/me", "home/me/a", "/", "home/../", "shared"])
def test_a_prefix_ends_in_a_slash(delete, bucket, prefix):
    """No prefix that could mean more than its writer thought: 400, and S3 is not asked."""
    assert delete({"prefix": prefix}).status == 400
    assert bucket.calls == []


def late_at(bucket, key):
    """Make the time run out for this one key, until the returned function."""
    delete_object = bucket.delete_object

    def late(**request):
        if request["Key"] == key:
            raise DeadlineExceeded("late")
        return delete_object(**request)

    bucket.delete_object = late
    return lambda: setattr(bucket, "delete_object", delete_object)


def test_what_is_gone_behind_a_late_key_is_told(delete, bucket):
    """It is not listed again: no other page would tell that it was deleted."""
    odd = f"{HOME}a\x07"
    bucket.put(odd)
    in_time = late_at(bucket, odd)
    page = delete({"prefix": "home/me/"}).json
    assert [item["key"] for item in page["items"]] == [f"{HOME}{name}" for name in "abc"]
    in_time()
    page = delete({"prefix": "home/me/", "cursor": page["cursor"]}).json
    assert [item["key"] for item in page["items"]] == [odd]
    assert page["cursor"] is None


def test_a_page_whose_first_key_is_late_goes_on_with_it(delete, bucket):
    """The others are told, and the cursor leads to the beginning."""
    odd = f"{HOME}\x07"
    bucket.put(odd)
    in_time = late_at(bucket, odd)
    page = delete({"prefix": "home/me/"}).json
    assert [item["key"] for item in page["items"]] == [f"{HOME}{name}" for name in "abc"]
    in_time()
    page = delete({"prefix": "home/me/", "cursor": page["cursor"]}).json
    assert [item["key"] for item in page["items"]] == [odd]
    assert bucket.keys() == []


def test_a_refusal_behind_a_late_key_is_told_once(delete, bucket):
    """The next page meets the key again."""
    bucket.put(odd := f"{HOME}a\x07")
    bucket.forbidden = {f"{HOME}c"}
    in_time = late_at(bucket, odd)
    first = delete({"prefix": "home/me/"}).json
    assert [item["key"] for item in first["items"]] == [f"{HOME}a", f"{HOME}b"]
    in_time()
    second = delete({"prefix": "home/me/", "cursor": first["cursor"]}).json
    assert [item.get("deleted") for item in second["items"]] == [True, None]


def filled(size, character="é"):
    """A key that can be and one that cannot, together so many bytes."""
    left = size - len("home/me/a")
    width = len(character.encode(errors="surrogatepass"))
    return ["home/me/a", character * (left // width), "x" * (left % width)]


@pytest.mark.parametrize("character", ["é", "x", "\ud800", "\U0001f600"])
def test_keys_have_a_limit_together(delete, bucket, character):
    """1,024,000 bytes of UTF-8 go, one more does not, and then nothing is deleted."""
    answer = delete({"keys": filled(MAX_BYTES_OF_KEYS + 1, character)})
    assert answer.refused == (413, "too_large")
    assert "1,024,000 bytes" in answer.problem["detail"]
    assert bucket.calls == []
    assert delete({"keys": filled(MAX_BYTES_OF_KEYS, character)}).status == 200
    assert bucket.body(f"{HOME}a") is None


@pytest.mark.parametrize(("character", "in_body"), [("é", 2), ('"', 2), ("\\", 2), ("\x01", 6)])
def test_the_largest_answer_fits_into_lambdas(delete, character, in_body):
    """Impossible keys of what JSON makes longest: Lambda puts the answer into JSON once more."""
    length = min(MAX_BYTES_OF_KEYS // 1000 // len(character.encode()), 3_150 // in_body)
    answer = delete(json.dumps({"keys": [character * length] * 1000}, ensure_ascii=False))
    assert answer.status == 200
    assert len(json.dumps(answer.body)) < 6_000_000
