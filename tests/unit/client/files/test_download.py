import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from bucketpass.errors import Damaged, FileRefused, UnsafeName
from bucketpass.files.bucket_files import BucketFiles
from bucketpass.files.byte_ranges import ByteRanges
from bucketpass.files.download import Download, part_file
from bucketpass.files.file_facts import encoded_crc32
from bucketpass.files.meter import Meter, Watch
from tests.unit.client.files.fake_s3 import MOMENT, FakeS3

CONTENT = b"0123456789"


class CheckedS3(FakeS3):
    """Tells the checksum of the whole, which may be another's."""

    checksum = encoded_crc32(zlib.crc32(CONTENT))

    def _facts(self, key):
        return {**super()._facts(key), "ChecksumCRC32": self.checksum}


@pytest.fixture
def s3():
    return CheckedS3({"k": CONTENT})


@pytest.fixture
def folder(tmp_path):
    (folder := tmp_path / "down").mkdir()
    return folder


@pytest.fixture
def download(s3):
    files, watch = BucketFiles(s3, "a-bucket"), Watch(Meter())
    with ThreadPoolExecutor(2) as threads:
        yield Download(files, ByteRanges(files, threads, watch), watch)


def begun(download, folder, content):
    """What an interrupted run has left."""
    part = part_file(folder / "file", "a-bucket", download.files.head("k"))
    part.write_bytes(content)
    return part


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_whole_with_the_objects_time(download, folder):
    """In folders that are made for it."""
    download("k", folder / "new", "a/file")
    target = folder / "new" / "a" / "file"
    assert target.read_bytes() == CONTENT
    assert target.stat().st_mtime == MOMENT.timestamp()
    assert names(target.parent) == ["file"]


@pytest.mark.parametrize("there", [b"", b"0123", CONTENT])
def test_it_goes_on_where_an_earlier_run_ended(download, s3, folder, there):
    """Only the rest is asked for."""
    begun(download, folder, there)
    download("k", folder, "file")
    assert (folder / "file").read_bytes() == CONTENT
    asked = [what for call, what in s3.calls if call == "get"]
    assert asked == ([] if there == CONTENT else [f"bytes={len(there)}-9"])
    assert download.watch.meter.bytes_there == len(there)
    assert download.watch.begun == set()


def test_a_beginning_that_is_too_long_is_thrown_away(download, folder):
    """It cannot be of this object."""
    begun(download, folder, CONTENT + b"x")
    download("k", folder, "file")
    assert (folder / "file").read_bytes() == CONTENT


def test_a_beginning_of_an_older_state_is_thrown_away(download, s3, folder):
    """By name; another file's beginning stays."""
    begun(download, folder, b"0123")
    other = part_file(folder / "other", "a-bucket", download.files.head("k"))
    other.touch()
    s3.objects["k"] = b"a longer state"
    s3.checksum = encoded_crc32(zlib.crc32(b"a longer state"))
    download("k", folder, "file")
    assert (folder / "file").read_bytes() == b"a longer state"
    assert names(folder) == sorted([other.name, "file"])


def test_what_does_not_fit_its_checksum_never_takes_the_name(download, s3, folder):
    """The file that was there stays, and the next run begins anew."""
    (folder / "file").write_bytes(b"before")
    begun(download, folder, b"XXXX")
    with pytest.raises(Damaged):
        download("k", folder, "file")
    assert (folder / "file").read_bytes() == b"before"
    assert names(folder) == ["file"]
    download("k", folder, "file")
    assert (folder / "file").read_bytes() == CONTENT


def test_a_link_that_lies_where_the_bytes_are_to_gather(download, folder):
    """Is not followed."""
    (outside := folder / "outside").write_bytes(b"")
    part_file(folder / "file", "a-bucket", download.files.head("k")).symlink_to(outside)
    with pytest.raises(FileRefused):
        download("k", folder, "file")
    assert outside.read_bytes() == b""


def test_a_folder_or_a_link_of_that_name(download, folder):
    """Nothing is put in their place."""
    (folder / "folder").mkdir()
    with pytest.raises(FileRefused, match="folder of that name"):
        download("k", folder, "folder")
    (folder / "link").symlink_to(folder / "elsewhere")
    with pytest.raises(UnsafeName):
        download("k", folder, "link")
    assert names(folder) == ["folder", "link"]
