"""Uploads: dropped and chosen, small and large, over broken connections and onto what is there."""

import hashlib
import os
import re

import pytest
from playwright.sync_api import expect

MEBIBYTE = 1024 * 1024
HAS_HANDLE = """async () => {
    const { hasHandle } = await import("./file_handles.js");
    const [begun] = JSON.parse(localStorage.getItem("bucketpass.uploads"));
    return hasHandle(begun.uploadId);
}"""


def made(folder, files):
    """The folder with these files (path and bytes) in it."""
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


def transfers(person):
    return person.page.get_by_role("region", name="Transfers")


def transfer(person, name):
    return transfers(person).get_by_role("listitem").filter(has_text=name)


def test_a_dropped_folder_goes_in_whole(alice, pictures):
    """Every file of it arrives under its way, byte by byte, those of inner folders too."""
    files = {"read me.txt": b"hello", "inner/deep/ä.txt": b"umlaut", "inner/empty.bin": b""}
    folder = made(alice.folder / "dropped", files)
    alice.drop(folder)
    expect(alice.page.get_by_text("All done")).to_be_visible()
    expect(alice.row("dropped")).to_be_visible()
    alice.page.screenshot(path=pictures / "uploaded.png")
    prefix = f"{alice.home()}dropped/"
    assert {key.removeprefix(prefix): alice.read(key) for key in alice.keys(prefix)} == files


def test_files_and_folders_can_be_chosen(alice):
    """The buttons do what a drop does."""
    folder = made(alice.folder / "chosen", {"a.txt": b"a", "sub/b.txt": b"b"})
    with alice.page.expect_file_chooser() as choosing:
        alice.tool("Upload folder").click()
    choosing.value.set_files(folder)
    expect(alice.row("chosen")).to_be_visible()
    with alice.page.expect_file_chooser() as choosing:
        alice.tool("Upload files").click()
    choosing.value.set_files([folder / "a.txt"])
    expect(alice.row("a.txt")).to_be_visible()
    assert alice.read(f"{alice.home()}chosen/sub/b.txt") == b"b"


def test_a_large_file_survives_a_cut_connection(alice, pictures):
    """100 MB go in by parts though the network is cut once, and come out the same."""
    alice.expect_complaint("ERR_INTERNET_DISCONNECTED|ERR_NETWORK|ERR_FAILED|ERR_CONNECTION")
    body = os.urandom(100 * 1000 * 1000)
    made(alice.folder, {"large.bin": body})
    network = alice.context.new_cdp_session(alice.page)

    def connect(*, offline):
        speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": 40_000_000}
        network.send("Network.emulateNetworkConditions", {"offline": offline, **speed})

    connect(offline=False)
    alice.drop(alice.folder / "large.bin")
    line = transfer(alice, "large.bin")
    expect(line).to_be_visible()
    expect(transfers(alice)).to_contain_text(re.compile(r"[2-9]\d\.\d MB of 100 MB"))
    connect(offline=True)
    expect(line).to_contain_text("again in")
    alice.page.screenshot(path=pictures / "cut.png")
    connect(offline=False)
    expect(line).to_contain_text("Done", timeout=60_000)
    key = f"{alice.home()}large.bin"
    assert hashlib.sha256(alice.read(key)).digest() == hashlib.sha256(body).digest()
    alice.mark("large.bin")
    with alice.page.expect_download() as waiting:
        alice.tool("Download").click()
    taken = waiting.value.path().read_bytes()
    assert hashlib.sha256(taken).digest() == hashlib.sha256(body).digest()


def test_four_parts_are_on_their_way_at_a_time(alice):
    """No fifth before one is through; then the whole shows how much, how fast and how long yet."""
    body = os.urandom(72 * MEBIBYTE)
    made(alice.folder, {"parts.bin": body})
    held, released = [], []

    def answer(route):
        if released:
            route.continue_()
        else:
            held.append(route)

    alice.page.route(lambda url: "partNumber=" in url, answer)
    alice.drop(alice.folder / "parts.bin")
    while len(held) < 4:
        alice.page.wait_for_timeout(50)
    alice.page.wait_for_timeout(500)
    assert len({route.request.url for route in held}) == len(held) == 4
    network = alice.context.new_cdp_session(alice.page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2e7}
    network.send("Network.emulateNetworkConditions", slow)
    released.append(True)
    for route in held:
        route.continue_()
    expect(transfers(alice)).to_contain_text(re.compile(r"MB of 75.5 MB, [\d.]+ MB/s, \d+ s left"))
    expect(transfer(alice, "parts.bin")).to_contain_text("Done", timeout=60_000)
    assert alice.read(f"{alice.home()}parts.bin") == body


@pytest.mark.parametrize("way", ["Continue", "Choose file"])
def test_an_upload_can_pause_and_goes_on_after_a_reload(alice, way):
    """What is there of it stays there: only the missing parts are sent again.

    The browser finds a dropped file again by itself; any other way the person names it.
    """
    body = os.urandom(72 * MEBIBYTE)
    made(alice.folder, {"paused.bin": body})
    # All parts but the first stay on their way, as on a slow line.
    alice.page.route(
        lambda url: "partNumber=" in url and "partNumber=1&" not in url, lambda _: None
    )
    alice.drop(alice.folder / "paused.bin")
    line = transfer(alice, "paused.bin")
    expect(transfers(alice)).to_contain_text("8.4 MB of 75.5 MB")
    alice.button("Pause: paused.bin").click()
    expect(line).to_contain_text("Paused")
    assert alice.barriers() == []
    alice.page.wait_for_function(HAS_HANDLE, polling=100)
    alice.page.reload()
    expect(transfer(alice, "paused.bin")).to_contain_text("Broken off")
    alice.page.unroute_all(behavior="ignoreErrors")
    sent = []
    alice.page.on("request", lambda r: sent.append(r.url) if r.method == "PUT" else None)
    if way == "Continue":
        alice.button("Continue: paused.bin").click()
    else:
        with alice.page.expect_file_chooser() as choosing:
            alice.button("Choose file: paused.bin").click()
        choosing.value.set_files(alice.folder / "paused.bin")
    expect(transfer(alice, "paused.bin")).to_contain_text("Done", timeout=60_000)
    key = f"{alice.home()}paused.bin"
    assert alice.read(key) == body
    assert sent
    assert not [url for url in sent if "partNumber=1&" in url]
    assert alice.page.evaluate("() => localStorage.getItem('bucketpass.uploads')") == "[]"
    bucket = alice.stack.deployment.outputs["BucketName"]
    alice.stack.aws.s3.delete_object(Bucket=bucket, Key=key)


def test_overwriting_is_asked_for(alice, pictures):
    """A file that is there stays, is kept beside the new one, or is replaced, as one says."""
    home = alice.home()
    alice.put(f"{home}over/report.txt", b"old")
    made(alice.folder, {"report.txt": b"new"})
    alice.expect_complaint("412")
    alice.go("#home/me/over/")
    expect(alice.row("report.txt")).to_be_visible()
    question = alice.dialogue("report.txt is there already")
    for answer, wanted in (
        ("Skip", {"report.txt": b"old"}),
        ("Keep both", {"report.txt": b"old", "report (2).txt": b"new"}),
        ("Replace", {"report.txt": b"new", "report (2).txt": b"new"}),
    ):
        alice.drop(alice.folder / "report.txt")
        expect(question).to_be_visible()
        if answer == "Skip":
            alice.page.screenshot(path=pictures / "overwrite.png")
        question.get_by_role("button", name=answer).click()
        outcome = "Skipped" if answer == "Skip" else "Done"
        expect(transfer(alice, "report.txt").first).to_contain_text(outcome)
        found = {
            key.removeprefix(f"{home}over/"): alice.read(key) for key in alice.keys(f"{home}over/")
        }
        assert found == wanted


def test_nothing_goes_where_one_may_only_read(alice):
    """In a place without the right to write there is no button, and a drop is explained."""
    made(alice.folder, {"no.txt": b"no"})
    alice.go("#shared/")
    expect(alice.row("handbook.txt")).to_be_visible()
    expect(alice.tool("Upload files")).to_have_count(0)
    alice.drop(alice.folder / "no.txt")
    refused = alice.dialogue("Refused")
    expect(refused).to_contain_text("Here you may list and read only")
    assert alice.barriers() == []
    refused.get_by_role("button", name="Close").click()
    assert "shared/no.txt" not in alice.keys("shared/")


def test_paused_uploads_hold_up_no_others(alice):
    """Though four stand still, the fifth goes in; a drop beside the folder does nothing."""
    files = {f"held-{number}.txt": b"held" for number in range(4)} | {"fifth.txt": b"fifth"}
    folder = made(alice.folder / "five", files)
    alice.page.route(lambda url: "held-" in url and "X-Amz-Signature" in url, lambda _: None)
    alice.go("#home/me/five/")
    expect(alice.page.get_by_text("This folder is empty")).to_be_visible()
    alice.drop(*(folder / name for name in files if name.startswith("held")))
    for number in range(4):
        alice.button(f"Pause: held-{number}.txt").click()
        expect(transfer(alice, f"held-{number}.txt")).to_contain_text("Paused")
    alice.drop(folder / "fifth.txt")
    expect(transfer(alice, "fifth.txt")).to_contain_text("Done")
    alice.page.unroute_all(behavior="ignoreErrors")
    alice.button("Continue: held-0.txt").click()
    expect(transfer(alice, "held-0.txt")).to_contain_text("Done")
    alice.button("Cancel: held-1.txt").click()
    expect(transfer(alice, "held-1.txt")).to_contain_text("Cancelled")
    prefix = f"{alice.home()}five/"
    assert {key.removeprefix(prefix) for key in alice.keys(prefix)} == {"fifth.txt", "held-0.txt"}
