"""`bucketpass rm`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.consent import consent
from bucketpass.cli.own_bucket import bucket_files
from bucketpass.cli.removing import remove_objects
from bucketpass.cli.session_option import with_session
from bucketpass.cli.words import printable
from bucketpass.errors import NotFound
from bucketpass.files.place import RemotePlace, remote_place

if TYPE_CHECKING:
    from bucketpass.files.bucket_files import BucketFiles
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass rm home:draft.md
    bucketpass rm -r --yes home:old/
    """,
)
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@click.option(
    "-r", "--recursive", is_flag=True, help="Remove all that is below a folder; asks first."
)
@click.option("--dry-run", is_flag=True, help="Only print what would be removed.")
@click.option("-y", "--yes", is_flag=True, help="Remove without asking.")
@with_session
def rm(
    session: "Session", places: tuple[str, ...], *, recursive: bool, dry_run: bool, yes: bool
) -> None:
    """Remove objects from the bucket."""
    files = bucket_files(session)
    keys = [
        key
        for place in map(remote_place, places)
        for key in _keys(files, place, session, recursive=recursive)
    ]
    if dry_run:
        for key in keys:
            click.echo(f"delete {printable(key)}")
        return
    if recursive and not yes:
        consent(f"Remove {len(keys)} objects?", "Nothing was removed.")
    remove_objects(files, list(dict.fromkeys(keys)))


def _keys(
    files: "BucketFiles", place: RemotePlace, session: "Session", *, recursive: bool
) -> Iterator[str]:
    from bucketpass.files.find import object_at  # noqa: PLC0415 # botocore takes long to import

    key = place.key(session)
    if not recursive:
        yield object_at(files, place, session).key
        return
    found = [facts.key for facts in files.below(place.folder().key(session) if place.rest else key)]
    if not found and place.is_folder:
        raise NotFound(f"There is nothing in {place}.")
    yield from found or [files.head(key).key]
