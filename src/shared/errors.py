"""The one family of errors: each cause knows its status, its code and its public sentence."""

from collections.abc import Mapping
from typing import ClassVar


class BucketpassError(Exception):
    """A request that ends with a problem document (RFC 9457).

    `reason` is for the log alone. `detail` replaces the class's public sentence where the caller
    can be told more; `members` become further members of the problem document, `headers` headers
    of the answer.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Internal error"
    sentence: ClassVar[str] = "Something went wrong on our side."

    def __init__(
        self,
        reason: str,
        *,
        detail: str | None = None,
        members: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail or self.sentence
        self.members = dict(members or {})
        self.headers = {**self.default_headers(), **(headers or {})}

    def default_headers(self) -> dict[str, str]:
        """Headers that every answer of this cause carries."""
        return {}


class InvalidRequest(BucketpassError):
    """A parameter, header or body that the contract does not allow."""

    status, code, title = 400, "invalid_request", "Invalid request"
    sentence = "The request is not valid."


class InvalidKey(BucketpassError):
    """An object key or prefix that this service refuses to name."""

    status, code, title = 400, "invalid_key", "Invalid object key"
    sentence = "The object key is not valid."


class InvalidCursor(BucketpassError):
    """A cursor that is damaged or belongs to another caller or listing."""

    status, code, title = 400, "invalid_cursor", "Invalid cursor"
    sentence = "The cursor does not belong to this listing; start again without one."


class Unauthenticated(BucketpassError):
    """Base of the four 401 answers; each names the Bearer scheme (RFC 6750, section 3)."""

    status = 401

    def default_headers(self) -> dict[str, str]:
        """The challenge that RFC 9110, section 11.6.1, asks of every 401."""
        return {"WWW-Authenticate": 'Bearer realm="bucketpass"'}


class MissingToken(Unauthenticated):
    """No Authorization header."""

    code, title = "missing_token", "ID token missing"
    sentence = "Send the ID token in the Authorization header."


class InvalidToken(Unauthenticated):
    """A token that does not verify; the public answer never says why."""

    code, title = "invalid_token", "ID token invalid"
    sentence = "The ID token is not valid."


class TokenExpired(Unauthenticated):
    """A token that verifies but whose `exp` has passed."""

    code, title = "token_expired", "ID token expired"
    sentence = "The ID token has expired; refresh it."


class WrongTokenUse(Unauthenticated):
    """A genuine token of the pool that is not an ID token."""

    code, title = "wrong_token_use", "Not an ID token"
    sentence = "Send the ID token, not the access token."


class AccessDenied(BucketpassError):
    """IAM refused the caller's own credentials."""

    status, code, title = 403, "access_denied", "Access denied"
    sentence = "Your role does not allow this."


class NoRole(BucketpassError):
    """The caller has no role of this deployment."""

    status, code, title = 403, "no_role", "No role"
    sentence = "None of your roles belongs to this service."


class AmbiguousRole(BucketpassError):
    """Several roles and no preferred one; `choices` lists what `role=` may name."""

    status, code, title = 403, "ambiguous_role", "Several roles"
    sentence = "You have several roles; name one with the role parameter."


class RoleNotYours(BucketpassError):
    """`role=` names a role that the verified ID token does not carry."""

    status, code, title = 403, "role_not_yours", "Not your role"
    sentence = "The role is not among yours."


class IdentityRefused(BucketpassError):
    """Cognito or STS refused to exchange a verified token."""

    status, code, title = 403, "identity_refused", "Identity refused"
    sentence = "The sign-in is no longer accepted; sign in again."


class NotFound(BucketpassError):
    """No such route."""

    status, code, title = 404, "not_found", "Not found"
    sentence = "There is nothing at this address."


class NoSuchKey(BucketpassError):
    """The object does not exist, and the caller may know it."""

    status, code, title = 404, "no_such_key", "No such object"
    sentence = "There is no object with this key."


class MethodNotAllowed(BucketpassError):
    """The route exists, the method does not."""

    status, code, title = 405, "method_not_allowed", "Method not allowed"
    sentence = "The address does not know this method."


class Conflict(BucketpassError):
    """Another change of the same object came in between."""

    status, code, title = 409, "conflict", "Conflict"
    sentence = "Another change of the same object is under way; try again."


class PreconditionFailed(BucketpassError):
    """A condition of the request (If-Match, If-None-Match …) does not hold."""

    status, code, title = 412, "precondition_failed", "Precondition failed"
    sentence = "The object is not in the state that the request asks for."


class TooLargeForContent(BucketpassError):
    """The object is larger than one answer of the function can carry."""

    status, code, title = 413, "too_large_for_content", "Too large to pass through"
    sentence = "The object is too large for as=content; use as=redirect, as=link or a Range."


class RangeNotSatisfiable(BucketpassError):
    """The Range header lies outside of the object."""

    status, code, title = 416, "range_not_satisfiable", "Range not satisfiable"
    sentence = "The range lies outside of the object."


class Throttled(BucketpassError):
    """AWS throttles this caller or this deployment."""

    status, code, title = 429, "throttled", "Too many requests"
    sentence = "Too many requests at the moment; try again later."

    def default_headers(self) -> dict[str, str]:
        """Seconds to wait (RFC 9110, section 10.2.3)."""
        return {"Retry-After": "2"}


class UpstreamError(BucketpassError):
    """AWS answered something that this service does not understand."""

    status, code, title = 502, "upstream_error", "Unexpected answer from AWS"
    sentence = "A service behind this one gave an unexpected answer."


class UpstreamUnavailable(BucketpassError):
    """AWS cannot be reached or answers 5xx."""

    status, code, title = 503, "upstream_unavailable", "AWS unavailable"
    sentence = "A service behind this one is not available; try again later."

    def default_headers(self) -> dict[str, str]:
        """Seconds to wait (RFC 9110, section 10.2.3)."""
        return {"Retry-After": "2"}


class KeysUnavailable(UpstreamUnavailable):
    """The user pool's signing keys could not be fetched, so no token can be judged."""

    code, title = "keys_unavailable", "Signing keys unavailable"
    sentence = "ID tokens cannot be verified at the moment; try again later."


class DeadlineExceeded(BucketpassError):
    """The work would outlive the 29 s that API Gateway waits."""

    status, code, title = 504, "deadline", "Out of time"
    sentence = "The request took too long; try again or ask for less."
