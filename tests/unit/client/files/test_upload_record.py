import pytest

from bucketpass.errors import Busy
from bucketpass.files.file_facts import FileFacts
from bucketpass.files.sole_use import sole_use
from bucketpass.files.upload_record import KeptRecord, UploadRecord

RECORD = UploadRecord("id", 8, FileFacts(20, 3))


def test_a_record_comes_back_until_it_is_removed(tmp_path):
    """In a file for the owner alone."""
    with sole_use(["a", "b"], "it", tmp_path / "state") as path:
        kept = KeptRecord(path)
        assert kept.read() is None
        kept.write(RECORD)
        assert kept.read() == RECORD
        assert path.stat().st_mode & 0o077 == 0
        kept.remove()
        assert kept.read() is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        "{}",
        '{"upload_id": "x", "part_size": 8}',
        '{"facts": 3}',
        '{"upload_id": "x", "part_size": 0, "facts": {"size": 1, "mtime_ns": 1}}',
    ],
)
def test_a_record_that_makes_no_sense_is_none(tmp_path, text):
    """The upload begins anew then."""
    tmp_path.chmod(0o700)
    path = tmp_path / "record"
    path.touch(0o600)
    path.write_text(text)
    assert KeptRecord(path).read() is None


def test_one_process_at_a_time_per_transfer(tmp_path):
    """Another transfer is not held up; the next one of the same may follow."""
    with sole_use(["a", "b"], "it", tmp_path / "state") as first:
        with pytest.raises(Busy), sole_use(["a", "b"], "it", tmp_path / "state"):
            pass
        with sole_use(["ab", ""], "other", tmp_path / "state") as other:
            assert other != first
    with sole_use(["a", "b"], "it", tmp_path / "state") as again:
        assert again == first
    assert list((tmp_path / "state").iterdir()) == []
