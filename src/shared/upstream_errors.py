"""What can go wrong behind this service: AWS throttles, fails or is too slow."""

from shared.errors import BucketpassError


class Throttled(BucketpassError):
    """AWS throttles this caller or this deployment."""

    status, code, title = 429, "throttled", "Too many requests"
    sentence = "Too many requests at the moment; try again later."

    def default_headers(self) -> dict[str, str]:
        """Seconds to wait (RFC 9110, section 10.2.3)."""
        return {"Retry-After": "2"}


class UpstreamError(BucketpassError):
    """AWS answered something that this service does not understand."""

    status, code, title = 502, "upstream_error", "Unexpected answer from AWS"
    sentence = "A service behind this one gave an unexpected answer."


class UpstreamUnavailable(BucketpassError):
    """AWS cannot be reached or answers 5xx."""

    status, code, title = 503, "upstream_unavailable", "AWS unavailable"
    sentence = "A service behind this one is not available; try again later."

    def default_headers(self) -> dict[str, str]:
        """Seconds to wait (RFC 9110, section 10.2.3)."""
        return {"Retry-After": "2"}


class KeysUnavailable(UpstreamUnavailable):
    """The user pool's signing keys could not be fetched, so no token can be judged."""

    code, title = "keys_unavailable", "Signing keys unavailable"
    sentence = "ID tokens cannot be verified at the moment; try again later."


class DeadlineExceeded(BucketpassError):
    """The work would outlive the 29 s that API Gateway waits."""

    status, code, title = 504, "deadline", "Out of time"
    sentence = "The request took too long; try again or ask for less."
