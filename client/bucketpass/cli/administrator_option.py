"""The options of the commands for administrators, and what they lead to."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from bucketpass.cli.words import printable

if TYPE_CHECKING:
    from bucketpass.pools.administrator import Administrator

Command = Callable[..., Any]

_OPTIONS = (
    click.option("--region", metavar="REGION", help="The region to look at."),
    click.option("--aws-profile", metavar="NAME", help="A profile of your AWS configuration."),
    click.option("--endpoint-url", metavar="URL", help="Another address for all of AWS."),
)


def administrator_options(command: Command) -> Command:
    """Give the command the options above; their values are found by `administrator`."""

    @wraps(command)
    def wrapper(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 # the command's own
        for name in ("region", "aws_profile", "endpoint_url"):
            options.pop(name)
        return command(*arguments, **options)

    decorated: Command = wrapper
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def administrator() -> "Administrator":
    """Who runs this command: by its own options, or those that stand further left."""
    from bucketpass.pools.administrator import Administrator  # noqa: PLC0415 # boto3 takes long

    return Administrator(given("aws_profile"), given("region"), given("endpoint_url"))


def given(name: str) -> str | None:
    """The value of the option at this command or at the nearest one to its left."""
    context: click.Context | None = click.get_current_context()
    while context is not None:
        if value := context.params.get(name):
            return str(value)
        context = context.parent
    return None


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Tells on stderr what is being read, while it is a terminal."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with console.status("Reading") as status:
        yield lambda what: status.update(f"Reading {_plain(what)}")


def _plain(text: str) -> str:
    # rich would take brackets for its own markup
    return printable(text).replace("[", r"\[")
