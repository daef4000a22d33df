"""How far a transfer is: a bar on a terminal, nothing elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

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
from bucketpass.files.meter import Count


class Bar(Count):
    """Counts, and shows it."""

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


@contextmanager
def progress() -> Iterator[Count]:
    """A meter that is shown on stderr if that is a terminal, and cleared at the end."""
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield Count()
        return
    bar = Progress(
        TextColumn(
            "{task.description}", markup=False, table_column=Column(max_width=40, no_wrap=True)
        ),
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    with bar:
        yield Bar(bar)
