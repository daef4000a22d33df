"""Where this package keeps its files (XDG Base Directory Specification 0.8)."""

import os
from collections.abc import Mapping
from pathlib import Path


def config_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the profiles; it need not exist."""
    return _base(environ, "XDG_CONFIG_HOME", ".config") / "bucketpass"


def state_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of tokens and locks; it need not exist."""
    return _base(environ, "XDG_STATE_HOME", ".local/state") / "bucketpass"


def _base(environ: Mapping[str, str], variable: str, below_home: str) -> Path:
    named = environ.get(variable, "")
    if Path(named).is_absolute():  # the specification: a relative path is to be ignored
        return Path(named)
    if os.name == "nt" and "APPDATA" in environ:
        return Path(environ["APPDATA"])
    return Path.home() / below_home
