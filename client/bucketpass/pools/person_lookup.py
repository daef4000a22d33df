"""Finds a person by user name, e-mail address, sub, identity id or home prefix."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Final

from botocore.exceptions import ClientError

from bucketpass.errors import BucketpassError
from bucketpass.pools.administrator import Administrator, as_administrator
from bucketpass.pools.exchange_log import ExchangeLog
from bucketpass.pools.person import Identity, Person, User
from bucketpass.pools.user_reader import UserReader

_GUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SUB: Final = re.compile(_GUID)
_IDENTITY: Final = re.compile(rf"(?:home/)?(?P<id>[a-z]{{2}}[\w-]*:{_GUID})/?")
_NO_LOG: Final = (
    "Cognito does not tell an administrator which identity belongs to which user. The service's "
    "log does: name its stack with --stack, or the log group with --log-group."
)
_NOT_IN_LOG: Final = (
    "The service's log has no exchange of this person: they have not come yet, or not for longer "
    "than the log is kept."
)


class NobodyFound(BucketpassError):
    """There is no such user in the user pools that were looked at."""


class PersonLookup:
    """Looks in the given user pools and in the service's log; without a log one side is missing.

    Every method raises this package's errors.
    """

    def __init__(
        self,
        administrator: Administrator,
        user_pool_ids: Iterable[str],
        log: ExchangeLog | None,
    ) -> None:
        self._administrator = administrator
        self._users = UserReader(administrator.user_pools)
        self._user_pool_ids = user_pool_ids
        self._log = log

    def people(self, name: str) -> list[Person]:
        """Everybody of that name, one for each user pool that has it; raises NobodyFound."""
        if found := _IDENTITY.fullmatch(name):
            return self._of_identity(found["id"])
        with as_administrator():
            users = list(self._found_users(name))
            if not users:
                raise NobodyFound(f"There is no user {name!r} in these user pools.")
            return [self._with_identities(user) for user in users]

    @cached_property
    def _pools(self) -> tuple[str, ...]:
        return tuple(self._user_pool_ids)

    def _found_users(self, name: str) -> Iterable[User]:
        attributes = ["sub", "username"] if _SUB.fullmatch(name) else ["username"]
        attributes += ["email"] if "@" in name else []
        for pool_id in self._pools:
            found = (self._users.found(pool_id, attribute, name) for attribute in attributes)
            yield from next((users for users in found if users), [])

    def _with_identities(self, user: User) -> Person:
        if self._log is None:
            return Person(user, unknown=_NO_LOG)
        exchanges = self._log.of_sub(user.sub)
        identities = tuple(
            replace(self._described(exchange.identity_id), exchange=exchange)
            for exchange in exchanges
        )
        return Person(user, identities, None if identities else _NOT_IN_LOG)

    def _of_identity(self, identity_id: str) -> list[Person]:
        with as_administrator():
            identity = self._described(identity_id)
            if self._log is None:
                return [Person(None, (identity,), _NO_LOG)]
            people = [
                Person(user, (replace(identity, exchange=exchange),))
                for exchange in self._log.of_identity(identity_id)
                for user in self._found_users(exchange.sub)
            ]
        return people or [Person(None, (identity,), _NOT_IN_LOG)]

    def _described(self, identity_id: str) -> Identity:
        """What Cognito tells of the identity: never whose it is."""
        try:
            found = self._administrator.identity_pools.describe_identity(IdentityId=identity_id)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return Identity(identity_id)
            raise
        return Identity(
            identity_id,
            tuple(found.get("Logins", [])),
            found["CreationDate"].isoformat(),
        )
