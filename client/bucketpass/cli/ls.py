"""`bucketpass ls`."""

import json
from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.own_bucket import bucket_files
from bucketpass.cli.session_option import with_session
from bucketpass.cli.words import printable
from bucketpass.files.place import remote_place

if TYPE_CHECKING:
    from bucketpass.files.object_facts import ObjectFacts
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass ls
    bucketpass ls -l shared:
    bucketpass ls -r --json home: | jq -r .key
    """,
)
@click.argument("place", default="home:")
@click.option("-l", "--long", is_flag=True, help="With size in bytes and time (UTC).")
@click.option("-r", "--recursive", is_flag=True, help="All objects below, not the folders.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line, names unescaped.")
@with_session
def ls(session: "Session", place: str, *, long: bool, recursive: bool, as_json: bool) -> None:
    """List a folder of the bucket.

    Without PLACE your own. Control characters in names are shown escaped.
    """
    from bucketpass.files.find import find  # noqa: PLC0415 # botocore takes long to import

    found = find(bucket_files(session), remote_place(place), session, recursive=recursive)
    line = _json if as_json else _long if long else _short
    for entry in found.entries:
        if name := found.name(entry):  # the folder's own marker is not in it
            click.echo(line(name, entry))


def _short(name: str, _entry: "ObjectFacts | str") -> str:
    return printable(name)


def _long(name: str, entry: "ObjectFacts | str") -> str:
    if isinstance(entry, str):
        return f"{'-':>14}  {'':20}  {printable(name)}"
    return f"{entry.size:>14}  {entry.modified:%Y-%m-%dT%H:%M:%SZ}  {printable(name)}"


def _json(_name: str, entry: "ObjectFacts | str") -> str:
    if isinstance(entry, str):
        return json.dumps({"prefix": entry})
    modified = f"{entry.modified:%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps(
        {"key": entry.key, "size": entry.size, "modified": modified, "etag": entry.etag}
    )
