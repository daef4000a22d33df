import socket

import pytest
from click.testing import CliRunner

from local.command_line import main


@pytest.fixture
def run(tmp_path):
    """The command line with an empty folder of its own."""
    return lambda *arguments: CliRunner().invoke(main, ["--folder", str(tmp_path), *arguments])


def test_help_names_every_option_and_command(run):
    """Nothing that the local run can do is hidden."""
    text = run("--help").stdout
    for word in (
        "--credential-source",
        "identity-pool|group-role|member-role",
        "--port",
        "4599",
        "--page / --no-page",
        "--page-port",
        "8080",
        "password",
        "--keep",
        "--watch / --no-watch",
        "--folder",
        "token",
        "event",
        "env",
    ):
        assert word in text


def test_taken_port_is_a_sentence_and_a_failure(run):
    """A taken port ends with status 1 and one line, no traceback."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = run("--port", str(other.getsockname()[1]))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Port ")


def test_the_page_has_a_port_of_its_own(run):
    """One port for both is refused before anything is started."""
    result = run("--port", "4711", "--page-port", "4711")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--port and --page-port are two ports." in result.stderr


@pytest.mark.parametrize("command", [("token", "alice"), ("password", "alice"), ("env",)])
def test_commands_without_a_stack_say_how_to_start(run, command):
    """What needs a running stack names the command that starts one, on stderr."""
    result = run(*command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "No local stack is running: start one with `make run`.\n"


def test_unknown_event_is_a_failure(run):
    """An event that does not exist is refused before any stack is asked."""
    result = run("event", "no-such-event")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no-such-event" in result.stderr


def test_unknown_credential_source_is_refused(run):
    """Only the two sources of the template are taken."""
    result = run("--credential-source", "root")
    assert result.exit_code == 2
    assert "identity-pool" in result.stderr
