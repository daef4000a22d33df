"""The published document as tools of others read it."""

import json
import os
from pathlib import Path

import pytest

from local.openapi_document import SERVED, SOURCE
from tests.api_environment import BIN, api_tool, output_of

PROGRAM = Path(__file__).with_name("generated_client_use.py")


@pytest.mark.parametrize("document", [SOURCE, SERVED], ids=lambda path: path.suffix)
def test_the_document_is_openapi(document, tmp_path):
    """Both forms keep to the specification's own schema."""
    assert "OK" in output_of(tmp_path, api_tool("openapi-spec-validator"), document)


def test_a_generated_client_works(pool_stack, tmp_path):
    """A client generator takes the whole document, and what it makes writes, lists and reads."""
    output_of(
        tmp_path,
        *(api_tool("openapi-python-client"), "generate", "--path", SERVED, "--fail-on-warning"),
        *("--meta", "none", "--output-path", tmp_path / "bucketpass_client"),
        PATH=f"{BIN}:{os.environ['PATH']}",
    )
    said = output_of(
        tmp_path,
        *(api_tool("python"), PROGRAM, pool_stack.api_url),
        PYTHONPATH=str(tmp_path),
        ID_TOKEN=pool_stack.users["alice"].tokens.id,
    )
    assert json.loads(said) == {
        "written": [5, True],
        "listed": [True],
        "link": [5, "requested"],
        "deleted": 204,
        "missing": [True, "no_such_key"],
    }
