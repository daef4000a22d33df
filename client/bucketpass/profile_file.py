"""The file of the profiles: one section each."""

import configparser
from pathlib import Path
from typing import Final

from bucketpass.atomic_file import replace_file
from bucketpass.errors import ConfigurationError
from bucketpass.folders import config_folder
from bucketpass.profile import Profile
from bucketpass.profile_setting import SETTINGS

_HEAD: Final = "# Profiles of bucketpass; `bucketpass configure` writes this file anew.\n\n"
_KNOWN: Final = frozenset(setting.name for setting in SETTINGS)


class ProfileFile:
    """The profiles at that path; with None in the configuration folder of the user.

    Holds no secrets. Every method raises ConfigurationError for a file that cannot be read.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / "config"

    def names(self) -> list[str]:
        """The names of all profiles, in the order of the file."""
        return self._parsed().sections()

    def load(self, name: str) -> Profile | None:
        """The profile of that name; None if there is none."""
        parsed = self._parsed()
        if not parsed.has_section(name):
            return None
        settings = {key: value for key, value in parsed.items(name) if value}
        if unknown := sorted(settings.keys() - _KNOWN):
            raise ConfigurationError(
                f"{self.path}: profile {name!r} has an unknown {unknown[0]!r}."
            )
        return Profile(name=name, **settings)

    def save(self, profile: Profile) -> None:
        """Add the profile, or put it in the place of the one of its name."""
        parsed = self._parsed()
        parsed[profile.name] = profile.settings()
        text = _HEAD + "\n".join(_section(name, parsed) for name in parsed.sections())
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self.path, text)

    def _parsed(self) -> configparser.RawConfigParser:
        # no section of this file hands values down to the others
        parsed = configparser.RawConfigParser(default_section="")
        try:
            parsed.read(self.path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError, OSError) as error:
            raise ConfigurationError(
                f"{self.path} cannot be read as a file of profiles.",
                remedy="Mend or remove it, then run `bucketpass configure`.",
            ) from error
        return parsed


def _section(name: str, parsed: configparser.RawConfigParser) -> str:
    lines = [f"{key} = {value}\n" for key, value in parsed.items(name)]
    return f"[{name}]\n{''.join(lines)}"
