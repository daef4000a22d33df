"""What is known of the pools of one account and region, free of any AWS client."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True)
class AppClient:
    """An app client; `writable` are the attributes that a person may change through it."""

    id: str
    name: str
    writable: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Group:
    """A group of a user pool; None for no role, and for no precedence."""

    name: str
    role_arn: str | None = None
    precedence: int | None = None


@dataclass(frozen=True)
class UserPool:
    """A user pool; `fixed` are its immutable attributes, `open_sign_up` lets strangers in."""

    id: str
    name: str
    clients: tuple[AppClient, ...] = ()
    groups: tuple[Group, ...] = ()
    open_sign_up: bool = False
    fixed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Provider:
    """An identity pool's trust in one app client of a user pool.

    `name` is the login provider (`cognito-idp.REGION.amazonaws.com/USER_POOL_ID`). `tags` gives
    the claim behind each principal tag; None where the pool makes no tags.
    """

    name: str
    client_id: str
    token_check: bool = True
    tags: Mapping[str, str] | None = field(default=None, hash=False)

    @property
    def user_pool_id(self) -> str:
        """The user pool's id."""
        return self.name.rpartition("/")[2]

    @property
    def region(self) -> str:
        """The user pool's region."""
        return self.user_pool_id.partition("_")[0]


@dataclass(frozen=True)
class MappingRule:
    """One rule of a role mapping; AWS takes the first that matches."""

    claim: str
    match_type: str
    value: str
    role_arn: str


@dataclass(frozen=True)
class RoleMapping:
    """How an identity pool picks a role: `type` is Token or Rules.

    `provider` is the login provider, a colon and the client id. `ambiguous` is AuthenticatedRole
    or Deny.
    """

    provider: str
    type: str
    ambiguous: str | None = None
    rules: tuple[MappingRule, ...] = ()


@dataclass(frozen=True)
class IdentityPool:
    """An identity pool; `other_providers` are those that are no user pool."""

    id: str
    name: str
    guests: bool = False
    classic_flow: bool = False
    providers: tuple[Provider, ...] = ()
    other_providers: tuple[str, ...] = ()
    signed_in_role: str | None = None
    guest_role: str | None = None
    mappings: tuple[RoleMapping, ...] = ()

    def mapping_of(self, provider: Provider) -> RoleMapping | None:
        """The role mapping for people of that provider; None leaves them the default role."""
        key = f"{provider.name}:{provider.client_id}"
        named = next((m for m in self.mappings if m.provider == key), None)
        # CloudFormation keys the map freely, and not every emulator of AWS translates the key
        sole = len(self.mappings) == len(self.providers) == 1 and "/" not in (
            self.mappings[0].provider
        )
        return named or (self.mappings[0] if sole else None)


@dataclass(frozen=True)
class Role:
    """A role with its trust policy and every policy that grants it something."""

    arn: str
    trust: Document
    policies: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Inventory:
    """The pools of one account and region.

    `roles` by ARN; `missing` are roles that do not exist, `unread` those that could not be read,
    by ARN with the reason. All three are empty where nobody asked for roles.
    """

    account: str
    region: str
    user_pools: tuple[UserPool, ...] = ()
    identity_pools: tuple[IdentityPool, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict)

    def user_pool(self, pool_id: str) -> UserPool | None:
        """The user pool with that id; None if it is not of this account and region."""
        return self._user_pools.get(pool_id)

    @cached_property
    def _user_pools(self) -> dict[str, UserPool]:
        return {pool.id: pool for pool in self.user_pools}
