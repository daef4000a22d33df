"""The pool's own sign-in pages and their token endpoint, as a page in a browser uses them."""

import base64
import hashlib
import html
import json
import re
import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from jwt import decode

from tests.contract.cloud import PASSWORD, UserPool

BACK = "http://localhost:8080/"
ORIGIN = {"Origin": "http://localhost:8080"}


@pytest.fixture(scope="module")
def people(cloud):
    pool = UserPool(
        cloud,
        "managed-login",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email", "aws.cognito.signin.user.admin"],
        CallbackURLs=[BACK],
        LogoutURLs=[BACK],
    )
    pool.group("readers")
    pool.user("alice", "readers")
    return pool


class Visit:
    """One way through the pages, with PKCE."""

    def __init__(self, cloud, people):
        self.cloud, self.people = cloud, people
        self.verifier = secrets.token_urlsafe(48)

    def authorize(self, **other):
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.people.client_id,
            "redirect_uri": BACK,
            "scope": "openid email aws.cognito.signin.user.admin",
            "state": "a-state",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **other,
        }
        return self.cloud.http("GET", f"/oauth2/authorize?{urlencode(asked)}")

    def submit(self, password=PASSWORD):
        hidden = re.findall(r'name="(\w+)" value="([^"]*)"', self.authorize().body.decode())
        form = {name: html.unescape(value) for name, value in hidden}
        form |= {"username": "alice", "password": password}
        # urllib would follow the redirect; what is asked is where it leads.
        url = f"{self.cloud.url}/login"
        return requests.post(url, data=form, allow_redirects=False, timeout=60)

    def token(self, **grant):
        form = {"client_id": self.people.client_id, **grant}
        return self.cloud.http("POST", "/oauth2/token", ORIGIN, urlencode(form).encode())


@pytest.fixture
def visit(cloud, people):
    return Visit(cloud, people)


@pytest.fixture
def code(visit):
    address = urlsplit(visit.submit().headers["location"])
    answer = parse_qs(address.query)
    assert answer["state"] == ["a-state"]
    return answer["code"][0]


def claims(token):
    return decode(token, options={"verify_signature": False})


def redeem(visit, code, **other):
    grant = {"code": code, "redirect_uri": BACK, "code_verifier": visit.verifier, **other}
    return visit.token(grant_type="authorization_code", **grant)


def test_a_code_is_redeemed_from_a_browser(visit, code):
    """The token endpoint answers with three tokens, and CORS lets the page read them."""
    answer = redeem(visit, code)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] in {"*", ORIGIN["Origin"]}
    assert {"id_token", "access_token", "refresh_token", "expires_in"} <= answer.json.keys()
    assert claims(answer.json["id_token"])["cognito:groups"] == ["readers"]


def test_a_code_needs_its_verifier_and_is_good_once(visit, code):
    """Who stole the code has nothing, and neither has who comes late."""
    assert json.loads(redeem(visit, code, code_verifier="x" * 43).body)["error"] == "invalid_grant"
    assert redeem(visit, code).status == 200
    assert redeem(visit, code).json["error"] == "invalid_grant"


def test_renewed_tokens_name_the_groups(visit, code):
    """A renewed ID token has the claims of a fresh one, so the role stays the same."""
    refresh = redeem(visit, code).json["refresh_token"]
    renewed = visit.token(grant_type="refresh_token", refresh_token=refresh).json
    assert claims(renewed["id_token"])["cognito:groups"] == ["readers"]
    assert claims(renewed["access_token"])["cognito:groups"] == ["readers"]


def test_a_group_that_was_left_is_named_no_more(visit, code, people):
    """A renewal looks at the groups as they are now."""
    refresh = redeem(visit, code).json["refresh_token"]
    member = {"UserPoolId": people.id, "Username": "alice", "GroupName": "readers"}
    people.idp.admin_remove_user_from_group(**member)
    try:
        renewed = visit.token(grant_type="refresh_token", refresh_token=refresh).json
        assert "cognito:groups" not in claims(renewed["id_token"])
    finally:
        people.idp.admin_add_user_to_group(**member)


def test_a_wrong_password_stays_on_the_page(visit):
    """There is no code, and the sentence does not say which of the two was wrong."""
    answer = visit.submit("not the password")
    assert answer.status_code == 200
    assert "Incorrect username or password" in answer.text


@pytest.mark.parametrize(
    "other",
    [{"redirect_uri": "http://localhost:8080/other"}, {"response_type": "token"}],
    ids=["another address", "the implicit flow"],
)
def test_other_ways_are_refused(visit, other):
    """No code goes to an address that the client does not name, and no token into one."""
    assert visit.authorize(**other).status == 400
