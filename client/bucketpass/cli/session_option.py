"""The options of every command that acts as the signed-in person."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from bucketpass.cli.invocation import Invocation
from bucketpass.cli.words import say

Command = Callable[..., Any]

profile_option = click.option("--profile", metavar="NAME", help="The profile to use.")
role_option = click.option(
    "--role", metavar="ROLE", help="One of your roles, by name or ARN, instead of the usual one."
)
through_option = click.option(
    "--through",
    type=click.Choice(["identity-pool", "service"]),
    default="identity-pool",
    show_default=True,
    envvar="BUCKETPASS_THROUGH",
    help="Who gives the credentials: Cognito itself, or the service's API.",
)


def with_session(command: Command) -> Command:
    """Give the command the options above, and the person's Session as its first argument.

    Afterwards a clock that is visibly wrong is named.
    """

    @profile_option
    @role_option
    @through_option
    @click.pass_obj
    @wraps(command)
    def wrapper(
        invocation: Invocation,
        /,
        *arguments: Any,  # noqa: ANN401 # the command's own
        profile: str | None,
        role: str | None,
        through: Any,  # noqa: ANN401 # click has checked the choice
        **options: Any,  # noqa: ANN401 # the command's own
    ) -> Any:  # noqa: ANN401 # the command's own
        session = invocation.session(profile, role, through)
        result = command(session, *arguments, **options)
        if notice := session.connection.watch.notice():
            say(notice)
        return result

    return wrapper
