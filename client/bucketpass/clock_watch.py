"""How far the clock of this machine is from that of AWS."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any, Final

from bucketpass.errors import AccessDenied, ClockSkew, IdentityRefused, SignInExpired, SignInRefused

# Cognito's and S3's signatures and tokens stand some minutes (S3: 15, error RequestTimeTooSkewed).
HARMFUL_SECONDS: Final = 300.0
NOTICEABLE_SECONDS: Final = 60.0


class ClockWatch:
    """Compares the `Date` of each answer with the clock of this machine.

    `skew` is how many seconds this machine is ahead of AWS (negative: behind), 0 as long as no
    answer has told.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.skew = 0.0

    def observe(self, headers: Mapping[str, str]) -> None:
        """Take the `Date` header (RFC 9110, section 6.6.1) of an answer that has just come."""
        try:
            told = parsedate_to_datetime(headers["date"]).timestamp()
        except (KeyError, ValueError, TypeError):
            return
        self.skew = self._clock() - told

    def follow(self, client: Any) -> None:  # noqa: ANN401 # any botocore client
        """Observe each answer that this botocore client gets."""
        client.meta.events.register("after-call", self._after_call)

    def now(self) -> float:
        """Seconds since the epoch by the clock of AWS, as far as it is known."""
        return self._clock() - self.skew

    def notice(self) -> str | None:
        """A sentence about a clock that is visibly wrong; None if it is not."""
        if abs(self.skew) < NOTICEABLE_SECONDS:
            return None
        direction = "ahead of" if self.skew > 0 else "behind"
        return f"The clock of this machine is {_length(abs(self.skew))} {direction} that of AWS."

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Turn a refusal within into ClockSkew if the clock is far enough off to explain it."""
        try:
            yield
        except (SignInRefused, SignInExpired, IdentityRefused, AccessDenied) as error:
            if abs(self.skew) < HARMFUL_SECONDS:
                raise
            raise ClockSkew(f"{error.sentence} {self.notice()}") from error

    def _after_call(self, parsed: Mapping[str, Any], **_event: object) -> None:
        self.observe(parsed.get("ResponseMetadata", {}).get("HTTPHeaders", {}))


def _length(seconds: float) -> str:
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = round(seconds / size)
        if seconds >= size:
            return f"{count} {unit}{'s' * (count != 1)}"
    return f"{round(seconds)} seconds"
