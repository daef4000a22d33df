"""What the byte code in the deployment package saves at a cold start.

`make build`, then `python benchmarks/cold_start.py PYTHON3.13` imports the built function in fresh
processes of that interpreter, with its byte code and with a copy that has none, in turns, and
prints the median CPU time of each as a ratio.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from per_request_credentials import ENVIRONMENT

BUILT = Path(__file__).parent.parent / ".aws-sam" / "build" / "ApiFunction"
ROUNDS = 7


def cpu_seconds(python: str, folder: Path) -> float:
    """CPU time of a process that imports the function and ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 # the interpreter that was named on the command line
        [python, "-c", "import handlers.app"],
        cwd=folder,
        env={
            **ENVIRONMENT,
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "POWERTOOLS_SERVICE_NAME": "b",
            "POWERTOOLS_METRICS_NAMESPACE": "B",
        },
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def main() -> None:
    """Measure and print."""
    python = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare"
        shutil.copytree(BUILT, bare, ignore=shutil.ignore_patterns("__pycache__"))
        times = {"with byte code": [], "without": []}
        for _ in range(ROUNDS):
            times["with byte code"].append(cpu_seconds(python, BUILT))
            times["without"].append(cpu_seconds(python, bare))
    first = median(times["with byte code"])
    for name, seconds in times.items():
        print(f"{name:16} {median(seconds) * 1000:7.0f} ms  {median(seconds) / first:5.1f} x")


if __name__ == "__main__":
    main()
