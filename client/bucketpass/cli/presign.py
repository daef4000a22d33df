"""`bucketpass presign`."""

from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.own_bucket import bucket_files
from bucketpass.cli.session_option import with_session
from bucketpass.cli.words import say
from bucketpass.files.place import remote_place

if TYPE_CHECKING:
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass presign home:report.pdf
    curl -o report.pdf "$(bucketpass presign --expires 300 home:report.pdf)"
    """,
)
@click.argument("place")
@click.option(
    "--expires",
    metavar="SECONDS",
    type=click.IntRange(min=1),
    default=900,
    show_default=True,
    help="How long the address works; your credentials end it after an hour at most.",
)
@with_session
def presign(session: "Session", place: str, *, expires: int) -> None:
    """Print an address that opens one object.

    To whoever has it, until the end that is told on stderr; it cannot be taken back before.
    """
    from bucketpass.files.presigned import presign as signed  # noqa: PLC0415 # botocore takes long

    key = remote_place(place).key(session)
    bucket_files(session).head(key)  # better refused here than to whoever opens it
    address = signed(session, key, expires)
    click.echo(address.url)
    sooner = ", when your credentials end" if address.cut_short else ""
    say(f"Works until {address.end:%Y-%m-%dT%H:%M:%SZ}{sooner}.")
