import os
import stat

import pytest

from local.private_file import private_folder, write_private


@pytest.fixture
def open_umask():
    """The most careless umask there is."""
    before = os.umask(0)
    yield
    os.umask(before)


def _mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("open_umask")
def test_file_and_folder_are_their_owners_alone(tmp_path):
    """Whatever the umask, the file has mode 0600 and its new folder 0700."""
    path = tmp_path / "new" / "file"
    write_private(path, "secret")
    assert path.read_text() == "secret"
    assert _mode(path) == 0o600
    assert _mode(path.parent) == 0o700


@pytest.mark.usefixtures("open_umask")
def test_existing_file_is_replaced_whole(tmp_path):
    """A file of wider mode is replaced, not written into, and no draft is left."""
    path = tmp_path / "file"
    path.write_text("a longer text than the new one")
    path.chmod(0o644)
    with path.open() as old:
        write_private(path, "new")
        assert old.read() == "a longer text than the new one"
    assert path.read_text() == "new"
    assert _mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_existing_folder_is_narrowed(tmp_path):
    """A folder that others could read is closed to them."""
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o755)
    private_folder(folder)
    assert _mode(folder) == 0o700
