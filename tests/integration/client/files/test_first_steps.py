"""What people write who have not read the manual, and what they are told."""

import os
import stat

import pytest


@pytest.mark.parametrize(
    "arguments",
    [
        ("cp", "home:s/f", "p"),
        ("mv", "home:s/f", "p"),
        ("cp", "-r", "home:s/", "there"),
        ("sync", "home:s", "there"),
    ],
)
def test_a_pipe_in_the_target_is_not_replaced(alice, bucket, arguments):
    """Refused as a link is, and it stays what it is; nothing is moved away."""
    bucket.put("s/f")
    (alice.home / "there").mkdir()
    pipes = alice.home / "p", alice.home / "there" / "f"
    for pipe in pipes:
        os.mkfifo(pipe)
    result = alice.run(*arguments)
    assert result.returncode == 21, result.stderr
    assert "is no regular file, and is not replaced." in result.stderr
    assert all(stat.S_ISFIFO(pipe.stat().st_mode) for pipe in pipes)
    assert bucket.names("s/") == ["f"]


def test_a_pipe_is_not_read(alice, bucket):
    """That could wait for ever."""
    os.mkfifo(alice.home / "p")
    assert alice.run("cp", "p", "home:pipe").returncode == 20
    assert bucket.names("pipe") == []


@pytest.mark.parametrize("command", ["cp", "mv"])
def test_a_dash_is_no_place(alice, bucket, command):
    """A usage error that names the way; a file of that name can still be copied."""
    refused = alice.run(command, "home:hello.txt", "-")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "bucketpass cat" in refused.stderr
    refused = alice.run(command, "-", "home:in", given="text")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Nothing is read from stdin" in refused.stderr
    assert not (alice.home / "-").exists()
    (alice.home / "-").write_text("a file")
    alice.done("cp", "./-", "home:dash")
    assert bucket.body("dash") == b"a file"


@pytest.mark.parametrize(
    ("arguments", "hinted"),
    [
        (("ls", "home"), True),
        (("rm", "hello.txt"), True),
        (("cat", "hello.txt"), True),
        (("ls", "groups/editors"), False),
        (("cat", "home/somebody/hello.txt"), False),
    ],
)
def test_a_plain_key_that_is_refused(alice, arguments, hinted):
    """Whoever forgot the root is told how own files are written."""
    refused = alice.run(*arguments)
    assert refused.returncode == 12
    assert ("Your own files are `home:NAME`." in refused.stderr) is hinted


@pytest.mark.parametrize(
    "arguments",
    [("cp", "home:papers", "."), ("mv", "home:papers", "home:n"), ("rm", "home:papers")],
)
def test_a_folder_without_recursive(alice, bucket, arguments):
    """Is named as one; what is neither file nor folder is not."""
    bucket.put("papers/a")
    refused = alice.run(*arguments)
    assert refused.returncode == 20
    assert "home:papers is a folder." in refused.stderr
    assert "--recursive" in refused.stderr
    assert bucket.names("papers/") == ["a"]
    missing = alice.run(*(word.replace("home:papers", "home:paper") for word in arguments))
    assert missing.returncode == 19
