"""Tables on stdout: whole in a pipe, folded on a terminal."""

import sys
from collections.abc import Iterable, Sequence
from typing import Final

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bucketpass.cli.words import printable

# a pipe has no width at which to fold
_PIPE_WIDTH: Final = 2000


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with a heading; what comes from elsewhere is escaped."""
    table = Table(*columns, title=title, title_justify="left", title_style="bold", box=box.SIMPLE)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*(Text(printable_lines(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Names and values, one pair a line, and an empty line."""
    for name, value in facts:
        click.echo(f"{name:<14}{printable(value)}".rstrip())
    click.echo()


def printable_lines(text: str) -> str:
    """The text escaped line by line."""
    return "\n".join(map(printable, text.split("\n")))
