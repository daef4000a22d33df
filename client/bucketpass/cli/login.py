"""`bucketpass login`."""

import sys
import webbrowser
from typing import TYPE_CHECKING

import click

from bucketpass.cli.command import Command
from bucketpass.cli.invocation import Invocation
from bucketpass.cli.session_option import profile_option
from bucketpass.cli.terminal_answers import TerminalAnswers
from bucketpass.cli.words import printable, say
from bucketpass.errors import ChallengeUnanswered
from bucketpass.loopback_redirect import DEFAULT_PORT
from bucketpass.profile import Profile
from bucketpass.secret import Secret

if TYPE_CHECKING:
    from bucketpass.answers import Answers
    from bucketpass.session import Session


@click.command(
    cls=Command,
    examples="""
    bucketpass login alice
    pass show work/cognito | bucketpass login alice --password-stdin
    bucketpass login --browser
    """,
)
@click.argument("username", required=False)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of stdin."
)
@click.option("--browser", is_flag=True, help="Sign in on the user pool's own page instead.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="With --browser: the port of http://localhost:PORT/callback, which the app client has "
    "to have among its call-back URLs.",
)
@profile_option
@click.pass_obj
def login(  # noqa: PLR0913 # click gives each option as an argument
    invocation: Invocation,
    username: str | None,
    profile: str | None,
    *,
    password_stdin: bool,
    browser: bool,
    port: int,
) -> None:
    """Sign in, and stay signed in.

    You stay signed in until you log out or the user pool ends it. The password does not leave
    this machine: it is proven by SRP. Whatever else the user pool asks for (a new password, a
    code, setting up an authenticator app) is asked on the terminal. The tokens are kept in the
    keyring, or in a file that only you can read.
    """
    chosen = invocation.profile(profile)
    if browser:
        session = _by_browser(chosen, port)
    else:
        session = _by_password(chosen, username, password_stdin=password_stdin)
    say(f"Signed in as {printable(session.claims.username)}.")
    if chosen.identity_pool_id is not None:
        say(f"Your folder is {printable(session.home)}")
    if notice := session.connection.watch.notice():
        say(notice)


def _by_password(profile: Profile, username: str | None, *, password_stdin: bool) -> "Session":
    from bucketpass.answers import NoAnswers  # noqa: PLC0415 # only here
    from bucketpass.session import Session  # noqa: PLC0415 # botocore takes long to import

    interactive = sys.stdin.isatty()
    name = username or profile.username or _asked_name(interactive=interactive)
    password = _password(from_stdin=password_stdin, interactive=interactive)
    answers: Answers = TerminalAnswers() if interactive else NoAnswers()
    return Session.sign_in(name, password, profile=profile, answers=answers, remember=True)


def _by_browser(profile: Profile, port: int) -> "Session":
    from bucketpass.browser_sign_in import sign_in_by_browser  # noqa: PLC0415 # only here
    from bucketpass.session import Session  # noqa: PLC0415 # botocore takes long to import

    session = Session.from_profile(profile)
    session.keep(sign_in_by_browser(session.connection, _open_page, port))
    return session


def _open_page(address: str) -> None:
    say("Sign in on this page:")
    say(f"  {address}")
    webbrowser.open(address)


def _asked_name(*, interactive: bool) -> str:
    if not interactive:
        raise ChallengeUnanswered(
            "No user name is given.", remedy="Name it: bucketpass login NAME."
        )
    return str(click.prompt("User name", err=True))


def _password(*, from_stdin: bool, interactive: bool) -> Secret:
    if from_stdin:
        return Secret(sys.stdin.readline().rstrip("\r\n"))
    if not interactive:
        raise ChallengeUnanswered(
            "There is no terminal to ask for the password.", remedy="Give it by --password-stdin."
        )
    return Secret(click.prompt("Password", hide_input=True, err=True))
