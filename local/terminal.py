"""What the person at the terminal sees: progress on stderr, results on stdout."""

import time

from rich.console import Console
from rich.text import Text


class Terminal:
    """Coloured where a person looks, plain text everywhere else; nothing is ever wrapped."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._progress = Console(stderr=True, highlight=False, soft_wrap=True)
        self._results = Console(highlight=False, soft_wrap=True)

    def say(self, sentence: str) -> None:
        """Tell what is being done, with the seconds since the start."""
        elapsed = f"{time.monotonic() - self._start:5.1f} s  "
        self._progress.print(Text.assemble((elapsed, "dim"), sentence))

    def warn(self, sentence: str) -> None:
        """Tell what went wrong without ending anything."""
        self._progress.print(Text(sentence, style="yellow"))

    def fail(self, sentence: str, evidence: str) -> None:
        """Tell why this is the end: what others wrote, then the sentence."""
        if evidence:
            self._progress.print(Text(evidence, style="dim"))
        self._progress.print(Text(sentence, style="bold red"))

    def show(self, text: str) -> None:
        """Print a result, its commands in a colour of their own."""
        for line in text.splitlines():
            self._results.print(Text(line, style=_style(line)))


def _style(line: str) -> str:
    if line.startswith("#"):
        return "dim"
    if line.startswith("curl "):
        return "cyan"
    return "bold" if line.startswith("──") else ""
