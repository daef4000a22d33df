"""The wiring of one deployment."""

import pytest

from handlers.services import build_services
from shared.secret import Secret
from shared.settings import load_settings
from shared.upstream_errors import KeysUnavailable
from tests.id_tokens import access_token, id_token, verifier
from tests.unit.handlers.deployment import ENVIRONMENT, MEMBER_ROLE


def test_the_services_are_of_one_deployment():
    """Settings, region and endpoint are those of the environment; nothing is fetched yet."""
    settings = load_settings(ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    services = build_services(settings)
    assert services.settings is settings
    assert services.s3.meta.region_name == "eu-central-1"
    assert services.s3.meta.endpoint_url == "http://127.0.0.1:9"


def test_the_signing_keys_are_those_of_the_deployment():
    """With an endpoint nobody listens at, no token can be judged: 503, not 401, and no answer."""
    settings = load_settings(ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    with pytest.raises(KeysUnavailable):
        build_services(settings).verifier.verify(Secret(id_token()))


@pytest.mark.parametrize("source", ["identity-pool", "group-role", "member-role"])
def test_each_source_can_be_wired(source):
    """The environment of each mode gives services; the groups of the table can be session tags."""
    member = {"MEMBER_ROLE_ARN": MEMBER_ROLE}
    settings = load_settings(ENVIRONMENT | member | {"CREDENTIAL_SOURCE": source})
    assert build_services(settings).settings.credential_source == source


def test_access_tokens_are_judged_by_the_same_keys():
    """Neither kind of token is judged where the keys are out of reach."""
    settings = load_settings(ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    person = verifier().verify(Secret(id_token()))
    with pytest.raises(KeysUnavailable):
        build_services(settings).access_tokens.verify(Secret(access_token()), person)
