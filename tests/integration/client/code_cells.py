"""Cells of code that follow one another in one clean process, as a notebook runs them.

As a program it reads {"cells": [source], "password": text} from stdin and prints, as JSON, what
each cell showed: its output, then the value of its last expression.
"""

import ast
import contextlib
import getpass
import io
import json
import subprocess
import sys


class CellFailed(Exception):
    """A cell raised; the text is its traceback, which names the cell by its number from 1."""


def run_cells(cells, environment, folder, password=""):
    """What each cell showed; `password` is what getpass answers. Raises CellFailed."""
    result = subprocess.run(  # noqa: S603 # our own
        [sys.executable, "-W", "error", __file__],
        input=json.dumps({"cells": cells, "password": password}),
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if result.returncode != 0:
        raise CellFailed(result.stderr)
    return json.loads(result.stdout)


def shown_by(source, name, namespace):
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
        exec(compile(tree, name, "exec"), namespace)  # noqa: S102 # that is what a cell is for
        if last is not None:
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)  # noqa: S307 # see above
            if value is not None:
                print(repr(value))  # noqa: T201 # as a notebook shows it
    return shown.getvalue()


def main():
    given = json.load(sys.stdin)
    getpass.getpass = lambda *_: given["password"]
    namespace = {"__name__": "__main__"}
    shown = [
        shown_by(source, f"<cell {number}>", namespace)
        for number, source in enumerate(given["cells"], 1)
    ]
    json.dump(shown, sys.stdout)


if __name__ == "__main__":
    main()
