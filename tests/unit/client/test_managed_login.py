import base64
import hashlib
import threading
from urllib.error import HTTPError
from urllib.parse import parse_qs, parse_qsl, urlsplit
from urllib.request import urlopen

import pytest

from bucketpass.browser_sign_in import sign_in_by_browser
from bucketpass.connection import Connection
from bucketpass.errors import (
    ChallengeUnanswered,
    ConfigurationError,
    SignInRefused,
    UnexpectedAnswer,
    Unreachable,
)
from bucketpass.loopback_redirect import LoopbackRedirect
from bucketpass.managed_login import ManagedLogin
from tests.unit.client.http_stub import http_stub


def domain(make_id_token, status=200, content=None):
    """The token endpoint of a user pool's domain."""
    tokens = {"id_token": make_id_token(), "access_token": "a", "refresh_token": "r"}
    return http_stub(lambda *_: (status, {}, tokens if content is None else content))


class Browser:
    """Comes back from the page with what `reply` makes of the address's query."""

    def __init__(self, reply):
        self.reply = reply
        self.statuses = []

    def __call__(self, address):
        self.thread = threading.Thread(target=self._visit, args=(address,), daemon=True)
        self.thread.start()

    def _visit(self, address):
        asked = dict(parse_qsl(urlsplit(address).query))
        for query in self.reply(asked):
            back = asked["redirect_uri"].replace("localhost", "127.0.0.1")
            try:
                with urlopen(f"{back}?{query}", timeout=60) as answer:  # noqa: S310 # loopback
                    self.statuses.append(answer.status)
            except HTTPError as error:
                with error:
                    self.statuses.append(error.code)


def test_the_code_is_redeemed_with_the_verifier(make_id_token, profile):
    """PKCE: only who began the sign-in can end it."""
    browser = Browser(lambda asked: [f"code=the-code&state={asked['state']}"])
    with domain(make_id_token) as (url, seen):
        tokens = sign_in_by_browser(Connection(profile.changed({"login_url": url})), browser, 0)
    browser.thread.join()
    assert tokens.refresh_token.reveal() == "r"
    form = {name: value[0] for name, value in parse_qs(seen[0][3]).items()}
    assert (form["grant_type"], form["code"]) == ("authorization_code", "the-code")
    assert len(form["code_verifier"]) >= 43
    assert form["redirect_uri"].startswith("http://localhost:")
    assert browser.statuses == [200]


def test_the_page_is_asked_with_the_challenge(profile):
    """S256, state, and a verifier that is not in the address."""
    login = ManagedLogin(
        profile.changed({"login_url": "https://x.example"}), "http://localhost:1/c"
    )
    query = dict(parse_qsl(urlsplit(login.address).query))
    verifier = login._verifier
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    assert query["code_challenge"] == digest.rstrip(b"=").decode()
    assert query["code_challenge_method"] == "S256"
    assert verifier not in login.address


def test_another_sign_ins_answer_is_refused(make_id_token, profile):
    """A slipped-in code (login CSRF) changes nothing; the right one still counts."""
    browser = Browser(
        lambda asked: ["code=evil&state=guess", "code=evil", f"code=good&state={asked['state']}"]
    )
    with domain(make_id_token) as (url, seen):
        sign_in_by_browser(Connection(profile.changed({"login_url": url})), browser, 0)
    browser.thread.join()
    assert browser.statuses == [400, 400, 200]
    assert "code=good" in seen[0][3]
    assert len(seen) == 1


def test_a_sign_in_that_was_broken_off(make_id_token, profile):
    """The page's error is named and nothing is redeemed."""
    browser = Browser(lambda asked: [f"error=access_denied&state={asked['state']}"])
    with domain(make_id_token) as (url, seen), pytest.raises(SignInRefused, match="access_denied"):
        sign_in_by_browser(Connection(profile.changed({"login_url": url})), browser, 0)
    assert seen == []


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, {"error": "invalid_grant"}, SignInRefused),
        (200, "<html>", UnexpectedAnswer),
        (200, {"id_token": ""}, UnexpectedAnswer),
        (307, {}, SignInRefused),
    ],
)
def test_what_is_no_token_is_refused(make_id_token, profile, status, content, error):
    """And a redirect is not followed with the code."""
    with domain(make_id_token, status, content) as (url, _):
        login = ManagedLogin(profile.changed({"login_url": url}), "http://localhost:1/callback")
        with pytest.raises(error):
            login.tokens({"code": "c", "state": login._state})


def test_a_state_that_does_not_fit_redeems_nothing(profile):
    """Checked again where the tokens are asked for."""
    login = ManagedLogin(profile.changed({"login_url": "http://127.0.0.1:1"}), "http://localhost:1")
    with pytest.raises(SignInRefused):
        login.tokens({"code": "c", "state": "guess"})
    with pytest.raises(Unreachable):
        login.tokens({"code": "c", "state": login._state})


def test_nobody_comes_back():
    """The wait ends."""
    with LoopbackRedirect(0) as redirect, pytest.raises(ChallengeUnanswered):
        redirect.wait(lambda _: True, seconds=0.05)


def test_without_a_domain_or_a_port(profile):
    """Both are named before any page opens."""
    connection = Connection(profile)
    with pytest.raises(ConfigurationError, match="managed login URL"):
        sign_in_by_browser(connection, pytest.fail, 0)
    with LoopbackRedirect(0) as taken, pytest.raises(ConfigurationError, match="--port"):
        sign_in_by_browser(
            Connection(profile.changed({"login_url": "https://x.example"})),
            pytest.fail,
            taken.server_port,
        )
