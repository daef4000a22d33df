"""Run the emulator as a process that never outlives the one that started it.

`python -m local.tether`: standard input is a pipe whose other end the parent holds. When the
parent ends, however hard, the pipe closes; that works on every system, unlike prctl(2).
"""

import os
import runpy
import shutil
import signal
import threading
import time
from typing import Final

TEMPORARY_STATE: Final = "LOCAL_TEMPORARY_STATE"
_GRACE_SECONDS: Final = 5.0
_STANDARD_INPUT: Final = 0


def run(*, standard_input: int = _STANDARD_INPUT) -> None:
    """Run the emulator until it ends by itself, by a signal, or with its parent."""
    cut = threading.Event()
    threading.Thread(target=_follow, args=(standard_input, cut), daemon=True).start()
    try:
        runpy.run_module("local.emulator", run_name="__main__", alter_sys=True)
    finally:
        if cut.is_set():
            _remove_state()


def _follow(pipe: int, cut: threading.Event) -> None:
    # os.read, since a lock held on sys.stdin would abort the interpreter's end.
    while os.read(pipe, 1):
        pass
    cut.set()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    _remove_state()
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _remove_state() -> None:
    """Only a parent that is gone leaves this to the child; state that is kept is not named."""
    if folder := os.environ.get(TEMPORARY_STATE):
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    run()
