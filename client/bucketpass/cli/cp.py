"""`bucketpass cp`."""

from typing import TYPE_CHECKING, Final

import click

from bucketpass.cli.carrying import carry_out, show_steps, skipped
from bucketpass.cli.command import Command
from bucketpass.cli.own_bucket import bucket_files
from bucketpass.cli.session_option import with_session
from bucketpass.files.place import place

if TYPE_CHECKING:
    from bucketpass.session import Session


_FILE: Final = "A file that is called - is written ./-."


def copy(
    session: "Session", arguments: tuple[str, ...], *, recursive: bool, dry_run: bool, move: bool
) -> None:
    """Copy or move the places but the last to the last; raises BucketpassError."""
    from bucketpass.files.copy_plan import CopyPlan  # noqa: PLC0415 # botocore takes long to import

    *sources, target = map(place, arguments)
    files = bucket_files(session)
    steps = CopyPlan(files, session, recursive, skipped).steps(sources, target)
    if dry_run:
        show_steps(steps)
    else:
        carry_out(files, steps, move=move)


def require_two(
    _context: click.Context, _argument: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...]:
    """Callback of click: a source and a target at least, and no `-`."""
    if len(given) < 2:  # noqa: PLR2004 # see above
        raise click.UsageError("A source and a target are needed.")
    if given[-1] == "-":
        raise click.UsageError(f"Nothing is copied to stdout: use `bucketpass cat`. {_FILE}")
    if "-" in given:
        raise click.UsageError(f"Nothing is read from stdin: name a file. {_FILE}")
    return given


@click.command(
    cls=Command,
    examples="""
    bucketpass cp report.pdf home:
    bucketpass cp home:report.pdf shared:forms/a.pdf .
    bucketpass cp -r photos/ home:photos/
    bucketpass cp home:draft.md group:editors/draft.md
    """,
)
@click.argument("places", nargs=-1, metavar="SOURCE... TARGET", callback=require_two)
@click.option("-r", "--recursive", is_flag=True, help="Copy folders with all that is in them.")
@click.option("--dry-run", is_flag=True, help="Only print what would be copied.")
@with_session
def cp(session: "Session", places: tuple[str, ...], *, recursive: bool, dry_run: bool) -> None:
    """Copy files to the bucket, from it, or within it.

    Places of the bucket begin with home:, group:NAME/, shared: or key:; anything else is a path of
    this machine. A folder written with a slash at its end stands for what is in it. Large files go
    in parts; if that is interrupted, the same command goes on where it ended.
    """
    copy(session, places, recursive=recursive, dry_run=dry_run, move=False)
