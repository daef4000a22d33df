"""The environment of the tools that judge the API, which the project keeps apart from its own."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / os.environ.get("API_VENV", ".venv-api") / "bin"


def api_tool(name: str) -> str:
    """The tool's path; where it is missing the test is skipped, and fails in CI."""
    path = BIN / name
    if not path.exists():
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say(f"{path} is not there: `make test` installs it")
    return str(path)


def output_of(folder: Path, *command: str | Path, **variables: str) -> str:
    """What the command says, run in the folder; a failure is the test's, with all that it said."""
    done = subprocess.run(  # noqa: S603 # tools of this project
        command,
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=280,
        check=False,
    )
    # The first failures and the summary are what one wants to read.
    assert done.returncode == 0, f"{done.stdout[:6000]}\n…\n{done.stdout[-3000:]}"
    return done.stdout
