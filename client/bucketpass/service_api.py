"""The service's HTTP API, called as one person."""

from collections.abc import Mapping
from typing import Any, Final

import requests

from bucketpass.clock_watch import ClockWatch
from bucketpass.errors import (
    AccessDenied,
    BucketpassError,
    IdentityRefused,
    RoleRefused,
    SignInExpired,
    Throttled,
    UnexpectedAnswer,
    Unreachable,
)
from bucketpass.secret import Secret
from bucketpass.web_address import checked_address, is_loopback

TIMEOUT_SECONDS: Final = (5.0, 30.0)
_BY_CODE: Final[dict[str, type[BucketpassError]]] = {
    "access_denied": AccessDenied,
    "ambiguous_role": RoleRefused,
    "identity_refused": IdentityRefused,
    "invalid_token": IdentityRefused,
    "missing_token": IdentityRefused,
    "no_role": RoleRefused,
    "role_not_yours": RoleRefused,
    "throttled": Throttled,
    "token_expired": SignInExpired,
    "wrong_token_use": IdentityRefused,
}
_SERVER_FAULT: Final = 500


class _IdToken(requests.auth.AuthBase):
    """Sets the header itself: otherwise requests prefers what ~/.netrc says about the host."""

    def __init__(self, id_token: Secret) -> None:
        self._id_token = id_token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._id_token.reveal()
        return request


class _NoAuthorization(requests.auth.AuthBase):
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class ServiceApi:
    """GET requests to the API; no redirect is followed, since none of the routes used here has one.

    Raises this package's errors, by the `code` of the problem document (RFC 9457).
    """

    def __init__(self, api_url: str, watch: ClockWatch | None = None) -> None:
        self._base = checked_address(api_url, "API URL")
        self._watch = watch or ClockWatch()
        self._http = requests.Session()
        # a proxy can do nothing for an address on this machine, and would see the token
        self._http.trust_env = not is_loopback(self._base)

    def get(
        self, path: str, id_token: Secret | None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON object at that path; `id_token` None asks as nobody."""
        try:
            answer = self._http.get(
                self._base + path,
                params=query,
                auth=_IdToken(id_token) if id_token else _NoAuthorization(),
                headers={"Accept": "application/json"},
                allow_redirects=False,
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            raise Unreachable(
                f"{self._base} cannot be reached ({type(error).__name__})."
            ) from error
        self._watch.observe({"date": answer.headers.get("Date", "")})
        body = _json_object(answer)
        if answer.status_code != requests.codes.ok:
            raise _problem(answer.status_code, body)
        if body is None:
            raise UnexpectedAnswer(f"{self._base} did not answer with JSON.")
        return body


def _json_object(answer: requests.Response) -> dict[str, Any] | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _problem(status: int, body: Mapping[str, Any] | None) -> BucketpassError:
    problem = body or {}
    code, detail = str(problem.get("code", "")), problem.get("detail")
    sentence = str(detail) if detail else f"The service answered {status}."
    if choices := problem.get("choices"):
        sentence = f"{sentence} ({', '.join(map(str, choices))})"
    if code in _BY_CODE:
        return _BY_CODE[code](sentence)
    if status >= _SERVER_FAULT:
        return Unreachable(sentence)
    return UnexpectedAnswer(sentence)
