"""`bucketpass tree`."""

from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.own_bucket import bucket_files
from bucketpass.cli.session_option import with_session
from bucketpass.cli.words import printable
from bucketpass.files.place import remote_place
from bucketpass.files.tree_drawing import tree_lines

if TYPE_CHECKING:
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass tree
    bucketpass tree shared:templates
    """,
)
@click.argument("place", default="home:")
@with_session
def tree(session: "Session", place: str) -> None:
    """Draw all that is below a folder of the bucket.

    Without PLACE your own.
    """
    from bucketpass.files.find import find  # noqa: PLC0415 # botocore takes long to import

    found = find(bucket_files(session), remote_place(place), session, recursive=True)
    click.echo(printable(place))
    for line in tree_lines(map(found.name, found.entries), printable):
        click.echo(line)
