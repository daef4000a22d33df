"""The commands of `python -m local`."""

import json
from pathlib import Path
from typing import get_args

import click

from local.failure import LocalRunError
from local.local_run import run_in_foreground
from local.outputs_file import LOCAL_FOLDER
from local.page_server import page_origin
from local.ports import choose_port
from local.running_stack import RunningStack
from local.sample_event import fill_event, load_event, placeholders
from local.stack import CredentialSource, LocalStack
from local.terminal import Terminal

_DEFAULT_PORT = 4599
# As in the default of the template's AllowedOrigin.
_DEFAULT_PAGE_PORT = 8080


class _Group(click.Group):
    """Shows a LocalRunError as its sentence and ends with status 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except LocalRunError as error:
            Terminal().fail(error.sentence, error.evidence)
            ctx.exit(1)


@click.group(
    cls=_Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--credential-source",
    type=click.Choice(get_args(CredentialSource)),
    default="identity-pool",
    show_default=True,
    help="Where a caller's credentials come from.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_DEFAULT_PORT,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes a free one.",
)
@click.option(
    "--page/--no-page",
    default=True,
    show_default=True,
    help="Serve the page.",
)
@click.option(
    "--page-port",
    type=click.IntRange(0, 65535),
    default=_DEFAULT_PAGE_PORT,
    show_default=True,
    help="The page's port on localhost; 0 takes a free one.",
)
@click.option("--keep", is_flag=True, help="Keep users, objects and passwords for the next time.")
@click.option(
    "--watch/--no-watch",
    default=True,
    show_default=True,
    help="Make a changed file in src/ live at the next request.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=LOCAL_FOLDER,
    help="Where the outputs and the kept state stand.  [default: .local]",
)
@click.pass_context
def main(  # noqa: PLR0913 # one per option
    ctx: click.Context,
    *,
    credential_source: CredentialSource,
    port: int,
    page: bool,
    page_port: int,
    keep: bool,
    watch: bool,
    folder: Path,
) -> None:
    """Run the whole service in an emulated AWS on this machine, until Ctrl-C."""
    ctx.obj = folder.resolve()
    if ctx.invoked_subcommand:
        return
    if page and port == page_port != 0:
        raise click.UsageError("--port and --page-port are two ports.")
    terminal = Terminal()
    page_port = choose_port(page_port, "--page-port") if page else _DEFAULT_PAGE_PORT
    stack = LocalStack(
        credential_source=credential_source,
        port=port,
        parameters={"AllowedOrigin": page_origin(page_port)},
        kept_state=folder.resolve() / "state" if keep else None,
        report=terminal.say,
    )
    run_in_foreground(
        stack, terminal, folder.resolve(), page_port=page_port if page else None, watch=watch
    )


@main.command()
@click.argument("user")
@click.pass_obj
def token(folder: Path, user: str) -> None:
    """Print a fresh ID token of USER, such as alice."""
    click.echo(RunningStack(folder).sign_in(user).id)


@main.command()
@click.argument("user")
@click.pass_obj
def password(folder: Path, user: str) -> None:
    """Print the password of USER, such as alice, to sign in on the page."""
    click.echo(RunningStack(folder).password(user))


@main.command()
@click.argument("name")
@click.option("--user", default="alice", show_default=True, help="Whose token and identity id.")
@click.pass_obj
def event(folder: Path, name: str, user: str) -> None:
    """Print events/NAME.json with what the running stack knows filled in.

    ${ID_TOKEN} and ${IDENTITY_ID} are USER's, ${OTHER_IDENTITY_ID} is somebody else's.
    """
    written = load_event(name)
    other = "alice" if user == "bob" else "bob"
    sources = {
        "ID_TOKEN": lambda: RunningStack(folder).sign_in(user).id,
        "IDENTITY_ID": lambda: RunningStack(folder).identity_id(user),
        "OTHER_IDENTITY_ID": lambda: RunningStack(folder).identity_id(other),
    }
    asked = placeholders(written) & sources.keys()
    filled = fill_event(written, {placeholder: sources[placeholder]() for placeholder in asked})
    click.echo(json.dumps(filled, indent=2, ensure_ascii=False))


@main.command()
@click.pass_obj
def env(folder: Path) -> None:
    """Print the functions' environment for `sam local invoke --env-vars`.

    The emulated AWS listens on 127.0.0.1 only: with Docker, add `--docker-network host`.
    """
    click.echo(json.dumps(RunningStack(folder).function_environments(), indent=2))
