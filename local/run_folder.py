"""`.local/<port>/`: what a running stack lends to its owner's shell.

One file per demo user holds an Authorization header for `curl -H @file`, so that a pasted command
needs no token of a thousand letters and never an expired one; `environment.json` holds the
environment of the functions.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from local.private_file import private_folder, write_private

_ENVIRONMENT: Final = "environment.json"


class RunFolder:
    """The folder of the stack on that port, private to its owner."""

    def __init__(self, parent: Path, port: int) -> None:
        self.path = parent / str(port)

    def header_file(self, username: str) -> Path:
        """The file with that user's Authorization header."""
        return self.path / username

    def write_header(self, username: str, id_token: str) -> None:
        """Put a fresh ID token into the user's header file."""
        private_folder(self.path)
        write_private(self.header_file(username), f"Authorization: {id_token}\n")

    def write_environment(self, functions: Mapping[str, Mapping[str, str]]) -> None:
        """Note each function's environment by its logical id."""
        private_folder(self.path)
        write_private(self.path / _ENVIRONMENT, json.dumps(functions, indent=2) + "\n")

    def read_environment(self) -> dict[str, Any]:
        """What `write_environment` noted; raises OSError if it is gone."""
        environment: dict[str, Any] = json.loads((self.path / _ENVIRONMENT).read_text())
        return environment

    def remove(self) -> None:
        """Remove all of it; harmless if it is not there."""
        shutil.rmtree(self.path, ignore_errors=True)
