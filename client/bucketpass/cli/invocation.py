"""One run of the command line: which profile it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bucketpass.profile import DEFAULT_NAME, Profile
from bucketpass.profile_choice import choose_profile

if TYPE_CHECKING:
    from bucketpass.connection import Through
    from bucketpass.session import Session


@dataclass
class Invocation:
    """What the options of the root say; `click.pass_obj` gives it to a command."""

    profile_name: str | None = None
    settings: Mapping[str, str | None] = field(default_factory=dict)

    def profile(self, name: str | None = None) -> Profile:
        """The profile of that name, or else of the root's; raises ConfigurationError."""
        return choose_profile(name or self.profile_name, self.settings)

    def named(self, name: str | None) -> str:
        """The name of the profile to write."""
        return name or self.profile_name or DEFAULT_NAME

    def session(
        self, name: str | None = None, role: str | None = None, through: "Through" = "identity-pool"
    ) -> "Session":
        """The sign-in that is kept for the profile."""
        from bucketpass.session import Session  # noqa: PLC0415 # botocore takes long to import

        return Session.from_profile(self.profile(name), role=role, through=through)
