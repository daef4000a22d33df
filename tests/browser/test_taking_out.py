"""Downloads, straight from the storage."""

import zipfile
from io import BytesIO

from playwright.sync_api import expect


def test_a_file_comes_under_its_own_name(alice):
    """The bytes are those of the object, the name is that of the file, odd letters included."""
    alice.go("#home/me/notes/2026/")
    alice.mark("Zürich ☀ trip.md")
    with alice.page.expect_download() as waiting:
        alice.tool("Download").click()
    download = waiting.value
    assert download.suggested_filename == "Zürich ☀ trip.md"
    key = f"{alice.home()}notes/2026/Zürich ☀ trip.md"
    assert download.path().read_bytes() == alice.read(key)
    expect(alice.row("Zürich ☀ trip.md")).to_be_visible()


def test_several_files_come_at_once(alice):
    """Each marked file is a download of its own."""
    for name in ("one.bin", "two.bin", "three.bin"):
        alice.put(f"{alice.home()}several/{name}", name.encode(), "application/octet-stream")
    alice.go("#home/me/several/")
    alice.mark("one.bin", "two.bin", "three.bin")
    downloads = {}

    def take(download):
        downloads[download.suggested_filename] = download

    alice.page.on("download", take)
    alice.tool("Download").click()
    expect(alice.page.get_by_text("3 downloads started.")).to_be_visible()
    names = ("one.bin", "two.bin", "three.bin")
    while len(downloads) < len(names):
        alice.page.wait_for_event("download")
    assert {name: download.path().read_text() for name, download in downloads.items()} == {
        name: name for name in names
    }


def test_a_folder_comes_as_one_archive(alice):
    """The archive holds each object of the folder below the folder's name, whole."""
    alice.mark("notes")
    with alice.page.expect_download() as waiting:
        alice.tool("Download").click()
    assert waiting.value.suggested_filename == "notes.zip"
    archive = zipfile.ZipFile(BytesIO(waiting.value.path().read_bytes()))
    assert archive.testzip() is None
    home = alice.home()
    wanted = {key.removeprefix(home): alice.read(key) for key in alice.keys(f"{home}notes/")}
    assert {name: archive.read(name) for name in archive.namelist()} == wanted


def test_a_file_that_has_gone_is_told(alice):
    """Nothing is downloaded, and the person reads why."""
    alice.expect_complaint("40[34]")
    key = f"{alice.home()}gone/soon.txt"
    alice.put(key)
    alice.go("#home/me/gone/")
    expect(alice.row("soon.txt")).to_be_visible()
    bucket = alice.stack.deployment.outputs["BucketName"]
    alice.stack.aws.s3.delete_object(Bucket=bucket, Key=key)
    alice.mark("soon.txt")
    alice.tool("Download").click()
    expect(alice.dialogue("Some could not be downloaded")).to_contain_text("not there any more")
