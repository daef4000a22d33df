"""How far a transfer is: a bar on a terminal, nothing elsewhere."""

from contextlib import AbstractContextManager, nullcontext
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Column

from bucketpass.cli.words import printable
from bucketpass.files.meter import Meter

_NAME: Final = Column(max_width=40, no_wrap=True)


class Bar(Meter):
    """A meter that is a bar on the terminal."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def total(self, size: int) -> None:
        """Known before anything moves."""
        super().total(size)
        self._progress.update(self._task, total=self.bytes_of_all)

    def moved(self, size: int) -> None:
        """From any thread; negative where something goes again."""
        super().moved(size)
        self._progress.advance(self._task, size)

    def there(self, size: int) -> None:
        """Without a part in the speed."""
        super().there(size)
        self._progress.update(self._task, completed=self.bytes_moved + self.bytes_there)

    def file(self, name: str) -> None:
        """The name of the file that began last."""
        self._progress.update(self._task, description=printable(name))


def progress() -> tuple[Meter, AbstractContextManager[object]]:
    """A meter, and the context in which it is shown.

    A bar on stderr if that is a terminal, which is cleared at the end; else nothing to see.
    """
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        return Meter(), nullcontext()
    bar = Progress(
        TextColumn("{task.description}", markup=False, table_column=_NAME),
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    return Bar(bar), bar
