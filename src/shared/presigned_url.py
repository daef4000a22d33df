"""A URL that carries a signature, and how long it can live."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from shared.errors import InvalidRequest
from shared.upstream_errors import UpstreamUnavailable

MAX_SECONDS: Final = 3600

LimitedBy = Literal["requested", "maximum", "credentials"]


@dataclass(frozen=True, slots=True)
class PresignedUrl:
    """A URL for one method on one object, whoever holds it, until `expires_at` (aware, UTC).

    `url` is a capability and hence not in the repr; `limited_by` says why it does not live longer.
    """

    url: str = field(repr=False)
    expires_at: datetime
    limited_by: LimitedBy


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Whole seconds that a URL lives, and what limits them."""

    seconds: int
    limited_by: LimitedBy


def lifetime(requested: int, expiration: datetime, now: float) -> Lifetime:
    """The shortest of what is asked, 3,600 s and what is left of the credentials at `now`.

    A URL dies with the credentials that signed it, whatever its own expiry says. `requested` is
    in seconds, `now` in epoch seconds. Raises InvalidRequest for less than 1 s, and
    UpstreamUnavailable where the credentials end before the next second: new ones are due.
    """
    if requested < 1:
        raise InvalidRequest("expiry below 1 s", detail="A URL lives for at least 1 second.")
    limits: dict[LimitedBy, int] = {
        "requested": requested,
        "maximum": MAX_SECONDS,
        "credentials": int(expiration.timestamp() - now),
    }
    shortest = min(limits, key=lambda name: limits[name])
    if limits[shortest] < 1:
        raise UpstreamUnavailable(
            "nothing left of the credentials",
            detail="The credentials behind the URL are about to expire; try again.",
        )
    return Lifetime(limits[shortest], shortest)
