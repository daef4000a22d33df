import json
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bucketpass.cli import words
from bucketpass.cli.configure_profile import own_command, quoted
from bucketpass.cli.main import COMMANDS, root
from bucketpass.cli.reference import reference
from bucketpass.errors import SignInRefused
from bucketpass.profile_file import ProfileFile
from tests.unit.client.http_stub import http_stub

REPOSITORY = Path(__file__).parents[3]


def run(*arguments, given=""):
    return CliRunner().invoke(root, arguments, input=given, prog_name="bucketpass")


POOLS = (
    *("--user-pool-id", "eu-west-1_Ab", "--client-id", "client"),
    *("--identity-pool-id", "eu-west-1:1-2"),
)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_says_what_it_does_and_shows_an_example(name):
    """One sentence that fits the list of commands, and lines that begin like a command line."""
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    listed = next(line for line in run("--help").stdout.splitlines() if f"  {name} " in line)
    assert listed.endswith("."), listed
    assert "..." not in listed


def test_the_page_of_the_command_line_is_current():
    """Renew it: python -m bucketpass.cli.reference > docs/cli.md (on Python 3.11)."""
    assert (REPOSITORY / "docs" / "cli.md").read_text() == reference()


def test_errors_are_words_on_stderr_and_a_status():
    """Nothing on stdout, no traceback, and what to do next."""
    result = run("--profile", "none", "whoami")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "bucketpass --profile none configure" in result.stderr
    assert "Traceback" not in result.stderr


def test_nobody_signed_in():
    """The status of that cause, for every command that needs a person."""
    assert run("configure", *POOLS).exit_code == 0
    for arguments in (
        ("whoami",),
        ("credentials",),
        ("credential-process",),
        ("exec", "--", "true"),
        ("serve",),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (4, ""), arguments
        assert "bucketpass login" in result.stderr


def test_configure_keeps_what_is_not_named_and_show_prints_what_counts():
    """A second run changes one setting only; a flag of the root overrides for one run."""
    run("configure", *POOLS, "--bucket", "a-bucket")
    run("configure", "--role", "editors")
    profile = ProfileFile().load("default")
    assert (profile.bucket, profile.role, profile.region) == ("a-bucket", "editors", "eu-west-1")
    shown = run("--bucket", "other-bucket", "configure", "--show").stdout
    assert "bucket = other-bucket" in shown
    assert ProfileFile().load("default").bucket == "a-bucket"


def test_configure_without_a_terminal_names_what_is_missing():
    """And writes nothing."""
    result = run("configure", "--user-pool-id", "eu-west-1_Ab")
    assert result.exit_code == 3
    assert "--client-id" in result.stderr
    assert ProfileFile().load("default") is None


def test_configure_by_url_takes_what_the_service_tells():
    """One argument is enough where the service has the route."""
    told = {
        "region": "eu-west-1",
        "userPoolId": "eu-west-1_Ab",
        "userPoolClientId": "client",
        "identityPoolId": "eu-west-1:1-2",
        "bucket": "a-bucket",
    }
    with http_stub(lambda *_: (200, {}, told)) as (url, _):
        assert run("configure", f"{url}/", "--profile", "web").exit_code == 0
    profile = ProfileFile().load("web")
    assert (profile.api_url, profile.client_id, profile.bucket) == (url, "client", "a-bucket")


def test_configure_profile_needs_a_profile_that_is_kept():
    """The command that it writes will run without today's flags."""
    result = run(*POOLS, "configure-profile", "work")
    assert (result.exit_code, "no profile" in result.stderr) == (3, True)


def test_the_written_command_is_absolute():
    """The SDKs run it from anywhere; blanks in a path survive."""
    command = own_command()
    assert Path(command[0]).is_absolute()
    assert quoted(["/a b/c", "--profile", "x"]) == "'/a b/c' --profile x"


def test_interrupting_has_the_status_of_shells(monkeypatch):
    """128 + SIGINT."""

    @click.command
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(type(root), "get_command", lambda *_: interrupted)
    assert run("anything").exit_code == 130


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zürich ☀", "Zürich ☀"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x9b31m", "\\x9b31m"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("a\u200bb\u2028", "a\\u200bb\\u2028"),
        ("\ud800", "\\ud800"),
    ],
)
def test_nothing_from_elsewhere_moves_the_terminal(text, shown):
    """Control, bidirectional and invisible characters are shown, not obeyed."""
    assert words.printable(text) == shown


def test_a_complaint_is_printable(capsys):
    """AWS's own sentence is from elsewhere too."""
    words.complain(SignInRefused("no \x1b]0;x\x07", remedy="never"))
    assert capsys.readouterr() == ("", "bucketpass: no \\x1b]0;x\\x07\nnever\n")


def test_help_needs_no_botocore():
    """`bucketpass --help` and a completion are there at once."""
    code = (
        "import sys; from bucketpass.cli.main import root;"
        "print([m for m in ('botocore', 'boto3', 'pycognito', 'requests') if m in sys.modules])"
    )
    result = subprocess.run(  # noqa: S603 # our own
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(REPOSITORY / "client")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "[]\n"


def test_the_wheel_holds_the_client_alone(tmp_path):
    """Neither the service nor the local run; with types, licence and the command."""
    subprocess.run(  # noqa: S603 # our own
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("bucketpass-0.1.0-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read("bucketpass-0.1.0.dist-info/METADATA").decode()
        scripts = archive.read("bucketpass-0.1.0.dist-info/entry_points.txt").decode()
    assert {name.split("/")[0] for name in names} == {"bucketpass", "bucketpass-0.1.0.dist-info"}
    assert {"bucketpass/py.typed", "bucketpass-0.1.0.dist-info/licenses/LICENSE"} < set(names)
    assert "bucketpass = bucketpass.cli.main:main" in scripts
    assert "Requires-Python: >=3.10" in metadata
    assert "Provides-Extra: keyring" in metadata
    assert json.dumps(names).count("__pycache__") == 0


def test_the_client_shares_nothing_with_the_service():
    """It meets the service over HTTP alone."""
    foreign = ("from shared", "import shared", "from handlers", "from local.", "import local")
    for path in (REPOSITORY / "client").rglob("*.py"):
        lines = path.read_text().splitlines()
        assert not [line for line in lines if line.lstrip().startswith(foreign)], path
