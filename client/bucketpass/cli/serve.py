"""`bucketpass serve`."""

import shlex
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.session_option import with_session
from bucketpass.cli.words import say
from bucketpass.container_endpoint import ContainerEndpoint
from bucketpass.errors import ConfigurationError

if TYPE_CHECKING:
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass serve > endpoint.sh &
    . ./endpoint.sh && python analysis.py
    """,
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes a free one.",
)
@with_session
def serve(session: "Session", *, port: int) -> None:
    """Give your credentials to other local programs.

    Runs until Ctrl-C. Prints two lines that lead any AWS SDK to an endpoint on loopback, where it
    fetches fresh credentials by itself. Only who knows the random token gets any.
    """
    session.scoped_credentials()  # better refused here than at the first request
    try:
        endpoint = ContainerEndpoint(session.scoped_credentials, port)
    except OSError as error:
        raise ConfigurationError(
            f"Port {port} of this machine is taken.", remedy="Choose another with --port."
        ) from error
    with endpoint, suppress(KeyboardInterrupt):
        for name, value in endpoint.environment().items():
            click.echo(f"export {name}={shlex.quote(value)}")
        say("Serving credentials on this machine; end with Ctrl-C.")
        endpoint.serve_forever()
