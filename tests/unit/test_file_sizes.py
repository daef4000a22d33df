"""A file is one concept and a function does one thing; both have an upper bound."""

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES_OF_A_FILE = 250
MOST_LINES_OF_A_FUNCTION = 40
# The middle of all files: single long ones are allowed, a drift of the whole is not.
MEDIAN_LINES_OF_A_FILE = 90

FILES = [
    path
    for folder in ("src", "local", "client", "benchmarks")
    if (ROOT / folder).is_dir()
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not {"__pycache__", ".aws-sam"} & set(path.parts)
]


def lines(path):
    return len(path.read_text().splitlines())


def long_functions(source):
    """The functions above the bound, as "name: lines"; the docstring is not counted."""
    return [
        f"{node.name}: {length}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := _length(node)) > MOST_LINES_OF_A_FUNCTION
    ]


def _length(node):
    docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    told = docstring.end_lineno - docstring.lineno + 1 if docstring else 0
    return node.end_lineno - node.lineno + 1 - told


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_long(path):
    """At most 250 lines."""
    assert lines(path) <= MOST_LINES_OF_A_FILE


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_function_is_long(path):
    """At most 40 lines."""
    assert long_functions(path.read_text()) == []


def test_files_are_short_on_the_whole():
    """The median file of the function stays near 90 lines."""
    assert median(lines(path) for path in FILES if "src" in path.parts) <= MEDIAN_LINES_OF_A_FILE


def test_a_long_function_would_be_found():
    """41 lines are one too many, 40 are not; a docstring is free."""
    body = "\n    x = 1" * 39
    assert long_functions(f"def f():{body}") == []
    assert long_functions(f'def f():\n    """Told.\n\n    In lines.\n    """{body}') == []
    assert long_functions(f"class A:\n  async def f():{body}\n    x = 2") == ["f: 41"]
