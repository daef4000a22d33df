"""`bucketpass pools user`."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from bucketpass.cli.administrator_option import (
    administrator,
    administrator_options,
    given,
    progress,
)
from bucketpass.cli.command import Command
from bucketpass.cli.plain_table import print_facts
from bucketpass.cli.words import say

if TYPE_CHECKING:
    from bucketpass.pools.administrator import Administrator
    from bucketpass.pools.person import Person
    from bucketpass.pools.person_lookup import PersonLookup


@click.command(
    cls=Command,
    examples="""
    bucketpass pools user alice --stack bucketpass
    bucketpass pools user eu-west-1:11111111-2222-3333-4444-555555555555 --stack bucketpass
    bucketpass pools user alice --user-pool-id eu-west-1_Ab12 --format json
    """,
)
@click.argument("name")
@click.option("--stack", metavar="STACK", help="The CloudFormation stack of the service.")
@click.option("--log-group", metavar="GROUP", help="The log group of the service's function.")
@click.option(
    "--user-pool-id", metavar="ID", help="Look in this user pool alone, not in all of them."
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Words for people, or a JSON list of everybody found.",
)
@administrator_options
def user(
    name: str,
    *,
    stack: str | None,
    log_group: str | None,
    user_pool_id: str | None,  # noqa: ARG001 # may also stand further left, so `given` finds it
    format_name: str,
) -> None:
    """Show whose a folder is, and which folder is whose.

    NAME is a user name, an e-mail address, a sub, an identity id or a home prefix. Shows user
    name, sub, groups, identity ids and home prefixes.

    AWS tells no administrator which identity belongs to which user: only an exchange with the
    user's own token does. The service writes one line into its log for each exchange, and that
    line is what this command reads; name the service by --stack or --log-group. It goes back as
    far as the log is kept. Without the log, the user or the identity is shown alone. Needs
    cognito-idp:ListUserPools, ListUsers and AdminListGroupsForUser,
    cognito-identity:DescribeIdentity, logs:FilterLogEvents and, for --stack,
    cloudformation:DescribeStacks and DescribeStackResource.
    """
    with progress() as report:
        people = _lookup(administrator(), stack, log_group, report).people(name)
    if format_name == "json":
        documents = [person.document() for person in people]
        click.echo(json.dumps(documents, indent=2))
    else:
        for person in people:
            print_facts(_facts(person))
    for unknown in dict.fromkeys(person.unknown for person in people if person.unknown):
        say(unknown)


def _lookup(
    who: "Administrator", stack: str | None, log_group: str | None, report: Callable[[str], None]
) -> "PersonLookup":
    from bucketpass.pools.exchange_log import ExchangeLog  # noqa: PLC0415 # boto3 takes long
    from bucketpass.pools.person_lookup import PersonLookup  # noqa: PLC0415 # the same
    from bucketpass.pools.service_stack import service_stack  # noqa: PLC0415 # the same
    from bucketpass.pools.user_pool_reader import user_pool_ids  # noqa: PLC0415 # the same

    service = service_stack(who, stack) if stack else None
    group = log_group or (service.log_group if service else None)
    log = ExchangeLog(who.client("logs"), group, report) if group else None
    pool_id = given("user_pool_id") or (service.user_pool_id if service else None)
    return PersonLookup(who, [pool_id] if pool_id else user_pool_ids(who.user_pools), log)


def _facts(person: "Person") -> list[tuple[str, str]]:
    facts = []
    if person.user:
        state = person.user.status if person.user.enabled else f"{person.user.status}, disabled"
        facts += [
            ("username", person.user.username),
            ("sub", person.user.sub),
            ("groups", ", ".join(person.user.groups)),
            ("userPoolId", person.user.user_pool_id),
            ("status", state),
        ]
    for identity in person.identities:
        facts += [("identityId", identity.id), ("home", identity.home)]
        facts += [("loginProvider", provider) for provider in identity.providers]
        if identity.created:
            facts.append(("created", identity.created))
        if identity.exchange:
            facts.append(("lastExchange", identity.exchange.at.isoformat()))
            facts.append(("lastRole", identity.exchange.role_arn))
    return facts
