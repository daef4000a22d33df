import io
import os
import zipfile

import pytest

from local.code_archive import code_archive


@pytest.fixture
def code(tmp_path):
    """A folder of code with the traces that tools leave."""
    files = {
        "handlers/app.py": "app",
        "shared/__init__.py": "",
        "shared/key.py": "key",
        "requirements.txt": "boto3",
        "shared/__pycache__/key.cpython-313.pyc": "cache",
        ".mypy_cache/x.json": "cache",
    }
    for name, text in files.items():
        path = tmp_path / "code" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "code"


def _archive(folder):
    return zipfile.ZipFile(io.BytesIO(code_archive(folder)))


def test_archive_holds_the_code_and_no_caches(code):
    """Paths are relative to the folder; caches stay outside."""
    with _archive(code) as archive:
        assert archive.namelist() == [
            "handlers/app.py",
            "requirements.txt",
            "shared/__init__.py",
            "shared/key.py",
        ]
        assert archive.read("shared/key.py") == b"key"
        assert archive.testzip() is None


def test_files_are_readable_by_lambda(code):
    """Every entry is a regular file that everybody may read, whatever its mode here."""
    (code / "shared/key.py").chmod(0o600)
    with _archive(code) as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def test_same_code_gives_the_same_bytes(code):
    """Neither times nor caches nor modes change the archive, but the code does."""
    before = code_archive(code)
    os.utime(code / "shared/key.py", (10**9, 10**9))
    (code / "shared/__pycache__/new.pyc").write_text("another")
    (code / "handlers/app.py").chmod(0o640)
    assert code_archive(code) == before
    (code / "handlers/app.py").write_text("changed")
    assert code_archive(code) != before
