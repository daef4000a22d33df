import contextlib
import datetime as dt
import json
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidToken
from shared.json_web_key_set import read_key_set
from shared.signing_keys import (
    COLD_COOL_DOWN_S,
    COOL_DOWN_S,
    MAX_AGE_S,
    MAX_DOCUMENT_BYTES,
    SigningKeys,
    https_fetch,
)
from shared.upstream_errors import KeysUnavailable
from tests.id_tokens import b64, jwk, key_set, private_key

LIVE, SECOND = "key-live", "key-second"


class FakeClock:
    def __init__(self):
        self.now = 1_790_000_000.0

    def __call__(self):
        return self.now


class FakePool:
    """Answers with `document`, or raises it where it is an exception; counts the questions."""

    def __init__(self, document):
        self.document = document
        self.asked = 0

    def __call__(self):
        self.asked += 1
        if isinstance(self.document, Exception):
            raise self.document
        return self.document


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def pool():
    return FakePool(key_set())


@pytest.fixture
def keys(pool, clock):
    return SigningKeys(pool, clock)


FAILURES = [
    pytest.param(KeysUnavailable("jwks_status_500"), id="5xx"),
    pytest.param(TimeoutError("timed out"), id="timeout"),
    pytest.param(ConnectionResetError("reset"), id="reset"),
    pytest.param(ssl.SSLError("certificate"), id="tls"),
    pytest.param(b"", id="nothing"),
    pytest.param(b"<html>Service Unavailable</html>", id="html"),
    pytest.param(b"\xff\xfe\x00", id="bytes"),
    pytest.param(b"[" * 60_000, id="nested"),
    pytest.param(b"[]", id="list"),
    pytest.param(b"null", id="null"),
    pytest.param(b"{}", id="no keys"),
    pytest.param(b'{"keys": {}}', id="keys as object"),
    pytest.param(b'{"keys": []}', id="empty"),
    pytest.param(b'{"keys": [null, 1, "a", [], {}]}', id="foreign entries"),
    pytest.param(b'{"message": "Not Found"}', id="error document"),
]


def test_nothing_is_fetched_before_a_key_is_asked_for(pool, keys):
    """Building costs no call; the first key one, every further known key none."""
    assert pool.asked == 0
    for _ in range(50):
        assert keys.get(LIVE).public_numbers() == private_key().public_key().public_numbers()
        assert keys.get(SECOND).key_size == 2048
    assert pool.asked == 1


@pytest.mark.parametrize("failure", FAILURES)
def test_cold_and_unreachable_is_unavailable_and_not_a_refusal(pool, keys, failure):
    """Without any key no token can be judged: 503 with Retry-After, never 401."""
    pool.document = failure
    with pytest.raises(KeysUnavailable) as refusal:
        keys.get(LIVE)
    assert (refusal.value.status, refusal.value.code) == (503, "keys_unavailable")
    assert refusal.value.headers["Retry-After"] == str(COLD_COOL_DOWN_S)
    assert refusal.value.reason.startswith("jwks_")


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_first_fetch_is_not_remembered_as_success(pool, keys, clock, failure):
    """After the pause that Retry-After names, the pool is asked again and its keys work."""
    good, pool.document = pool.document, failure
    for _ in range(20):
        with pytest.raises(KeysUnavailable):
            keys.get(LIVE)
    assert pool.asked == 1
    pool.document = good
    clock.now += COLD_COOL_DOWN_S
    assert keys.get(LIVE).key_size == 2048
    assert pool.asked == 2


@pytest.mark.parametrize("failure", FAILURES)
def test_old_keys_survive_a_failed_refresh(pool, keys, clock, failure):
    """Keys past their age stay in use while the pool cannot be asked, which is tried sparingly."""
    keys.get(LIVE)
    pool.document = failure
    for _ in range(5):
        clock.now += MAX_AGE_S
        for _ in range(10):
            assert keys.get(LIVE).key_size == 2048
    assert pool.asked == 1 + 5


def test_old_keys_are_refreshed_in_the_way_of_a_request(pool, keys, clock):
    """At the stated age, and not before, the next request asks again."""
    keys.get(LIVE)
    clock.now += MAX_AGE_S - 1
    keys.get(LIVE)
    assert pool.asked == 1
    clock.now += 1
    keys.get(LIVE)
    assert pool.asked == 2


def test_a_flood_of_unknown_ids_asks_once_in_the_cool_down(pool, keys, clock):
    """Invented ids cost one fetch in ten seconds and harm no known key."""
    keys.get(LIVE)
    for second in range(COOL_DOWN_S * 3):
        for number in range(40):
            with pytest.raises(InvalidToken) as refusal:
                keys.get(f"invented-{second}-{number}")
            assert refusal.value.reason == "unknown_kid"
            keys.get(LIVE)
        clock.now += 1
    assert pool.asked == 1 + 2


def test_an_unknown_id_at_the_first_fetch_asks_only_once(pool, keys):
    """A cold start by an invented id does not fetch twice."""
    with pytest.raises(InvalidToken):
        keys.get("invented")
    keys.get(LIVE)
    assert pool.asked == 1


def test_a_new_key_is_accepted_within_one_fetch(pool, keys, clock):
    """Rotation needs no waiting for the age of the old set."""
    keys.get(LIVE)
    pool.document = key_set(jwk(), jwk("key-new", private_key("other pool")))
    clock.now += COOL_DOWN_S
    new = private_key("other pool").public_key().public_numbers()
    assert keys.get("key-new").public_numbers() == new
    assert pool.asked == 2


def test_a_removed_key_is_refused_after_the_maximum_age(pool, keys, clock):
    """What the pool no longer publishes verifies nothing once the set is too old."""
    keys.get(SECOND)
    pool.document = key_set(jwk())
    clock.now += MAX_AGE_S - 1
    assert keys.get(SECOND).key_size == 2048
    clock.now += 1
    with pytest.raises(InvalidToken) as refusal:
        keys.get(SECOND)
    assert refusal.value.reason == "unknown_kid"
    assert keys.get(LIVE).key_size == 2048


def test_an_unknown_id_while_the_pool_is_unreachable_is_unavailable(pool, keys, clock):
    """It may be a new key: that cannot be judged, and known keys go on."""
    keys.get(LIVE)
    pool.document = TimeoutError()
    clock.now += COOL_DOWN_S
    for _ in range(10):
        with pytest.raises(KeysUnavailable) as refusal:
            keys.get("key-new")
        assert refusal.value.reason == "jwks_unreachable"
        keys.get(LIVE)
    assert pool.asked == 2


def test_after_a_recovery_an_unknown_id_is_a_refusal_again(pool, keys, clock):
    """A failure that is over is forgotten."""
    good, pool.document = pool.document, TimeoutError()
    with pytest.raises(KeysUnavailable):
        keys.get(LIVE)
    pool.document = good
    clock.now += COLD_COOL_DOWN_S
    with pytest.raises(InvalidToken):
        keys.get("invented")


@pytest.mark.parametrize("step", [-1, -86_400, 86_400 * 365])
def test_a_step_of_the_clock_makes_keys_old_never_young(pool, keys, clock, step):
    """A clock set back or forward leads to a fetch, not to keys that live for ever."""
    keys.get(LIVE)
    clock.now += step
    pool.document = key_set(jwk())
    with pytest.raises(InvalidToken):
        keys.get(SECOND)
    assert pool.asked == 2


def test_many_threads_at_a_cold_start_fetch_once(clock):
    """One flight serves all who wait for it."""
    pool = FakePool(key_set())
    entered, go = threading.Event(), threading.Event()

    def slow_pool():
        entered.set()
        assert go.wait(10)
        return pool()

    keys = SigningKeys(slow_pool, clock)
    with ThreadPoolExecutor(16) as threads:
        answers = [threads.submit(keys.get, LIVE) for _ in range(64)]
        assert entered.wait(10)
        go.set()
        assert {answer.result(10).key_size for answer in answers} == {2048}
    assert pool.asked == 1


def test_waiting_threads_share_a_failure(clock):
    """Those who waited for a failed fetch do not each repeat it."""
    pool = FakePool(TimeoutError())
    entered, go = threading.Event(), threading.Event()

    def slow_pool():
        entered.set()
        assert go.wait(10)
        return pool()

    keys = SigningKeys(slow_pool, clock)
    with ThreadPoolExecutor(16) as threads:
        answers = [threads.submit(keys.get, LIVE) for _ in range(64)]
        assert entered.wait(10)
        go.set()
        assert all(isinstance(answer.exception(10), KeysUnavailable) for answer in answers)
    assert pool.asked == 1


def test_who_holds_an_old_key_does_not_wait_for_the_refresh_of_another(clock):
    """A slow key endpoint delays one request, not all."""
    entered, go = threading.Event(), threading.Event()
    go.set()

    def slow_pool():
        entered.set()
        assert go.wait(10)
        return key_set()

    keys = SigningKeys(slow_pool, clock)
    keys.get(LIVE)
    entered.clear()
    go.clear()
    clock.now += MAX_AGE_S
    with ThreadPoolExecutor(1) as threads:
        refreshing = threads.submit(keys.get, LIVE)
        assert entered.wait(10)
        assert keys.get(LIVE).key_size == 2048
        assert not refreshing.done()
        go.set()
        assert refreshing.result(10).key_size == 2048


def elliptic_jwk():
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    point = {"x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big"))}
    return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "bad", **point}


def exponent(value):
    return {"e": b64(value.to_bytes((value.bit_length() + 7) // 8 or 1, "big"))}


def modulus(change):
    n = private_key().public_key().public_numbers().n
    return {"n": b64(change(n).to_bytes(1_100, "big").lstrip(b"\0"))}


UNUSABLE = {
    "use enc": {"use": "enc"},
    "use missing": {"use": None},
    "alg RS512": {"alg": "RS512"},
    "alg PS256": {"alg": "PS256"},
    "alg HS256": {"alg": "HS256"},
    "alg none": {"alg": "none"},
    "alg missing": {"alg": None},
    "kty oct": {"kty": "oct", "k": "c2VjcmV0"},
    "kty EC": {"kty": "EC"},
    "kty lower case": {"kty": "rsa"},
    "kty list": {"kty": ["RSA"]},
    "key_ops sign": {"key_ops": ["sign"]},
    "key_ops sign and verify": {"key_ops": ["sign", "verify"]},
    "key_ops encrypt": {"key_ops": ["encrypt"]},
    "key_ops text": {"key_ops": "verify"},
    "key_ops null": {"key_ops": None},
    "private": {"d": "AQAB"},
    "kid empty": {"kid": ""},
    "kid number": {"kid": 1},
    "kid list": {"kid": ["bad"]},
    "kid null": {"kid": None},
    "kid long": {"kid": "k" * 129},
    "exponent 0": exponent(0),
    "exponent 1": exponent(1),
    "exponent 2": exponent(2),
    "exponent even": exponent(65536),
    "exponent huge": exponent(2**32 + 1),
    "exponent text": {"e": "65537!"},
    "exponent number": {"e": 65537},
    "exponent missing": {"e": None},
    "modulus even": modulus(lambda n: n - 1),
    "modulus short": modulus(lambda n: n >> 1 | 1),
    "modulus enormous": modulus(lambda n: n << 6_200 | 1),
    "modulus padded": {"n": jwk()["n"] + "=="},
    "modulus empty": {"n": ""},
    "modulus missing": {"n": None},
    "modulus not ASCII": {"n": "ä"},
}


@pytest.mark.parametrize("changes", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_key_is_ignored(changes):
    """A key made for something else verifies nothing, and does not spoil the others."""
    assert set(read_key_set(key_set(jwk("bad", changes=changes), jwk()))) == {LIVE}


@pytest.mark.parametrize("bits", [1024, 2047])
def test_a_key_below_2048_bits_is_ignored(bits):
    """RFC 7518, section 3.3."""
    weak = private_key("weak", bits)
    assert set(read_key_set(key_set(jwk("bad", weak), jwk()))) == {LIVE}


def test_an_elliptic_key_is_ignored():
    """Only RSA keys verify RS256."""
    assert set(read_key_set(key_set(elliptic_jwk(), jwk()))) == {LIVE}


def test_a_key_for_verifying_only_is_used():
    """`key_ops` may be there if it says exactly what we do; so may further members."""
    entry = jwk(changes={"key_ops": ["verify"], "x5t": "abc"})
    assert set(read_key_set(key_set(entry))) == {LIVE}


@given(
    st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*jwk(), "keys"]), inner),
    ).map(lambda value: json.dumps({"keys": [value]}).encode())
)
def test_any_document_is_read_or_unavailable(document):
    """No document of the key endpoint raises anything else."""
    with contextlib.suppress(KeysUnavailable):
        assert read_key_set(document)


class Endpoint:
    """A loopback server; `script` is given each connection after its request was read."""

    def __init__(self, script, context=None):
        self.script = script
        self.requests = []
        self.stopped = threading.Event()
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._listener.close()
        assert not self._thread.is_alive()

    def _serve(self):
        while not self.stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                self._answer(connection)

    def _answer(self, connection):
        connection.settimeout(5)
        if self._context is not None:
            connection = self._context.wrap_socket(connection, server_side=True)
        with connection:
            self.requests.append(connection.recv(65_536))
            self.script(self, connection)


def fetched(script, **options):
    """The outcome of one download from an endpoint with this script, and the endpoint."""
    with Endpoint(script) as endpoint:
        url = f"http://127.0.0.1:{endpoint.port}/pool/.well-known/jwks.json"
        try:
            return https_fetch(url, **options)(), endpoint
        except KeysUnavailable as error:
            return error.reason, endpoint


def sends(*parts):
    def script(_endpoint, connection):
        for part in parts:
            connection.sendall(part)

    return script


def drips(start, piece):
    """Sends a little in time again and again, so that no single read ever times out."""

    def script(endpoint, connection):
        connection.sendall(start)
        while not endpoint.stopped.wait(0.02):
            connection.sendall(piece)

    return script


def test_a_good_answer_is_downloaded():
    """The body of a 200, asked for by one GET of the exact path without a content coding."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(key_set())}\r\n\r\n".encode()
    body, endpoint = fetched(sends(head, key_set()))
    assert read_key_set(body)
    assert len(endpoint.requests) == 1
    request = endpoint.requests[0].decode().split("\r\n")
    assert request[0] == "GET /pool/.well-known/jwks.json HTTP/1.1"
    assert f"Host: 127.0.0.1:{endpoint.port}" in request
    assert "Accept-Encoding: identity" in request


@pytest.mark.parametrize(
    "parts",
    [
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"{}"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        ),
    ],
    ids=["until close", "chunked"],
)
def test_every_framing_of_a_body_is_read(parts):
    """Servers in front of the pool may frame the body as they like."""
    assert fetched(sends(*parts))[0] == b"{}"


@pytest.mark.parametrize(
    "status", [201, 204, 301, 302, 303, 307, 308, 400, 403, 404, 429, 500, 503]
)
def test_only_200_is_an_answer(status):
    """No redirect is followed and no error page is read: one request, one refusal."""
    lines = f"HTTP/1.1 {status} X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    reason, endpoint = fetched(sends(lines.encode()))
    assert reason == f"jwks_status_{status}"
    assert len(endpoint.requests) == 1


def test_a_document_of_the_maximum_size_is_read_and_one_more_byte_is_not():
    """The bound is on the bytes, whatever the length header says."""
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    body, _ = fetched(sends(head, b" " * MAX_DOCUMENT_BYTES))
    assert len(body) == MAX_DOCUMENT_BYTES
    assert fetched(sends(head, b" " * (MAX_DOCUMENT_BYTES + 1)))[0] == "jwks_oversized"


def test_an_endless_document_is_given_up_after_the_maximum_size():
    """Memory stays bounded however long the server goes on."""
    sent = 0

    def script(endpoint, connection):
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        while not endpoint.stopped.is_set():
            sent += connection.send(b" " * 65_536)

    assert fetched(script)[0] == "jwks_oversized"
    assert sent < 50_000_000


def test_a_compressed_document_is_not_unpacked():
    """A small answer cannot become a large one."""
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"
    assert fetched(sends(head, b"\x1f\x8b\x08\x00"))[0] == b"\x1f\x8b\x08\x00"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(drips(b"", b""), id="silence"),
        pytest.param(drips(b"HTTP/1.1 2", b"0"), id="status line"),
        pytest.param(drips(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"), id="headers"),
        pytest.param(drips(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b" "), id="body"),
        pytest.param(drips(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b" "), id="endless"),
        pytest.param(
            drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"), id="chunk size"
        ),
    ],
)
def test_a_slow_drip_is_cut_at_the_total_time(script):
    """Bytes that keep coming do not extend the time, wherever they are spent."""
    started = time.monotonic()
    reason, _ = fetched(script, total_s=0.25)
    assert reason == "jwks_too_slow"
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"garbage\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b"{}"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"zz\r\n"),
        (b"HTTP/1.1 200 OK\r\n" + b"".join(b"h%d: v\r\n" % n for n in range(500)), b"\r\n{}"),
    ],
    ids=["closed", "not HTTP", "cut short", "bad chunk", "many headers"],
)
def test_a_broken_answer_is_unavailable(parts):
    """Half a document is none."""
    assert fetched(sends(*parts))[0] == "jwks_unreachable"


def test_a_closed_port_is_unavailable():
    """Nobody listening is told by the same error."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(KeysUnavailable) as refusal:
        https_fetch(f"http://127.0.0.1:{port}/jwks.json")()
    assert refusal.value.reason == "jwks_unreachable"


def test_a_server_without_a_trusted_certificate_is_unavailable(tmp_path):
    """TLS is verified: a certificate that nobody vouches for gets no request at all."""
    with Endpoint(sends(b""), context=_self_signed(tmp_path)) as endpoint:
        with pytest.raises(KeysUnavailable) as refusal:
            https_fetch(f"https://127.0.0.1:{endpoint.port}/jwks.json")()
        assert refusal.value.reason == "jwks_unreachable"
        assert endpoint.requests == []


def _self_signed(folder):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, private_key().public_key(), 1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(private_key(), hashes.SHA256())
    )
    pem = folder / "server.pem"
    key = private_key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(key + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.mark.parametrize("url", ["", "jwks.json", "file:///etc/passwd", "ftp://a/b", "https://"])
def test_another_kind_of_url_is_refused_at_once(url):
    """A wrong setting shows when the service is built, not at the first request."""
    with pytest.raises(ValueError, match="not an http or https URL"):
        https_fetch(url)
