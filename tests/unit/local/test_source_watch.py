import queue

import pytest

from local.source_watch import SourceWatch


@pytest.fixture
def code(tmp_path):
    for name in ("src", "other"):
        (tmp_path / name / "__pycache__").mkdir(parents=True)
    return tmp_path


def _changed_by(change, changes):
    """The first folder reported after a change that is repeated until it is seen."""
    for attempt in range(40):
        change(f"x = {attempt}\n")
        try:
            return changes.get(timeout=0.5)
        except queue.Empty:
            continue
    raise AssertionError("no change was seen")


def test_change_is_told_with_its_folder(code):
    """A saved file names the folder in which it stands, and no other."""
    changes = queue.Queue()
    with SourceWatch([code / "src", code / "other"], changes.put):
        assert _changed_by((code / "other" / "a.py").write_text, changes) == code / "other"


def test_caches_are_no_change(code):
    """Compiled files come and go unseen: only the saved source is told."""
    changes = queue.Queue()

    def change(text):
        (code / "other" / "__pycache__" / "a.cpython-313.pyc").write_text(text)
        (code / "src" / "a.py").write_text(text)

    with SourceWatch([code / "src", code / "other"], changes.put):
        assert _changed_by(change, changes) == code / "src"
    assert code / "other" not in changes.queue


def test_watch_ends_with_its_context(code):
    """No thread is left when the context ends."""
    watch = SourceWatch([code / "src"], lambda _: None)
    with watch:
        assert watch._thread.is_alive()
    assert not watch._thread.is_alive()
