"""A line to a server of this machine that counts what is sent, and can be held up."""

import socket
import threading
from contextlib import suppress

BLOCK = 64 * 1024


class NarrowLine:
    """Forwards TCP connections; after `limit` bytes up or down in all, nothing more gets through.

    `held` is set then, and `open` lets everything through again.
    """

    def __init__(self, url, limit=None):
        host, port = url.removeprefix("http://").split(":")
        self.server = (host, int(port))
        self.limit = limit
        self.counts = {"up": 0, "down": 0}
        self.held = threading.Event()
        self._free = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listener]
        self._threads = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.open()
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def open(self):
        """No limit any more; count anew."""
        with self._free:
            self.limit = None
            self.counts = dict.fromkeys(self.counts, 0)
            self._free.notify_all()

    def renew(self):
        """Drop every connection, then `open`: nothing of the old ones is counted."""
        for one in self._sockets[1:]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.open()
        for thread in self._threads:
            thread.join(10)
        self.counts = dict.fromkeys(self.counts, 0)

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self.server)
                self._sockets += [near, far]
                for way in ((near, far, "up"), (far, near, "down")):
                    thread = threading.Thread(target=self._forward, args=way, daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def _forward(self, source, target, way):
        with suppress(OSError):
            while block := source.recv(BLOCK):
                self._pass(len(block), way)
                target.sendall(block)
            target.shutdown(socket.SHUT_WR)

    def _pass(self, size, way):
        with self._free:
            if self.limit is not None and self.counts[way] + size > self.limit:
                self.held.set()
                self._free.wait_for(lambda: self.limit is None)
            self.counts[way] += size
