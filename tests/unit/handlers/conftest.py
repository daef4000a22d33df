import base64
import io
import json
import os
from dataclasses import replace

import pytest

from tests.unit.handlers.deployment import ENVIRONMENT
from tests.unit.handlers.gateway_event import Context

# handlers.app builds the function at import, from the environment; no network is touched.
with pytest.MonkeyPatch.context() as _patch:
    for _name in [name for name in os.environ if name.startswith(("AWS_", "POWERTOOLS_"))]:
        _patch.delenv(_name)
    for _name, _value in ENVIRONMENT.items():
        _patch.setenv(_name, _value)
    from handlers.app import create_handler
    from shared.observability import logger, metrics
    from tests.unit.handlers.fake_services import fake_services


class Service:
    """The function over fakes: send an event, read the answer."""

    def __init__(self, services):
        self.services = services
        self.handler = create_handler(services)

    @property
    def s3(self):
        return self.services.s3

    @property
    def credential_source(self):
        return self.services.credential_source

    def __call__(self, event, context=None):
        return Answer(self.handler(event, context or Context()))


class Answer:
    """An answer as API Gateway receives it."""

    def __init__(self, raw):
        json.dumps(raw)  # Lambda serialises it; what it cannot write is a 502.
        self.raw = raw
        self.status = int(raw["statusCode"])
        self.body = raw["body"]
        self.headers = {
            name.lower(): ", ".join(values) for name, values in raw["multiValueHeaders"].items()
        }

    @property
    def json(self):
        assert self.raw["isBase64Encoded"] is False
        return json.loads(self.body)

    @property
    def content(self):
        assert self.raw["isBase64Encoded"] is True
        return base64.b64decode(self.body, validate=True)

    @property
    def problem(self):
        """The members of the problem document; checks what holds for all of them."""
        assert self.headers["content-type"] == "application/problem+json"
        document = self.json
        assert set(document) >= {"type", "title", "status", "detail", "code", "requestId"}
        assert document["status"] == self.status
        assert document["type"] == f"urn:bucketpass:problem:{document['code']}"
        assert document["requestId"] == self.headers["x-request-id"]
        return document

    @property
    def refused(self):
        return self.status, self.problem["code"]


@pytest.fixture
def services():
    return fake_services()


@pytest.fixture
def service(services, log):
    return Service(services)


@pytest.fixture
def service_with(services, log):
    def build(**parts):
        return Service(replace(services, **parts))

    return build


@pytest.fixture
def log(monkeypatch):
    """What the function writes into its log, as text; the stream is that of the cold start."""
    stream = io.StringIO()
    handler = logger.registered_handler
    monkeypatch.setattr(handler, "stream", stream)
    # Another test module may have loaded it before there was an environment.
    monkeypatch.setattr(metrics.provider, "namespace", "Bucketpass")
    level = logger.log_level
    yield stream
    logger.setLevel(level)
    logger.clear_state()
    metrics.clear_metrics()


@pytest.fixture
def log_lines(log):
    return lambda: [json.loads(line) for line in log.getvalue().rstrip("\n").split("\n")]
