"""`sam build` and `sam local invoke` as they are, on a machine without Docker."""

import contextlib
import json
import re
import sys
from pathlib import Path

import pytest

from local.sample_event import fill_event, load_event
from tests.sam_environment import ROOT, run_tool, sam_tool

pytestmark = [
    pytest.mark.sam,
    pytest.mark.skipif(sys.platform != "linux", reason="SAM's runtime emulator is a Linux program"),
]

RUNTIME = re.search(r"Runtime: python([\d.]+)", (ROOT / "template.yaml").read_text())[1]


@pytest.fixture(scope="module")
def sam():
    """The SAM CLI, if its interpreter is of the function's version, as the package asks for."""
    path = sam_tool("sam")
    asked = run_tool(
        ROOT, sam_tool("python"), "-c", "import sys; print(*sys.version_info[:2], sep='.')"
    )
    if (version := asked.stdout.strip()) != RUNTIME:
        pytest.skip(f"the SAM environment has Python {version}, the function runs on {RUNTIME}")
    return path


@pytest.fixture(scope="module")
def built(sam, tmp_path_factory):
    """The template that `sam build` writes beside the deployment package."""
    folder = tmp_path_factory.mktemp("build")
    done = run_tool(
        ROOT, sam, "build", "--build-dir", folder / "built", BUILD_PYTHON=sam_tool("python")
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "built" / "template.yaml"


@pytest.fixture
def invoke(sam, built, tmp_path, pool_stack):
    """Calls the built function with one of the events, as Alice; gives the finished process."""
    environment = tmp_path / "environment.json"
    environment.write_text(json.dumps({"ApiFunction": pool_stack.function_environment()}))

    def run(name, *options):
        alice, bob = pool_stack.users["alice"], pool_stack.users["bob"]
        values = {
            "ID_TOKEN": alice.tokens.id,
            "IDENTITY_ID": alice.identity_id,
            "OTHER_IDENTITY_ID": bob.identity_id,
        }
        event = tmp_path / f"{name}.json"
        event.write_text(json.dumps(fill_event(load_event(name), values)))
        engine = [sys.executable, "-m", "local.sam_engine", "--env-vars", environment, "--"]
        command = [sam, "local", "invoke", "ApiFunction", "--skip-pull-image", "-t", built]
        given = ["-e", event, "--env-vars", environment, *options]
        return run_tool(ROOT, *engine, *command, *given)

    return run


def test_alice_sees_her_objects(invoke, pool_stack):
    """The package that would be deployed lists Alice's objects, run by Lambda's own client."""
    done = invoke("list-objects")
    answer = json.loads(done.stdout)
    assert answer["statusCode"] == 200, done.stderr
    home = f"home/{pool_stack.users['alice'].identity_id}/"
    keys = [listed["key"] for listed in json.loads(answer["body"])["objects"]]
    assert f"{home}hello.txt" in keys
    assert all(key.startswith(home) for key in keys)


def test_bobs_object_is_refused(invoke):
    """The same package refuses Bob's object to Alice, by IAM."""
    answer = json.loads(invoke("refused-bobs-object").stdout)
    assert answer["statusCode"] == 403
    assert json.loads(answer["body"])["code"] == "access_denied"


def test_no_token_is_told(invoke, pool_stack):
    """Neither what the function logs nor what the SAM CLI says holds the ID token."""
    done = invoke("list-objects")
    assert json.loads(done.stdout)["statusCode"] == 200
    for part in pool_stack.users["alice"].tokens.id.split("."):
        assert part not in done.stdout + done.stderr


def test_nothing_is_left_running(invoke, built):
    """When the command has ended, no process stands in the function's folder."""
    assert json.loads(invoke("health").stdout)["statusCode"] == 200
    assert built.parent / "ApiFunction" not in set(_working_folders())


def _working_folders():
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):  # it has ended, or is somebody else's
            yield link.readlink()
