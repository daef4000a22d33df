"""`python -m bucketpass.cli.reference` prints docs/cli.md: the help texts, and two tables."""

from collections.abc import Iterator

import click

from bucketpass.cli.main import root
from bucketpass.exit_status import MEANING
from bucketpass.profile_setting import SETTINGS

_WIDTH = 96


def reference() -> str:
    """The whole page, as Markdown."""
    parts = [
        "# The command line\n\nPrinted by `python -m bucketpass.cli.reference`.\n",
        *_helps(root, "bucketpass", None),
        _settings(),
        _statuses(),
    ]
    return "\n".join(parts)


def _helps(command: click.Command, path: str, parent: click.Context | None) -> Iterator[str]:
    name = path.rpartition(" ")[2]
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=_WIDTH,
        **command.context_settings,
    )
    yield f"## {path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _helps(found, f"{path} {child}", context)


def _settings() -> str:
    rows = [f"| `{s.name}` | `{s.variable}` | `{s.flag}` | {s.help} |" for s in SETTINGS]
    return "\n".join(
        [
            "## Settings\n",
            "A flag comes before a variable, a variable before the profile.\n",
            "| in the profile | variable | flag | what |",
            "|---|---|---|---|",
            *rows,
            "",
            "Besides: `BUCKETPASS_PROFILE` names the profile, `BUCKETPASS_THROUGH` is `--through`,",
            "`BUCKETPASS_TOKEN_STORE` is `auto`, `file` or `keyring`.",
            "",
        ]
    )


def _statuses() -> str:
    rows = [f"| {status} | {meaning} |" for status, meaning in MEANING.items()]
    return "\n".join(["## Exit status\n", "| status | cause |", "|---|---|", *rows, ""])


if __name__ == "__main__":
    click.echo(reference(), nl=False)
