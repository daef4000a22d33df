"""A person as an administrator sees them: user, groups, identities, folders."""

from dataclasses import dataclass, field
from typing import Any

from bucketpass.pools.exchange_log import Exchange


@dataclass(frozen=True)
class User:
    """A user of a user pool."""

    username: str
    sub: str
    user_pool_id: str
    status: str
    enabled: bool
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Identity:
    """An identity of an identity pool; None for what nobody told.

    `providers` are the names of its login providers, `exchange` the latest one in the log.
    """

    id: str
    providers: tuple[str, ...] = ()
    created: str | None = None
    exchange: Exchange | None = None

    @property
    def home(self) -> str:
        """The prefix of its folder."""
        return f"home/{self.id}/"


@dataclass(frozen=True)
class Person:
    """What is known: either side may be missing. `unknown` says why."""

    user: User | None = None
    identities: tuple[Identity, ...] = ()
    unknown: str | None = field(default=None, compare=False)

    def document(self) -> dict[str, Any]:
        """The person as a JSON object, members in camel case."""
        user = self.user
        return {
            "username": user.username if user else None,
            "sub": user.sub if user else None,
            "userPoolId": user.user_pool_id if user else None,
            "status": user.status if user else None,
            "enabled": user.enabled if user else None,
            "groups": list(user.groups) if user else [],
            "identities": [_identity(identity) for identity in self.identities],
        }


def _identity(identity: Identity) -> dict[str, Any]:
    exchange = identity.exchange
    return {
        "identityId": identity.id,
        "home": identity.home,
        "created": identity.created,
        "loginProviders": list(identity.providers),
        "lastExchange": exchange.at.isoformat() if exchange else None,
        "lastRole": exchange.role_arn if exchange else None,
    }
