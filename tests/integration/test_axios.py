"""A page's program with axios from npm, where node is there."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local.outputs_file import LOCAL_FOLDER

PROGRAM = Path(__file__).parents[1] / "axios"
ORIGIN = "http://localhost:8080"


def run(folder, *command, **variables):
    done = subprocess.run(  # noqa: S603 # node and npm of this machine
        command,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def program():
    """The program's folder with its packages; without node there is nothing to test with."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            say = pytest.fail if os.environ.get("CI") else pytest.skip
            say(f"{tool} is not there: install Node.js 20 or newer")
    folder = LOCAL_FOLDER / "axios"
    folder.mkdir(parents=True, exist_ok=True)
    for path in PROGRAM.iterdir():
        shutil.copy(path, folder)
    wanted = json.loads((PROGRAM / "package.json").read_text())["dependencies"]["axios"]
    there = folder / "node_modules" / "axios" / "package.json"
    if not there.exists() or json.loads(there.read_text())["version"] != wanted:
        run(folder, "npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
    return folder


def test_a_page_does_everything(pool_stack, program):
    """List, upload at once and in parts, download in every way, delete: a browser permits it all.

    The program applies the rules of CORS to each answer: preflights, the allowed origin, and
    that what it reads of the headers is exposed.
    """
    said = run(
        program,
        *("node", "page.js", pool_stack.api_url, ORIGIN),
        ID_TOKEN=pool_stack.users["alice"].tokens.id,
    )
    checked = json.loads(said)
    assert checked["preflights"] > 15
    assert checked["answers"] > 20


def test_a_page_of_another_origin_gets_nothing(pool_stack, program):
    """The same program from elsewhere is stopped by the first preflight."""
    with pytest.raises(AssertionError, match="preflight of GET for"):
        run(
            program,
            *("node", "page.js", pool_stack.api_url, "https://elsewhere.example"),
            ID_TOKEN=pool_stack.users["alice"].tokens.id,
        )
