"""What a run must not lose if its state is kept: the root key and the users' passwords."""

import fcntl
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from local.demo_users import GROUPS_OF_DEMO_USERS, new_password
from local.emulated_aws import RootKeys
from local.failure import LocalRunError
from local.private_file import FILE_MODE, private_folder, write_private

_FILE: Final = "secrets.json"
_LOCK: Final = "lock"


@dataclass(frozen=True, slots=True)
class RunSecrets:
    """Random secrets of one run, or of all runs that share one kept state."""

    root: RootKeys
    passwords: dict[str, str] = field(repr=False)


def new_secrets() -> RunSecrets:
    """Fresh ones, unguessable and used nowhere else."""
    return RunSecrets(
        root=RootKeys(f"LOCALROOT{secrets.token_hex(6).upper()}", secrets.token_urlsafe(30)),
        passwords={username: new_password() for username in GROUPS_OF_DEMO_USERS},
    )


def kept_secrets(state: Path) -> RunSecrets:
    """Those of the kept state in this folder, made on the first run.

    Raises LocalRunError if the file is damaged.
    """
    path = state / _FILE
    if not path.exists():
        made = new_secrets()
        write_private(path, _to_json(made))
        return made
    try:
        document = json.loads(path.read_text())
        return RunSecrets(RootKeys(**document["root"]), dict(document["passwords"]))
    except (ValueError, KeyError, TypeError) as error:
        raise LocalRunError(f"{path} is damaged: remove {state} to start afresh.") from error


@contextmanager
def sole_use(state: Path) -> Iterator[None]:
    """Hold the kept state for this process alone; raises LocalRunError if another has it."""
    path = private_folder(state) / _LOCK
    with path.open("w") as lock:
        path.chmod(FILE_MODE)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LocalRunError(
                f"Another local stack uses the kept state in {state}: stop that first."
            ) from error
        yield


def _to_json(made: RunSecrets) -> str:
    root = {
        "access_key_id": made.root.access_key_id,
        "secret_access_key": made.root.secret_access_key,
    }
    return json.dumps({"root": root, "passwords": made.passwords}, indent=2)
