"""A stack that really stands, with two people in no group: docs/operations.md."""

import pytest
import requests

from tests.integration.refusal import refusal


def test_it_is_there(deployed):
    """The health route answers without a sign-in."""
    answer = deployed.call("GET", "/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.parametrize("path", ["/me", "/objects", "/objects/home/me/hello.txt"])
def test_no_token_is_refused(deployed, path):
    """Without a token it is 401, with a challenge and for the browser to read."""
    answer = deployed.call("GET", path)
    assert refusal(answer) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="bucketpass"'
    assert answer.headers["Access-Control-Allow-Origin"] == deployed.allowed_origin


def test_who_signs_in_is_known(deployed, person, other):
    """After a sign-in by SRP each is told to be themselves, with a folder of their own."""
    me, they = (somebody.call("GET", "/me").json() for somebody in (person, other))
    assert me["bucket"] == they["bucket"] == deployed.outputs["BucketName"]
    assert me["credentialSource"] == deployed.outputs["CredentialSource"]
    assert me["homePrefix"] == f"home/{me['identityId']}/"
    assert me["sub"] != they["sub"]
    assert me["identityId"] != they["identityId"]


def test_what_is_written_is_listed(person, own_object):
    """A written object stands in the list of the own folder under its real key."""
    key, content = own_object
    page = person.call("GET", "/objects", params={"prefix": key}).json()
    assert [(listed["key"], listed["size"]) for listed in page["objects"]] == [(key, len(content))]


def test_what_is_written_is_fetched(person, own_object):
    """An object comes back the same by redirect to S3 and as content of the API."""
    key, content = own_object
    redirected = person.object("GET", key, allow_redirects=True)
    assert [answer.status_code for answer in redirected.history] == [307]
    assert redirected.status_code == 200
    assert redirected.text == content
    passed = person.object("GET", key, params={"as": "content"})
    assert (passed.status_code, passed.text) == (200, content)


def test_what_is_deleted_is_gone(person, own_object):
    """A deleted object is 404 to its owner."""
    key, _ = own_object
    assert person.object("DELETE", key).status_code == 204
    assert refusal(person.object("GET", key)) == (404, "no_such_key")


def test_the_other_folder_is_closed(person, other, others_object):
    """In the other's folder listing, fetching, writing and deleting are 403 and do nothing."""
    key, content = others_object
    refused = {
        "list": person.call("GET", "/objects", params={"prefix": other.folder}),
        "get": person.object("GET", key),
        "get content": person.object("GET", key, params={"as": "content"}),
        "put": person.object("PUT", key, data=b"overwritten"),
        "put anew": person.object("PUT", f"{key}.new", data=b"put in"),
        "delete": person.object("DELETE", key),
    }
    assert {name: refusal(answer) for name, answer in refused.items()} == dict.fromkeys(
        refused, (403, "access_denied")
    )
    assert other.object("GET", key, params={"as": "content"}).text == content
    assert refusal(other.object("GET", f"{key}.new")) == (404, "no_such_key")


def test_a_tampered_url_is_refused(person, own_object):
    """A presigned URL opens its object, and with another signature or life nothing."""
    key, content = own_object
    url = person.object("GET", key, params={"as": "link"}).json()["url"]
    assert requests.get(url, timeout=40).text == content
    head, signature = url.split("X-Amz-Signature=")
    flipped = ("0" if signature[0] != "0" else "1") + signature[1:]
    longer = url.replace("X-Amz-Expires=", "X-Amz-Expires=1")
    for tampered in (f"{head}X-Amz-Signature={flipped}", longer):
        assert tampered != url
        answer = requests.get(tampered, timeout=40)
        assert answer.status_code == 403
        assert content not in answer.text


@pytest.mark.parametrize("path", ["/me", "/objects/home/me/hello.txt"])
def test_the_preflight_names_one_origin(deployed, path):
    """A browser's preflight needs no token and is told the one origin, whoever asks."""
    for origin in (deployed.allowed_origin, "https://elsewhere.example"):
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization",
        }
        answer = deployed.call("OPTIONS", path, headers=asked)
        assert answer.status_code in {200, 204}
        assert answer.headers["Access-Control-Allow-Origin"] == deployed.allowed_origin
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()
        assert "GET" in answer.headers["Access-Control-Allow-Methods"]
