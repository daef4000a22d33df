"""The environment of the SAM CLI, which the project keeps apart from its own."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / os.environ.get("SAM_VENV", ".venv-sam") / "bin"


def sam_tool(name: str) -> str:
    """The tool's path; where it is missing the test is skipped, and fails in CI."""
    path = BIN / name
    if not path.exists():
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say(f"{path} is not there: `make validate` installs it")
    return str(path)


def run_tool(folder: Path, *command: str | Path, **variables: str) -> subprocess.CompletedProcess:
    """Run it in the folder, as somebody who has no AWS account; its output is text."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    apart = {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-west-1", **variables}
    return subprocess.run(  # noqa: S603 # tools of this project
        command,
        cwd=folder,
        env={**own, **apart},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
