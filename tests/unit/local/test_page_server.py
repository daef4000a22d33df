import http.client
import json

import pytest

from local.failure import LocalRunError
from local.page_config import PageConfig
from local.page_server import WEB_FOLDER, PageServer
from local.ports import free_port

CONFIG = PageConfig(
    api_url="https://api.example.com/v1",
    sign_in_url="https://sign-in.example.com",
    client_id="client",
    bucket_origin="https://bucket.example.com",
)


@pytest.fixture
def page(tmp_path):
    """A page of one file, with a secret beside its folder."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html>")
    (tmp_path / "secret.html").write_text("secret")
    port = free_port()
    with PageServer(port, CONFIG, folder) as server:
        server.port = port
        yield server


def ask(page, path, method="GET", host=None):
    """Status, headers and body; the path goes out as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=60)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"localhost:{page.port}")
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, dict(answer.headers), body


def test_the_folder_is_served_and_its_root_is_the_page(page):
    """Both ways to the page give the file, as HTML."""
    for path in ("/", "/index.html", "/?code=1&state=2"):
        status, headers, body = ask(page, path)
        assert (status, body) == (200, b"<!doctype html>")
        assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_config_tells_the_page_three_facts(page):
    """Where the API is, where to sign in, and as which client; nothing else."""
    status, headers, body = ask(page, "/config.json")
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert json.loads(body) == {
        "apiUrl": "https://api.example.com/v1",
        "signInUrl": "https://sign-in.example.com",
        "clientId": "client",
    }


@pytest.mark.parametrize(
    "path",
    ["/../secret.html", "/%2e%2e/secret.html", "//etc/passwd", "/web/index.html", "/no.js", "/x"],
)
def test_nothing_else_is_served(page, path):
    """No way leads out of the folder, and what is not there is 404 under the same headers."""
    status, headers, body = ask(page, path)
    assert status == 404
    assert b"secret" not in body
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_another_name_for_loopback_is_refused(page):
    """A site whose name leads here gets nothing (DNS rebinding)."""
    for host in ("evil.example.com", f"evil.example.com:{page.port}", "localhost:1"):
        status, _, body = ask(page, "/config.json", host=host)
        assert status == 421
        assert b"client" not in body


def test_a_head_has_no_body_and_a_post_is_refused(page):
    """The server gives files and takes nothing."""
    status, headers, body = ask(page, "/", "HEAD")
    assert (status, headers["Content-Length"], body) == (200, "15", b"")
    assert ask(page, "/", "POST")[0] == 501


def test_the_policy_names_the_three_origins_alone():
    """A script asks the page, the API, the sign-in and the bucket; a frame shows the bucket."""
    policy = dict(
        directive.split(" ", 1)
        for directive in CONFIG.security_headers()["Content-Security-Policy"].split("; ")
    )
    assert policy["connect-src"] == (
        "'self' https://api.example.com https://sign-in.example.com https://bucket.example.com"
    )
    assert policy["frame-src"] == "https://bucket.example.com"
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == policy["trusted-types"] == "'none'"


def test_every_file_of_the_page_is_servable(page):
    """No file in web/ has a name or a type that the server would not give."""
    with PageServer(port := free_port(), CONFIG) as server:
        server.port = port
        for file in WEB_FOLDER.iterdir():
            assert ask(server, f"/{file.name}")[0] == 200, file.name


def test_a_port_taken_meanwhile_is_a_sentence(page):
    """The page cannot start twice on one port, and says so without a traceback."""
    with pytest.raises(LocalRunError, match=f"Port {page.port} cannot be had"):
        PageServer(page.port, CONFIG)
