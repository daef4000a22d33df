"""How fast one AWS API is asked for credentials once it throttles."""

import math
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from shared.upstream_errors import Throttled

# https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter: "full jitter", which
# spreads the execution environments that were throttled together.
FIRST_WINDOW_SECONDS: Final = 2.0
LONGEST_WINDOW_SECONDS: Final = 30.0


class ExchangePace:
    """A pause for the whole execution environment after AWS throttled a call; safe for threads.

    Each further Throttled doubles the window, up to 30 s, out of which the pause is drawn. During
    the pause, and while a single attempt finds out whether it is over, others are refused at once
    with Throttled and the seconds to wait, and AWS is not asked. `count` is called with `Throttle`
    and `ExchangeRefused`; `clock` gives epoch seconds; `draw` gives a number from 0 to its own.
    """

    def __init__(
        self,
        count: Callable[[str], None],
        clock: Callable[[], float] = time.time,
        draw: Callable[[float], float] = lambda most: random.uniform(0, most),  # noqa: S311 # no secret
    ) -> None:
        self._count = count
        self._clock = clock
        self._draw = draw
        self._lock = threading.Lock()
        # Grows with each change of mind, so that an attempt of before the change has no say.
        self._era = 0
        self._throttles = 0
        self._paused_until = 0.0
        self._probing = False

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Wrap one call of the API, with the retries of its client; may raise Throttled at once."""
        era, probing = self._begin()
        try:
            yield
            self._succeeded(era)
        except Throttled as error:
            self._count("Throttle")
            error.headers["Retry-After"] = _whole(self._throttled(era))
            raise
        finally:
            if probing:
                self._probing = False

    def _begin(self) -> tuple[int, bool]:
        with self._lock:
            if not self._throttles:
                return self._era, False
            left = self._left()
            if left <= 0 and not self._probing:
                self._probing = True
                return self._era, True
        self._count("ExchangeRefused")
        raise Throttled("AWS throttled before", headers={"Retry-After": _whole(left)})

    def _succeeded(self, era: int) -> None:
        with self._lock:
            if era == self._era and self._throttles:
                self._era += 1
                self._throttles = 0

    def _throttled(self, era: int) -> float:
        with self._lock:
            if era == self._era:
                self._era += 1
                self._throttles += 1
                window = FIRST_WINDOW_SECONDS * 2 ** (self._throttles - 1)
                pause = self._draw(min(window, LONGEST_WINDOW_SECONDS))
                self._paused_until = self._clock() + pause
            return self._left()

    def _left(self) -> float:
        left = self._paused_until - self._clock()
        # A clock that was set back does not prolong a pause.
        return left if left <= LONGEST_WINDOW_SECONDS else 0.0


def _whole(seconds: float) -> str:
    return str(max(1, math.ceil(seconds)))
