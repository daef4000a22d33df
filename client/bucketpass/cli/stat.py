"""`bucketpass stat`."""

import json
from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.own_bucket import bucket_files
from bucketpass.cli.session_option import with_session
from bucketpass.cli.words import printable
from bucketpass.files.place import remote_place

if TYPE_CHECKING:
    from bucketpass.files.object_facts import ObjectHead
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass stat home:report.pdf
    bucketpass stat --json home:report.pdf | jq .size
    """,
)
@click.argument("place")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object instead.")
@with_session
def stat(session: "Session", place: str, *, as_json: bool) -> None:
    """Show what S3 knows of an object."""
    facts = _facts(bucket_files(session).head(remote_place(place).key(session)))
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for name, value in facts.items():
        if text := _text(value):
            click.echo(f"{name:<14}{printable(text)}")


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={text}" for name, text in value.items())
    return "" if value is None else str(value)


def _facts(head: "ObjectHead") -> dict[str, object]:
    return {
        "key": head.key,
        "size": head.size,
        "modified": f"{head.modified:%Y-%m-%dT%H:%M:%SZ}",
        "contentType": head.content_type,
        "etag": head.etag,
        "crc32": head.crc32,
        "encryption": head.encryption,
        "versionId": head.version_id,
        "storageClass": head.storage_class,
        "metadata": dict(head.metadata),
    }
