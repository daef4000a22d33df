"""Noticing changes in folders of code."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Self

import watchfiles

# A developer's next request comes seconds after the save; several files saved at once are one.
_DEBOUNCE_MS: Final = 100
_STEP_MS: Final = 20


class SourceWatch:
    """Calls `changed` with the folder in which a file changed, until the context ends.

    Caches and editors' temporary files do not count (watchfiles.DefaultFilter).
    """

    def __init__(self, folders: Iterable[Path], changed: Callable[[Path], None]) -> None:
        self._folders = [folder.resolve() for folder in folders]
        self._changed = changed
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="source-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(timeout=5)

    def _follow(self) -> None:
        for changes in watchfiles.watch(
            *self._folders,
            stop_event=self._end,
            debounce=_DEBOUNCE_MS,
            step=_STEP_MS,
            raise_interrupt=False,
        ):
            paths = [Path(path) for _, path in changes]
            for folder in self._folders:
                if any(path.is_relative_to(folder) for path in paths):
                    self._changed(folder)
