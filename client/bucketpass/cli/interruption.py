"""Ctrl-C while threads work."""

import os
import sys
import threading
import time
from typing import Final

from bucketpass.cli.words import say
from bucketpass.exit_status import INTERRUPTED

_GRACE: Final = 1.0


def end_threads() -> None:
    """Give the threads, which know that they are to stop, a second for it.

    Where a network that hangs holds one of them, end the process without it.
    """
    end = time.monotonic() + _GRACE
    others = [
        thread
        for thread in threading.enumerate()
        if thread is not threading.current_thread() and not thread.daemon
    ]
    for thread in others:
        thread.join(max(0, end - time.monotonic()))
    if any(thread.is_alive() for thread in others):
        say("\nInterrupted.")
        sys.stdout.flush()
        os._exit(INTERRUPTED)
