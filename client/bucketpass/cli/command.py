"""A command whose help ends with examples."""

import textwrap
from typing import Any

import click


class Command(click.Command):
    """A click command; `examples` are lines that the help shows as they are."""

    def __init__(self, *arguments: Any, examples: str = "", **options: Any) -> None:  # noqa: ANN401 # click's
        super().__init__(*arguments, **options)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, then click's own epilog."""
        write_examples(self.examples, formatter)
        super().format_epilog(ctx, formatter)


def write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    """A section with these lines, unwrapped; nothing if there are none."""
    if examples:
        with formatter.section("Examples"):
            formatter.write(textwrap.indent(textwrap.dedent(examples).strip("\n"), "  ") + "\n")
