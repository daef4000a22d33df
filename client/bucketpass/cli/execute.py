"""`bucketpass exec`."""

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final, NoReturn

import click

from bucketpass.cli.command import Command
from bucketpass.cli.session_option import with_session
from bucketpass.cli.words import printable, say
from bucketpass.credential_format import environment
from bucketpass.home_address import known_home_address

if TYPE_CHECKING:
    from bucketpass.session import Session

_HOME: Final = "BUCKETPASS_HOME"
# What would come before the variables that are set here, or contradict them.
_REMOVED: Final = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    _HOME,
)
# as shells say it
_NOT_FOUND: Final = 127
_NOT_EXECUTABLE: Final = 126


@click.command(
    "exec",
    cls=Command,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    examples="""
    bucketpass exec -- sh -c 'aws s3 ls "$BUCKETPASS_HOME"'
    bucketpass exec -- python analysis.py
    """,
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@with_session
def execute(session: "Session", command: tuple[str, ...]) -> None:
    """Run COMMAND with your AWS credentials.

    They are in its environment and hold for one hour; for longer work use `configure-profile` or
    `serve`. BUCKETPASS_HOME is the s3:// address of your folder, where the profile names the bucket
    and `login` has kept your identity id. The exit status is the command's own (126: it cannot be
    run, 127: there is none).
    """
    kept = {name: value for name, value in os.environ.items() if name not in _REMOVED}
    given = environment(session.scoped_credentials(), session.profile)
    home = known_home_address(session.profile)
    try:
        _become(command, {**kept, **given, **({_HOME: home} if home else {})})
    except FileNotFoundError:
        say(f"bucketpass: there is no command {printable(command[0])!r}.")
        sys.exit(_NOT_FOUND)
    except OSError as error:
        say(f"bucketpass: {printable(command[0])!r} cannot be run: {error.strerror}.")
        sys.exit(_NOT_EXECUTABLE)


def _become(command: tuple[str, ...], variables: dict[str, str]) -> NoReturn:
    if sys.platform == "win32":
        # exec there starts a second process and lets the shell go on at once
        sys.exit(subprocess.run(command, env=variables, check=False).returncode)  # noqa: S603 # the person's own command
    sys.stdout.flush()
    os.execvpe(command[0], command, variables)  # noqa: S606 # the same
