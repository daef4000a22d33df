"""A command of the SAM CLI, run against the engine."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from local.emulated_aws import REGION
from local.failure import LocalRunError
from local.sam_engine.engine import Engine
from local.sam_engine.function_runtime import find_runtime
from local.sam_engine.host_container import Environments

_CLI_SETTINGS: Final = {
    "SAM_CLI_TELEMETRY": "0",
    "AWS_DEFAULT_REGION": REGION,
    # The SAM CLI hands the developer's own credentials to the function.
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


def run_sam(command: Sequence[str], environments: Environments | None = None) -> int:
    """Run the command, whose first word is a `sam`, to its end; returns its exit status.

    `environments` holds further variables by the function's name. Raises LocalRunError if the
    function cannot run on this machine.
    """
    sam = shutil.which(command[0])
    if sam is None:
        raise LocalRunError(f"There is no {command[0]}: `make build` installs the SAM CLI.")
    with tempfile.TemporaryDirectory(prefix="sam-engine-") as folder:
        runtime = find_runtime(Path(sam), Path(folder))
        with Engine(Path(folder) / "socket", runtime, environments) as engine:
            ended = subprocess.run(  # noqa: S603 # the person's own command
                [sam, *command[1:]], env=_environment(engine.url), check=False
            )
    if engine.refusal:
        raise engine.refusal
    return ended.returncode


def _environment(engine_url: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**own, **_CLI_SETTINGS, "DOCKER_HOST": engine_url}
