"""Who watches a transfer: progress on the way forth, a wish to stop on the way back."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock


class Stopped(Exception):
    """The person wants to end; raised in the threads that work."""


class Meter:
    """Counts how a transfer goes, told from any thread; others show it as well."""

    def __init__(self) -> None:
        self.bytes_of_all = self.bytes_moved = self.bytes_there = 0
        self._lock = Lock()

    def total(self, size: int) -> None:
        """The whole has that many bytes more."""
        self.bytes_of_all += size

    def moved(self, size: int) -> None:
        """That many bytes were sent or received now; negative if they have to go again."""
        with self._lock:
            self.bytes_moved += size

    def there(self, size: int) -> None:
        """That many bytes were there from an earlier attempt."""
        with self._lock:
            self.bytes_there += size

    def file(self, name: str) -> None:
        """A file of that name has begun."""


class Watch:
    """A meter, the wish to stop, and the keys whose transfers can be resumed (`begun`)."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.stop = Event()
        self.begun: set[str] = set()

    @contextmanager
    def resumable(self, key: str) -> Iterator[None]:
        """Within, what has arrived stays if the transfer of that key fails."""
        self.begun.add(key)
        yield
        self.begun.discard(key)

    def moved(self, size: int) -> None:
        """Tell the meter; raises Stopped."""
        self.go_on()
        self.meter.moved(size)

    def go_on(self) -> None:
        """Raise Stopped if the person wants to end."""
        if self.stop.is_set():
            raise Stopped
