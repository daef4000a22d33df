"""A profile: where somebody signs in and what they reach there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

from bucketpass.errors import ConfigurationError
from bucketpass.profile_setting import SETTINGS, setting_named
from bucketpass.web_address import checked_address

DEFAULT_NAME: Final = "default"
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The settings of one deployment under a name; None stands for a setting that is not known.

    `region` is taken from the pools' ids if it is not given. Raises ConfigurationError for a name
    that could not be a file's and for a setting that is malformed or whose address is not safe
    to send a secret to.
    """

    name: str = DEFAULT_NAME
    api_url: str | None = None
    region: str | None = None
    user_pool_id: str | None = None
    client_id: str | None = None
    identity_pool_id: str | None = None
    bucket: str | None = None
    role: str | None = None
    username: str | None = None
    login_url: str | None = None
    endpoint_url: str | None = None

    def __post_init__(self) -> None:
        require_name(self.name)
        for setting in SETTINGS:
            value = getattr(self, setting.name)
            if value is not None and not re.fullmatch(setting.pattern, value):
                raise ConfigurationError(f"{setting.label} is malformed: {value!r}.")
            if value is not None and setting.is_address:
                object.__setattr__(self, setting.name, checked_address(value, setting.label))
        if self.region is None:
            object.__setattr__(self, "region", self._region_of_pools())

    def require(self, setting: str) -> str:
        """The setting's value; raises ConfigurationError that names the ways to give it."""
        value = getattr(self, setting)
        if not isinstance(value, str):
            known = setting_named(setting)
            raise ConfigurationError(
                f"Profile {self.name!r} lacks the {known.label}.",
                remedy=f"Run `bucketpass configure`, set {known.variable} or give {known.flag}.",
            )
        return value

    def changed(self, settings: Mapping[str, str | None]) -> "Profile":
        """The profile with those settings in the place of its own; None keeps what is there."""
        return replace(self, **{k: v for k, v in settings.items() if v is not None})

    def settings(self) -> dict[str, str]:
        """All settings that are known, by name, in the order of the table."""
        known = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in known if name != "name" and value is not None}

    @property
    def login_provider(self) -> str:
        """The user pool's name in an identity pool's `Logins` map."""
        pool = self.require("user_pool_id")
        region = pool.partition("_")[0]
        suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        return f"cognito-idp.{region}.{suffix}/{pool}"

    def _region_of_pools(self) -> str | None:
        if self.user_pool_id:
            return self.user_pool_id.partition("_")[0]
        return self.identity_pool_id.partition(":")[0] if self.identity_pool_id else None


def require_name(name: str) -> str:
    """The name, if it can be a profile's; raises ConfigurationError if not."""
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"{name!r} cannot be the name of a profile.",
            remedy="Use up to 64 letters, digits, dots, dashes and underscores.",
        )
    return name
