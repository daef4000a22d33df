"""Where the browser comes back to after a managed login (RFC 8252, section 7.3)."""

import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from bucketpass.errors import ChallengeUnanswered

# Cognito compares call-back URLs whole, so the port is fixed and registered with the app client.
DEFAULT_PORT: Final = 8976
_PATH: Final = "/callback"
_PAGE: Final = (
    "<!doctype html><meta charset=utf-8><title>Bucketpass</title>"
    "<p>{sentence}</p><p>You can close this page and go back to the terminal.</p>"
)


class LoopbackRedirect(HTTPServer):
    """Waits on loopback for the one request that `accepts` recognises."""

    def __init__(self, port: int = DEFAULT_PORT) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.query: Mapping[str, str] | None = None
        self.accepts: Callable[[Mapping[str, str]], bool] = lambda _: False

    @property
    def uri(self) -> str:
        """The call-back URL that has to be registered with the app client.

        `localhost`, since Cognito allows plain http for this name alone.
        """
        return f"http://localhost:{self.server_port}{_PATH}"

    def wait(
        self, accepts: Callable[[Mapping[str, str]], bool], seconds: float = 300.0
    ) -> Mapping[str, str]:
        """The query with which the browser came back; raises ChallengeUnanswered after that time.

        Requests that `accepts` does not recognise get a refusal and change nothing.
        """
        self.accepts = accepts
        give_up = time.monotonic() + seconds
        while self.query is None and (left := give_up - time.monotonic()) > 0:
            self.timeout = left
            self.handle_request()
        if self.query is None:
            raise ChallengeUnanswered(
                "Nobody signed in through the browser in time.", remedy="Try again."
            )
        return self.query


class _Handler(BaseHTTPRequestHandler):
    server: LoopbackRedirect
    server_version = "bucketpass"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:  # http.server's name
        """Take the query, or refuse it."""
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query))
        if address.path != _PATH or not self.server.accepts(query):
            self._answer(400, "This is not the sign-in that was begun.")
            return
        self.server.query = query
        done = "code" in query
        self._answer(200, "You are signed in." if done else "The sign-in was not completed.")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # http.server's name
        """Nothing: the request line holds the code."""

    def _answer(self, status: int, sentence: str) -> None:
        content = _PAGE.format(sentence=sentence).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
