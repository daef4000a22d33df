"""Where this user's tokens are kept."""

import os
from collections.abc import Mapping
from typing import Any, Final

from bucketpass.errors import ConfigurationError
from bucketpass.folders import state_folder
from bucketpass.keyring_store import KeyringStore, imported_keyring, usable_keyring
from bucketpass.secret_store import FileStore, SecretStore

VARIABLE: Final = "BUCKETPASS_TOKEN_STORE"


def choose_store(
    environ: Mapping[str, str] = os.environ,
    keyring: Any = None,  # noqa: ANN401 # optional package
) -> SecretStore:
    """The keyring if the package is there and has a usable backend, else files.

    BUCKETPASS_TOKEN_STORE `file` or `keyring` decides it; `auto` and an empty value leave it open.
    Raises ConfigurationError for another value, and for `keyring` where there is none.
    """
    files = FileStore(state_folder(environ) / "tokens")
    wish = environ.get(VARIABLE) or "auto"
    if wish not in {"auto", "file", "keyring"}:
        raise ConfigurationError(
            f"{VARIABLE} is {wish!r}.", remedy="Set it to auto, file or keyring."
        )
    found = None if wish == "file" else usable_keyring(keyring or imported_keyring())
    if found is None and wish == "keyring":
        raise ConfigurationError(
            "There is no usable keyring.",
            remedy=f"Install `bucketpass[keyring]` and a backend, or set {VARIABLE}=file.",
        )
    return KeyringStore(found, files) if found is not None else files
