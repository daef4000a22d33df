"""The one family of errors: each cause knows its status, its code and its public sentence.

Here are the base, and what is wrong with a request or with who sends it; object_errors.py has
what is wrong with an object, upstream_errors.py what is wrong behind this service.
"""

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


class InvalidAccessToken(BucketpassError):
    """An access token in the body that is not the caller's own, or not good any more."""

    status, code, title = 400, "invalid_access_token", "Access token invalid"
    sentence = "The access token is not valid, or not that of the person of the ID token."


class NarrowingUnavailable(BucketpassError):
    """A shorter life or a narrower scope, where the source of the credentials offers neither."""

    status, code, title = 400, "narrowing_unavailable", "Narrowing unavailable"
    sentence = (
        "Here an identity pool issues the credentials, for one hour and the whole role: "
        "duration and scope cannot be chosen."
    )


class ScopeTooLarge(BucketpassError):
    """The session policy of a scope exceeds what STS takes."""

    status, code, title = 400, "scope_too_large", "Scope too large"
    sentence = "The scope does not fit into a session policy; name a shorter prefix."


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


class ScopeNotYours(BucketpassError):
    """A scope outside of the caller's places, or with more access than they have there."""

    status, code, title = 403, "scope_not_yours", "Not your scope"
    sentence = "The scope is not within your places, or you have less access there."


class IdentityRefused(BucketpassError):
    """Cognito or STS refused to exchange a verified token."""

    status, code, title = 403, "identity_refused", "Identity refused"
    sentence = "The sign-in is no longer accepted; sign in again."


class NotFound(BucketpassError):
    """No such route."""

    status, code, title = 404, "not_found", "Not found"
    sentence = "There is nothing at this address."


class MethodNotAllowed(BucketpassError):
    """The route exists, the method does not."""

    status, code, title = 405, "method_not_allowed", "Method not allowed"
    sentence = "The address does not know this method."
