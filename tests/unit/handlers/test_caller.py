"""Who is calling is what the verified ID token in the one header says, and nothing else."""

import pytest

from tests.id_tokens import CLIENT_ID, NOW, access_token, id_token, private_key
from tests.unit.handlers.fake_services import ALICE, BOB, authorized, token
from tests.unit.handlers.gateway_event import event

GATED = ["/me", "/locations", "/objects"]


@pytest.mark.parametrize("form", ["{}", "Bearer {}", "bearer {}"])
def test_the_token_is_taken_bare_or_as_bearer(service, form):
    """Both forms of the contract."""
    answer = service(event("GET", "/me", headers={"Authorization": form.format(token())}))
    assert answer.json["sub"] == ALICE


@pytest.mark.parametrize("path", GATED)
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (None, "missing_token"),
        ({"Authorization": ""}, "missing_token"),
        ({"Authorization": "Basic YWxpY2U6cHc="}, "invalid_token"),
        ({"Authorization": [token(ALICE), token(BOB)]}, "invalid_token"),
        ({"Authorization": id_token(key=private_key("foreign"))}, "invalid_token"),
        ({"Authorization": id_token({"exp": NOW})}, "token_expired"),
        ({"Authorization": access_token()}, "wrong_token_use"),
        ({"Authorization": id_token({"aud": "another"})}, "invalid_token"),
    ],
)
def test_without_a_good_token_nothing_begins(service, path, headers, code):
    """401 with the challenge; no credentials are asked for and S3 is not called."""
    answer = service(event("GET", path, headers=headers))
    assert answer.refused == (401, code)
    assert answer.headers["www-authenticate"] == 'Bearer realm="bucketpass"'
    assert (service.credential_source.asked, service.s3.calls) == ([], [])


def test_the_refusal_does_not_say_why(service):
    """Unknown key, bad signature, wrong audience: the same document, byte for byte."""
    bad = [
        id_token(head={"kid": "unknown"}),
        id_token(key=private_key("foreign")),
        id_token({"aud": "another"}),
        "a.b.c",
    ]
    told = {service(event("GET", "/me", headers={"Authorization": raw})).body for raw in bad}
    assert len(told) == 1


@pytest.mark.parametrize("path", GATED)
def test_the_authorizers_claims_alone_are_no_proof(service, path):
    """A direct invocation with forged claims and no token is 401."""
    claims = {"sub": ALICE, "aud": CLIENT_ID, "token_use": "id", "cognito:groups": "auditors"}
    assert service(event("GET", path, claims=claims)).refused == (401, "missing_token")
    assert service.credential_source.asked == []


def test_claims_that_contradict_the_token_are_refused(service, log_lines):
    """The authorizer saw somebody else: 401, and the log says so."""
    answer = service(event("GET", "/me", headers=authorized(ALICE), claims={"sub": BOB}))
    assert answer.refused == (401, "invalid_token")
    assert service.credential_source.asked == []
    assert "authorizer_claims_contradict" in {line.get("reason") for line in log_lines()}


@pytest.mark.parametrize("claims", [None, {}, {"sub": ALICE}, {"cognito:groups": "[auditors]"}])
def test_claims_that_agree_or_say_nothing_change_nothing(service, claims):
    """Groups and roles are the token's, whatever the authorizer's flattened text says."""
    me = service(event("GET", "/me", headers=authorized(), claims=claims)).json
    assert (me["sub"], me["groups"]) == (ALICE, ["editors"])


@pytest.mark.parametrize(
    "parts",
    [
        {"query": {"Authorization": "{}", "token": "{}", "id_token": "{}", "access_token": "{}"}},
        {"headers": {"Cookie": "Authorization={}; id_token={}", "X-Id-Token": "{}"}},
        {"headers": {"X-Authorization": "{}", "Proxy-Authorization": "{}", "Authorization_": "{}"}},
        {"headers": {"X-Amzn-Remapped-Authorization": "{}", "X-Forwarded-Access-Token": "{}"}},
    ],
)
def test_a_token_elsewhere_is_not_read(service, parts):
    """Query, cookies and look-alike headers are no place for a token."""
    genuine = token()
    filled = {
        part: {name: value.replace("{}", genuine) for name, value in values.items()}
        for part, values in parts.items()
    }
    assert service(event("GET", "/me", **filled)).refused == (401, "missing_token")


def test_nothing_but_the_token_names_the_person(service):
    """Headers, parameters and cookies that claim another identity are ignored."""
    asked = event(
        "GET",
        "/me",
        headers=authorized(
            ALICE,
            **{
                "X-Forwarded-User": "bob",
                "X-User-Id": BOB,
                "X-Amzn-Oidc-Identity": BOB,
                "X-Cognito-Identity-Id": "eu-central-1:bbbbbbbb-1111-4222-8333-444455556666",
                "Cookie": f"sub={BOB}",
            },
        ),
        query={"sub": BOB, "username": "bob", "identityId": "eu-central-1:b", "groups": "auditors"},
    )
    assert service(asked).json["sub"] == ALICE
    assert service.credential_source.asked == [(ALICE, None)]


@pytest.mark.parametrize("path", GATED)
def test_the_wanted_role_is_passed_through(service, path):
    """`role=` reaches the choice of the role as it is; without it there is no wish."""
    service(event("GET", path, headers=authorized(), query={"role": "auditors"}))
    service(event("GET", path, headers=authorized()))
    assert service.credential_source.asked == [(ALICE, "auditors"), (ALICE, None)]


def test_two_wanted_roles_are_refused(service):
    """400 rather than one of the two."""
    asked = event("GET", "/me", headers=authorized(), query={"role": ["editors", "auditors"]})
    assert service(asked).refused == (400, "invalid_request")
    assert service.credential_source.asked == []


def test_the_home_is_that_of_the_identity(service):
    """The home follows from the identity of the credentials, with its final slash."""
    service(event("GET", "/objects", headers=authorized(BOB)))
    (request,) = service.s3.called("list_objects_v2")
    assert request["Prefix"] == "home/eu-central-1:bbbbbbbb-1111-4222-8333-444455556666/"
