"""Which addresses may be sent a secret."""

import ipaddress
from urllib.parse import urlsplit

from bucketpass.errors import ConfigurationError


def checked_address(text: str, what: str) -> str:
    """The URL without a slash at its end, if a secret may travel to it.

    Raises ConfigurationError unless it is https, or http to this very machine, and free of user
    names, queries and fragments. `what` names the setting in the error.
    """
    try:
        parts = urlsplit(text.strip())
        _ = parts.port  # raises for a port out of range
    except ValueError as error:
        raise ConfigurationError(f"{what} is not a URL: {text!r}.") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"{what} is not an https URL: {text!r}.")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ConfigurationError(f"{what} has parts that do not belong there: user, query or #.")
    if parts.scheme == "http" and not is_loopback(text):
        raise ConfigurationError(f"{what} is not encrypted: use https (http is for localhost).")
    return text.strip().rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this very machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
