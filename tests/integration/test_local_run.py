import json
import os
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from local.emulated_aws import RootKeys
from local.emulator_process import EmulatorProcess
from local.failure import LocalRunError
from local.ports import free_port
from local.source_watch import SourceWatch
from local.stack import ROOT, TEMPLATE, LocalStack

READY = "Ctrl-C ends all of it."
PATIENCE_SECONDS = 60

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def _until(condition, seconds=PATIENCE_SECONDS):
    """Whether the condition came true; what is waited for is another process."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _command(*arguments):
    return [sys.executable, "-m", "local", *arguments]


class Run:
    """`python -m local` as a person starts it, with a folder of its own."""

    def __init__(self, folder, *arguments):
        self.folder = folder
        self.port = free_port()
        self.output = folder.parent / "output"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(  # noqa: S603 # our own command
                _command(
                    *("--folder", str(folder), "--port", str(self.port), "--page-port", "0"),
                    *arguments,
                ),
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        assert _until(lambda: READY in self.text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.text()

    def text(self):
        return self.output.read_text()

    @property
    def outputs(self):
        return json.loads((self.folder / "outputs.json").read_text())

    @property
    def state(self):
        """The folder that holds the emulator's log and everything else of it."""
        (line,) = (line for line in self.text().splitlines() if line.startswith("Log "))
        return Path(line.removeprefix("Log").strip()).parent

    @property
    def emulator(self):
        """The emulator's process id, which is also that of its process group."""
        return int((self.state / "tmp" / f"ministack-{self.port}.pid").read_text())

    def subcommand(self, *arguments):
        command = _command("--folder", str(self.folder), *arguments)
        return subprocess.run(  # noqa: S603 # our own command
            command, cwd=ROOT, capture_output=True, text=True, check=False
        )


@contextmanager
def _running(folder, *arguments):
    run = Run(folder, *arguments)
    try:
        yield run
    finally:
        run.process.kill()
        run.process.wait()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with _running(tmp_path_factory.mktemp("run") / "local") as run:
        yield run


def _group_is_gone(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def _printed_curls(text):
    """Each printed command with the status that its title announces, 200 if none."""
    lines = text.splitlines()
    for title, line in pairwise(lines):
        if line.startswith("curl "):
            yield int(title.partition("  -> ")[2] or 200), line


@needs_curl
def test_printed_commands_work(run, tmp_path):
    """Every printed curl, pasted into another shell, answers what its title announces."""
    answers = {}
    for expected, line in _printed_curls(run.text()):
        body = tmp_path / "body"
        shown = f"{line} --output {shlex.quote(str(body))} --write-out '%{{http_code}}'"
        curl = subprocess.run(  # noqa: S603 # what the run printed is what is tested
            ["/bin/sh", "-c", shown], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        answers[line] = (expected, int(curl.stdout))
    assert len(answers) >= 9
    assert {line: got for line, (expected, got) in answers.items() if got != expected} == {}


@needs_curl
def test_pasted_listing_shows_alices_files_alone(run):
    """The listing that a newcomer pastes first holds Alice's files and nobody else's."""
    listing = next(line for _, line in _printed_curls(run.text()) if line.endswith("/objects"))
    page = json.loads(subprocess.check_output(shlex.split(listing)))  # noqa: S603 # as above
    names = {item["key"].removeprefix(page["prefix"]) for item in page["objects"]}
    assert names == {
        "hello.txt",
        "notes/to do.md",
        "notes/2026/Zürich ☀ trip.md",
        "photos/pixel.svg",
    }


def test_outputs_are_private_and_complete(run):
    """outputs.json has mode 0600, the contract's names, and an ApiUrl that answers here."""
    path = run.folder / "outputs.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    contract = "ApiUrl UserPoolId UserPoolClientId IdentityPoolId BucketName Region EndpointUrl"
    assert set(contract.split()) <= set(run.outputs)
    assert {user["username"]: user["groups"] for user in run.outputs["Users"]} == {
        "alice": [],
        "bob": [],
        "erin": ["editors"],
        "ada": ["auditors"],
        "mia": ["editors", "auditors"],
    }
    assert requests.get(f"{run.outputs['ApiUrl']}/health", timeout=30).status_code == 200


def test_nothing_is_readable_by_others(run):
    """Neither the outputs nor the emulator's state, which holds signing keys, is open to others."""
    files = [path for folder in (run.folder, run.state) for path in folder.rglob("*")]
    assert len(files) > 5
    open_to_others = [path for path in (run.state, *files) if path.stat().st_mode & 0o077]
    private_parents = {run.folder, run.state}
    assert [p for p in open_to_others if not private_parents & set(p.parents)] == []
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in private_parents)


def test_no_secret_is_printed(run):
    """What scrolls by holds no token, and of passwords only alice's, for the page."""
    passwords = {user["username"]: user["password"] for user in run.outputs["Users"]}
    printed = [name for name, password in passwords.items() if password in run.text()]
    assert printed == ["alice"]
    assert "eyJ" not in run.text()


def test_token_is_fresh_and_accepted(run):
    """`token` prints one ID token and nothing else, and the API takes it."""
    result = run.subcommand("token", "erin")
    assert (result.returncode, result.stderr) == (0, "")
    answer = requests.get(
        f"{run.outputs['ApiUrl']}/me", headers={"Authorization": result.stdout.strip()}, timeout=30
    )
    assert (answer.status_code, answer.json()["username"]) == (200, "erin")


def test_environment_is_the_deployed_one(run):
    """`env` prints the function's environment in the form of `sam local --env-vars`."""
    environment = json.loads(run.subcommand("env").stdout)["ApiFunction"]
    assert environment["BUCKET_NAME"] == run.outputs["BucketName"]
    assert environment["AWS_ENDPOINT_URL"] == run.outputs["EndpointUrl"]
    assert all(isinstance(value, str) for value in environment.values())


def test_second_run_on_the_port_says_so(run):
    """The same port again ends at once with one sentence, and disturbs nobody."""
    before = run.outputs
    second = run.subcommand("--port", str(run.port))
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr.startswith(f"Port {run.port} is taken")
    assert second.stderr.count("\n") == 1
    assert run.outputs == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_end_leaves_nothing(tmp_path, number):
    """Ctrl-C, a termination and a closed terminal end all processes and remove all files."""
    with _running(tmp_path / "local") as run:
        requests.get(f"{run.outputs['ApiUrl']}/health", timeout=30)  # a function's process, too
        emulator, state = run.emulator, run.state
        assert not _group_is_gone(emulator)
        run.process.send_signal(number)
        assert run.process.wait(PATIENCE_SECONDS) == 0
    assert "Traceback" not in run.text()
    assert _until(lambda: _group_is_gone(emulator))  # init may take its time to collect the dead
    assert not state.exists()
    assert list(run.folder.iterdir()) == []


def test_killed_run_leaves_no_process(tmp_path):
    """Even a run that is killed without a chance to react takes emulator and state with it."""
    with _running(tmp_path / "local") as run:
        requests.get(f"{run.outputs['ApiUrl']}/health", timeout=30)
        emulator, state = run.emulator, run.state
        run.process.kill()
        run.process.wait()
        assert _until(lambda: _group_is_gone(emulator))
        assert _until(lambda: not state.exists())
    ended = run.subcommand("token", "alice")
    assert ended.returncode == 1
    assert ended.stderr.endswith("has ended: start one with `make run`.\n")


def test_end_of_the_emulator_is_told(tmp_path):
    """If the emulator dies, the run ends with one sentence, status 1 and no files."""
    with _running(tmp_path / "local") as run:
        os.killpg(run.emulator, signal.SIGKILL)
        assert run.process.wait(PATIENCE_SECONDS) == 1
    assert "The emulator ended while it ran (exit code -9)." in run.text()
    assert "Traceback" not in run.text()
    assert list(run.folder.iterdir()) == []


def test_emulator_that_cannot_start_tells_why(pool_stack, tmp_path):
    """Whoever starts an emulator in vain is told the reason in its own words."""
    process = EmulatorProcess(pool_stack.port, tmp_path, RootKeys("KEY", "s"), persistent=False)
    try:
        with pytest.raises(LocalRunError, match=r"ended at its start.*in use|is taken") as failure:
            process.start()
        assert str(pool_stack.port) in failure.value.sentence + failure.value.evidence
    finally:
        process.stop()
    assert process.pid is None


def test_missing_package_is_named():
    """Without the installed packages one sentence names the command that installs them."""
    without_packages = [sys.executable, "-S", "-m", "local"]
    result = subprocess.run(  # noqa: S603 # our own command
        without_packages, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.endswith("is not installed: `make run` installs it.\n")
    assert result.stderr.count("\n") == 1


def test_wrong_emulator_version_is_refused(tmp_path):
    """An emulator for which the enforcement was not written is not started at all."""
    metadata = tmp_path / "ministack-9.9.9.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: ministack\nVersion: 9.9.9\n")
    result = subprocess.run(  # noqa: S603 # our own command
        _command("--folder", str(tmp_path / "local"), "--port", "0"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    sentence = result.stderr.splitlines()[-1]
    assert sentence.startswith("The emulator ended at its start: ")
    assert "ministack 1.5.33" in sentence
    assert "9.9.9" in sentence
    assert "Traceback" not in result.stderr


def test_template_that_fails_is_told_and_ended(tmp_path):
    """A resource that cannot be created is named with its reason, and the emulator ends."""
    (tmp_path / "src").mkdir()
    template = tmp_path / "template.yaml"
    template.write_text(
        "Resources:\n"
        "  Group:\n"
        "    Type: AWS::Cognito::UserPoolGroup\n"
        "    Properties: {GroupName: g, UserPoolId: eu-west-1_Nowhere}\n"
    )
    stack = LocalStack(template=template)
    with pytest.raises(LocalRunError) as failure, stack:
        pass
    assert failure.value.sentence.startswith("template.yaml could not be deployed")
    assert "Group (AWS::Cognito::UserPoolGroup)" in failure.value.sentence
    assert stack.emulator.pid is None


def _answer_with(text):
    return (
        f"def lambda_handler(event, context):\n    return {{'statusCode': 200, 'body': {text!r}}}\n"
    )


def test_changed_code_is_live(tmp_path):
    """A file saved in the code folder answers the next requests."""
    handler = tmp_path / "src" / "handlers" / "app.py"
    handler.parent.mkdir(parents=True)
    handler.write_text(_answer_with("before"))
    template = Path(shutil.copy(TEMPLATE, tmp_path))
    with LocalStack(template=template) as stack:

        def answer():
            return requests.get(f"{stack.api_url}/health", timeout=30).text

        assert answer() == "before"
        with SourceWatch(set(stack.code_folders.values()), stack.renew_code):
            handler.write_text(_answer_with("after"))
            assert _until(lambda: answer() == "after", 20)


def test_kept_state_outlives_the_run(tmp_path):
    """Users, their passwords and folders, and objects are there in the next run, in any mode."""
    with LocalStack(kept_state=tmp_path) as first:
        bucket, alice = first.outputs["BucketName"], first.users["alice"]
        key = f"home/{alice.identity_id}/mine.txt"
        first.client("s3").put_object(Bucket=bucket, Key=key, Body=b"kept")
        with pytest.raises(LocalRunError, match="Another local stack"):
            LocalStack(kept_state=tmp_path).__enter__()
    with LocalStack(kept_state=tmp_path, credential_source="group-role") as second:
        again = second.users["alice"]
        assert (again.sub, again.identity_id) == (alice.sub, alice.identity_id)
        assert again.password == alice.password
        assert second.outputs["CredentialSource"] == "group-role"
        answer = requests.get(
            f"{second.api_url}/objects/{key}?as=content",
            headers={"Authorization": again.tokens.id},
            timeout=30,
        )
        assert (answer.status_code, answer.text) == (200, "kept")
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_stacks_share_nothing(pool_stack, role_stack):
    """Two stacks at once have their own ports, pools and passwords."""
    assert pool_stack.port != role_stack.port
    assert pool_stack.outputs["UserPoolId"] != role_stack.outputs["UserPoolId"]
    token = pool_stack.users["alice"].tokens.id
    answer = requests.get(f"{role_stack.api_url}/me", headers={"Authorization": token}, timeout=30)
    assert answer.status_code == 401


def test_wrong_password_is_refused(pool_stack):
    """Signing in takes the right password; a wrong one is refused as Cognito refuses it."""
    client = pool_stack.aws.public_user_pools
    with pytest.raises(client.exceptions.NotAuthorizedException):
        pool_stack.sign_in("alice", "Aa1-not-the-password")
    assert pool_stack.sign_in("alice").id


def test_the_page_is_served_and_knows_the_stack(run):
    """The printed address gives the page, whose configuration leads to this very stack."""
    url = run.outputs["PageUrl"]
    assert url in run.text()
    assert "<title>" in requests.get(url, timeout=60).text
    config = requests.get(f"{url}config.json", timeout=60).json()
    assert config["apiUrl"] == run.outputs["ApiUrl"]
    assert config["signInUrl"] == run.outputs["SignInUrl"] == run.outputs["EndpointUrl"]
    origin = url.rstrip("/")
    health = requests.get(f"{config['apiUrl']}/health", headers={"Origin": origin}, timeout=40)
    assert health.headers["Access-Control-Allow-Origin"] == origin


def test_password_is_printed_on_demand(run):
    """`password` prints what the person types on the page, and nothing else."""
    (alice,) = (user for user in run.outputs["Users"] if user["username"] == "alice")
    assert run.subcommand("password", "alice").stdout == f"{alice['password']}\n"


def test_no_page_leaves_it_away(tmp_path):
    """With --no-page nothing is served beside the stack."""
    with _running(tmp_path / "local", "--no-page") as run:
        assert "PageUrl" not in run.outputs
        assert "\nPage " not in run.text()
