"""The one way in which a private function of the emulator is replaced."""

import hashlib
import inspect
import sys
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

from local.emulator.mismatch import EmulatorMismatch


def replace(module: ModuleType, name: str, digest: str, new: Callable[..., Any]) -> None:
    """Put `new` in the place of `module.name`, wherever the emulator has imported it.

    `digest` is `source_digest` of the function that `new` was written for; raises
    EmulatorMismatch if there is another one or none.
    """
    _rebind(_expected(module, name, digest), new)


def extend(module: ModuleType, name: str, digest: str, new: Callable[..., Any]) -> None:
    """Do as `replace`, for a `new` that takes the original function as its first argument."""
    original = _expected(module, name, digest)
    _rebind(original, partial(new, original))


def replace_value(module: ModuleType, name: str, expected: object, new: object) -> None:
    """Put `new` in the place of a constant; raises EmulatorMismatch if it is not `expected`."""
    if getattr(module, name, None) != expected:
        raise _unknown_shape(module, name)
    setattr(module, name, new)


def source_digest(function: Callable[..., Any]) -> str:
    """The first 16 hex digits of the SHA-256 of a function's source text."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]


def _expected(module: ModuleType, name: str, digest: str) -> Callable[..., Any]:
    original = getattr(module, name, None)
    try:
        if inspect.isfunction(original) and source_digest(original) == digest:
            return original
    except OSError as without_source:
        raise _unknown_shape(module, name) from without_source
    raise _unknown_shape(module, name)


def _unknown_shape(module: ModuleType, name: str) -> EmulatorMismatch:
    return EmulatorMismatch(
        f"{module.__name__}.{name} is not what the emulator's enforcement was written for: "
        "reinstall requirements/dev.txt."
    )


def _rebind(original: Callable[..., Any], new: Callable[..., Any]) -> None:
    # A module that took the name by `from ... import` would go on with the original.
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] == "ministack":
            for name, value in list(vars(module).items()):
                if value is original:
                    setattr(module, name, new)
