"""The settings of a profile: what each is called in the file, in the environment and as a flag."""

from dataclasses import dataclass
from typing import Final

_ANY: Final = r"[^\x00-\x1f\x7f]+"
_REGION: Final = r"[a-z]{2}(-[a-z]+)+-\d+"


@dataclass(frozen=True)
class Setting:
    """One setting. `pattern` is what its value looks like, `is_address` that secrets go there."""

    name: str
    label: str
    help: str
    pattern: str = _ANY
    is_address: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that overrides the profile."""
        return f"BUCKETPASS_{self.name.upper()}"

    @property
    def metavar(self) -> str:
        """What the help writes for the flag's value."""
        return self.name.rpartition("_")[2].upper()

    @property
    def flag(self) -> str:
        """The option of `bucketpass` that overrides profile and environment."""
        return f"--{self.name.replace('_', '-')}"


SETTINGS: Final = (
    Setting("api_url", "API URL", "Where the service answers.", is_address=True),
    Setting("region", "AWS region", "The region of the pools and the bucket.", _REGION),
    Setting("user_pool_id", "user pool id", "Who may sign in.", rf"{_REGION}_[0-9A-Za-z]+"),
    Setting("client_id", "app client id", "The app client of the user pool.", r"[\w+]{1,128}"),
    Setting(
        "identity_pool_id",
        "identity pool id",
        "What exchanges an ID token for credentials.",
        rf"{_REGION}:[0-9a-fA-F-]+",
    ),
    Setting("bucket", "bucket", "The bucket of the objects.", r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
    Setting("role", "role", "The role to act in: a name or an ARN."),
    Setting("username", "user name", "Who signs in if nobody is named."),
    Setting("login_url", "managed login URL", "The user pool's domain.", is_address=True),
    Setting("endpoint_url", "endpoint URL", "Another address for all of AWS.", is_address=True),
)


def setting_named(name: str) -> Setting:
    """The setting of that name; raises KeyError if there is none."""
    return {setting.name: setting for setting in SETTINGS}[name]
