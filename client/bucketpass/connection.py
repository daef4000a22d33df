"""The other sides of one profile: user pool, identity pool, service."""

import time
from collections.abc import Callable
from functools import cached_property
from typing import Literal

from bucketpass.clock_watch import ClockWatch
from bucketpass.credential_source import CredentialSource, FromIdentityPool, FromService
from bucketpass.identity_pool import IdentityPool
from bucketpass.profile import Profile
from bucketpass.public_aws import PublicAws
from bucketpass.service_api import ServiceApi
from bucketpass.user_pool import UserPool

Through = Literal["identity-pool", "service"]


class Connection:
    """Each other side, built when it is first asked for; no network call is made for that.

    Raises ConfigurationError where the profile lacks what the other side needs.
    """

    def __init__(self, profile: Profile, clock: Callable[[], float] = time.time) -> None:
        self.profile = profile
        self.clock = clock
        self.watch = ClockWatch(clock)
        self._aws = PublicAws(profile, self.watch)

    @cached_property
    def user_pool(self) -> UserPool:
        """Where people sign in."""
        return UserPool(self._aws.user_pools(), self.profile)

    @cached_property
    def identity_pool(self) -> IdentityPool:
        """What exchanges ID tokens."""
        return IdentityPool(self._aws.identities(), self.profile)

    @cached_property
    def service(self) -> ServiceApi:
        """The service's API."""
        return ServiceApi(self.profile.require("api_url"), self.watch)

    def source(self, through: Through) -> CredentialSource:
        """The way to credentials of that name."""
        if through == "service":
            return FromService(self.service)
        return FromIdentityPool(self.identity_pool)
