"""Serves web/ on loopback: files as they are, and what the page has to know of the stack."""

import re
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from local.failure import LocalRunError
from local.page_config import PageConfig
from local.ports import LOOPBACK

WEB_FOLDER: Final = Path(__file__).resolve().parent.parent / "web"

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_POLL_SECONDS: Final = 0.05  # how late the end of the context is noticed
_NAME: Final = re.compile(r"[a-z0-9_]+\.(css|html|js|svg)")


class PageServer:
    """A context in which the page answers at `url`; raises LocalRunError if the port is taken."""

    def __init__(self, port: int, config: PageConfig, folder: Path = WEB_FOLDER) -> None:
        self.url = page_origin(port) + "/"
        try:
            self._server = _Server((LOOPBACK, port), _Request)
        except OSError as error:
            raise LocalRunError(f"Port {port} cannot be had for the page: {error}.") from error
        self._server.config, self._server.folder = config, folder
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), name="page", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


def page_origin(port: int) -> str:
    """The origin of a page on this machine: the one name for which Cognito takes plain http."""
    return f"http://localhost:{port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    config: PageConfig
    folder: Path


class _Request(BaseHTTPRequestHandler):
    server_version = "bucketpass"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30
    # An answer leaves in one piece. A body that follows its head by itself waits some 40 ms until
    # the browser acknowledges the head: for all modules of the page that was a third of a second.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer with a file of the page."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer as GET does, without the body."""
        self._answer(with_body=False)

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal belongs to the stack."""

    def _answer(self, *, with_body: bool) -> None:
        status, content_type, body = self._content()
        self.send_response(status)
        for name, value in self.server.config.security_headers().items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _content(self) -> tuple[HTTPStatus, str, bytes]:
        # Another name that leads to loopback would be another site's (DNS rebinding).
        host = self.headers.get("Host", "")
        if host not in {f"{name}:{self.server.server_port}" for name in ("localhost", LOOPBACK)}:
            return _text(HTTPStatus.MISDIRECTED_REQUEST, "This is the page of localhost.\n")
        name = urlsplit(self.path).path.removeprefix("/") or "index.html"
        if name == "config.json":
            return HTTPStatus.OK, "application/json", self.server.config.to_json().encode()
        file = self.server.folder / name
        if not _NAME.fullmatch(name) or not file.is_file():
            return _text(HTTPStatus.NOT_FOUND, "There is nothing at this address.\n")
        return HTTPStatus.OK, _TYPES[file.suffix[1:]], file.read_bytes()


def _text(status: HTTPStatus, sentence: str) -> tuple[HTTPStatus, str, bytes]:
    return status, "text/plain; charset=utf-8", sentence.encode()
