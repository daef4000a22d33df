"""`.local/outputs.json`: how other programs find the running stack."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from local.failure import LocalRunError
from local.private_file import write_private

LOCAL_FOLDER: Final = Path(__file__).resolve().parent.parent / ".local"
OUTPUTS_FILE: Final = "outputs.json"


def write_outputs(outputs: Mapping[str, Any], folder: Path = LOCAL_FOLDER) -> None:
    """Publish the outputs, passwords of the demo users included, to the file's owner alone."""
    write_private(folder / OUTPUTS_FILE, _to_json(outputs))


def read_outputs(folder: Path = LOCAL_FOLDER) -> dict[str, Any]:
    """The outputs of the running stack; raises LocalRunError if there is none."""
    path = folder / OUTPUTS_FILE
    try:
        outputs = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise LocalRunError("No local stack is running: start one with `make run`.") from error
    except ValueError as error:
        raise LocalRunError(f"{path} is damaged: start the local stack again.") from error
    if not isinstance(outputs, dict):
        raise LocalRunError(f"{path} is damaged: start the local stack again.")
    return outputs


def remove_outputs(outputs: Mapping[str, Any], folder: Path = LOCAL_FOLDER) -> None:
    """Remove the file, unless another stack has put its own outputs there meanwhile."""
    path = folder / OUTPUTS_FILE
    if path.exists() and path.read_text() == _to_json(outputs):
        path.unlink()


def _to_json(outputs: Mapping[str, Any]) -> str:
    return json.dumps(outputs, indent=2, ensure_ascii=False) + "\n"
