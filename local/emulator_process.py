"""The emulator as a process of its own: its environment, its start, its end."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

from local.emulated_aws import REGION, RootKeys
from local.failure import LocalRunError
from local.ports import LOOPBACK
from local.private_file import private_folder
from local.tether import TEMPORARY_STATE

_ROOT: Final = Path(__file__).resolve().parent.parent
_READY_SECONDS: Final = 60.0
_END_SECONDS: Final = 6.0
_POLL_SECONDS: Final = 0.02
_LOG_LINES: Final = 15
_FOLDERS: Final = ("services", "s3", "tmp")
_INHERITED: Final = ("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TZ", "USER", "VIRTUAL_ENV")
_INHERITED_PREFIXES: Final = ("LC_", "PYTHON")

# A proxy of the machine must not be asked for an address on loopback.
_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class EmulatorProcess:
    """One emulator that listens on a loopback port and keeps all of its files below `state`.

    `persistent` says that the state outlives the process; without it the folder is removed by the
    process itself if whoever started it cannot do so any more. `module` is what is run.
    """

    module: ClassVar[str] = "local.tether"

    def __init__(self, port: int, state: Path, keys: RootKeys, *, persistent: bool) -> None:
        self.endpoint_url = f"http://{LOOPBACK}:{port}"
        self.log = state / "emulator.log"
        self._environment = emulator_environment(port, state, keys, persistent=persistent)
        self._state = state
        self._pid_file = state / "tmp" / f"ministack-{port}.pid"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, None while it does not run."""
        return self._process.pid if self._process and self.is_running() else None

    def is_running(self) -> bool:
        """Whether the process has started and not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and return when it answers; raises LocalRunError with the log's end if not."""
        for name in _FOLDERS:
            private_folder(self._state / name)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 # a module of this project
                [sys.executable, "-m", self.module],
                cwd=_ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches only whoever started it
                umask=0o077,  # the state holds passwords' verifiers and signing keys
            )
        self._await_answer()

    def stop(self) -> None:
        """End it and everything that it started; harmless if it does not run."""
        if self._process is None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        # Functions under way, and an emulator that does not react, end here.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long for its end; True if it has ended."""
        if self._process is None:
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.is_running()

    def ended(self, when: str) -> LocalRunError:
        """The error to raise for an emulator that ended when it should not have."""
        code = self._process.returncode if self._process else None
        tail = self.log_tail()
        if tail.count("\n") == 0 and tail:  # the reason in its own words
            return LocalRunError(f"The emulator ended {when}: {tail}")
        return LocalRunError(f"The emulator ended {when} (exit code {code}).", evidence=tail)

    def log_tail(self) -> str:
        """The last lines of its log, empty if there is none."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-_LOG_LINES:])
        return ""

    def _await_answer(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until:
            if not self.is_running():
                raise self.ended("at its start")
            if self._has_port() and self._answers():
                return
            time.sleep(_POLL_SECONDS)
        raise LocalRunError(
            f"The emulator did not answer within {_READY_SECONDS:.0f} s.", evidence=self.log_tail()
        )

    def _has_port(self) -> bool:
        """Whether it is this process, and not another emulator, that answers on the port.

        ministack notes its process id when it has found the port free.
        """
        try:
            return int(self._pid_file.read_text()) == self.pid
        except (OSError, ValueError):
            return False

    def _answers(self) -> bool:
        try:
            with _OPENER.open(f"{self.endpoint_url}/_ministack/health", timeout=2) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004 # plain HTTP
        except (urllib.error.URLError, OSError):
            return False


def emulator_environment(
    port: int,
    state: Path,
    keys: RootKeys,
    *,
    persistent: bool,
    environ: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """The whole environment of the emulator, which the functions in it inherit.

    Only a few harmless variables of `environ` pass: neither the developer's AWS configuration nor
    a proxy may reach the emulator or the functions.
    """
    inherited = {
        name: value
        for name, value in environ.items()
        if name in _INHERITED or name.startswith(_INHERITED_PREFIXES)
    }
    lifetime = (
        {"PERSIST_STATE": "1", "S3_PERSIST": "1"} if persistent else {TEMPORARY_STATE: str(state)}
    )
    return (
        inherited
        | lifetime
        | {
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": keys.access_key_id,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "BIND_HOST": LOOPBACK,
            "DOCKER_HOST": "unix:///nonexistent",
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",  # it would listen on all interfaces
            "LAMBDA_EXECUTOR": "local",
            "LOG_LEVEL": "WARNING",
            "MINISTACK_REGION": REGION,
            "PYTHONUNBUFFERED": "1",
            "S3_DATA_DIR": str(state / "s3"),
            "STATE_DIR": str(state / "services"),
            "TMPDIR": str(state / "tmp"),
        }
    )
