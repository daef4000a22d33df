import ast
import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def imported():
    """The top-level packages that the client's code names."""
    for path in (REPOSITORY / "client").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def declared(pattern):
    """The names in one list of pyproject.toml; Python 3.10 has no parser for it."""
    text = (REPOSITORY / "pyproject.toml").read_text()
    (found,) = re.findall(pattern, text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r'"([A-Za-z0-9_]+)', found))


def test_what_is_imported_is_declared_and_nothing_else():
    """A package that comes along with another today need not tomorrow."""
    foreign = set(imported()) - sys.stdlib_module_names - {"bucketpass"}
    # boto3's types are for the checker alone
    at_run_time = {name for name in foreign if not name.startswith("types_boto3")}
    optional = declared(r"^keyring = \[(.*?)\]")
    assert at_run_time - optional == declared(r"^dependencies = \[(.*?)^\]")
