"""The root of the command line, and the one place where commands are registered."""

import importlib
from typing import Final

import click

from bucketpass import __version__
from bucketpass.cli.command import write_examples
from bucketpass.cli.invocation import Invocation
from bucketpass.cli.setting_option import setting_options
from bucketpass.cli.words import complain, say
from bucketpass.errors import BucketpassError
from bucketpass.exit_status import INTERRUPTED, status_of

# Name of the command: where it is. A module is imported when its command runs or its help is shown,
# since `aws` may call `bucketpass credential-process` often. The order is that of --help.
COMMANDS: Final = {
    "configure": "bucketpass.cli.configure:configure",
    "login": "bucketpass.cli.login:login",
    "logout": "bucketpass.cli.logout:logout",
    "whoami": "bucketpass.cli.whoami:whoami",
    "ls": "bucketpass.cli.ls:ls",
    "tree": "bucketpass.cli.tree:tree",
    "cat": "bucketpass.cli.cat:cat",
    "stat": "bucketpass.cli.stat:stat",
    "cp": "bucketpass.cli.cp:cp",
    "mv": "bucketpass.cli.mv:mv",
    "sync": "bucketpass.cli.sync:sync",
    "rm": "bucketpass.cli.rm:rm",
    "presign": "bucketpass.cli.presign:presign",
    "credentials": "bucketpass.cli.credentials:credentials",
    "credential-process": "bucketpass.cli.credentials:credential_process",
    "configure-profile": "bucketpass.cli.configure_profile:configure_profile",
    "exec": "bucketpass.cli.execute:execute",
    "serve": "bucketpass.cli.serve:serve",
    "pools": "bucketpass.cli.pools:pools",
}
_EXAMPLES: Final = """
    bucketpass configure https://abc123.execute-api.eu-west-1.amazonaws.com/v1
    bucketpass login alice
    bucketpass exec -- sh -c 'aws s3 ls "$BUCKETPASS_HOME"'
"""


class CommandGroup(click.Group):
    """Finds commands in the table, and ends with the exit status of the error's cause."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, then click's own epilog."""
        write_examples(_EXAMPLES, formatter)
        super().format_epilog(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 # click's signature
        """The names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 # click's signature
        """The command of that name, imported now; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 # the table above is wrong otherwise
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; its errors become words on stderr and an exit status."""
        try:
            return super().invoke(ctx)
        except BucketpassError as error:
            complain(error)
            ctx.exit(status_of(error))
        except (KeyboardInterrupt, click.Abort):
            say("\nInterrupted.")
            ctx.exit(INTERRUPTED)


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Each setting can also come from a variable, such as BUCKETPASS_BUCKET. What is asked "
    "for goes to stdout, everything else to stderr; the exit status tells the cause of a failure.",
)
@click.option("--profile", metavar="NAME", help="The profile to use [default: default].")
@setting_options
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def root(ctx: click.Context, /, profile: str | None, **settings: str | None) -> None:
    """Sign in through an Amazon Cognito user pool and reach exactly your own S3 objects."""
    ctx.obj = Invocation(profile, settings)


def main() -> None:
    """The entry point of the command `bucketpass`."""
    root(prog_name="bucketpass")
