"""`bucketpass sync`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bucketpass.cli.carrying import carry_out, show_steps, skipped
from bucketpass.cli.command import Command
from bucketpass.cli.consent import consent
from bucketpass.cli.own_bucket import bucket_files
from bucketpass.cli.removing import remove_objects
from bucketpass.cli.session_option import with_session
from bucketpass.cli.words import printable, say
from bucketpass.files.place import place

if TYPE_CHECKING:
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass sync --dry-run photos home:photos
    bucketpass sync photos home:photos
    bucketpass sync --delete shared:templates templates
    """,
)
@click.argument("source")
@click.argument("target")
@click.option("--dry-run", is_flag=True, help="Only print what would be done.")
@click.option("--delete", is_flag=True, help="Remove what only the target has; asks first.")
@click.option("--checksum", is_flag=True, help="Compare contents even where the times agree.")
@click.option("-y", "--yes", is_flag=True, help="Remove without asking.")
@with_session
def sync(  # noqa: PLR0913 # click gives each option as an argument
    session: "Session",
    source: str,
    target: str,
    *,
    dry_run: bool,
    delete: bool,
    checksum: bool,
    yes: bool,
) -> None:
    """Make TARGET hold what SOURCE holds.

    Both are folders: one on this machine, the other in the bucket. Places are written as for
    `cp`. A file is the same if its size is and it has not changed since it was copied, which its
    time tells, or else its checksum.
    """
    from bucketpass.files.sync import Sync, SyncPair  # noqa: PLC0415 # botocore takes long to import

    pair = SyncPair.of(place(source), place(target), session)
    files = bucket_files(session)
    planned = Sync.planned(pair, files, read_all=checksum, skipped=skipped)
    steps = planned.steps()
    left_over = planned.left_over() if delete else []
    if dry_run:
        show_steps(steps)
        for name in left_over:
            click.echo(f"delete {printable(name)}")
        return
    _ask_before(left_over, yes=yes)
    if not steps and not left_over:
        say("Nothing to do.")
    if steps:
        carry_out(files, steps)
    if left_over and pair.direction == "up":
        remove_objects(files, left_over)
    elif left_over:
        planned.remove_left_over_here()
        say(f"Removed {len(left_over)} from {printable(str(pair.folder))}.")


def _ask_before(left_over: Sequence[str], *, yes: bool) -> None:
    if not left_over or yes:
        return
    for name in left_over:
        say(f"  {printable(name)}")
    consent(
        f"Remove these {len(left_over)}, which only the target has?",
        "Nothing was removed, and nothing copied.",
    )
