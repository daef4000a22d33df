"""Where the scoped credentials of a verified person come from: the cache, else the exchange."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.errors import BucketpassError
from shared.group_role import GroupRole
from shared.identity_pool import IdentityForgotten, IdentityPool
from shared.principal import Principal
from shared.role_choice import RoleChoice, choose_role
from shared.scoped_credentials import ScopedCredentials
from shared.settings import Settings
from shared.single_flight_cache import SingleFlightCache

# Long enough for whatever a request starts with the credentials.
RENEWAL_SECONDS: Final = 300
# An identity id is the user's for good, and GetId has the tightest quota of all.
IDENTITY_SECONDS: Final = 24 * 3600
CAPACITY: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Person:
    """A user as the verified token names them; the e-mail or user name could be taken over."""

    issuer: str
    client_id: str
    sub: str


@dataclass(frozen=True, slots=True)
class _Session:
    """A person's verified rights: other groups or another role are another entry at once."""

    person: _Person
    role_arn: str
    groups: tuple[str, ...]


class CredentialSource:
    """Scoped credentials for verified people, kept until 5 minutes before their expiration.

    The exchange is the identity pool's or the group role's, as `settings.credential_source` says;
    the identity id, which names the home folder, is the identity pool's in both.
    `count` is called with `CredentialHit`, `CredentialMiss`, `CredentialExchange` or
    `IdentityLookup` (a call of GetId); who waited for another's exchange counts as a hit.
    `clock` gives epoch seconds.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        identity_pool: IdentityPool,
        group_role: GroupRole,
        count: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._identity_pool = identity_pool
        self._exchange: IdentityPool | GroupRole = (
            group_role if settings.credential_source == "group-role" else identity_pool
        )
        self._count = count
        self._clock = clock
        self._identities: SingleFlightCache[_Person, tuple[_Person, str]] = SingleFlightCache(
            CAPACITY, clock
        )
        self._sessions: SingleFlightCache[_Session, tuple[_Session, ScopedCredentials]] = (
            SingleFlightCache(CAPACITY, clock)
        )

    def credentials_for(self, principal: Principal, wanted_role: str | None) -> ScopedCredentials:
        """The person's credentials in the wanted role, or in the one that the token settles.

        `principal` was verified for this very request, cached or not. Raises what `choose_role`
        and the exchange raise; errors are never kept.
        """
        role = choose_role(
            principal, self._settings.roles, wanted_role, self._settings.credential_source
        )
        session = _Session(_person(principal), role.arn, tuple(sorted(set(principal.groups))))
        missed = False

        def load() -> tuple[tuple[_Session, ScopedCredentials], float]:
            nonlocal missed
            missed = True
            credentials = self._exchanged(principal, role)
            return (session, credentials), credentials.expiration.timestamp() - RENEWAL_SECONDS

        try:
            owner, credentials = self._sessions.get(session, load)
        finally:
            self._count("CredentialMiss" if missed else "CredentialHit")
        if owner != session or credentials.role_arn != role.arn:
            raise BucketpassError("the cache holds another person's credentials")
        return credentials

    def _exchanged(self, principal: Principal, role: RoleChoice) -> ScopedCredentials:
        identity_id = self._identity_id(principal)
        try:
            return self._exchange_once(principal, identity_id, role)
        except IdentityForgotten:
            # Someone deleted the identity: Cognito gives the person a new one, once.
            person = _person(principal)
            self._identities.forget(person, (person, identity_id))
            return self._exchange_once(principal, self._identity_id(principal), role)

    def _exchange_once(
        self, principal: Principal, identity_id: str, role: RoleChoice
    ) -> ScopedCredentials:
        self._count("CredentialExchange")
        return self._exchange.credentials(principal, identity_id, role)

    def _identity_id(self, principal: Principal) -> str:
        person = _person(principal)

        def load() -> tuple[tuple[_Person, str], float]:
            self._count("IdentityLookup")
            identity_id = self._identity_pool.identity_id(principal)
            return (person, identity_id), self._clock() + IDENTITY_SECONDS

        owner, identity_id = self._identities.get(person, load)
        if owner != person:
            raise BucketpassError("the cache holds another person's identity id")
        return identity_id


def _person(principal: Principal) -> _Person:
    return _Person(principal.issuer, principal.client_id, principal.sub)
