"""A bounded cache that loads each missing entry once, however many ask for it together."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from shared import deadline
from shared.errors import BucketpassError
from shared.upstream_errors import DeadlineExceeded

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlightCache(Generic[K, V]):
    """At most `capacity` entries, the least recently used leaving first; safe for threads.

    `clock` gives epoch seconds and is read at every use: an environment that was frozen for an
    hour must not go on with what has expired meanwhile.
    """

    def __init__(self, capacity: int, clock: Callable[[], float] = time.time) -> None:
        self._capacity = capacity
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[K, tuple[V, float]] = OrderedDict()
        self._flights: dict[K, _Flight[V]] = {}

    def get(
        self,
        key: K,
        load: Callable[[], tuple[V, float]],
        still_good: Callable[[V], bool] = lambda _: True,
    ) -> V:
        """The entry of `key`, loaded if absent, expired or no more `still_good` (a quick look).

        `load` returns the value and the epoch second at which the entry is dropped. Those who
        ask while it runs wait for its outcome, the error included, at most until their own
        deadline (DeadlineExceeded); an error is not kept for those who ask later.
        """
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or self._clock() >= entry[1]:
                self._entries.pop(key, None)
            elif still_good(entry[0]):
                self._entries.move_to_end(key)
                return entry[0]
            # What is not good enough for this one stays for others, should the load fail.
            flight = self._flights.get(key)
            if flight is None:
                mine = self._flights[key] = _Flight()
        return self._lead(key, mine, load) if flight is None else flight.outcome()

    def forget(self, key: K, value: V) -> None:
        """Drop the entry of `key` if it still holds `value`."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and entry[0] == value:
                del self._entries[key]

    def forget_all(self, belongs: Callable[[K], bool]) -> None:
        """Drop the entries whose keys `belongs` says so about, and do not keep what loads now.

        Those who wait for such a load still get its outcome; who asks later loads anew.
        """
        with self._lock:
            for key in [key for key in self._entries if belongs(key)]:
                del self._entries[key]
            for key in [key for key in self._flights if belongs(key)]:
                del self._flights[key]

    def __len__(self) -> int:
        return len(self._entries)

    def _lead(self, key: K, flight: "_Flight[V]", load: Callable[[], tuple[V, float]]) -> V:
        try:
            value, expires_at = load()
        except BaseException as error:
            with self._lock:
                self._end(key, flight)
            flight.fail(error)
            raise
        with self._lock:
            # In one step: between the two a newcomer would start a second flight.
            if self._end(key, flight):
                self._keep(key, value, expires_at)
        flight.land(value)
        return value

    def _end(self, key: K, flight: "_Flight[V]") -> bool:
        """Take the flight off the list; False where it was forgotten meanwhile."""
        if self._flights.get(key) is not flight:
            return False
        del self._flights[key]
        return True

    def _keep(self, key: K, value: V, expires_at: float) -> None:
        if self._clock() >= expires_at:
            return
        self._entries[key] = (value, expires_at)
        while len(self._entries) > self._capacity:
            self._entries.popitem(last=False)


class _Flight(Generic[V]):
    """One load under way, and those who wait for it."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._landed: list[V] = []
        self._error: BaseException | None = None

    def land(self, value: V) -> None:
        self._landed.append(value)
        self._done.set()

    def fail(self, error: BaseException) -> None:
        self._error = error
        self._done.set()

    def outcome(self) -> V:
        if not self._done.wait(deadline.remaining()):
            raise DeadlineExceeded("another request's load of the same entry took too long")
        if self._landed:
            return self._landed[0]
        if isinstance(self._error, Exception):
            raise self._error
        # The end of the leader's thread or process must not end this one.
        raise BucketpassError("the load of the entry was interrupted") from self._error
