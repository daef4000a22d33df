"""Signing in through the browser: authorization code with PKCE (RFC 7636, RFC 8252)."""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

import requests

from bucketpass.errors import SignInRefused, UnexpectedAnswer, Unreachable
from bucketpass.profile import Profile
from bucketpass.tokens import Tokens, tokens_of_answer
from bucketpass.web_address import is_loopback

SCOPE: Final = "openid profile aws.cognito.signin.user.admin"
_TIMEOUT_SECONDS: Final = (5.0, 30.0)
_WORDS: Final = {
    "IdToken": "id_token",
    "AccessToken": "access_token",
    "RefreshToken": "refresh_token",
}


class ManagedLogin:
    """One sign-in at the user pool's domain; `redirect_uri` is where the browser comes back to.

    `address` is the page to open. Each object is good for one sign-in.
    """

    def __init__(self, profile: Profile, redirect_uri: str) -> None:
        self._base = profile.require("login_url")
        self._client_id = profile.require("client_id")
        self._redirect_uri = redirect_uri
        self._state = secrets.token_urlsafe(32)
        self._verifier = secrets.token_urlsafe(64)

    @property
    def address(self) -> str:
        """The page on which the person signs in."""
        digest = hashlib.sha256(self._verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": SCOPE,
            "state": self._state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self._base}/oauth2/authorize?{urlencode(query)}"

    def accepts(self, query: Mapping[str, str]) -> bool:
        """Whether this is the answer to this sign-in, and not one that somebody has slipped in."""
        return secrets.compare_digest(query.get("state", "").encode(), self._state.encode())

    def tokens(self, query: Mapping[str, str], clock: Callable[[], float] = time.time) -> Tokens:
        """The tokens for the query with which the browser came back.

        Raises SignInRefused if the sign-in was not completed, Unreachable, UnexpectedAnswer.
        """
        if not self.accepts(query):
            raise SignInRefused("The browser's answer belongs to another sign-in.")
        if "code" not in query:
            raise SignInRefused(f"The sign-in was not completed: {query.get('error', 'no code')}.")
        answer = self._redeemed(query["code"])
        return tokens_of_answer({ours: answer.get(w) for ours, w in _WORDS.items()}, clock())

    def _redeemed(self, code: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": self._verifier,
        }
        with requests.Session() as http:
            http.trust_env = not is_loopback(self._base)
            try:
                answer = http.post(
                    f"{self._base}/oauth2/token",
                    data=form,
                    allow_redirects=False,
                    timeout=_TIMEOUT_SECONDS,
                )
                body = answer.json()
            except requests.JSONDecodeError as error:
                raise UnexpectedAnswer("The user pool's domain gave no JSON.") from error
            except requests.RequestException as error:
                raise Unreachable(f"{self._base} cannot be reached.") from error
        if answer.status_code != requests.codes.ok or not isinstance(body, dict):
            raise SignInRefused("The user pool's domain does not take the browser's code.")
        return body
