"""Questions before something is removed."""

import sys

import click


def consent(question: str) -> None:
    """Go on only if the person says yes.

    Without a terminal nobody is there to ask: a usage error that names --yes.
    """
    if not sys.stdin.isatty():
        raise click.UsageError("Without a terminal, say --yes.")
    click.confirm(question, abort=True, err=True)
