import contextlib
import http.client
import json
import os
import signal
import socket
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from local.sam_engine.engine import Engine
from local.sam_engine.function_runtime import FunctionRuntime

IMAGE = "public.ecr.aws/lambda/python:3.13-rapid-x86_64"
# Stands for the runtime emulator: says how it was called and waits for its end.
EMULATOR = f"""#!{sys.executable}
import os, signal, sys
print(os.getcwd(), *sys.argv[1:], flush=True)
seen = {{name: os.environ.get(name) for name in ("TOLD", "ADDED", "SECRET_OF_MINE")}}
print(seen, file=sys.stderr, flush=True)
signal.pause()
"""


@pytest.fixture
def folder():
    # A socket's path has at most 107 bytes, which pytest's own folders may exceed.
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


@contextlib.contextmanager
def running_engine(folder):
    emulator = folder / "emulator"
    emulator.write_text(EMULATOR)
    emulator.chmod(emulator.stat().st_mode | stat.S_IXUSR)
    runtime = FunctionRuntime("3.13", Path("/usr/bin/python3.13"), folder / "client", emulator)
    (folder / "task").mkdir()
    with Engine(folder / "socket", runtime, {"Fn": {"ADDED": "yes"}, "Other": {}}) as running:
        yield running


@pytest.fixture
def engine(folder):
    with running_engine(folder) as running:
        yield running


class Connection(http.client.HTTPConnection):
    def __init__(self, engine):
        super().__init__("engine", timeout=60)
        self.path = engine.url.removeprefix("unix://")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(self.path)


def call(engine, method, path, body=None):
    connection = Connection(engine)
    connection.request(method, path, None if body is None else json.dumps(body))
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content) if content else None


def description(folder, image=IMAGE):
    return {
        "Image": image,
        "Env": [
            "AWS_LAMBDA_FUNCTION_NAME=Fn",
            "AWS_LAMBDA_FUNCTION_HANDLER=app.handler",
            "TOLD=a=b",
        ],
        "HostConfig": {
            "Binds": [f"{folder / 'task'}:/var/task:ro,delegated"],
            "PortBindings": {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": "6543"}]},
        },
    }


@pytest.fixture
def created(engine, folder):
    status, answer = call(engine, "POST", "/v1.44/containers/create", description(folder))
    assert status == 201
    return f"/v1.44/containers/{answer['Id']}"


def attached(engine, container):
    """The streams of the container, read to their end."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(engine.url.removeprefix("unix://"))
        client.sendall(f"POST {container}/attach HTTP/1.1\r\nHost: engine\r\n\r\n".encode())
        while chunk := client.recv(65536):
            yield chunk


def test_it_is_there(engine):
    """A ping, the version and an image answer what the SAM CLI looks at before it begins."""
    assert call(engine, "GET", "/_ping")[0] == 200
    assert call(engine, "HEAD", "/_ping")[0] == 200
    assert call(engine, "GET", "/version")[1]["ApiVersion"] == "1.44"
    status, image = call(engine, "GET", "/v1.44/images/public.ecr.aws%2Flambda/json")
    assert (status, image["RepoTags"]) == (200, ["public.ecr.aws/lambda"])


def test_a_container_runs_the_function(engine, created, folder):
    """Started, it runs the handler in the task folder; stopped, its streams end."""
    assert call(engine, "GET", f"{created}/json")[1]["State"]["Status"] == "created"
    assert call(engine, "POST", f"{created}/start")[0] == 204
    assert call(engine, "GET", f"{created}/json")[1]["State"]["Running"] is True
    streams = attached(engine, created)
    seen = b""
    while b"SECRET_OF_MINE" not in seen:
        seen += next(streams)
    assert call(engine, "POST", f"{created}/stop?t=0")[0] == 204
    seen = (seen + b"".join(streams)).decode(errors="replace")
    assert seen.startswith("HTTP/1.1 101 ")
    assert f"{folder / 'task'} --runtime-interface-emulator-address 127.0.0.1:6543" in seen
    assert "-S -m awslambdaric app.handler" in seen
    assert call(engine, "POST", f"{created}/wait")[1] == {"StatusCode": -signal.SIGTERM}


def test_the_environment_is_the_functions(engine, created, monkeypatch):
    """The function sees what it was told and what was added for it, nothing of the caller's."""
    monkeypatch.setenv("SECRET_OF_MINE", "x")
    call(engine, "POST", f"{created}/start")
    seen = b""
    for chunk in attached(engine, created):
        seen += chunk
        if b"SECRET_OF_MINE" in seen:
            break
    assert b"{'TOLD': 'a=b', 'ADDED': 'yes', 'SECRET_OF_MINE': None}" in seen


def test_the_end_of_the_engine_ends_the_function(folder):
    """Leaving the context leaves no process."""
    with running_engine(folder) as engine:
        created = call(engine, "POST", "/containers/create", description(folder))[1]["Id"]
        call(engine, "POST", f"/containers/{created}/start")
        number = engine.containers[created]._process.pid
        os.kill(number, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_removed_container_is_gone(engine, created):
    """A removed container is unknown, and so is one that never was."""
    assert call(engine, "DELETE", f"{created}?force=True")[0] == 204
    assert call(engine, "GET", f"{created}/json")[0] == 404
    assert call(engine, "GET", f"/containers/{'0' * 64}/json")[0] == 404


@pytest.mark.parametrize(
    "image", [IMAGE.replace("3.13", "3.12"), "public.ecr.aws/lambda/nodejs:22"]
)
def test_another_runtime_is_refused(engine, folder, image):
    """A function of another runtime is refused with a sentence, which the engine keeps."""
    status, answer = call(engine, "POST", "/containers/create", description(folder, image))
    assert status == 400
    assert "the SAM environment has 3.13" in answer["message"]
    assert answer["message"] == engine.refusal.sentence
    assert engine.containers == {}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/swarm"), ("POST", "/networks/create"), ("DELETE", "/images/x"), ("POST", "/build")],
)
def test_the_rest_is_not_there(engine, method, path):
    """What `sam local` does not ask for says that it is missing."""
    status, answer = call(engine, method, path)
    assert status == 501
    assert f"{method} {path}" in answer["message"]
