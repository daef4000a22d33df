"""`bucketpass configure-profile`."""

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from bucketpass.aws_config_file import aws_config_path, write_profile
from bucketpass.cli.command import Command
from bucketpass.cli.invocation import Invocation
from bucketpass.cli.session_option import profile_option, role_option, through_option
from bucketpass.cli.words import printable, say
from bucketpass.errors import ConfigurationError
from bucketpass.home_address import known_home_address
from bucketpass.profile import require_name
from bucketpass.profile_file import ProfileFile


@click.command(
    cls=Command,
    examples="""
    bucketpass configure-profile work
    aws s3 ls s3://BUCKET/home/IDENTITY/ --profile work
    """,
)
@click.argument("name")
@profile_option
@role_option
@through_option
@click.option("--force", is_flag=True, help="Overwrite a profile that gets credentials elsewhere.")
@click.pass_obj
def configure_profile(  # noqa: PLR0913 # click gives each option as an argument
    invocation: Invocation,
    name: str,
    profile: str | None,
    role: str | None,
    through: Any,  # noqa: ANN401 # click has checked the choice
    *,
    force: bool,
) -> None:
    """Make NAME a profile of the AWS tools.

    The profile acts as you. Writes `credential_process`, the region and, for a local stack, the
    endpoint into the AWS configuration file (AWS_CONFIG_FILE or ~/.aws/config). The rest of the
    file stays as it is, and doing it again changes nothing. Who is signed in is told the address of
    the own folder.
    """
    require_name(name)
    chosen = invocation.profile(profile)
    if ProfileFile().load(chosen.name) is None:
        raise ConfigurationError(f"There is no profile {chosen.name!r} to refer to.")
    arguments = ["--profile", chosen.name, "credential-process"]
    arguments += ["--role", role] if role else []
    arguments += ["--through", through] if through != "identity-pool" else []
    settings = {
        "credential_process": quoted([*own_command(), *arguments]),
        "region": chosen.require("region"),
        **({"endpoint_url": chosen.endpoint_url} if chosen.endpoint_url else {}),
    }
    path = aws_config_path()
    changed = write_profile(path, name, settings, replace=force)
    verb = "Wrote" if changed else "Nothing to change in"
    say(f"{verb} profile {name!r} in {printable(str(path))}.")
    if home := known_home_address(chosen):
        say(printable(f"Your folder: aws s3 ls {home} --profile {name}"))


def own_command() -> list[str]:
    """How another program starts this one: by absolute paths."""
    program = Path(sys.argv[0])
    if program.name in {"bucketpass", "bucketpass.exe"} and program.is_file():
        return [str(program.resolve())]
    return [sys.executable, "-m", "bucketpass"]


def quoted(command: list[str]) -> str:
    """The command as the SDKs split it: like a POSIX shell, or like Windows there."""
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)
