"""The one family of errors: each cause has a class, a sentence and often a remedy."""

from typing import ClassVar


class BucketpassError(Exception):
    """Something that this package could not do; `str` gives the sentence and the remedy.

    `sentence` says what happened and `remedy` what to do about it (None: nothing to suggest);
    each replaces the words of the class. Neither ever holds a secret. The exit status of the
    command line for each class stands in `exit_status`.
    """

    default_sentence: ClassVar[str] = "Something went wrong."
    default_remedy: ClassVar[str | None] = None

    def __init__(self, sentence: str | None = None, *, remedy: str | None = None) -> None:
        self.sentence = sentence or self.default_sentence
        self.remedy = remedy or self.default_remedy
        super().__init__(" ".join(filter(None, [self.sentence, self.remedy])))


class ConfigurationError(BucketpassError):
    """A setting is missing, malformed or unsafe, or there is no such profile."""

    default_sentence = "The configuration is incomplete."
    default_remedy = "Run `bucketpass configure`."


class UnsafeFile(BucketpassError):
    """A file or folder that holds secrets can be read or replaced by others."""

    default_sentence = "A file that holds secrets is open to others."


class NotSignedIn(BucketpassError):
    """There are no tokens for this profile."""

    default_sentence = "You are not signed in."
    default_remedy = "Run `bucketpass login`."


class SignInExpired(BucketpassError):
    """Cognito no longer takes the refresh token, or there is none to renew the ID token with."""

    default_sentence = "Your sign-in has ended."
    default_remedy = "Run `bucketpass login`."


class SignInRefused(BucketpassError):
    """User name and password do not fit; which of them is never known."""

    default_sentence = "Incorrect user name or password."


class CodeRefused(BucketpassError):
    """A one-time code was wrong or too old."""

    default_sentence = "The code is not right or no longer valid."


class PasswordRefused(BucketpassError):
    """A new password that the user pool does not accept."""

    default_sentence = "The new password does not meet the rules of the user pool."


class ChallengeUnanswered(BucketpassError):
    """The user pool asks something that nobody is there to answer, or that is not known here."""

    default_sentence = "The user pool asks for more than a password."
    default_remedy = "Run `bucketpass login` on a terminal."


class ClockSkew(BucketpassError):
    """A refusal while the clock of this machine is far from that of AWS."""

    default_sentence = "The clock of this machine is wrong."
    default_remedy = "Set it (for example with NTP) and try again."


class IdentityRefused(BucketpassError):
    """The identity pool or the service does not accept the ID token."""

    default_sentence = "The identity pool does not accept this sign-in."


class RoleRefused(BucketpassError):
    """The role asked for is not one of the person's, or one of several has to be named."""

    default_sentence = "The role is not among yours."


class AccessDenied(BucketpassError):
    """IAM refused what was asked with the person's own credentials."""

    default_sentence = "Your role does not allow this."


class Throttled(BucketpassError):
    """AWS or the service asks to slow down."""

    default_sentence = "Too many requests at the moment."
    default_remedy = "Try again in a few seconds."


class Unreachable(BucketpassError):
    """No connection, a time-out, or an answer that says that the other side is down."""

    default_sentence = "AWS or the service cannot be reached."


class UnexpectedAnswer(BucketpassError):
    """An answer that does not follow the contract."""

    default_sentence = "The other side gave an answer that makes no sense here."


class Busy(BucketpassError):
    """Another process works on the same: it renews the tokens, or transfers the same file."""

    default_sentence = "Another process is renewing the sign-in and does not come to an end."


class NotFound(BucketpassError):
    """There is no such object, file or folder."""

    default_sentence = "There is nothing of that name."


class InvalidPlace(BucketpassError):
    """A place is written wrongly, or cannot be used for what was asked."""

    default_sentence = "The place cannot be used."


class UnsafeName(BucketpassError):
    """A name from the bucket is none for a file here, or would lead out of the folder."""

    default_sentence = "The name is unsafe on this machine."


class ChangedMeanwhile(BucketpassError):
    """The source has changed while it was copied."""

    default_sentence = "It has changed in the meantime."
    default_remedy = "Run the same command again."


class Damaged(BucketpassError):
    """A checksum does not fit: what has arrived is not what was sent."""

    default_sentence = "The checksum does not fit."
    default_remedy = "Run the same command again."


class FileRefused(BucketpassError):
    """This machine refuses to read or write a file: rights, space, a name that is too long."""

    default_sentence = "A file of this machine cannot be read or written."


class PartlyDone(BucketpassError):
    """Several files failed, for different causes; each was named, and the others are done."""

    default_sentence = "Not all of it could be done."
