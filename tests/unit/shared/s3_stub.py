"""S3 on loopback, and an S3 client that only refuses, for tests of what is built on S3."""

import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit
from xml.sax.saxutils import escape

from botocore.exceptions import ClientError

from shared.scoped_credentials import ScopedCredentials
from shared.secret import Secret

BUCKET = "the-bucket"
HOME = "home/eu-central-1:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/"
REGION = "eu-central-1"
ROLE = "arn:aws:iam::123456789012:role/signed-in"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CHANGED = datetime(2025, 11, 6, 8, 49, 37, tzinfo=UTC)
HTTP_DATE = "Thu, 06 Nov 2025 08:49:37 GMT"

ODD_KEYS = [
    "a b",
    "a+b",
    "a%20b",
    "a%2Fb",
    "100%",
    "a//b",
    "a/",
    "caf\u00e9",
    "cafe\u0301",
    "<k>]]>&amp;\"'",
    "\u202ertl\u200b",
    "\U0001f600",
    "?a=b&c#d;e",
    "...",
    "~-_.!*'()",
    "back\\slash",
]


def credentials(name: str, expiration: datetime = NOW + timedelta(hours=1)) -> ScopedCredentials:
    return ScopedCredentials(
        access_key_id=f"ASIA{name.upper()}",
        secret_access_key=Secret(f"secret-of-{name}"),
        session_token=Secret(f"session-of-{name}"),
        expiration=expiration,
        identity_id=HOME.split("/")[1],
        role_arn=ROLE,
    )


@dataclass
class Reply:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    length: int | None = None  # a Content-Length that the body does not keep


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""

    @property
    def key_id(self) -> str:
        return re.search(r"Credential=(\w+)/", self.headers["authorization"])[1]


class S3Stub:
    """S3 on loopback: gives the replies it was told, in order, and keeps the requests."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.replies: list[Reply] = []
        self.before_reply = lambda: None
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 2**16  # one segment a reply: no wait for a delayed acknowledgement

            def handle_expect_100(self) -> bool:
                # At once, as S3 does: botocore waits a second for it before it sends a body.
                told = super().handle_expect_100()
                self.wfile.flush()
                return told

            def answer(self) -> None:
                stub.answer(self)

            do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = answer  # noqa: N815 # names that the base class looks for

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {
            name: values[0]
            for name, values in parse_qs(parts.query, keep_blank_values=True).items()
        }
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = handler.rfile.read(int(headers.get("content-length", "0")))
        self.requests.append(Request(handler.command, parts.path, query, headers, body))
        reply = self.replies.pop(0)
        self.before_reply()
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        length = len(reply.body) if reply.length is None else reply.length
        handler.send_header("Content-Length", str(length))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(reply.body)
        if length != len(reply.body):
            handler.close_connection = True

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def listing(*keys: str, prefixes: tuple[str, ...] = (), token: str = "", encode=quote) -> Reply:
    contents = "".join(
        f"<Contents><Key>{escape(encode(key))}</Key><Size>{len(key)}</Size>"
        f"<LastModified>2025-11-06T08:49:37.000Z</LastModified><ETag>&quot;e&quot;</ETag>"
        f"<StorageClass>STANDARD</StorageClass></Contents>"
        for key in keys
    )
    common = "".join(
        f"<CommonPrefixes><Prefix>{escape(encode(prefix))}</Prefix></CommonPrefixes>"
        for prefix in prefixes
    )
    more = f"<NextContinuationToken>{escape(token)}</NextContinuationToken>" if token else ""
    return Reply(
        headers={"Content-Type": "application/xml"},
        body=f"""<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>{BUCKET}</Name>
<EncodingType>url</EncodingType><IsTruncated>{str(bool(token)).lower()}</IsTruncated>
{contents}{common}{more}</ListBucketResult>""".encode(),
    )


def refusal(status: int, code: str, more: str = "") -> Reply:
    return Reply(
        status,
        {"Content-Type": "application/xml"},
        f"<Error><Code>{code}</Code><Message>no</Message>{more}</Error>".encode(),
    )


def content(body: bytes = b"hello", **headers: str) -> Reply:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(200, {"ETag": '"e"', "Last-Modified": HTTP_DATE, **told}, body)


class RefusingClient:
    """An S3 client whose every call ends with one error."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls: list[str] = []

    def __getattr__(self, name: str):
        def call(**_request: object) -> None:
            self.calls.append(name)
            raise self.error

        return call


def client_error(status: int, code: str, **more: object) -> ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": {}}
    return ClientError({"Error": {"Code": code, **more}, "ResponseMetadata": metadata}, "Call")
