"""What the logs of AWS and our own tell about who did what."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.integration.refusal import refusal
from tests.integration.vended import client_with

PARAMETER = "x-bucketpass-request"


@pytest.fixture
def link(api):
    """A presigned URL for alice's greeting, and the id of the request that made it."""
    answer = api.object("home/me/hello.txt", params={"as": "link"})
    assert answer.status_code == 200
    return answer.json()["url"], answer.headers["x-request-id"]


def test_a_presigned_url_names_its_request(link):
    """The parameter that S3's access log keeps is the request id, and the URL works with it."""
    url, request_id = link
    assert parse_qs(urlsplit(url).query)[PARAMETER] == [request_id]
    assert requests.get(url, timeout=60).status_code == 200


@pytest.mark.parametrize("spoil", ["another", "none"])
def test_the_name_of_the_request_cannot_be_changed(link, spoil):
    """It is signed: without it, or with another, S3 refuses the URL."""
    url, request_id = link
    pair = f"{PARAMETER}={request_id}"
    assert url.count(pair) == 1
    forged = url.replace(pair, f"{PARAMETER}=another" if spoil == "another" else "")
    assert requests.get(forged, timeout=60).status_code == 403


def test_every_way_to_a_url_names_its_request(api):
    """Redirects, links in bulk and uploads alike."""
    answers = [
        api.object("home/me/hello.txt"),
        api.call("POST", "/links", json={"items": [{"key": "home/me/hello.txt"}]}),
        api.call("POST", "/uploads", json={"key": "home/me/audit.txt", "size": 1}),
    ]
    urls = [
        answers[0].headers["Location"],
        answers[1].json()["items"][0]["url"],
        answers[2].json()["url"],
    ]
    for answer, url in zip(answers, urls, strict=True):
        assert parse_qs(urlsplit(url).query)[PARAMETER] == [answer.headers["x-request-id"]]


def test_each_exchange_is_logged_once(api, stack):
    """One line that joins sub and identity id; it comes with the exchange, not with each call."""
    dora = stack.add_user(f"dora-{stack.outputs['CredentialSource']}")
    for _ in range(3):
        assert api.get("/me", dora.username).status_code == 200
    lines = [
        json.loads(line)
        for line in stack.function_log()
        if dora.sub in line and '"exchanged"' in line
    ]
    (line,) = lines
    assert (line["sub"], line["identity_id"]) == (dora.sub, dora.identity_id)
    assert line["role"] == api.get("/me", dora.username).json()["role"]
    assert line["request_id"]


def test_no_line_of_the_log_holds_a_secret(api, stack):
    """Neither tokens nor credentials nor signatures, though all of them were about."""
    given = api.get("/credentials").json()
    url = api.object("home/me/hello.txt", params={"as": "link"}).json()["url"]
    tokens = stack.users["alice"].tokens
    assert refusal(
        api.call("POST", "/session/revoke", json={"accessToken": f"{tokens.access}x"})
    ) == (400, "invalid_access_token")
    log = "\n".join(stack.function_log())
    assert '"exchanged"' in log
    for secret in (
        given["secretAccessKey"],
        given["sessionToken"],
        given["accessKeyId"],
        parse_qs(urlsplit(url).query)["X-Amz-Signature"][0],
        *tokens.id.split("."),
        *tokens.access.split("."),
    ):
        assert secret not in log


def test_the_session_names_the_person_where_sts_gives_it(api, stack):
    """The trail of AWS has the sub as the session's name; an identity pool has one name for all."""
    given = api.get("/credentials").json()
    arn = client_with(given, "sts", stack.endpoint_url).get_caller_identity()["Arn"]
    session_name = arn.rpartition("/")[2]
    if stack.outputs["CredentialSource"] == "identity-pool":
        assert session_name == "CognitoIdentityCredentials"
    else:
        assert session_name == stack.users["alice"].sub
