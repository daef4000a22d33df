"""The exit status of the command line: one per cause."""

from typing import Final

from bucketpass import errors
from bucketpass.errors import BucketpassError

OTHER: Final = 1
USAGE: Final = 2  # click's own
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells count

STATUS_OF: Final[dict[type[BucketpassError], int]] = {
    errors.ConfigurationError: 3,
    errors.NotSignedIn: 4,
    errors.SignInExpired: 5,
    errors.SignInRefused: 6,
    errors.CodeRefused: 7,
    errors.PasswordRefused: 8,
    errors.ChallengeUnanswered: 9,
    errors.IdentityRefused: 10,
    errors.RoleRefused: 11,
    errors.AccessDenied: 12,
    errors.Throttled: 13,
    errors.Unreachable: 14,
    errors.UnexpectedAnswer: 15,
    errors.ClockSkew: 16,
    errors.UnsafeFile: 17,
    errors.Busy: 18,
    errors.NotFound: 19,
    errors.InvalidPlace: 20,
    errors.UnsafeName: 21,
    errors.ChangedMeanwhile: 22,
    errors.Damaged: 23,
    errors.FileRefused: 24,
    errors.PartlyDone: 25,
}

MEANING: Final[dict[int, str]] = {
    0: "Done.",
    OTHER: "`pools doctor` found something; else any other cause, which the words on stderr say.",
    USAGE: "The command line is wrong.",
    **{
        status: (cause.__doc__ or "").strip().splitlines()[0] for cause, status in STATUS_OF.items()
    },
    INTERRUPTED: "Interrupted from the keyboard.",
}


def status_of(error: BucketpassError) -> int:
    """The status for the error's class or the nearest of its bases."""
    return next((STATUS_OF[base] for base in type(error).__mro__ if base in STATUS_OF), OTHER)
