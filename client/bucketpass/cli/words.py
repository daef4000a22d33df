"""What people read: always on stderr, never with control characters from elsewhere."""

import unicodedata

import click

from bucketpass.errors import BucketpassError


def say(text: str) -> None:
    """One message for the person."""
    click.echo(text, err=True)


def complain(error: BucketpassError) -> None:
    """What went wrong, and what to do about it."""
    say(f"bucketpass: {printable(error.sentence)}")
    if error.remedy:
        say(printable(error.remedy))


def printable(text: str) -> str:
    """The text with everything escaped that a terminal could obey or that could hide itself.

    That is: control and format characters (C0, C1, bidirectional, zero-width), lone surrogates,
    line and paragraph separators.
    """
    return "".join(
        char.encode("unicode_escape").decode() if _is_dangerous(char) else char for char in text
    )


def _is_dangerous(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
