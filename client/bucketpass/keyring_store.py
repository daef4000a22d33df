"""The keyring of the desktop: an optional package with backends that may be missing."""

import importlib
from typing import Any, Final

from bucketpass.secret_store import FileStore

_SERVICE: Final = "bucketpass"


class KeyringStore:
    """Keeps secrets in the keyring, and in `files` what the keyring does not take.

    A keyring may be locked, or hold only short texts (2,560 bytes on Windows).
    """

    def __init__(self, keyring: Any, files: FileStore) -> None:  # noqa: ANN401 # an optional package
        self._keyring = keyring
        self._files = files

    def read(self, name: str) -> str | None:
        """The keyring's text, else the file's; None if neither has one."""
        try:
            kept = self._keyring.get_password(_SERVICE, name)
        except self._keyring.errors.KeyringError:
            kept = None
        return str(kept) if kept is not None else self._files.read(name)

    def write(self, name: str, text: str) -> None:
        """Keep the text in one of the two places and forget what the other has."""
        try:
            self._keyring.set_password(_SERVICE, name, text)
        except self._keyring.errors.KeyringError:
            self._forget_in_keyring(name)
            self._files.write(name, text)
        else:
            self._files.remove(name)

    def remove(self, name: str) -> None:
        """Forget the text in both places."""
        self._forget_in_keyring(name)
        self._files.remove(name)

    def _forget_in_keyring(self, name: str) -> None:
        try:
            self._keyring.delete_password(_SERVICE, name)
        except self._keyring.errors.KeyringError:
            return  # nothing was kept there


def imported_keyring() -> Any:  # noqa: ANN401 # an optional package
    """The package `keyring`; None where it is not installed or fails."""
    try:
        return importlib.import_module("keyring")
    except Exception:  # noqa: BLE001 # a broken keyring is no reason to fail: there are files
        return None


def usable_keyring(keyring: Any) -> Any:  # noqa: ANN401 # an optional package
    """The package if its backend really keeps something; None if not."""
    try:
        # backends that only refuse or forget have no priority above 0 (keyring.backends.fail, null)
        return keyring if keyring and keyring.get_keyring().priority > 0 else None
    except Exception:  # noqa: BLE001 # a backend may fail in ways of its own: there are files
        return None
