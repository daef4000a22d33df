import socket

import pytest

from local.failure import LocalRunError
from local.ports import choose_port, free_port, require_free


@pytest.mark.parametrize(
    ("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_taken_port_is_refused_in_one_sentence(family, address):
    """A port on which somebody listens, by IPv4 or IPv6, is refused and another is proposed."""
    with socket.socket(family) as other:
        try:
            other.bind((address, 0))
        except OSError:
            pytest.skip(f"this machine has no {address}")
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LocalRunError) as refusal:
            require_free(port)
    assert refusal.value.sentence.startswith(f"Port {port} is taken")
    assert "--port" in refusal.value.sentence
    assert "\n" not in refusal.value.sentence


def test_free_port_is_free():
    """The port that is proposed can be had."""
    port = free_port()
    assert port > 1023
    require_free(port)


def test_port_of_a_connection_that_just_ended_is_free():
    """A stack can start again at once on the port of the one that just ended."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()  # the server's side closes first, so it is the one in TIME_WAIT
        client.recv(1)
        client.close()
    require_free(port)


def test_zero_chooses_a_free_port_and_a_taken_one_names_its_option():
    """The page's port is refused with the option that chooses another page port."""
    assert choose_port(0) > 1023
    port = free_port()
    assert choose_port(port) == port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(LocalRunError, match=f"--page-port {port + 1}"):
            choose_port(port, "--page-port")
