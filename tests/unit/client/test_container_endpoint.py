import json
import threading
from contextlib import contextmanager
from datetime import datetime, timezone
from http.client import HTTPConnection

import pytest

from bucketpass.container_endpoint import ContainerEndpoint
from bucketpass.errors import SignInExpired
from bucketpass.scoped_credentials import ScopedCredentials
from bucketpass.secret import Secret


def issue():
    end = datetime(2030, 1, 2, tzinfo=timezone.utc)
    return ScopedCredentials("ASIA1", Secret("secret"), Secret("session"), end)


@contextmanager
def serving(fetch=issue):
    with ContainerEndpoint(fetch) as endpoint:
        thread = threading.Thread(target=endpoint.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield endpoint
        endpoint.shutdown()
        thread.join()


def ask(endpoint, path="/credentials", method="GET", **headers):
    connection = HTTPConnection("127.0.0.1", endpoint.server_port, timeout=60)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer, body


def test_who_knows_the_token_gets_credentials():
    """In the shape of the container provider, and not to be stored."""
    with serving() as endpoint:
        answer, body = ask(endpoint, Authorization=endpoint.token)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert json.loads(body)["Expiration"] == "2030-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": ""}, 401),
        ({"Authorization": "guess"}, 401),
        ({"Authorization": "Bearer {token}"}, 401),
        ({"Authorization": "{token}x"}, 401),
        ({"Authorization": "{token}", "Host": "evil.example"}, 403),
        ({"Authorization": "{token}", "Host": "127.0.0.1"}, 403),
    ],
)
def test_everybody_else_gets_nothing(headers, status):
    """Neither a guesser nor a web page that has its own name point here (DNS rebinding)."""
    with serving() as endpoint:
        sent = {name: value.format(token=endpoint.token) for name, value in headers.items()}
        answer, body = ask(endpoint, **sent)
    assert answer.status == status
    assert "ASIA1" not in body


def test_only_one_path_and_one_method():
    """Nothing else is there."""
    with serving() as endpoint:
        token = endpoint.token
        assert ask(endpoint, "/", Authorization=token)[0].status == 404
        assert ask(endpoint, "/credentials?x", Authorization=token)[0].status == 404
        assert ask(endpoint, method="POST", Authorization=token)[0].status == 501


def test_a_refusal_names_the_class_of_the_cause_only():
    """An SDK may log the body."""

    def refuse():
        raise SignInExpired

    with serving(refuse) as endpoint:
        answer, body = ask(endpoint, Authorization=endpoint.token)
    assert (answer.status, body) == (500, '{"message": "SignInExpired"}')


def test_tokens_are_random_and_loopback_is_all_that_listens():
    """Each run has its own token."""
    with ContainerEndpoint(issue) as one, ContainerEndpoint(issue) as other:
        assert len(one.token) >= 43
        assert one.token != other.token
        assert one.server_address[0] == "127.0.0.1"
        assert one.environment() == {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": one.url,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": one.token,
        }
