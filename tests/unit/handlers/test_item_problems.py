"""What the log and the metrics tell of items that went wrong."""

import json

import pytest

from tests.unit.handlers.fake_services import BOB, HOME, authorized
from tests.unit.handlers.gateway_event import event
from tests.unit.shared.fake_bucket import FakeBucket


@pytest.fixture
def bucket():
    bucket = FakeBucket()
    bucket.put(f"{HOME}a")
    bucket.forbidden = {f"home/{BOB}/{name}" for name in "abc"}
    return bucket


@pytest.fixture
def post(service_with, bucket):
    def call(path, body, s3=bucket):
        request = event("POST", path, headers=authorized()) | {"body": json.dumps(body)}
        return service_with(s3=s3)(request)

    return call


class BrokenBucket(FakeBucket):
    def delete_objects(self, **request):
        keys = [named["Key"] for named in request["Delete"]["Objects"]]
        return {"Errors": [{"Key": key, "Code": "InternalError", "Message": "no"} for key in keys]}


def problems(lines):
    return [
        (line["level"], line["message"], line["code"], line["items"])
        for line in lines
        if "items" in line
    ]


def counted(output):
    printed = [json.loads(line) for line in output.splitlines() if "_aws" in line]
    return [sum(line["ItemProblems"]) for line in printed if "ItemProblems" in line]


def test_a_code_is_one_line_however_many_items(post, log_lines, capsys):
    """Three refusals and a key that is none: two lines, four counted, the request is no refusal."""
    keys = [*(f"home/{BOB}/{name}" for name in "abc"), "home/me/a", ""]
    answer = post("/deletions", {"keys": keys})
    assert answer.status == 200
    lines = log_lines()
    assert problems(lines) == [
        ("INFO", "refusals of items", "access_denied", 3),
        ("INFO", "refusals of items", "invalid_key", 1),
    ]
    assert all(line["reason"] for line in lines if "items" in line)
    assert {line["request_id"] for line in lines if "items" in line} == {
        answer.headers["x-request-id"]
    }
    assert counted(capsys.readouterr().out) == [4]


def test_a_fault_of_items_comes_with_what_aws_said(post, log_lines):
    """What AWS did not do is an error, once for all of them."""
    answer = post("/deletions", {"keys": ["home/me/a", "home/me/b"]}, BrokenBucket())
    codes = {item["problem"]["code"] for item in answer.json["items"]}
    (line,) = [line for line in log_lines() if "items" in line]
    assert {line["code"]} == codes
    assert (line["level"], line["message"], line["items"]) == ("ERROR", "faults of items", 2)
    assert "InternalError" in line["exception"]


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("/links", {"key": "a//../b"}),
        ("/copies", {"from": f"home/{BOB}/a", "to": "home/me/b"}),
        ("/restorations", {"key": "a//../b", "versionId": "v"}),
    ],
)
def test_every_batch_tells(post, log_lines, path, item):
    """Links, copies and restorations as deletions do."""
    answer = post(path, {"items": [item]})
    assert answer.status == 200
    code = answer.json["items"][0]["problem"]["code"]
    assert problems(log_lines()) == [("INFO", "refusals of items", code, 1)]


def test_nothing_is_told_of_what_went_well(post, log_lines, capsys):
    """No line and no metric for a batch without a problem."""
    assert post("/deletions", {"keys": ["home/me/a"]}).status == 200
    assert problems(log_lines()) == []
    assert counted(capsys.readouterr().out) == []
