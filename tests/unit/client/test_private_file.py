import os
import stat

import pytest

from bucketpass.errors import UnsafeFile
from bucketpass.private_file import private_folder, read_private, remove_private, write_private


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "tokens" / "default.json"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_written_for_the_owner_alone(path, umask):
    """File 0600 and folder 0700, whatever the umask."""
    before = os.umask(umask)
    try:
        write_private(path, "secret")
    finally:
        os.umask(before)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert read_private(path) == "secret"


def test_replacing_narrows_a_wide_file(path):
    """A file that somebody has opened to others is closed by the next write."""
    write_private(path, "old")
    path.chmod(0o644)
    write_private(path, "new")
    assert (mode(path), read_private(path)) == (0o600, "new")


@pytest.mark.parametrize("wide", [0o640, 0o604, 0o620, 0o606, 0o666, 0o610])
def test_a_wider_file_is_refused_with_the_remedy(path, wide):
    """Any right of others is refused, and the sentence says how to mend it."""
    write_private(path, "secret")
    path.chmod(wide)
    with pytest.raises(UnsafeFile, match=rf"mode {wide:04o}.*chmod 600 {path}"):
        read_private(path)


@pytest.mark.parametrize("wide", [0o750, 0o705, 0o770, 0o777])
def test_a_wider_folder_is_refused_for_reading_and_writing(path, wide):
    """Who may write the folder could replace the file."""
    write_private(path, "secret")
    path.parent.chmod(wide)
    with pytest.raises(UnsafeFile, match=r"chmod 700"):
        read_private(path)
    with pytest.raises(UnsafeFile, match=r"chmod 700"):
        write_private(path, "new")


def test_a_link_to_a_wide_file_is_refused(path, tmp_path):
    """A link does not lend its own mode to what it points to."""
    private_folder(path.parent)
    target = tmp_path / "elsewhere"
    target.write_text("secret")
    target.chmod(0o644)
    path.symlink_to(target)
    with pytest.raises(UnsafeFile):
        read_private(path)


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can give files away")
def test_what_belongs_to_others_is_refused(path, tmp_path):
    """Another's file, and another's link even to a file of one's own."""
    write_private(path, "secret")
    os.chown(path, 12345, -1)
    with pytest.raises(UnsafeFile, match="another user"):
        read_private(path)
    path.unlink()
    own = path.with_name("own.json")
    write_private(own, "secret")
    path.symlink_to(own)
    os.chown(path, 12345, -1, follow_symlinks=False)
    with pytest.raises(UnsafeFile, match="link"):
        read_private(path)


def test_writing_replaces_a_link_and_not_its_target(path, tmp_path):
    """A link laid in the folder does not lead the secret elsewhere."""
    private_folder(path.parent)
    target = tmp_path / "elsewhere"
    target.write_text("untouched")
    path.symlink_to(target)
    write_private(path, "secret")
    assert (target.read_text(), path.is_symlink()) == ("untouched", False)


def test_a_failed_write_leaves_the_old_text_and_no_draft(path):
    """What cannot be encoded changes nothing and leaves nothing behind."""
    write_private(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_private(path, "half \ud800")
    assert read_private(path) == "old"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_nothing_kept_is_none_and_removing_nothing_is_fine(path):
    """No file, and even no folder, is no error."""
    assert read_private(path) is None
    remove_private(path)
    private_folder(path.parent)
    assert read_private(path) is None
