"""The user pool's public keys, fetched when first needed and kept over failures."""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Url, parse_url

from shared.errors import InvalidToken
from shared.json_web_key_set import read_key_set
from shared.upstream_errors import KeysUnavailable

# A key that the pool no longer publishes is refused after this long.
MAX_AGE_S: Final = 3_600
# Unknown key ids are free to invent: this bounds the fetches that they cause.
COOL_DOWN_S: Final = 10
# While there are no keys at all nobody is served, so the pause is what Retry-After promises.
COLD_COOL_DOWN_S: Final = 2

SOCKET_TIMEOUT_S: Final = 1.5
TOTAL_TIMEOUT_S: Final = 3.0
MAX_DOCUMENT_BYTES: Final = 65_536


class SigningKeys:
    """The keys by their `kid`; one set for the whole process, shared by its threads.

    `fetch` gives the key document and raises KeysUnavailable or OSError where it cannot. `clock`
    gives seconds; the wall clock goes on while Lambda freezes the process, a monotonic one may
    not. A clock that steps back makes the keys old, never young.
    """

    def __init__(self, fetch: Callable[[], bytes], clock: Callable[[], float] = time.time) -> None:
        self._fetch = fetch
        self._clock = clock
        self._flight = threading.Lock()
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._fetched_at: float | None = None
        self._asked_at: float | None = None
        self._failure: Exception | None = None

    def get(self, kid: str) -> RSAPublicKey:
        """The key of this id.

        An unknown id asks the pool again, once in COOL_DOWN_S; keys older than MAX_AGE_S are
        asked for again and stay in use if that fails. Raises InvalidToken for an id that the pool
        does not know, KeysUnavailable where the pool could not be asked.
        """
        key = self._keys.get(kid)
        if key is not None and self._within(self._fetched_at, MAX_AGE_S):
            return key
        # Whose key is merely old does not wait behind another's fetch.
        if self._flight.acquire(blocking=key is None):
            try:
                self._refresh_if_due(kid)
            finally:
                self._flight.release()
        key = self._keys.get(kid)
        if key is not None:
            return key
        if self._failure is not None:
            raise KeysUnavailable(_reason(self._failure)) from self._failure
        raise InvalidToken("unknown_kid")

    def _refresh_if_due(self, kid: str) -> None:
        if kid in self._keys and self._within(self._fetched_at, MAX_AGE_S):
            return
        if self._within(self._asked_at, COOL_DOWN_S if self._keys else COLD_COOL_DOWN_S):
            return
        try:
            self._keys = read_key_set(self._fetch())
            self._fetched_at = self._clock()
            self._failure = None
        except (KeysUnavailable, OSError) as error:
            self._failure = error
        finally:
            self._asked_at = self._clock()

    def _within(self, moment: float | None, seconds: float) -> bool:
        return moment is not None and 0 <= self._clock() - moment < seconds


def https_fetch(url: str, *, total_s: float = TOTAL_TIMEOUT_S) -> Callable[[], bytes]:
    """A download of `url` (https, or http for an endpoint on this machine) for SigningKeys.

    One attempt without redirects, proxies or content decoding; it ends within about `total_s`
    seconds and MAX_DOCUMENT_BYTES bytes. The download raises KeysUnavailable for everything but a
    complete 200. Raises ValueError for a URL of another kind.
    """
    target = parse_url(url)
    if target.scheme not in {"http", "https"} or not target.host:
        raise ValueError(f"not an http or https URL: {url!r}")

    def fetch() -> bytes:
        ends_at = time.monotonic() + total_s
        connection = _connection(target)
        try:
            connection.connect()
            with _cut_off(connection.sock, ends_at):
                document = _download(connection, target.request_uri)
        except (OSError, HTTPError, http.client.HTTPException) as error:
            late = time.monotonic() >= ends_at
            raise KeysUnavailable("jwks_too_slow" if late else "jwks_unreachable") from error
        finally:
            connection.close()
        # A body that ends with the connection looks complete when it was cut off.
        if time.monotonic() >= ends_at:
            raise KeysUnavailable("jwks_too_slow")
        return document

    return fetch


def _connection(target: Url) -> HTTPConnection:
    kind = HTTPSConnection if target.scheme == "https" else HTTPConnection
    return kind(str(target.host).strip("[]"), target.port, timeout=SOCKET_TIMEOUT_S)


def _download(connection: HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, preload_content=False, decode_content=False)
    response = connection.getresponse()
    if response.status != http.client.OK:
        raise KeysUnavailable(f"jwks_status_{response.status}")
    document = b""
    # Only a read that finds the end tells a whole body from one cut short.
    while piece := response.read(MAX_DOCUMENT_BYTES, decode_content=False):
        document += piece
        if len(document) > MAX_DOCUMENT_BYTES:
            raise KeysUnavailable("jwks_oversized")
    return document


@contextmanager
def _cut_off(sock: socket.socket, ends_at: float) -> Iterator[None]:
    """Shut the socket down at that moment, which ends a read in another thread.

    A socket's own time-out starts anew with each byte, so a slow drip outlives it.
    """

    def cut() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    watchdog = threading.Timer(max(0, ends_at - time.monotonic()), cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _reason(failure: Exception) -> str:
    return failure.reason if isinstance(failure, KeysUnavailable) else "jwks_unreachable"
