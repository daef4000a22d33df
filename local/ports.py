"""The TCP port of the local stack, on loopback only."""

import errno
import socket
from typing import Final

from local.failure import LocalRunError

LOOPBACK: Final = "127.0.0.1"
_FAMILIES: Final = ((socket.AF_INET, LOOPBACK), (socket.AF_INET6, "::1"))


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def choose_port(port: int, option: str = "--port") -> int:
    """The port if it is free, for 0 any free one; raises as `require_free` does."""
    if not port:
        return free_port()
    require_free(port, option)
    return port


def require_free(port: int, option: str = "--port") -> None:
    """Raise LocalRunError, naming the option to choose another, if the port cannot be had.

    IPv6 is looked at too: the API is addressed as `localhost`, which many programs try there first.
    """
    for family, address in _FAMILIES:
        if _is_taken(family, address, port):
            raise LocalRunError(
                f"Port {port} is taken, perhaps by another local stack: stop that, "
                f'or choose another port: make run ARGS="{option} {port + 1}".'
            )


def _is_taken(family: socket.AddressFamily, address: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            # Connections in TIME_WAIT of a stack that just ended are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except PermissionError as error:
        raise LocalRunError(f"Port {port} needs more rights: choose one above 1023.") from error
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False
