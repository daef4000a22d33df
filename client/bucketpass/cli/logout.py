"""`bucketpass logout`."""

import click

from bucketpass.cli.command import Command
from bucketpass.cli.invocation import Invocation
from bucketpass.cli.session_option import profile_option
from bucketpass.cli.words import say


@click.command(
    cls=Command,
    examples="""
    bucketpass logout
    bucketpass logout --everywhere
    """,
)
@click.option("--everywhere", is_flag=True, help="End all your sign-ins, on other machines too.")
@profile_option
@click.pass_obj
def logout(invocation: Invocation, profile: str | None, *, everywhere: bool) -> None:
    """Sign out, here and at Cognito.

    The tokens are revoked and forgotten. AWS credentials that were given out before live on to
    their end, one hour at most.
    """
    if invocation.session(profile).sign_out(everywhere=everywhere):
        say("Signed out everywhere." if everywhere else "Signed out.")
    else:
        say("You were not signed in.")
