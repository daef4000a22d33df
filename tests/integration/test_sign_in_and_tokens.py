import base64
import json
import time

import pytest
from botocore.exceptions import ClientError

from local.sign_in import SignInPlace, sign_in
from tests.integration.refusal import refusal


def test_right_password_signs_in(api):
    """SRP with the right password yields an ID token that the API takes."""
    answer = api.get("/me", token=api.stack.sign_in("alice").id)
    assert answer.status_code == 200
    assert answer.json()["sub"] == api.stack.users["alice"].sub


@pytest.mark.parametrize("username", ["alice", "nobody-of-this-name"])
def test_wrong_password_is_refused(api, username):
    """A wrong password is refused, and an unknown user is not told apart from it."""
    with pytest.raises(ClientError) as refused:
        api.stack.sign_in(username, "Wrong-Passw0rd-123")
    assert refused.value.response["Error"]["Code"] == "NotAuthorizedException"
    assert refused.value.response["Error"]["Message"] == "Incorrect username or password."


@pytest.mark.parametrize("form", ["{}", "Bearer {}"])
def test_both_forms_of_the_header_are_taken(api, form):
    """The ID token is taken bare and as a Bearer token."""
    token = api.stack.users["alice"].tokens.id
    answer = api.get("/me", who=None, headers={"Authorization": form.format(token)})
    assert answer.status_code == 200


def _altered_claims(token):
    header, claims, signature = token.split(".")
    content = json.loads(base64.urlsafe_b64decode(claims + "=="))
    content["cognito:roles"] = ["arn:aws:iam::000000000000:role/admin"]
    altered = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    return f"{header}.{altered}.{signature}"


def _unsigned(token):
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


BAD_TOKENS = {
    "garbage": lambda token: "garbage",
    "not base64": lambda token: "a.b.c",
    "cut": lambda token: token[:-10],
    "altered claims": _altered_claims,
    "alg none": _unsigned,
    "two tokens": lambda token: f"{token}, {token}",
    "basic": lambda token: "Basic YWxpY2U6cGFzc3dvcmQ=",
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_bad_tokens_are_refused_at_the_gateway(api, name):
    """API Gateway refuses what is no valid ID token, with our problem document and CORS."""
    token = BAD_TOKENS[name](api.stack.users["alice"].tokens.id)
    answer = api.get("/objects", token=token, headers={"Origin": "http://localhost:8080"})
    assert refusal(answer) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="bucketpass"'
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:8080"


def test_no_token_is_refused(api):
    """Without an Authorization header every user route is 401."""
    for path in ("/me", "/locations", "/objects", "/objects/home/me/hello.txt"):
        assert refusal(api.get(path, who=None)) == (401, "invalid_token"), path


def test_identity_elsewhere_is_not_read(api):
    """A token in the query, a cookie or another header is no identity."""
    token = api.stack.users["alice"].tokens.id
    elsewhere = {"X-Authorization": token, "X-Forwarded-User": "alice", "Cookie": f"token={token}"}
    answer = api.get(f"/me?token={token}&Authorization={token}", who=None, headers=elsewhere)
    assert refusal(answer) == (401, "invalid_token")


def test_access_token_is_refused(api):
    """The access token, genuine as it is, opens nothing: the gateway says it is no ID token."""
    answer = api.get("/me", token=api.stack.users["alice"].tokens.access)
    assert refusal(answer) == (401, "invalid_token")


def invoke(stack, token):
    """The function invoked as somebody with lambda:InvokeFunction could: past the authorizer."""
    event = {
        "httpMethod": "GET",
        "path": "/me",
        "resource": "/me",
        "headers": {"Authorization": token} if token else {},
        "requestContext": {
            "requestId": "direct",
            "authorizer": {"claims": {"sub": stack.users["alice"].sub}},
        },
    }
    answer = stack.client("lambda").invoke(
        FunctionName=stack.deployment.outputs["FunctionName"], Payload=json.dumps(event)
    )
    payload = json.loads(answer["Payload"].read())
    return payload["statusCode"], json.loads(payload["body"])


@pytest.mark.parametrize(
    ("name", "code"), [(name, "invalid_token") for name in BAD_TOKENS] + [("none", "missing_token")]
)
def test_function_verifies_by_itself(stack, name, code):
    """Invoked without API Gateway, and with forged authorizer claims, the function refuses."""
    token = BAD_TOKENS[name](stack.users["alice"].tokens.id) if name in BAD_TOKENS else None
    status, body = invoke(stack, token)
    assert (status, body["code"]) == (401, code)


def test_function_names_the_access_token(stack):
    """Invoked directly with the access token, the function says which token it wants."""
    status, body = invoke(stack, stack.users["alice"].tokens.access)
    assert (status, body["code"]) == (401, "wrong_token_use")


def test_authorizer_claims_of_another_person_are_refused(stack):
    """A genuine token of bob beside authorizer claims of alice is 401, not either of them."""
    status, body = invoke(stack, stack.users["bob"].tokens.id)
    assert (status, body["code"]) == (401, "invalid_token")


@pytest.fixture
def short_lived_token(stack):
    """An ID token of alice, truly signed by the pool, that has expired."""
    pools = stack.client("cognito-idp")
    place = {"UserPoolId": stack.place.user_pool_id, "ClientId": stack.place.client_id}
    client = pools.describe_user_pool_client(**place)["UserPoolClient"]
    flows = client["ExplicitAuthFlows"]
    units = {"IdToken": "seconds", "AccessToken": "minutes", "RefreshToken": "days"}
    pools.update_user_pool_client(
        **place, ExplicitAuthFlows=flows, IdTokenValidity=1, TokenValidityUnits=units
    )
    try:
        token = stack.sign_in("alice").id
    finally:
        units["IdToken"] = "minutes"
        pools.update_user_pool_client(
            **place, ExplicitAuthFlows=flows, IdTokenValidity=60, TokenValidityUnits=units
        )
    expires_at = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))["exp"]
    while time.time() <= expires_at:
        time.sleep(0.05)
    return token


def test_expired_token_is_refused(api, short_lived_token):
    """An expired ID token with a good signature is 401 at the gateway and in the function."""
    # API Gateway has one gateway response for all that its authorizer refuses.
    assert refusal(api.get("/me", token=short_lived_token)) == (401, "invalid_token")
    status, body = invoke(api.stack, short_lived_token)
    assert (status, body["code"]) == (401, "token_expired")


def test_token_of_another_pool_is_refused(api):
    """A genuine ID token of another user pool of the same account is 401 in both places."""
    pools = api.stack.client("cognito-idp")
    pool = pools.create_user_pool(PoolName="elsewhere")["UserPool"]["Id"]
    client = pools.create_user_pool_client(
        UserPoolId=pool, ClientName="elsewhere", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"]
    )["UserPoolClient"]["ClientId"]
    pools.admin_create_user(UserPoolId=pool, Username="alice", MessageAction="SUPPRESS")
    password = "Other-Pool-Passw0rd"
    pools.admin_set_user_password(
        UserPoolId=pool, Username="alice", Password=password, Permanent=True
    )
    place = SignInPlace(pool, client, api.stack.place.identity_pool_id)
    token = sign_in(api.stack.aws, place, "alice", password).id
    assert refusal(api.get("/me", token=token)) == (401, "invalid_token")
    status, body = invoke(api.stack, token)
    assert (status, body["code"]) == (401, "invalid_token")
