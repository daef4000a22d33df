"""Run the emulated AWS: `python -m local.emulator`.

The environment says where (GATEWAY_PORT, STATE_DIR, S3_DATA_DIR, TMPDIR), in which region
(MINISTACK_REGION) and with which root key (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).
"""

import importlib
import os
import socket
import sys
from typing import Final

from local.emulator.mismatch import EmulatorMismatch
from local.emulator.version import require_supported

_FIXED: Final = {
    "AUTH": "true",
    "BIND_HOST": "127.0.0.1",  # its control endpoints know no authentication
    "IOT_MTLS_ENABLED": "0",  # it would listen on all interfaces
}
_DEFAULTS: Final = {"LAMBDA_EXECUTOR": "local", "DOCKER_HOST": "unix:///nonexistent"}


def main() -> int:
    """Run until a signal ends it; the exit code is 1 if it could not start, with the reason."""
    os.environ.update(_FIXED)
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    try:
        require_supported()
        _require_free_port(int(os.environ.setdefault("GATEWAY_PORT", "4566")))
        # The emulator reads its environment when it is imported.
        enforcement = importlib.import_module("local.emulator.enforcement")
        enforcement.install()
        enforcement.serve()
    except EmulatorMismatch as mismatch:
        print(mismatch, file=sys.stderr)
        return 1
    return 0


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_FIXED["BIND_HOST"], port))
        except OSError as taken:
            raise EmulatorMismatch(f"Port {port} is taken: choose another.") from taken


if __name__ == "__main__":
    sys.exit(main())
