"""Which emulator the enforcement was written for."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Final

from local.emulator.mismatch import EmulatorMismatch

SUPPORTED_MINISTACK: Final = "1.5.33"


def require_supported() -> None:
    """Raise EmulatorMismatch unless exactly the supported ministack can verify signatures.

    The enforcement replaces private functions, so another version could lose it without a word;
    without `cryptography` the emulator accepts forged tokens.
    """
    try:
        installed = version("ministack")
    except PackageNotFoundError:
        installed = "no ministack"
    if installed != SUPPORTED_MINISTACK:
        raise EmulatorMismatch(
            f"The emulator needs ministack {SUPPORTED_MINISTACK} and found {installed}: "
            "install requirements/dev.txt."
        )
    if find_spec("cryptography") is None:
        raise EmulatorMismatch(
            "The emulator needs cryptography to verify tokens: install requirements/dev.txt."
        )
