"""`bucketpass pools doctor`."""

import json
from typing import TYPE_CHECKING, Final

import click

from bucketpass.cli.administrator_option import administrator, administrator_options, progress
from bucketpass.cli.command import Command
from bucketpass.cli.words import printable, say
from bucketpass.pools.diagnosis import RULES, diagnosed
from bucketpass.pools.finding import Finding, Severity

if TYPE_CHECKING:
    from bucketpass.pools.inventory import Inventory

_STYLES: Final = {
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: None,
}


@click.command(
    cls=Command,
    examples="""
    bucketpass pools doctor
    bucketpass pools doctor --format json | jq -r '.findings[].code'
    bucketpass pools doctor --fail-on high || echo "not so good"
    """,
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Words for people, or a JSON object.",
)
@click.option(
    "--fail-on",
    type=click.Choice([severity.word for severity in Severity]),
    default=Severity.LOW.word,
    show_default=True,
    help="The least severity that ends with exit status 1.",
)
@administrator_options
@click.pass_context
def doctor(ctx: click.Context, *, format_name: str, fail_on: str) -> None:
    """Look for dangerous or broken settings.

    Looks at every identity pool of the account and region, the user pools and app clients that it
    trusts, and the roles that it gives: their trust policies and their own policies. A Deny, a
    permissions boundary, a service control policy and the policies of buckets are not weighed, so
    a role may be able to do less than a finding says. Needs what `bucketpass pools` needs, and
    iam:Get* and List*. Exit status 0: nothing of that severity; 1: something was found. Changes
    nothing.
    """
    from bucketpass.pools.account_reader import read_everything  # noqa: PLC0415 # boto3 takes long

    with progress() as report:
        inventory = read_everything(administrator(), report)
    findings = diagnosed(inventory)
    if format_name == "json":
        click.echo(json.dumps(_document(inventory, findings), indent=2))
    else:
        _print(findings)
        say(_summary(inventory, findings))
    if any(finding.severity >= Severity[fail_on.upper()] for finding in findings):
        ctx.exit(1)


def _print(findings: list[Finding]) -> None:
    for finding in findings:
        word = click.style(finding.severity.word.upper(), fg=_STYLES[finding.severity], bold=True)
        click.echo(f"{word} {finding.code}: {printable(finding.where)}")
        click.echo(f"  {printable(finding.what)}")
        click.echo(f"  Remedy: {printable(finding.remedy)}\n")


def _summary(inventory: "Inventory", findings: list[Finding]) -> str:
    counts = [
        f"{number} {severity.word}"
        for severity in reversed(Severity)
        if (number := sum(finding.severity is severity for finding in findings))
    ]
    return (
        f"{', '.join(counts) or 'Nothing found'}. Account {inventory.account}, {inventory.region}; "
        f"identity pools: {len(inventory.identity_pools)}, "
        f"user pools: {len(inventory.user_pools)}, "
        f"roles: {len(inventory.roles)}, rules: {len(RULES)}."
    )


def _document(inventory: "Inventory", findings: list[Finding]) -> dict[str, object]:
    return {
        "account": inventory.account,
        "region": inventory.region,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.word,
                "where": finding.where,
                "what": finding.what,
                "remedy": finding.remedy,
            }
            for finding in findings
        ],
    }
