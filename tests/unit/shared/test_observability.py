"""The log and the metrics."""

import io
import json
import logging
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.observability import count, log_exchange, logger, masked, masked_value, metrics
from shared.scoped_credentials import ScopedCredentials
from shared.secret import MASK, Secret
from tests.id_tokens import SUB, id_token, verifier

TOKEN = id_token()
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SESSION = "IQoJb3JpZ2luX2VjEXAMPLE+/" + "short="
SIGNATURE = "0123456789abcdef" * 4
URL = (
    "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=ASIAEXAMPLE000000001%2F20260921%2Feu-central-1%2Fs3%2Faws4_request"
    f"&X-Amz-Security-Token={SESSION}&X-Amz-Expires=300&X-Amz-Signature={SIGNATURE}"
)
HIDDEN = [TOKEN, *TOKEN.split("."), SECRET, SESSION, SIGNATURE, "ASIAEXAMPLE000000001"]
TEXTS = [
    TOKEN,
    f"Bearer {TOKEN}",
    f"before {TOKEN}, after",
    TOKEN.rpartition(".")[0],
    URL,
    URL.replace("X-Amz-", "x-amz-"),
    f"AccessKeyId=ASIAEXAMPLE000000001 SecretAccessKey={SECRET}",
    json.dumps({"Credentials": {"SecretKey": SECRET, "SessionToken": SESSION}}),
    json.dumps(json.dumps({"SecretAccessKey": SECRET, "Authorization": f"Bearer {TOKEN}"})),
    repr({"SecretKey": SECRET, "SessionToken": SESSION, "authorization": TOKEN}),
    repr({"X-Amz-Security-Token": SESSION.encode()}),
    f"X-Amz-Security-Token: {SESSION}",
    f"aws_secret_access_key = {SECRET}\naws_session_token = {SESSION}",
    f"<SessionToken>{SESSION}</SessionToken><SecretAccessKey>{SECRET}</SecretAccessKey>",
    f"session_token={SESSION}",
    f"token {'A' * 400}",
]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@pytest.fixture
def lines(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    level = logger.log_level
    # Not splitlines: a text may hold U+2028, which JSON does not escape.
    yield lambda: [json.loads(line) for line in stream.getvalue().rstrip("\n").split("\n")]
    logger.setLevel(level)
    logger.clear_state()


@pytest.mark.parametrize("text", TEXTS)
def test_secrets_are_masked_wherever_they_stand(text):
    """A token, a signed URL, credentials as JSON, as a repr, in a query, a header, a file, XML."""
    shown = masked(text)
    assert MASK in shown
    assert [secret for secret in [*HIDDEN, "A" * 400] if secret in shown] == []


@pytest.mark.parametrize(
    "text",
    [
        *("", "answered", "GET /objects/{key+}", "authorization_absent", "eyJ", "ASIA"),
        '{"code":"missing_token","reason":"authorization_absent","status":401}',
        "arn:aws:iam::123456789012:role/bucketpass-editors",
        "eu-central-1:aaaaaaaa-1111-4222-8333-444455556666",
        "/var/task/aws_lambda_powertools/event_handler/api_gateway.py, line 2975, in _call_route",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300",
    ],
)
def test_what_is_no_secret_stays(text):
    """A log that hides everything helps nobody."""
    assert masked(text) == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUES)
def test_whatever_is_logged_is_one_line_of_json(lines, value):
    """Masking eats no quote or bracket, and nothing of the fields beside a secret."""
    logger.registered_handler.stream.truncate(0)
    logger.registered_handler.stream.seek(0)
    logger.info("x", extra={"secret_key": value, "authorization": value, "texts": TEXTS, "next": 1})
    (line,) = lines()
    assert line["next"] == 1


@pytest.mark.parametrize("name", ["SecretKey", "SessionToken", "Authorization", "x-id_token"])
def test_a_field_with_a_secrets_name_is_masked(name):
    """Whatever shape its text has; numbers and nothing at all are no secrets."""
    assert masked_value({name: "hush"}) == {name: MASK}
    assert masked_value({"deep": [{name: ["hush"]}]}) == {"deep": [{name: [MASK]}]}
    assert masked_value({name: None, "status": 200, "ok": True}) == {
        name: None,
        "status": 200,
        "ok": True,
    }


def test_what_json_does_not_know_is_masked_as_text():
    """Bytes, sets and objects are logged by their text, so their text is masked."""
    assert TOKEN not in str(masked_value({"a": {TOKEN}, "b": TOKEN.encode(), TOKEN: 1}))


@pytest.mark.parametrize("text", TEXTS)
def test_no_field_of_a_line_is_forgotten(lines, text):
    """Message, extra fields, appended keys, exceptions and what caused them."""
    logger.append_keys(appended=text)
    try:
        try:
            int(text)
        except ValueError as error:
            raise RuntimeError("outer") from error
    except RuntimeError:
        logger.exception(text, extra={"field": text, "nested": {"deep": [text]}})
    (line,) = lines()
    shown = json.dumps(line)
    assert [secret for secret in [*HIDDEN, "A" * 400] if secret in shown] == []
    assert "RuntimeError: outer" in line["exception"]
    assert "stack_trace" not in line


def test_a_line_is_json_with_a_time_in_rfc_3339(lines):
    """Lambda's JSON log format and every tool can read it."""
    logger.info("answered", route="GET /me")
    (line,) = lines()
    assert (line["level"], line["message"], line["route"]) == ("INFO", "answered", "GET /me")
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None
    assert "T" in line["timestamp"]


def test_an_exchange_joins_the_sub_and_the_identity_id(lines):
    """One line with who and in which role, and nothing of the credentials or the token."""
    credentials = ScopedCredentials(
        access_key_id="ASIAEXAMPLE000000001",
        secret_access_key=Secret(SECRET),
        session_token=Secret(SESSION),
        expiration=datetime(2026, 9, 21, 15, 0, 1, tzinfo=UTC),
        identity_id="eu-central-1:0f0e0d0c-1111-4222-8333-444455556666",
        role_arn="arn:aws:iam::123456789012:role/SignedIn",
    )
    log_exchange(verifier().verify(Secret(TOKEN)), credentials)
    (line,) = lines()
    assert line["message"] == "exchanged"
    assert line["sub"] == SUB
    assert line["identity_id"] == credentials.identity_id
    assert line["role"] == credentials.role_arn
    assert line["expires_at"] == "2026-09-21T15:00:01+00:00"
    assert [secret for secret in HIDDEN if secret in json.dumps(line)] == []


@pytest.mark.parametrize("name", ["botocore", "urllib3", "boto3"])
def test_libraries_that_log_requests_are_kept_quiet(name):
    """Whatever level the root logger has."""
    for logging_name in (name, f"{name}.endpoint", f"{name}.connectionpool", f"{name}.auth"):
        assert logging.getLogger(logging_name).getEffectiveLevel() >= logging.WARNING


def test_counts_add_up(monkeypatch, capsys):
    """One metric, counted twice, is one line with its sum."""
    monkeypatch.setattr(metrics.provider, "namespace", "Bucketpass")
    metrics.clear_metrics()
    count("CredentialHit")
    count("CredentialHit")
    metrics.flush_metrics()
    line = json.loads(capsys.readouterr().out)
    assert sum(line["CredentialHit"]) == 2
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Bucketpass"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            'not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/home/x/my file"',
            'not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/********"',
        ),
        (
            "Could not connect to https://s3.eu-west-1.amazonaws.com/b/home/x/file.txt now",
            "Could not connect to https://s3.eu-west-1.amazonaws.com/******** now",
        ),
        ("arn:aws:s3:::b is a bucket", "arn:aws:s3:::b is a bucket"),
    ],
)
def test_names_of_objects_are_masked(text, kept):
    """What AWS says about an object is logged without the object's name."""
    assert masked(text) == kept
