"""`bucketpass pools`."""

from typing import TYPE_CHECKING, Final

import click

from bucketpass.cli.administrator_option import administrator, administrator_options, progress
from bucketpass.cli.command import write_examples
from bucketpass.cli.plain_table import print_table, printable_lines
from bucketpass.cli.pools_doctor import doctor
from bucketpass.cli.pools_user import user
from bucketpass.pools.pool_format import FORMATS
from bucketpass.pools.pool_row import pool_rows

if TYPE_CHECKING:
    from bucketpass.pools.inventory import Inventory

_EXAMPLES: Final = """
    bucketpass pools
    bucketpass pools --format mermaid --aws-profile admin
    bucketpass pools --region eu-west-1 doctor
    bucketpass pools user alice --stack bucketpass
"""


class PoolsGroup(click.Group):
    """A group whose help ends with examples."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, then click's own epilog."""
        write_examples(_EXAMPLES, formatter)
        super().format_epilog(ctx, formatter)


@click.group(cls=PoolsGroup, invoke_without_command=True)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["table", *FORMATS]),
    default="table",
    show_default=True,
    help="A table for people, JSON or CSV for programs, or a graph for Mermaid or Graphviz.",
)
@administrator_options
@click.pass_context
def pools(ctx: click.Context, *, format_name: str) -> None:
    """Show all pools of an AWS account and their bindings.

    For administrators: your AWS credentials are found as the AWS tools find them, and no profile
    of `bucketpass configure` takes part. Shows every user pool and identity pool of the account
    and region, which app client each identity pool trusts, and which roles it gives. Needs
    cognito-idp:List* and Describe*, and cognito-identity:List*, Describe* and Get*.
    """
    if ctx.invoked_subcommand is not None:
        return
    from bucketpass.pools.account_reader import read_pools  # noqa: PLC0415 # boto3 takes long

    with progress() as report:
        inventory = read_pools(administrator(), report)
    if format_name == "table":
        _print_tables(inventory)
    else:
        click.echo(printable_lines(FORMATS[format_name](inventory)))


pools.add_command(doctor)
pools.add_command(user)


def _print_tables(inventory: "Inventory") -> None:
    rows = pool_rows(inventory)
    print_table(
        f"User pools of account {inventory.account}, {inventory.region}",
        ["User pool", "App client", "Groups and their roles", "Trusted by identity pool"],
        [
            [
                f"{row.user_pool_name}\n{row.user_pool_id}",
                f"{row.client_name}\n{row.client_id}".strip(),
                row.groups.replace(", ", "\n"),
                f"{row.identity_pool_name}\n{row.identity_pool_id}".strip() or "none",
            ]
            for row in rows
            if row.user_pool_name
        ],
    )
    print_table(
        f"Identity pools of account {inventory.account}, {inventory.region}",
        ["Identity pool", "Trusts app client", "Role of the signed-in", "Role mapping", "Guests"],
        [
            [
                f"{row.identity_pool_name}\n{row.identity_pool_id}",
                f"{row.client_id or 'none'}\n{row.user_pool_name or row.user_pool_id}".strip(),
                row.authenticated_role,
                row.role_mapping or "none",
                f"{row.guests}\n{row.unauthenticated_role}".strip(),
            ]
            for row in rows
            if row.identity_pool_id
        ],
    )
