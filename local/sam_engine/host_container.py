"""A container that is a process of this machine."""

import contextlib
import os
import re
import secrets
import signal
import subprocess
import threading
from collections.abc import Mapping
from typing import Any, Final

from local.failure import LocalRunError
from local.ports import LOOPBACK, free_port
from local.sam_engine.function_runtime import FunctionRuntime
from local.sam_engine.output_frames import STDERR, STDOUT, OutputFrames

_IMAGE: Final = re.compile(r"/lambda/python:(\d+\.\d+)\b")
_TASK_FOLDER: Final = ":/var/task"
_NAME: Final = "AWS_LAMBDA_FUNCTION_NAME"
_HANDLER: Final = "AWS_LAMBDA_FUNCTION_HANDLER"
_PORT: Final = "8080/tcp"
_ENDING_SECONDS: Final = 2.0

Environments = Mapping[str, Mapping[str, str]]


class HostContainer:
    """One function as the SAM CLI described it in the body of "Create a container".

    `environments` holds further variables by the function's name: the SAM CLI passes only those
    that the template names. Raises LocalRunError if the runtime has another version of Python.
    """

    def __init__(
        self, body: Mapping[str, Any], runtime: FunctionRuntime, environments: Environments
    ) -> None:
        self.id = secrets.token_hex(32)
        self.output = OutputFrames()
        self._body = body
        self._runtime = runtime
        self._environments = environments
        self._process: subprocess.Popen[bytes] | None = None
        self._require_version()

    def start(self) -> None:
        """Run the function's emulator in the function's folder."""
        folder = self._task_folder()
        variables = self._variables()
        binding = self._body["HostConfig"]["PortBindings"][_PORT][0]
        address = f"{binding.get('HostIp') or LOOPBACK}:{binding['HostPort']}"
        runtime_api = f"{LOOPBACK}:{free_port()}"
        self._process = subprocess.Popen(  # noqa: S603 # the runtime of the SAM environment
            self._runtime.command(variables[_HANDLER], address, runtime_api),
            cwd=folder,
            env={
                "PATH": os.defpath,
                "LANG": "C.UTF-8",
                "TZ": ":UTC",
                "LAMBDA_TASK_ROOT": folder,
                "PYTHONPATH": str(self._runtime.client),
                "PYTHONDONTWRITEBYTECODE": "1",
                **variables,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        for stream, pipe in ((STDOUT, self._process.stdout), (STDERR, self._process.stderr)):
            threading.Thread(target=self.output.collect, args=(stream, pipe), daemon=True).start()

    def end(self) -> None:
        """End the process and its children; harmless if it has ended or never ran."""
        process = self._process
        if process is None:
            self.output.close()
        elif process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(_ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def wait(self) -> int:
        """The exit status, once there is one."""
        return self._process.wait() if self._process else 0

    def description(self) -> dict[str, Any]:
        """What "Inspect a container" says."""
        status = self._process.poll() if self._process else None
        running = self._process is not None and status is None
        state = "running" if running else "exited" if self._process else "created"
        return {
            "Id": self.id,
            "Image": self._body["Image"],
            "Config": {"Tty": False, "Labels": self._body.get("Labels") or {}},
            "State": {"Status": state, "Running": running, "ExitCode": status or 0},
            "HostConfig": {},
            "NetworkSettings": {},
        }

    def _require_version(self) -> None:
        found = _IMAGE.search(self._body["Image"])
        wanted = found[1] if found else "?"
        if wanted != self._runtime.version:
            raise LocalRunError(
                f"The function runs on Python {wanted}, and the SAM environment has "
                f"{self._runtime.version}. With a Python {wanted} on PATH, `rm -r .venv-sam` and "
                "`make build` make one that fits."
            )

    def _task_folder(self) -> str:
        binds = self._body["HostConfig"].get("Binds") or []
        return next(str(bind).partition(_TASK_FOLDER)[0] for bind in binds if _TASK_FOLDER in bind)

    def _variables(self) -> dict[str, str]:
        pairs = (entry.partition("=") for entry in self._body.get("Env") or [])
        variables = {name: value for name, _, value in pairs}
        return {**variables, **self._environments.get(variables.get(_NAME, ""), {})}
