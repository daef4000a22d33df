"""What cp, mv and sync have in common: carry steps out, and tell how it went."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click
from rich.filesize import decimal

from bucketpass.cli.interruption import end_threads
from bucketpass.cli.progress import progress
from bucketpass.cli.words import complain, printable, say
from bucketpass.errors import PartlyDone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bucketpass.files.bucket_files import BucketFiles
    from bucketpass.files.meter import Watch
    from bucketpass.files.transfer import Step
    from bucketpass.files.transfer_run import Failure


def show_steps(steps: "Sequence[Step]") -> None:
    """What would be done, one line each on stdout."""
    for step in steps:
        click.echo(f"copy {printable(step.source)} to {printable(step.target)}")


def skipped(text: str) -> None:
    """Something that is left out, in words."""
    say(f"Left out: {printable(text)}")


def carry_out(files: "BucketFiles", steps: "Sequence[Step]", *, move: bool = False) -> None:
    """Carry the steps out with a progress bar; raises if one failed, after all others are done."""
    from bucketpass.files.meter import Watch  # noqa: PLC0415 # only the commands need it
    from bucketpass.files.transfer_run import TransferRun  # noqa: PLC0415 # botocore

    meter, shown = progress()
    watch = Watch(meter)
    with _going_on(watch), shown:
        failures = TransferRun(files, watch, move)(steps)
    if failures:
        _fail(failures, len(steps))
    verb = "Moved" if move else "Copied"
    earlier = f", {decimal(meter.bytes_there)} of it before" if meter.bytes_there else ""
    say(f"{verb} {_count(len(steps))} ({decimal(meter.bytes_of_all)}{earlier}).")


@contextmanager
def _going_on(watch: "Watch") -> "Iterator[None]":
    """Say how to go on, if anything has begun that can be resumed."""
    try:
        yield
    finally:
        if watch.begun:
            say("What has arrived is kept: run the same command again to go on.")
        if isinstance(sys.exc_info()[1], KeyboardInterrupt):
            end_threads()


def _fail(failures: "Sequence[Failure]", count: int) -> NoReturn:
    if count == 1:
        raise failures[0].error
    for failure in failures:
        complain(failure.error)
    causes = {type(failure.error) for failure in failures}
    cause = causes.pop() if len(causes) == 1 else PartlyDone
    raise cause(f"{len(failures)} of {_count(count)} failed.")


def _count(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
