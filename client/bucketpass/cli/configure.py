"""`bucketpass configure`."""

import sys
from pathlib import Path
from typing import Final

import click

from bucketpass.cli.command import Command
from bucketpass.cli.invocation import Invocation
from bucketpass.cli.session_option import profile_option
from bucketpass.cli.setting_option import setting_options
from bucketpass.cli.words import printable, say
from bucketpass.discovery import discovered
from bucketpass.local_outputs import profile_of_local_stack
from bucketpass.profile import Profile
from bucketpass.profile_file import ProfileFile
from bucketpass.profile_setting import setting_named
from bucketpass.service_api import ServiceApi

_NEEDED: Final = ("user_pool_id", "client_id", "identity_pool_id")


@click.command(
    cls=Command,
    examples="""
    bucketpass configure https://abc123.execute-api.eu-west-1.amazonaws.com/v1
    bucketpass configure --user-pool-id eu-west-1_Ab12 --client-id 5k2j \\
        --identity-pool-id eu-west-1:11111111-2222-3333-4444-555555555555
    bucketpass configure --local
    """,
)
@click.argument("url", required=False, metavar="[API_URL]")
@profile_option
@setting_options
@click.option("--local", is_flag=True, help="Take everything from the local stack that runs here.")
@click.option(
    "--outputs",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The local stack's file, if it is not .local/outputs.json here or above.",
)
@click.option("--show", is_flag=True, help="Print the profile as it counts now; change nothing.")
@click.pass_obj
def configure(  # noqa: PLR0913 # click gives each option as an argument
    invocation: Invocation,
    /,
    url: str | None,
    profile: str | None,
    *,
    local: bool,
    outputs: Path | None,
    show: bool,
    **settings: str | None,
) -> None:
    """Write a profile: where you sign in, what you reach.

    With the service's API URL the rest is discovered as far as the service tells it. Without the
    service the ids of the pools are enough. What is missing is asked for on a terminal. Settings
    of the profile that are not named stay.
    """
    if show:
        _show(invocation.profile(profile).changed(settings))
        return
    name = invocation.named(profile)
    file = ProfileFile()
    if local or outputs:
        written = profile_of_local_stack(name, outputs)
    else:
        written = file.load(name) or Profile(name=name)
    given = {key: value for key, value in settings.items() if value is not None}
    given = {**{k: v for k, v in invocation.settings.items() if v is not None}, **given}
    written = _complete(written.changed(_told(url or given.get("api_url"))).changed(given))
    file.save(written)
    say(f"Wrote profile {name!r} to {printable(str(file.path))}.")


def _told(url: str | None) -> dict[str, str | None]:
    return dict(discovered(ServiceApi(url), url)) if url else {}


def _complete(profile: Profile) -> Profile:
    for name in _NEEDED:
        if getattr(profile, name) is None and sys.stdin.isatty():
            setting = setting_named(name)
            answer = click.prompt(setting.label.capitalize(), err=True)
            profile = profile.changed({name: answer.strip()})
        profile.require(name)
    if profile.bucket is None and sys.stdin.isatty():
        answer = click.prompt("Bucket (empty: none)", default="", show_default=False, err=True)
        profile = profile.changed({"bucket": answer.strip() or None})
    return profile


def _show(profile: Profile) -> None:
    click.echo(f"[{profile.name}]")
    for name, value in profile.settings().items():
        click.echo(f"{name} = {printable(value)}")
