"""Signing in on the user pool's own page."""

from collections.abc import Callable

from bucketpass.connection import Connection
from bucketpass.errors import ConfigurationError
from bucketpass.loopback_redirect import DEFAULT_PORT, LoopbackRedirect
from bucketpass.managed_login import ManagedLogin
from bucketpass.tokens import Tokens


def sign_in_by_browser(
    connection: Connection, open_page: Callable[[str], object], port: int = DEFAULT_PORT
) -> Tokens:
    """Have `open_page` show the address to the person, and wait until they are signed in.

    Raises ConfigurationError if the profile has no `login_url` or the port is taken, SignInRefused,
    ChallengeUnanswered after five minutes, Unreachable, UnexpectedAnswer.
    """
    connection.profile.require("login_url")
    try:
        redirect = LoopbackRedirect(port)
    except OSError as error:
        raise ConfigurationError(
            f"Port {port} of this machine is taken.", remedy="Choose another with --port."
        ) from error
    with redirect:
        login = ManagedLogin(connection.profile, redirect.uri)
        open_page(login.address)
        query = redirect.wait(login.accepts)
    return login.tokens(query, connection.clock)
