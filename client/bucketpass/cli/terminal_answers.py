"""The person at the terminal answers the user pool."""

from collections.abc import Mapping, Sequence
from typing import Final

import click

from bucketpass.answers import TotpEnrolment
from bucketpass.cli.words import printable, say
from bucketpass.errors import BucketpassError
from bucketpass.secret import Secret

_WAYS: Final = {
    "SMS_MFA": "SMS",
    "SOFTWARE_TOKEN_MFA": "authenticator app",
    "EMAIL_OTP": "e-mail",
}


class TerminalAnswers:
    """Asks on stderr and reads from the terminal."""

    def new_password(self, refused: BucketpassError | None) -> Secret:
        """Asked twice; what is typed is not shown."""
        if refused is None:
            say("Your password has to be changed.")
        else:
            say(printable(refused.sentence))
        text = click.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
        return Secret(text)

    def attributes(self, names: Sequence[str]) -> Mapping[str, str]:
        """Asked one by one."""
        return {name: click.prompt(printable(name), err=True) for name in names}

    def code(self, way: str, destination: str | None, refused: BucketpassError | None) -> str:
        """Asked for, with where it was sent."""
        if refused is not None:
            say(printable(refused.sentence))
        sent = f", sent to {printable(destination)}" if destination else ""
        return _digits(f"Code ({way}{sent})")

    def totp_code(self, enrolment: TotpEnrolment, refused: BucketpassError | None) -> str:
        """Shows the secret once: the one occasion on which one is shown, since it has to be."""
        if refused is None:
            say("This account needs an authenticator app. Add it there by this address:")
            say(f"  {enrolment.uri.reveal()}")
            say(f"or type the secret: {enrolment.secret.reveal()}")
        else:
            say(printable(refused.sentence))
        return _digits("Code that the app shows")

    def choose(self, ways: Sequence[str]) -> str:
        """Asked for by number."""
        for number, way in enumerate(ways, 1):
            say(f"  {number}  {_WAYS.get(way, printable(way))}")
        return ways[
            click.prompt("Prove yourself by", type=click.IntRange(1, len(ways)), err=True) - 1
        ]

    def remember_device(self) -> bool:
        """Asked, with No as the answer to Enter."""
        return click.confirm("Remember this device as a second factor?", default=False, err=True)


def _digits(question: str) -> str:
    return "".join(str(click.prompt(question, err=True)).split())
