"""The part of the Docker Engine API that the SAM CLI asks for (version 1.44)."""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from local.failure import LocalRunError
from local.sam_engine.host_container import HostContainer

if TYPE_CHECKING:
    from local.sam_engine.engine import Engine

_VERSION: Final = "1.44"
_FACTS: Final[Mapping[str, Any]] = {
    "/info": {"Name": "sam-engine", "OSType": "linux"},
    "/version": {"Version": _VERSION, "ApiVersion": _VERSION, "MinAPIVersion": "1.24"},
    "/images/json": [],
    "/containers/json": [],
}
_OF_IMAGE: Final = re.compile(r"/images/(.+)/json")
_OF_CONTAINER: Final = re.compile(r"/containers/([0-9a-f]{64})(?:/(\w+))?")
_UPGRADE: Final = (
    b"HTTP/1.1 101 UPGRADED\r\n"
    b"Content-Type: application/vnd.docker.raw-stream\r\n"
    b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
)


class EngineApi(BaseHTTPRequestHandler):
    """Answers one connection; what the SAM CLI does not ask for is answered with 501."""

    protocol_version = "HTTP/1.1"
    server: "Engine"

    def do_HEAD(self) -> None:
        """A ping."""
        self._answer(HTTPStatus.OK)

    def do_GET(self) -> None:
        """Facts about the engine, an image, a container."""
        path = self._path()
        if path == "/_ping":
            self._answer(HTTPStatus.OK)
        elif path in _FACTS:
            self._answer(HTTPStatus.OK, _FACTS[path])
        elif image := _OF_IMAGE.fullmatch(path):
            self._describe_image(unquote(image[1]))
        else:
            self._act_on_container("GET", path)

    def do_POST(self) -> None:
        """Creating a container, and what is done to one."""
        path = self._path()
        if path == "/containers/create":
            self._create(json.loads(self._body()))
        else:
            self._body()
            self._act_on_container("POST", path)

    def do_DELETE(self) -> None:
        """Removing a container."""
        self._act_on_container("DELETE", self._path())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the base class's
        """Say nothing: the terminal is the function's."""

    def address_string(self) -> str:
        """A socket of this machine has no address."""
        return "unix"

    def _path(self) -> str:
        return re.sub(r"^/v\d+\.\d+", "", urlsplit(self.path).path)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _describe_image(self, name: str) -> None:
        # Every image is there: only its name says which Python is wanted.
        image = {"Id": f"sha256:{'0' * 64}", "RepoTags": [name], "RepoDigests": []}
        config = {"Env": [], "Entrypoint": ["/lambda-entrypoint.sh"], "WorkingDir": "/var/task"}
        self._answer(HTTPStatus.OK, {**image, "Config": config, "Os": "linux"})

    def _create(self, body: Mapping[str, Any]) -> None:
        try:
            container = self.server.create(body)
        except LocalRunError as error:
            self._answer(HTTPStatus.BAD_REQUEST, {"message": error.sentence})
        else:
            self._answer(HTTPStatus.CREATED, {"Id": container.id, "Warnings": []})

    def _act_on_container(self, method: str, path: str) -> None:
        found = _OF_CONTAINER.fullmatch(path)
        action = self._actions().get((method, found[2])) if found else None
        if found is None or action is None:
            message = f"{method} {path} is not needed by sam local, so this engine lacks it."
            self._answer(HTTPStatus.NOT_IMPLEMENTED, {"message": message})
        elif container := self.server.containers.get(found[1]):
            action(container)
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"message": f"No such container: {found[1]}"})

    def _actions(self) -> Mapping[tuple[str, str | None], Callable[[HostContainer], None]]:
        return {
            ("GET", "json"): lambda c: self._answer(HTTPStatus.OK, c.description()),
            ("POST", "start"): self._then_answer(HostContainer.start),
            ("POST", "stop"): self._then_answer(HostContainer.end),
            ("POST", "kill"): self._then_answer(HostContainer.end),
            ("POST", "wait"): lambda c: self._answer(HTTPStatus.OK, {"StatusCode": c.wait()}),
            ("POST", "attach"): self._stream,
            ("DELETE", None): self._then_answer(self.server.remove),
        }

    def _then_answer(self, act: Callable[[HostContainer], None]) -> Callable[[HostContainer], None]:
        def acted(container: HostContainer) -> None:
            act(container)
            self._answer(HTTPStatus.NO_CONTENT)

        return acted

    def _stream(self, container: HostContainer) -> None:
        self.close_connection = True
        try:
            self.wfile.write(_UPGRADE)
            for frame in container.output.read():
                self.wfile.write(frame)
        except OSError:  # the reader has seen enough
            return

    def _answer(self, status: HTTPStatus, content: object = None) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Api-Version", _VERSION)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
