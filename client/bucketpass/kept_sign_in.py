"""The sign-in of one profile, as it outlives the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from bucketpass.device import Device, device_from_json, device_to_json
from bucketpass.errors import Busy
from bucketpass.folders import state_folder
from bucketpass.private_file import FILE_MODE, private_folder
from bucketpass.profile import Profile
from bucketpass.secret_store import MemoryStore, SecretStore
from bucketpass.tokens import Tokens, from_json, to_json

PATIENCE_SECONDS: Final = 60.0


class KeptSignIn:
    """Tokens and device of a profile in that store.

    `lock_folder` is where processes exclude each other; with None in the state folder of the user.
    """

    def __init__(
        self, profile: Profile, store: SecretStore, lock_folder: Path | None = None
    ) -> None:
        self._name = profile.name
        self._pool = profile.require("user_pool_id")
        self._client = profile.require("client_id")
        self._store = store
        self._lock_folder = lock_folder or state_folder() / "tokens"

    def read(self) -> Tokens | None:
        """The tokens; None if there are none of the profile's user pool and app client."""
        text = self._store.read(self._name)
        return None if text is None else from_json(text, self._pool, self._client)

    def write(self, tokens: Tokens) -> None:
        """Keep the tokens in the place of those that are there."""
        self._store.write(self._name, to_json(tokens, self._pool, self._client))

    def remove(self) -> None:
        """Forget the tokens; the device stays."""
        self._store.remove(self._name)

    def remember_identity(self, identity_id: str) -> None:
        """Add the identity id to the tokens, unless somebody is changing them just now."""
        with self.lock_if_free() as held:
            tokens = self.read() if held else None
            if tokens is not None:
                self.write(replace(tokens, identity_id=identity_id))

    def read_device(self, username: str) -> Device | None:
        """The device that the user pool remembers for that user name."""
        text = self._store.read(f"{self._name}.device")
        return None if text is None else device_from_json(text, username)

    def write_device(self, device: Device) -> None:
        """Keep the device."""
        self._store.write(f"{self._name}.device", device_to_json(device))

    @contextmanager
    def lock_if_free(self) -> Iterator[bool]:
        """Whether no other thread or process holds the lock; if so, it is held meanwhile.

        A process that dies gives the lock back.
        """
        with self._locked(0) as held:
            yield held

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Wait for the lock and hold it; raises Busy if that takes too long."""
        with self._locked(PATIENCE_SECONDS) as held:
            if not held:
                raise Busy
            yield

    @contextmanager
    def _locked(self, patience: float) -> Iterator[bool]:
        if isinstance(self._store, MemoryStore):
            yield True
            return
        path = private_folder(self._lock_folder) / f"{self._name}.lock"
        lock = FileLock(path, timeout=patience, mode=FILE_MODE, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()
