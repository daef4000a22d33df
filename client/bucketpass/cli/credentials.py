"""`bucketpass credentials` and `bucketpass credential-process`."""

from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.session_option import with_session
from bucketpass.credential_format import FORMATS

if TYPE_CHECKING:
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    eval "$(bucketpass credentials)"
    bucketpass credentials --format json
    bucketpass credentials --role my-stack-EditorsRole --through service
    """,
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    default="env",
    show_default=True,
    help="Lines for a shell, a JSON object, what credential_process prints, or a section of a "
    "credentials file.",
)
@with_session
def credentials(session: "Session", *, format_name: str) -> None:
    """Print your temporary AWS credentials, good for one hour."""
    click.echo(FORMATS[format_name](session.scoped_credentials(), session.profile))


@click.command(
    cls=Command,
    examples="""
    [profile work]
    credential_process = /usr/local/bin/bucketpass credential-process
    """,
)
@with_session
def credential_process(session: "Session") -> None:
    """Print credentials for the AWS tools' credential_process.

    `bucketpass configure-profile` writes the line for you.
    """
    click.echo(FORMATS["process"](session.scoped_credentials(), session.profile))
