import pytest

from bucketpass.errors import ConfigurationError
from bucketpass.web_address import checked_address, is_loopback


@pytest.mark.parametrize(
    "url",
    ["https://example.com/v1/", "http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:1/x"],
)
def test_encrypted_or_on_this_machine(url):
    """Https anywhere, http on loopback; without a slash at the end."""
    assert checked_address(url, "URL") == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com",
        "https://user@example.com",
        "https://example.com?x=1",
        "https://example.com#x",
        "https://",
        "https://example.com:99999",
        "file:///etc/passwd",
        "example.com",
        "",
    ],
)
def test_everything_else_is_refused(url):
    """No secret travels in the clear, nor to a host that only looks like this one."""
    with pytest.raises(ConfigurationError):
        checked_address(url, "URL")


def test_a_name_that_resolves_to_loopback_is_not_loopback():
    """Only what needs no resolver counts."""
    assert not is_loopback("http://localtest.me")
