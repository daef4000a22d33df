"""`bucketpass login --browser`: the user pool's own page signs a command line in."""

# ruff: noqa: S603 # our own command line
import json
import os
import re
import subprocess
import sys

from local.stack import ROOT


def test_the_command_line_is_signed_in_by_the_page(sit_down, page_stack, tmp_path):
    """The person signs in on the page; the loopback redirect brings the code to the command."""
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(page_stack.outputs))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT / "client"),
        "BROWSER": "true",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    command = [sys.executable, "-m", "bucketpass"]
    subprocess.run([*command, "configure", "--outputs", outputs], env=environment, check=True)
    with subprocess.Popen(
        [*command, "login", "--browser"], env=environment, stderr=subprocess.PIPE, text=True
    ) as login:
        said = ""
        while not (address := re.search(r"https?://\S+/oauth2/authorize\S+", said)):
            line = login.stderr.readline()
            assert line, said
            said += line
        alice = sit_down()
        alice.expected.append(re.compile("favicon"))
        alice.page.goto(address.group())
        alice.enter("alice", page_stack.users["alice"].password)
        said += login.stderr.read()
        assert login.wait(30) == 0, said
    shown = subprocess.run(
        [*command, "whoami"], env=environment, capture_output=True, text=True, check=True
    )
    assert page_stack.users["alice"].sub in shown.stdout + shown.stderr
