"""The engine: a server on a socket of this machine, and the containers that it runs."""

import socketserver
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

from local.failure import LocalRunError
from local.sam_engine.engine_api import EngineApi
from local.sam_engine.function_runtime import FunctionRuntime
from local.sam_engine.host_container import Environments, HostContainer

_POLL_SECONDS: Final = 0.05  # how late the end of the context is noticed


class Engine(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A context in which the engine answers at `socket`; its end ends every container.

    `refusal` is the error for which a container could not be made, None if all could: the SAM CLI
    does not tell it from an unavailable engine.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, socket: Path, runtime: FunctionRuntime, environments: Environments | None = None
    ) -> None:
        super().__init__(str(socket), EngineApi)
        self.url = f"unix://{socket}"
        self.containers: dict[str, HostContainer] = {}
        self.refusal: LocalRunError | None = None
        self._runtime = runtime
        self._environments = environments or {}

    def create(self, body: Mapping[str, Any]) -> HostContainer:
        """A container that does not run yet; raises LocalRunError if this machine cannot run it."""
        try:
            container = HostContainer(body, self._runtime, self._environments)
        except LocalRunError as error:
            self.refusal = error
            raise
        self.containers[container.id] = container
        return container

    def remove(self, container: HostContainer) -> None:
        """End the container and forget it."""
        container.end()
        self.containers.pop(container.id, None)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
        for container in list(self.containers.values()):
            self.remove(container)
