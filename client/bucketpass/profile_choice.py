"""Which profile counts: flags before environment before file."""

import os
from collections.abc import Mapping

from bucketpass.errors import ConfigurationError
from bucketpass.profile import DEFAULT_NAME, Profile, require_name
from bucketpass.profile_file import ProfileFile
from bucketpass.profile_setting import SETTINGS


def choose_profile(
    name: str | None = None,
    overrides: Mapping[str, str | None] | None = None,
    *,
    file: ProfileFile | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Profile:
    """The profile of that name with the environment's settings, then `overrides`, on top.

    `name` None stands for BUCKETPASS_PROFILE, then for `default`. The default profile need not be
    in the file if the settings come from elsewhere; a named one has to be. Empty variables count
    as unset. Raises ConfigurationError.
    """
    named = name or environ.get("BUCKETPASS_PROFILE") or None
    file = file or ProfileFile()
    profile = file.load(require_name(named or DEFAULT_NAME))
    from_environment = {s.name: environ.get(s.variable) or None for s in SETTINGS}
    if profile is None:
        if named not in {None, DEFAULT_NAME}:
            raise ConfigurationError(
                f"There is no profile {named!r}.",
                remedy=f"Run `bucketpass --profile {named} configure`{_known(file)}.",
            )
        profile = Profile()
    return profile.changed(from_environment).changed(overrides or {})


def _known(file: ProfileFile) -> str:
    names = file.names()
    return f" or use one of: {', '.join(names)}" if names else ""
