"""`bucketpass whoami`."""

import json
import sys
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bucketpass.cli.command import Command
from bucketpass.cli.session_option import with_session
from bucketpass.cli.words import printable
from bucketpass.role_choice import role_name

if TYPE_CHECKING:
    from bucketpass.session import Session

_PIPE_WIDTH: Final = 2000


@click.command(
    cls=Command,
    examples="""
    bucketpass whoami
    bucketpass whoami --json | jq -r .home
    """,
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object instead.")
@with_session
def whoami(session: "Session", *, as_json: bool) -> None:
    """Show who you are and where your folder is."""
    facts = _facts(session)
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        text = ", ".join(value) if isinstance(value, list) else value or ""
        table.add_row(Text(name, style="bold"), Text(printable(text), overflow="fold"))
    # a pipe has no width at which to fold
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


def _facts(session: "Session") -> dict[str, str | list[str] | None]:
    claims = session.claims
    return {
        "username": claims.username,
        "sub": claims.sub,
        "groups": list(claims.groups),
        "roles": [role_name(arn) for arn in claims.roles],
        "identityId": session.identity_id,
        "home": session.home,
        "bucket": session.profile.bucket,
        "profile": session.profile.name,
    }
