"""Large files on a real terminal, over a line that can be held up."""

import hashlib
import os
import random
import re
import sys

import pexpect
import pytest

from tests.integration.client.ended import ended
from tests.integration.client.files.narrow_line import NarrowLine

SIZE = 200_000_000
HELD_AFTER = 80_000_000
NOISE = random.Random(5).randbytes(1024**2)  # noqa: S311 # the same bytes in every run


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """200 MB, no two blocks alike."""
    path = tmp_path_factory.mktemp("film") / "film.bin"
    with path.open("wb") as file:
        for number in range(-(-SIZE // len(NOISE))):
            file.write((number.to_bytes(8, "big") + NOISE[8:])[: SIZE - file.tell()])
    return path


@pytest.fixture
def line(pool_stack):
    with NarrowLine(pool_stack.endpoint_url) as line:
        yield line


@pytest.fixture(autouse=True)
def no_film_is_left(bucket):
    yield
    bucket.forget("film.bin")


@pytest.fixture
def bash(alice, line):
    """Starts commands of alice's on a terminal with colours, over that line."""

    def start(*arguments, **variables):
        return pexpect.spawn(
            sys.executable,
            ["-m", "bucketpass", *map(str, arguments)],
            cwd=str(alice.home),
            env={
                **alice.environment,
                "BUCKETPASS_ENDPOINT_URL": line.url,
                "TERM": "xterm-256color",
                **variables,
            },
            encoding="utf-8",
            timeout=60,
            dimensions=(40, 160),
        )

    return start


def digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def uploads(bucket):
    told = bucket.s3.list_multipart_uploads(Bucket=bucket.name, Prefix=bucket.homes["alice"])
    return [upload["UploadId"] for upload in told.get("Uploads", ())]


def hold_and_interrupt(terminal, line, shown):
    terminal.expect(shown)
    assert line.held.wait(60)
    terminal.sendintr()
    terminal.expect("What has arrived is kept: run the same command again to go on.")
    assert ended(terminal) == 130


def test_a_copy_shows_how_far_it_is(alice, bash, film, line):
    """A bar with percent, bytes and speed on the terminal, gone at the end; then the bytes."""
    terminal = bash("cp", film, "home:film.bin")
    terminal.expect(r"film\.bin.*━.*%.*/200\.0 MB.*/s")
    terminal.expect(re.escape("Copied 1 file (200.0 MB)."))
    assert ended(terminal) == 0
    terminal = bash("cp", "home:film.bin", "down.bin")
    terminal.expect(r"━.*%")
    assert ended(terminal) == 0
    assert digest(alice.home / "down.bin") == digest(film)
    # and without a terminal no bar, only the words
    result = alice.run("cp", "home:film.bin", "again.bin")
    assert result.stderr == "Copied 1 file (200.0 MB).\n"


def test_ctrl_c_leaves_an_upload_that_the_next_run_finishes(alice, bash, film, bucket, line):
    """Even while the network hangs; the parts that are there are not sent again."""
    line.limit = HELD_AFTER
    hold_and_interrupt(bash("cp", film, "home:film.bin"), line, "━.*%")
    assert bucket.names("film") == []
    (begun,) = uploads(bucket)
    there = bucket.s3.list_parts(
        Bucket=bucket.name, Key=f"{bucket.homes['alice']}film.bin", UploadId=begun
    )["Parts"]
    arrived = sum(part["Size"] for part in there)
    assert arrived > 0

    line.renew()
    terminal = bash("cp", film, "home:film.bin")
    terminal.expect(r"Copied 1 file \(200\.0 MB, (.*) MB of it before\)")
    told = float(terminal.match[1]) * 10**6
    assert ended(terminal) == 0
    assert told >= arrived * 0.999
    assert line.counts["up"] < SIZE - arrived + 1_000_000
    assert uploads(bucket) == []
    body = bucket.s3.get_object(Bucket=bucket.name, Key=f"{bucket.homes['alice']}film.bin")["Body"]
    assert hashlib.sha256(body.read()).hexdigest() == digest(film)
    assert list((alice.home / ".local/state/bucketpass/transfers").iterdir()) == []


def test_ctrl_c_leaves_a_download_that_the_next_run_finishes(alice, bash, film, bucket, line):
    """The target is whole or absent; only what is missing is fetched."""
    alice.done("cp", str(film), "home:film.bin")
    line.limit = HELD_AFTER
    hold_and_interrupt(bash("cp", "home:film.bin", "down.bin"), line, "━.*%")
    (part,) = alice.home.glob(".bucketpass-*.part")
    arrived = part.stat().st_size
    assert arrived > 0
    assert not (alice.home / "down.bin").exists()

    line.renew()
    terminal = bash("cp", "home:film.bin", "down.bin")
    terminal.expect("Copied 1 file")
    assert ended(terminal) == 0
    assert line.counts["down"] < SIZE - arrived + 1_000_000
    assert digest(alice.home / "down.bin") == digest(film)
    assert not list(alice.home.glob(".bucketpass-*"))


def test_an_interrupted_download_of_an_object_that_is_replaced(alice, bash, film, bucket, line):
    """Begins anew, and leaves nothing of the older one."""
    alice.done("cp", str(film), "home:film.bin")
    line.limit = HELD_AFTER
    hold_and_interrupt(bash("cp", "home:film.bin", "down.bin"), line, "━.*%")
    line.open()
    bucket.put("film.bin", b"a short one")
    alice.done("cp", "home:film.bin", "down.bin")
    assert (alice.home / "down.bin").read_bytes() == b"a short one"
    assert not list(alice.home.glob(".bucketpass-*"))


def test_an_interrupted_upload_of_a_file_that_changes(alice, bash, film, bucket, line):
    """The older upload is given up; the object is of the newer file alone."""
    (source := alice.home / "source.bin").write_bytes(film.read_bytes())
    line.limit = HELD_AFTER
    hold_and_interrupt(bash("cp", "source.bin", "home:film.bin"), line, "━.*%")
    (begun,) = uploads(bucket)
    line.open()
    with source.open("r+b") as file:
        file.write(b"changed")
    os.utime(source, (1, 1))
    terminal = bash("cp", "source.bin", "home:film.bin")
    terminal.expect(re.escape("Copied 1 file (200.0 MB)."))
    assert ended(terminal) == 0
    assert uploads(bucket) == []
    assert begun
    alice.done("cp", "home:film.bin", "down.bin")
    assert digest(alice.home / "down.bin") == digest(source)


def test_a_file_that_changes_while_it_is_sent(alice, bash, film, bucket, line):
    """No object of two halves: its own status, the upload given up, a move keeps the file."""
    (source := alice.home / "source.bin").write_bytes(film.read_bytes())
    line.limit = HELD_AFTER
    terminal = bash("mv", "source.bin", "home:film.bin")
    assert line.held.wait(60)
    os.utime(source, (1, 1))
    line.open()
    terminal.expect("has changed while it was sent")
    assert ended(terminal) == 22
    assert (bucket.names("film"), uploads(bucket)) == ([], [])
    assert source.exists()


def test_two_at_the_same_upload(alice, bash, film, bucket, line):
    """The second is told so; the first goes on."""
    line.limit = HELD_AFTER
    first = bash("cp", film, "home:film.bin")
    assert line.held.wait(60)
    result = alice.run("cp", str(film), "home:film.bin", BUCKETPASS_ENDPOINT_URL=line.url)
    assert result.returncode == 18, result.stderr
    line.open()
    first.expect("Copied 1 file")
    assert ended(first) == 0


def test_a_line_that_is_cut(alice, bash, film, bucket, line):
    """What has arrived is kept, as after Ctrl-C; the status says that nobody was reached."""
    line.limit = HELD_AFTER
    terminal = bash("cp", film, "home:film.bin", AWS_MAX_ATTEMPTS="1")
    assert line.held.wait(60)
    line.__exit__()
    terminal.expect("What has arrived is kept: run the same command again to go on.")
    assert ended(terminal) == 14
    assert len(uploads(bucket)) == 1
    assert bucket.names("film") == []
