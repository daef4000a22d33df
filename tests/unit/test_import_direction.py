"""The arrows of the architecture, read from the import statements of the whole tree."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"

# What src/ may stand on beside the standard library, by import name.
PACKAGES = {"aws_lambda_powertools", "boto3", "botocore", "cryptography", "jwt", "urllib3"}
# Named for the type checker alone; not part of the deployment package.
TYPES_ONLY = "types_boto3_"

# Modules of shared/ that know nothing of AWS.
PURE = {
    *("authorization_header", "byte_range", "compact_jws", "content_disposition", "cursor"),
    *("deadline", "errors", "id_token", "json_web_key_set", "locations", "object_key"),
    *("presigned_url", "principal", "role_choice", "secret", "settings", "signing_keys"),
    *("single_flight_cache", "version_id"),
}
# module: what of shared/ it may import at most; it is the order of the layers.
ARROWS = {
    "errors": set(),
    "object_errors": {"errors"},
    "upstream_errors": {"errors"},
    "secret": set(),
    "settings": set(),
    "principal": {"secret"},
    "object_key": {"errors"},
    "deadline": {"upstream_errors"},
    "locations": {"settings"},
    "role_choice": {"errors", "principal", "settings"},
    "scoped_credentials": {"errors", "secret", "upstream_errors"},
    "id_token": {"compact_jws", "errors", "pool_token", "principal", "secret", "signing_keys"},
    "aws_errors": {"errors", "upstream_errors"},
    "aws_clients": {
        "aws_timestamp",
        "deadline",
        "request_credentials",
        "request_trace",
        "settings",
    },
    "identity_pool": {
        "aws_errors",
        "errors",
        "principal",
        "role_choice",
        "scoped_credentials",
        "upstream_errors",
    },
    "group_role": {
        "aws_errors",
        "errors",
        "principal",
        "role_choice",
        "scoped_credentials",
        "upstream_errors",
    },
    "member_role": {"group_role", "principal"},
}
# Whoever holds objects is given a client and credentials; how those came is not its business.
NOT_FOR_OBJECTS = {
    *("aws_clients", "credential_source", "group_role", "id_token", "identity_pool"),
    *("member_role", "observability", "role_choice", "signing_keys"),
}


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, wherever in it, for types or by `import_module`.

    Where such a name is computed, every text of the file may be one.
    """
    tree = ast.parse(path.read_text(), str(path))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _from(node)
        elif isinstance(node, ast.Call) and _name(node.func) in {"import_module", "__import__"}:
            yield from _texts(node.args[0] if isinstance(node.args[0], ast.Constant) else tree)


def _from(node: ast.ImportFrom) -> Iterator[str]:
    assert node.level == 0, f"relative import in line {node.lineno}"
    # `from shared import deadline` names the module shared.deadline, `from shared.deadline import
    # require` something within it; both begin with what counts.
    yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def roots(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


def siblings(path: Path) -> set[str]:
    """The modules of shared/ that a file imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("shared.")}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


each_of_src = pytest.mark.parametrize("path", modules(SRC), ids=named)
each_of_shared = pytest.mark.parametrize("path", modules(SRC / "shared"), ids=named)
OUTSIDERS = [
    path
    for folder in ("client", "local", "web")  # a benchmark measures the function from within
    if (ROOT / folder).is_dir()
    for path in modules(ROOT / folder)
]


def test_there_is_something_to_check():
    """The tree is where this file believes it to be."""
    assert {"shared/errors.py", "handlers/app.py"} <= {
        str(path.relative_to(SRC)) for path in modules(SRC)
    }
    assert len(OUTSIDERS) > 10


@each_of_src
def test_src_stands_on_its_packages_alone(path):
    """The standard library, the few packages of the deployment, and itself; never `src.`."""
    allowed = PACKAGES | {"handlers", "shared"} | sys.stdlib_module_names
    assert {name for name in roots(path) if not name.startswith(TYPES_ONLY)} <= allowed


@each_of_src
def test_only_the_edge_knows_powertools(path):
    """Handlers and the module of the log; everything below is plain Python."""
    if path.parent.name != "handlers" and path.name != "observability.py":
        assert "aws_lambda_powertools" not in roots(path)


@each_of_src
def test_nothing_is_traced_or_validated_by_heavy_packages(path):
    """Neither Powertools' Tracer, which loads the X-Ray SDK, nor its parser (pydantic)."""
    heavy = ("aws_lambda_powertools.Tracer", "aws_lambda_powertools.tracing")
    heavy += ("aws_lambda_powertools.utilities.parser",)
    assert [name for name in imported(path) if name.startswith(heavy)] == []


@each_of_shared
def test_shared_does_not_look_up(path):
    """handlers/ imports shared/, never the other way round."""
    assert "handlers" not in roots(path)


@each_of_shared
def test_the_event_stops_in_handlers(path):
    """Nothing below takes an event or a context of Lambda."""
    arguments = {
        argument.arg
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.Lambda)
        for argument in [*node.args.args, *node.args.kwonlyargs]
    }
    assert arguments.isdisjoint({"event", "context", "lambda_context"})


@pytest.mark.parametrize("name", sorted(ARROWS))
def test_the_layers_of_shared_keep_their_order(name):
    """Each module imports at most the modules below it."""
    assert siblings(SRC / "shared" / f"{name}.py") <= ARROWS[name]


@pytest.mark.parametrize("name", sorted(PURE))
def test_what_can_be_pure_is_pure(name):
    """Rules about keys, roles, tokens and places know no AWS library, and so no AWS."""
    assert roots(SRC / "shared" / f"{name}.py").isdisjoint({"boto3", "botocore"})


@pytest.mark.parametrize(
    "path", [path for path in modules(SRC / "shared") if path.stem.startswith("object_")], ids=named
)
def test_the_object_store_is_given_its_client(path):
    """What handles objects neither builds clients nor exchanges tokens."""
    assert siblings(path).isdisjoint(NOT_FOR_OBJECTS)


def test_only_one_module_builds_clients():
    """Every client comes from the one factory, so that each has the same safeguards."""
    makers = {"boto3", "botocore.session"}
    found = {
        path.name
        for path in modules(SRC)
        if any(
            name in makers or name.startswith(("boto3.", "botocore.session."))
            for name in imported(path)
        )
    }
    assert found == {"aws_clients.py"}


def test_no_import_goes_round():
    """The modules of src/ can be put into an order in which each imports only earlier ones."""
    left = {
        ".".join(path.relative_to(SRC).with_suffix("").parts): {
            ".".join(name.split(".")[:2]) for name in imported(path)
        }
        for path in modules(SRC)
    }
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert left == {}


@pytest.mark.parametrize("path", OUTSIDERS, ids=named)
def test_outside_of_the_function_nothing_imports_it(path):
    """Client, local run and page meet the function over HTTP and as files."""
    assert roots(path).isdisjoint({"src", "handlers", "shared"})


@each_of_src
def test_src_imports_nothing_from_around_it(path):
    """The deployment package is src/ and nothing else."""
    around = {"local", "tests", "client", "bucketpass", "web", "benchmarks", "src"}
    assert roots(path).isdisjoint(around)
