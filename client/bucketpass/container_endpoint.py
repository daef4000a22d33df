"""A container-credentials endpoint on this machine for the AWS SDKs."""

import hmac
import secrets
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from bucketpass.credential_format import as_container
from bucketpass.errors import BucketpassError
from bucketpass.scoped_credentials import ScopedCredentials

PATH: Final = "/credentials"
_HOST: Final = "127.0.0.1"


class ContainerEndpoint(ThreadingHTTPServer):
    """Answers `fetch()` to whoever knows `token`, on loopback; port 0 takes a free one.

    Another user of the machine can reach the port, and so can a web page in the person's browser:
    hence the token, and the refusal of requests that name another host (DNS rebinding).
    """

    daemon_threads = True

    def __init__(self, fetch: Callable[[], ScopedCredentials], port: int = 0) -> None:
        super().__init__((_HOST, port), _Handler)
        self.fetch = fetch
        self.token = secrets.token_urlsafe(32)

    @property
    def url(self) -> str:
        """What AWS_CONTAINER_CREDENTIALS_FULL_URI is to be."""
        return f"http://{_HOST}:{self.server_port}{PATH}"

    def environment(self) -> dict[str, str]:
        """The two variables that lead an AWS SDK here."""
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": self.url,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": self.token,
        }


class _Handler(BaseHTTPRequestHandler):
    server: ContainerEndpoint
    server_version = "bucketpass"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:  # http.server's name
        """Credentials, or a refusal that says nothing but the cause."""
        if self.headers.get("Host") not in self._own_names():
            self._answer(403, '{"message": "wrong host"}')
        elif self.path != PATH:
            self._answer(404, '{"message": "not found"}')
        elif not self._is_authorized():
            self._answer(401, '{"message": "wrong token"}')
        else:
            self._give_credentials()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # http.server's name
        """Nothing: a request is nobody's business."""

    def _own_names(self) -> set[str]:
        port = self.server.server_port
        return {f"{_HOST}:{port}", f"localhost:{port}"}

    def _is_authorized(self) -> bool:
        given = self.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), self.server.token.encode())

    def _give_credentials(self) -> None:
        try:
            body = as_container(self.server.fetch())
        except BucketpassError as error:
            self._answer(500, f'{{"message": "{type(error).__name__}"}}')
        else:
            self._answer(200, body)

    def _answer(self, status: int, body: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
