"""The two ways from an ID token to scoped credentials."""

from datetime import datetime
from typing import Any, Protocol

from bucketpass.errors import UnexpectedAnswer
from bucketpass.identity_pool import IdentityPool
from bucketpass.role_choice import chosen_role
from bucketpass.scoped_credentials import ScopedCredentials
from bucketpass.secret import Secret
from bucketpass.service_api import ServiceApi
from bucketpass.tokens import Tokens


class CredentialSource(Protocol):
    """Exchanges ID tokens. Both methods raise this package's errors."""

    def identity_id(self, tokens: Tokens) -> str:
        """The identity id, which names the home folder."""

    def credentials(self, tokens: Tokens, role: str | None) -> ScopedCredentials:
        """Credentials of the role; None leaves the choice to the other side."""


class FromIdentityPool:
    """The exchange with Cognito itself, without the service."""

    def __init__(self, pool: IdentityPool) -> None:
        self._pool = pool

    def identity_id(self, tokens: Tokens) -> str:
        """The kept identity id, else Cognito's answer."""
        return tokens.identity_id or self._pool.identity_id(tokens.id_token)

    def credentials(self, tokens: Tokens, role: str | None) -> ScopedCredentials:
        """The identity pool's credentials."""
        role_arn = chosen_role(tokens.claims, role)
        return self._pool.credentials(tokens.id_token, self.identity_id(tokens), role_arn)


class FromService:
    """The exchange through the service's `GET /credentials` and `GET /me`."""

    def __init__(self, api: ServiceApi) -> None:
        self._api = api

    def identity_id(self, tokens: Tokens) -> str:
        """The kept identity id, else the service's answer."""
        if tokens.identity_id:
            return tokens.identity_id
        return _text(self._api.get("/me", tokens.id_token), "identityId")

    def credentials(self, tokens: Tokens, role: str | None) -> ScopedCredentials:
        """The service's credentials."""
        query = {"format": "json", **({"role": role} if role else {})}
        answer = self._api.get("/credentials", tokens.id_token, query)
        return ScopedCredentials(
            access_key_id=_text(answer, "accessKeyId"),
            secret_access_key=Secret(_text(answer, "secretAccessKey")),
            session_token=Secret(_text(answer, "sessionToken")),
            expiration=_moment(_text(answer, "expiration")),
        )


def _text(answer: dict[str, Any], member: str) -> str:
    value = answer.get(member)
    if not isinstance(value, str) or not value:
        raise UnexpectedAnswer(f"The service's answer has no {member}.")
    return value


def _moment(text: str) -> datetime:
    try:
        # Python 3.10 does not read the Z of ISO 8601
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise UnexpectedAnswer("The service's expiration is no time.") from error
    if moment.tzinfo is None:
        raise UnexpectedAnswer("The service's expiration has no time zone.")
    return moment
