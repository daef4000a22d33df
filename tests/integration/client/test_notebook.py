import ast
import json
import re
from pathlib import Path

import pytest

from tests.integration.client.code_cells import CellFailed, run_cells

EXAMPLES = Path(__file__).parents[3] / "examples"
NOTEBOOK = EXAMPLES / "credentials_in_a_notebook.ipynb"


@pytest.fixture(scope="module")
def notebook():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cells(notebook):
    """The source of each code cell by the cell's id, from top to bottom."""
    return {
        cell["id"]: "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    }


@pytest.fixture
def run(machine, cells):
    """Run all cells in a clean process; what each showed, by the cell's id."""

    def in_folder(folder, **variables):
        environment = {**machine.environment, **variables}
        return dict(zip(cells, run_cells(list(cells.values()), environment, folder), strict=True))

    return in_folder


def test_every_cell_runs_from_top_to_bottom(run, machine, pool_stack):
    """Alice's files are listed, hers goes up and comes back, and what is bob's is refused."""
    shown = run(machine.home, BUCKETPASS_OUTPUTS=str(machine.home / "outputs.json"))
    for cell in ("list", "session"):
        assert {"hello.txt", "notes/to do.md"} <= set(ast.literal_eval(shown[cell]))
    assert shown["upload-and-read"] == "'It is me, alice.'\n"
    refusals = ast.literal_eval(shown["what-is-not-hers"])
    assert len(refusals) == 5
    assert set(refusals.values()) == {"AccessDenied"}
    assert ast.literal_eval(shown["buckets"]) == [pool_stack.outputs["BucketName"]]
    assert shown["sign-out"] == "True\n"


def test_nothing_is_left_behind(run, machine, pool_stack):
    """Neither the uploaded object nor a token on the disk."""
    run(machine.home, BUCKETPASS_OUTPUTS=str(machine.home / "outputs.json"))
    alice = pool_stack.users["alice"]
    listed = pool_stack.client("s3").list_objects_v2(
        Bucket=pool_stack.outputs["BucketName"],
        Prefix=f"home/{alice.identity_id}/from-a-notebook.txt",
    )
    assert listed["KeyCount"] == 0
    assert not machine.tokens.exists()


def test_the_stack_is_found_from_the_folder_of_the_notebook(run, machine):
    """`.local/outputs.json` may stand in any folder above."""
    (machine.home / ".local").mkdir(exist_ok=True)
    (machine.home / "outputs.json").rename(machine.home / ".local" / "outputs.json")
    below = machine.home / "examples"
    below.mkdir()
    assert "hello.txt" in run(below)["list"]


def test_without_a_stack_the_first_cell_says_what_to_do(run, machine, tmp_path):
    """And no later one is reached."""
    with pytest.raises(CellFailed, match="start one with `make run`") as raised:
        run(tmp_path, BUCKETPASS_OUTPUTS=str(tmp_path / "missing.json"))
    assert "<cell 1>" in str(raised.value)
    assert "<cell 2>" not in str(raised.value)


def test_nothing_secret_is_shown(run, machine, pool_stack):
    """So that a notebook which is saved with its outputs gives nothing away."""
    shown = run(machine.home, BUCKETPASS_OUTPUTS=str(machine.home / "outputs.json"))
    everything = "".join(shown.values())
    assert "'SecretKey': '********'" in shown["credentials"]
    assert not re.search(r"ASIA|eyJ", everything)
    assert not [user for user in pool_stack.users.values() if user.password in everything]


def test_it_is_saved_without_outputs(notebook):
    """In the format that Jupyter reads (nbformat 4.5), with an id of its own for each cell."""
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell["id"]) for cell in cells)
    for cell in cells:
        empty = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
        rest = {"cell_type", "id", "metadata", "source"}
        assert {key: cell[key] for key in cell.keys() - rest} == empty


def test_a_cell_that_fails_is_named(machine, tmp_path):
    """With what it raised; a promise about the test's own machinery."""
    with pytest.raises(CellFailed, match=r"(?s)<cell 2>.*ZeroDivisionError"):
        run_cells(["one = 1", "one / 0"], machine.environment, tmp_path)
    shown = run_cells(["one = 1", "print('x')\none"], machine.environment, tmp_path)
    assert shown == ["", "x\n1\n"]
