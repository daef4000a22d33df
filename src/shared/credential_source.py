"""Where the scoped credentials of a verified person come from: the cache, else the exchange."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from shared.errors import BucketpassError, NarrowingUnavailable
from shared.exchange_pace import ExchangePace
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

_Exchange = Callable[[Principal, str, RoleChoice], ScopedCredentials]


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

    The exchange is the identity pool's, or where `settings.credential_source` names another that
    of `assumed_role`; the identity id, which names the home folder, is the identity pool's in all.
    `count` is called with `CredentialHit`, `CredentialMiss`, `CredentialExchange` or
    `IdentityLookup` (a call of GetId); who waited for another's exchange counts as a hit.
    `exchanged` is told of each exchange that succeeded. After AWS throttled one of its two calls,
    that call pauses (`ExchangePace`); what is kept is given out meanwhile. `clock` gives epoch
    seconds.
    """

    def __init__(  # noqa: PLR0913 # keyword-only parts, of which tests replace some
        self,
        *,
        settings: Settings,
        identity_pool: IdentityPool,
        assumed_role: GroupRole,
        count: Callable[[str], None],
        exchanged: Callable[[Principal, ScopedCredentials], None] = lambda *_: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._identity_pool = identity_pool
        self._assumed = None if settings.credential_source == "identity-pool" else assumed_role
        self._exchange: IdentityPool | GroupRole = self._assumed or identity_pool
        self._count = count
        self._on_exchange = exchanged
        # GetId and the exchange have quotas of their own.
        self._identity_pace = ExchangePace(count, clock)
        self._exchange_pace = ExchangePace(count, clock)
        self._clock = clock
        self._identities: SingleFlightCache[_Person, tuple[_Person, str]] = SingleFlightCache(
            CAPACITY, clock
        )
        self._sessions: SingleFlightCache[_Session, tuple[_Session, ScopedCredentials]] = (
            SingleFlightCache(CAPACITY, clock)
        )

    def credentials_for(
        self, principal: Principal, wanted_role: str | None, at_least: int = 0
    ) -> ScopedCredentials:
        """The person's credentials in the wanted role, or in the one that the token settles.

        `principal` was verified for this very request, cached or not. The credentials have
        `at_least` seconds left or are new; kept ones that AWS refused are never given again.
        Raises what `choose_role` and the exchange raise; errors are never kept.
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

        def still_good(held: tuple[_Session, ScopedCredentials]) -> bool:
            left = held[1].expiration.timestamp() - self._clock()
            return left >= at_least and not held[1].refused.is_set()

        try:
            owner, credentials = self._sessions.get(session, load, still_good)
        finally:
            self._count("CredentialMiss" if missed else "CredentialHit")
        if owner != session or credentials.role_arn != role.arn:
            raise BucketpassError("the cache holds another person's credentials")
        return credentials

    def narrowed_credentials_for(
        self,
        principal: Principal,
        wanted_role: str | None,
        duration: int,
        policy_for: Callable[[str, str], str | None],
    ) -> ScopedCredentials:
        """New credentials for `duration` seconds, cut to a session policy; they are never kept.

        `policy_for` is asked with the role's ARN and the identity id; None leaves the whole role.
        Raises NarrowingUnavailable where an identity pool issues the credentials: it takes no
        duration and no policy.
        """
        if self._assumed is None:
            raise NarrowingUnavailable("an identity pool issues the credentials")
        role = choose_role(
            principal, self._settings.roles, wanted_role, self._settings.credential_source
        )
        identity_id = self._identity_id(principal)
        session_policy = policy_for(role.arn, identity_id)
        ask = partial(self._assumed.credentials, duration=duration, session_policy=session_policy)
        return self._exchange_once(principal, identity_id, role, ask)

    def forget(self, principal: Principal) -> None:
        """Drop all that this environment keeps of the person, whichever app client they use.

        What is being loaded for them at this moment is not kept either.
        """

        def is_theirs(person: _Person) -> bool:
            return (person.issuer, person.sub) == (principal.issuer, principal.sub)

        # In this order: a session begins with the identity id.
        self._identities.forget_all(is_theirs)
        self._sessions.forget_all(lambda session: is_theirs(session.person))

    def _exchanged(self, principal: Principal, role: RoleChoice) -> ScopedCredentials:
        identity_id = self._identity_id(principal)
        try:
            return self._exchange_once(principal, identity_id, role, self._exchange.credentials)
        except IdentityForgotten:
            # Someone deleted the identity: Cognito gives the person a new one, once.
            person = _person(principal)
            self._identities.forget(person, (person, identity_id))
            identity_id = self._identity_id(principal)
            return self._exchange_once(principal, identity_id, role, self._exchange.credentials)

    def _exchange_once(
        self, principal: Principal, identity_id: str, role: RoleChoice, ask: _Exchange
    ) -> ScopedCredentials:
        with self._exchange_pace.attempt():
            self._count("CredentialExchange")
            credentials = ask(principal, identity_id, role)
        self._on_exchange(principal, credentials)
        return credentials

    def _identity_id(self, principal: Principal) -> str:
        person = _person(principal)

        def load() -> tuple[tuple[_Person, str], float]:
            with self._identity_pace.attempt():
                self._count("IdentityLookup")
                identity_id = self._identity_pool.identity_id(principal)
            return (person, identity_id), self._clock() + IDENTITY_SECONDS

        owner, identity_id = self._identities.get(person, load)
        if owner != person:
            raise BucketpassError("the cache holds another person's identity id")
        return identity_id


def _person(principal: Principal) -> _Person:
    return _Person(principal.issuer, principal.client_id, principal.sub)
