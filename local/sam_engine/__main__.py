"""`python -m local.sam_engine -- sam local invoke …`: the SAM CLI without Docker."""

import json
import signal
import sys
from types import FrameType
from typing import IO, NoReturn

import click

from local.failure import LocalRunError
from local.sam_engine.sam_command import run_sam
from local.terminal import Terminal


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--env-vars",
    type=click.File(),
    help="A file of the form that `sam local` takes, whose variables reach the function even if "
    "the template does not name them.",
)
@click.argument("command", nargs=-1, required=True)
def main(command: tuple[str, ...], env_vars: IO[str] | None) -> None:
    """Run COMMAND, which begins with the path of a `sam`, with functions as plain processes."""
    signal.signal(signal.SIGTERM, _end)
    try:
        sys.exit(run_sam(command, json.load(env_vars) if env_vars else None))
    except LocalRunError as error:
        Terminal().fail(error.sentence, error.evidence)
        sys.exit(1)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    # An exception, so that the functions end with their engine; 128 + n as a shell has it.
    sys.exit(128 + number)


main(prog_name="python -m local.sam_engine")
