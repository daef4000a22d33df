"""What a user pool may ask of a person besides the password, and who answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

from bucketpass.errors import BucketpassError, ChallengeUnanswered
from bucketpass.secret import Secret


@dataclass(frozen=True)
class TotpEnrolment:
    """A secret that the person gives to an authenticator app."""

    secret: Secret
    account: str
    issuer: str

    @property
    def uri(self) -> Secret:
        """The key URI that authenticator apps read, mostly as a QR code."""
        label = quote(f"{self.issuer}:{self.account}", safe=":")
        query = urlencode({"secret": self.secret.reveal(), "issuer": self.issuer})
        return Secret(f"otpauth://totp/{label}?{query}")


class Answers(Protocol):
    """A person, or what stands in for one. Each method may raise ChallengeUnanswered."""

    def new_password(self, refused: BucketpassError | None) -> Secret:
        """The password to take from now on; `refused` is why the last one was not taken."""

    def attributes(self, names: Sequence[str]) -> Mapping[str, str]:
        """Values of the attributes that the user pool requires."""

    def code(self, way: str, destination: str | None, refused: BucketpassError | None) -> str:
        """A one-time code that came by `way`: `SMS`, `e-mail` or `authenticator app`.

        `destination` is where it was sent, mostly masked. `refused` is why the last one was not
        taken.
        """

    def totp_code(self, enrolment: TotpEnrolment, refused: BucketpassError | None) -> str:
        """Give the secret to the person's app, then the code that the app shows."""

    def choose(self, ways: Sequence[str]) -> str:
        """One of the ways to prove oneself, in Cognito's names."""

    def remember_device(self) -> bool:
        """Whether this device may count as a second factor from now on."""


class NoAnswers:
    """Nobody is there: every question raises ChallengeUnanswered that says what was asked."""

    def new_password(self, refused: BucketpassError | None) -> Secret:  # noqa: ARG002 # the contract's
        """Refused."""
        raise ChallengeUnanswered("The user pool asks for a new password.")

    def attributes(self, names: Sequence[str]) -> Mapping[str, str]:
        """Refused."""
        raise ChallengeUnanswered(f"The user pool asks for {', '.join(names)}.")

    def code(self, way: str, destination: str | None, refused: BucketpassError | None) -> str:  # noqa: ARG002 # the contract's
        """Refused."""
        raise ChallengeUnanswered(f"The user pool asks for a code ({way}).")

    def totp_code(self, enrolment: TotpEnrolment, refused: BucketpassError | None) -> str:  # noqa: ARG002 # the contract's
        """Refused."""
        raise ChallengeUnanswered("The user pool asks to set up an authenticator app.")

    def choose(self, ways: Sequence[str]) -> str:
        """Refused."""
        raise ChallengeUnanswered(f"The user pool asks to choose one of {', '.join(ways)}.")

    def remember_device(self) -> bool:
        """Never: that is a person's decision."""
        return False
