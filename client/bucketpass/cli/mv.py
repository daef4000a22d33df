"""`bucketpass mv`."""

from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.cp import copy, require_two
from bucketpass.cli.session_option import with_session

if TYPE_CHECKING:
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass mv home:draft.md home:archive/
    bucketpass mv report.pdf home:
    """,
)
@click.argument("places", nargs=-1, metavar="SOURCE... TARGET", callback=require_two)
@click.option("-r", "--recursive", is_flag=True, help="Move folders with all that is in them.")
@click.option("--dry-run", is_flag=True, help="Only print what would be moved.")
@with_session
def mv(session: "Session", places: tuple[str, ...], *, recursive: bool, dry_run: bool) -> None:
    """Move files to, from or within the bucket.

    Places are written as for `cp`. Each source is removed when its copy is proven; one
    that has changed in the meantime stays.
    """
    copy(session, places, recursive=recursive, dry_run=dry_run, move=True)
