"""What runs a function as Lambda does, taken from the environment that the SAM CLI stands in."""

import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.failure import LocalRunError

# The interface client, and what it imports.
_CLIENT: Final = ("awslambdaric", "simplejson", "snapshot-restore-py")
_EMULATORS: Final = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}
_ASK: Final = """
import importlib.metadata as m, json, sys
import samcli.local.rapid as rapid
parts = {
    str(m.distribution(name).locate_file(file.parts[0]))
    for name in sys.argv[1:]
    for file in m.files(name)
    if not file.parts[0].endswith(".dist-info") and file.parts[0] not in ("..", "__pycache__")
}
print(json.dumps({
    "version": "%d.%d" % sys.version_info[:2],
    "interpreter": sys._base_executable,
    "emulators": list(rapid.__path__)[0],
    "client": sorted(parts),
}))
"""


@dataclass(frozen=True, slots=True)
class FunctionRuntime:
    """An interpreter of one Python version, the client in a folder of its own, the emulator."""

    version: str
    interpreter: Path
    client: Path
    emulator: Path

    def command(self, handler: str, address: str, runtime_api: str) -> list[str]:
        """What to run in the function's folder; invocations come to `address` by HTTP."""
        # -S: the function sees its own package and the standard library, nothing of this machine.
        client = [str(self.interpreter), "-S", "-m", "awslambdaric", handler]
        addresses = ["--runtime-interface-emulator-address", address]
        return [str(self.emulator), *addresses, "--runtime-api-address", runtime_api, *client]


def find_runtime(sam: Path, folder: Path) -> FunctionRuntime:
    """The runtime beside that `sam`; its client is laid out in `folder`.

    Raises LocalRunError where this machine cannot run it.
    """
    machine = platform.machine()
    if platform.system() != "Linux" or machine not in _EMULATORS:
        raise LocalRunError(
            f"Running without Docker needs Linux on one of {', '.join(_EMULATORS)}."
        )
    found = _ask(sam.parent / "python")
    client = folder / "client"
    client.mkdir()
    for part in map(Path, found["client"]):
        (client / part.name).symlink_to(part)
    return FunctionRuntime(
        version=found["version"],
        interpreter=Path(found["interpreter"]),
        client=client,
        emulator=Path(found["emulators"]) / _EMULATORS[machine],
    )


def _ask(python: Path) -> Mapping[str, str]:
    try:
        answer = subprocess.run(  # noqa: S603 # the interpreter beside sam
            [str(python), "-c", _ASK, *_CLIENT], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise LocalRunError(
            f"{python.parent.parent} is no environment with aws-sam-cli and awslambdaric: "
            "`make build` makes one.",
            evidence=getattr(error, "stderr", "") or str(error),
        ) from error
    found: Mapping[str, str] = json.loads(answer.stdout)
    return found
