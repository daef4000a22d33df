"""What a container writes, as the frames in which the Engine API streams it."""

import struct
import threading
from collections.abc import Iterator
from typing import IO, Final

STDOUT: Final = 1
STDERR: Final = 2


class OutputFrames:
    """Collects the lines of a container's streams; each reader gets all of them from the start.

    A frame is a header of eight bytes (stream, three zeros, length) and the bytes (Docker Engine
    API, "Attach to a container").
    """

    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._open: set[int] = {STDOUT, STDERR}
        self._changed = threading.Condition()

    def collect(self, stream: int, pipe: IO[bytes]) -> None:
        """Read the pipe to its end."""
        for line in pipe:
            with self._changed:
                self._frames.append(struct.pack(">BxxxL", stream, len(line)) + line)
                self._changed.notify_all()
        pipe.close()
        with self._changed:
            self._open.discard(stream)
            self._changed.notify_all()

    def close(self) -> None:
        """End every reader: the container has ended or never ran."""
        with self._changed:
            self._open.clear()
            self._changed.notify_all()

    def read(self) -> Iterator[bytes]:
        """Every frame, waiting for more until both streams have ended."""
        number = 0
        while new := self._after(number):
            yield from new
            number += len(new)

    def _after(self, number: int) -> list[bytes]:
        with self._changed:
            self._changed.wait_for(lambda: number < len(self._frames) or not self._open)
            return self._frames[number:]
