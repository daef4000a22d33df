"""The emulator starts with all of its enforcement or not at all."""

import socket
import subprocess
import sys

import pytest

from tests.contract.cloud import ROOT, Keys, environment, free_port, root_keys


@pytest.fixture
def start(tmp_path):
    """Starts it, after some lines of Python, and returns the ended process."""

    def run(prelude="", keys=None, port=None, **more):
        script = f"{prelude}\nimport runpy\nrunpy.run_module('local.emulator', run_name='__main__')"
        return subprocess.run(  # noqa: S603 # our own interpreter
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=environment(port or free_port(), tmp_path, keys or root_keys(), **more),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


def assert_one_sentence(ended, words):
    assert ended.returncode == 1
    assert words in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


OTHER_VERSION = """
import importlib.metadata
importlib.metadata.version = lambda name: "1.5.34"
"""
NO_CRYPTOGRAPHY = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == "cryptography" else find(name)
"""
OTHER_FUNCTION = """
import os
os.environ["AUTH"] = "true"
from ministack.core import iam_evaluator
def evaluate_trust_policy(trust_doc, caller_arn, ctx=None):
    return True
iam_evaluator.evaluate_trust_policy = evaluate_trust_policy
"""
OTHER_VALUE = """
import os
os.environ["AUTH"] = "true"
from ministack.services import apigateway_v1
apigateway_v1._OPENAPI_HTTP_METHODS = {"get"}
"""
NO_FUNCTION = """
import os
os.environ["AUTH"] = "true"
from ministack.services import cognito
del cognito._identity_logins_error
"""


@pytest.mark.parametrize(
    ("prelude", "words"),
    [
        (OTHER_VERSION, "needs ministack 1.5.33 and found 1.5.34"),
        (NO_CRYPTOGRAPHY, "needs cryptography"),
        (OTHER_FUNCTION, "iam_evaluator.evaluate_trust_policy is not what"),
        (NO_FUNCTION, "cognito._identity_logins_error is not what"),
        (OTHER_VALUE, "_OPENAPI_HTTP_METHODS is not what"),
    ],
    ids=["version", "cryptography", "function", "no function", "value"],
)
def test_unknown_emulator(start, prelude, words):
    """Another emulator than the known one ends with one sentence and code 1."""
    assert_one_sentence(start(prelude), words)


@pytest.mark.parametrize("key", ["", "test", "000000000000", "123456789012345678"])
def test_guessable_root_key(start, key):
    """A root key that can be guessed is refused."""
    assert_one_sentence(start(keys=Keys(key, "secret")), "AWS_ACCESS_KEY_ID must be a random")


def test_taken_port(start):
    """A taken port is said to be taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert_one_sentence(start(port=port), f"Port {port} is taken")


def test_only_on_loopback(cloud):
    """It listens on loopback only."""
    port = int(cloud.url.rpartition(":")[2])
    with socket.socket() as probe:
        probe.bind(("127.0.0.2", port))
