import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bucketpass.kept_sign_in import KeptSignIn
from bucketpass.profile import Profile
from bucketpass.secret_store import FileStore
from bucketpass.tokens import tokens_of_answer
from tests.unit.client.conftest import id_token
from tests.unit.client.http_stub import http_stub

PROCESSES, ROUNDS = 50, 100
REPOSITORY = Path(__file__).parents[3]


class RotatingCognito:
    """Takes each refresh token once and gives the next one; counts what it took and refused."""

    def __init__(self):
        self.lock = threading.Lock()
        self.taken = 0
        self.refused = 0

    def __call__(self, _method, _path, headers, body):
        assert headers["X-Amz-Target"].endswith(".GetTokensFromRefreshToken")
        with self.lock:
            if json.loads(body)["RefreshToken"] != f"refresh-{self.taken}":
                self.refused += 1
                return 400, {}, {"__type": "RefreshTokenReuseException", "message": "used"}
            self.taken += 1
            answer = {
                "IdToken": id_token(jti=str(self.taken)),
                "AccessToken": "access",
                "RefreshToken": f"refresh-{self.taken}",
            }
            return 200, {}, {"AuthenticationResult": answer}


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def test_fifty_processes_share_each_of_a_hundred_refreshes(state, tmp_path):
    """One refresh per expiry, the same tokens for all, no file ever broken or open to others."""
    cognito = RotatingCognito()
    with http_stub(cognito) as (url, _):
        profile = Profile(user_pool_id="eu-west-1_Pool", client_id="client", endpoint_url=url)
        tokens = {"IdToken": id_token(), "AccessToken": "a", "RefreshToken": "refresh-0"}
        folder = state / "bucketpass" / "tokens"
        KeptSignIn(profile, FileStore(folder), folder).write(tokens_of_answer(tokens, time.time()))
        result = subprocess.run(  # noqa: S603 # our own
            [
                sys.executable,
                str(Path(__file__).with_name("refreshing_processes.py")),
                str(PROCESSES),
                str(ROUNDS),
            ],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "XDG_STATE_HOME": str(state),
                "PYTHONPATH": str(REPOSITORY / "client"),
                "BUCKETPASS_TOKEN_STORE": "file",
                "BUCKETPASS_USER_POOL_ID": "eu-west-1_Pool",
                "BUCKETPASS_CLIENT_ID": "client",
                "BUCKETPASS_ENDPOINT_URL": url,
            },
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert result.returncode == 0, result.stderr
    answers = json.loads(result.stdout)
    assert len(answers) == PROCESSES
    each_round = [f"refresh-{number}" for number in range(1, ROUNDS + 1)]
    assert all(seen == each_round for seen, _ in answers)
    assert {mode for _, modes in answers for mode in modes} == {0o600}
    assert (cognito.taken, cognito.refused) == (ROUNDS, 0)
    left = sorted(path.name for path in folder.iterdir())
    assert [name for name in left if not name.endswith(".lock")] == ["default.json"]


def test_a_process_that_dies_while_it_holds_the_lock_blocks_nobody(state):
    """The lock goes with the process, and the old tokens are whole."""
    folder = state / "bucketpass" / "tokens"
    profile = Profile(user_pool_id="eu-west-1_Pool", client_id="client")
    kept = KeptSignIn(profile, FileStore(folder), folder)
    kept.write(tokens_of_answer({"IdToken": id_token()}, time.time()))
    code = (
        "import sys, time; from pathlib import Path; from bucketpass.kept_sign_in import *;"
        "p = Profile(user_pool_id='eu-west-1_Pool', client_id='client'); f = Path(sys.argv[1]);"
        "from bucketpass.secret_store import FileStore; k = KeptSignIn(p, FileStore(f), f)\n"
        "with k.lock():\n  print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(  # noqa: S603 # our own
        [sys.executable, "-c", code, str(folder)],
        env={"PYTHONPATH": str(REPOSITORY / "client")},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "held\n"
        with kept.lock_if_free() as held:
            assert held is False
        process.kill()
        process.wait()
    with kept.lock_if_free() as held:
        assert held is True
    assert kept.read() is not None
