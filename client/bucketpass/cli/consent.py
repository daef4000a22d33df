"""Questions before something is removed."""

import sys

import click

from bucketpass.errors import BucketpassError


def consent(question: str, declined: str) -> None:
    """Go on only if the person says yes; a no raises BucketpassError.

    Without a terminal nobody is there to ask: a usage error that names --yes.
    """
    if not sys.stdin.isatty():
        raise click.UsageError("Without a terminal, say --yes.")
    if not click.confirm(question, err=True):
        raise BucketpassError(declined)
