"""Downloads and previews, straight from the storage."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from playwright.sync_api import expect

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def png(width=8, height=8):
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    rows = b"".join(b"\0" + b"\x20\x60\xc0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


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


@pytest.mark.parametrize(
    ("name", "body", "tag"),
    [("a.txt", b"plain words", "pre"), ("a.png", png(), "img"), ("a.html", b"<h1>x</h1>", "pre")],
)
def test_a_preview_runs_nothing(alice, pictures, name, body, tag):
    """A file is shown in a sandbox, as the type that was signed whatever was stored."""
    alice.put(f"{alice.home()}looks/{name}", body, "text/html")
    alice.go("#home/me/looks/")
    alice.row(name).get_by_role("link").click()
    frame = alice.dialogue(name).locator("iframe")
    expect(frame).to_have_attribute("sandbox", "")
    expect(frame.content_frame.locator(tag)).to_be_visible()
    if tag == "pre":
        assert frame.content_frame.locator("body").inner_text() == body.decode()
    alice.page.screenshot(path=pictures / f"preview-{name}.png")
    alice.button("Close").click()


def test_a_pdf_is_asked_for_as_one(alice):
    """The answer of the storage has the signed type and is shown inline."""
    alice.put(f"{alice.home()}looks/a.pdf", PDF, "text/html")
    alice.go("#home/me/looks/")
    with alice.page.expect_response(
        lambda r: "a.pdf" in r.url and r.request.method == "GET"
    ) as seen:
        alice.row("a.pdf").get_by_role("link").click()
    headers = seen.value.headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"].startswith("inline")
    alice.button("Close").click()


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
