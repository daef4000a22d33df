"""When the work on the current request has to be over."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from shared.upstream_errors import DeadlineExceeded


@dataclass(frozen=True, slots=True)
class _Deadline:
    ends_at: float
    clock: Callable[[], float]

    def left(self) -> float:
        return self.ends_at - self.clock()


_current: Final[ContextVar[_Deadline | None]] = ContextVar("deadline", default=None)


@contextmanager
def deadline(seconds: float, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Give the work of this context `seconds` from now; an outer deadline is never extended.

    `clock` counts seconds and is read at each use.
    """
    ends_at = clock() + seconds
    outer = _current.get()
    if outer is not None and outer.left() < seconds:
        token = _current.set(outer)
    else:
        token = _current.set(_Deadline(ends_at, clock))
    try:
        yield
    finally:
        _current.reset(token)


def remaining() -> float | None:
    """Seconds left, never below 0; None where no deadline is set (start-up, other threads)."""
    current = _current.get()
    return None if current is None else max(0.0, current.left())


def require(seconds: float) -> None:
    """Pass if `seconds` of work fit before the deadline or none is set, else DeadlineExceeded."""
    left = remaining()
    if left is not None and left < seconds:
        raise DeadlineExceeded(f"{seconds:g} s of work do not fit into {left:.3f} s")
