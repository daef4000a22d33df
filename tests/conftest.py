import gc
import os
import signal
from functools import cache
from pathlib import Path

from botocore.loaders import JSONFileLoader
from hypothesis import settings

HERE = Path(__file__).parent
# What takes long comes first, so that at the end no worker sits over a long file alone.
LONG_FIRST = (
    "stress",
    "integration/test_generated_requests.py",
    "integration/test_local_run.py",
    "browser",
    "integration/client",
    "integration",
    "template",
    "deployed",
    "contract",
    "unit",
)

# A shell without job control has what it puts into the background ignore Ctrl-C, and so would all
# that the tests start, and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

# A client reads the model of its service from a large file of JSON, in a session of its own each
# time. Here hundreds of sessions come and go in one process, and nobody changes a model.
_read = JSONFileLoader.load_file
_read_once = cache(lambda path: _read(JSONFileLoader(), path))
JSONFileLoader.load_file = lambda _, path: _read_once(path)


def pytest_collection_modifyitems(items):
    """Whole files stay together and in their order."""
    items.sort(key=lambda item: _place(item.path.relative_to(HERE).as_posix()))


def _place(path):
    return next(
        place for place, start in enumerate(LONG_FIRST) if path.startswith((start, f"{start}/"))
    )


def pytest_xdist_auto_num_workers():
    """Half as many again as there are cores, since much of what tests do is to wait."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(2, cores * 3 // 2)


def pytest_collection_finish():
    """Look for garbage less often, and not among thousands of tests and all modules each time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
