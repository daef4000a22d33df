"""A session that AWS ended early: what becomes of the credentials that are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.credential_source import CredentialSource
from shared.scoped_credentials import ScopedCredentials
from shared.secret import Secret
from tests.unit.handlers.fake_services import ALICE, BOB, IDENTITIES, authorized
from tests.unit.handlers.gateway_event import event, object_event
from tests.unit.shared.s3_stub import listing, refusal


class NumberedExchange:
    """Stands for the identity pool: each exchange gives another session."""

    def __init__(self):
        self.number = 0

    def identity_id(self, principal):
        return IDENTITIES[principal.sub]

    def credentials(self, principal, identity_id, role):
        self.number += 1
        return ScopedCredentials(
            access_key_id=f"ASIA{self.number}",
            secret_access_key=Secret("secret"),
            session_token=Secret("session"),
            expiration=datetime.now(UTC) + timedelta(hours=1),
            identity_id=identity_id,
            role_arn=role.arn,
        )


@pytest.fixture
def service(services, service_with, client):
    exchange = NumberedExchange()
    source = CredentialSource(
        settings=services.settings,
        identity_pool=exchange,
        assumed_role=exchange,
        count=lambda _: None,
    )
    return service_with(s3=client, credential_source=source)


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidToken", "InvalidAccessKeyId"])
def test_a_session_that_s3_refused_is_not_used_again(service, s3, code):
    """403 identity_refused once; the next request of that person is signed by a new session."""
    s3.replies = [listing(), listing(), refusal(403, code), listing(), listing()]
    asked = [event("GET", "/objects", headers=authorized(sub)) for sub in (ALICE, BOB)]
    answers = [service(asked[who]) for who in (0, 1, 0, 0, 1)]
    assert [answer.status for answer in answers] == [200, 200, 403, 200, 200]
    assert answers[2].problem["code"] == "identity_refused"
    assert [request.key_id for request in s3.requests] == [
        *("ASIA1", "ASIA2", "ASIA1", "ASIA3", "ASIA2")
    ]


def test_a_refusal_of_the_right_keeps_the_session(service, s3):
    """403 access_denied says nothing about the credentials: no exchange is spent on it."""
    s3.replies = [refusal(403, "AccessDenied")] * 2
    for _ in range(2):
        answer = service(object_event("DELETE", "shared/x", headers=authorized()))
        assert answer.refused == (403, "access_denied")
    assert [request.key_id for request in s3.requests] == ["ASIA1", "ASIA1"]
