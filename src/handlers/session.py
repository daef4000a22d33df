"""`POST /session/revoke`: the caller signs out everywhere."""

from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers import json_body
from handlers.caller import authenticate
from shared.compact_jws import MAX_TOKEN_CHARS
from shared.observability import logger
from shared.secret import Secret

MAX_BODY_BYTES: Final = MAX_TOKEN_CHARS + 1_024

router = APIGatewayRouter()


@router.post("/session/revoke")
def revoke() -> Response[str]:
    """End every sign-in at Cognito, then forget here what was exchanged for them.

    Cognito wants the access token for it, and that is read from the body, so that the
    Authorization header keeps its one meaning.
    """
    event, services = router.current_event.raw_event, router.context["services"]
    principal = authenticate(event, services)
    body = json_body.json_object(event, MAX_BODY_BYTES)
    json_body.only(body, {"accessToken"})
    access_token = Secret(json_body.text(body, "accessToken"))
    services.access_tokens.verify(access_token, principal)
    try:
        services.user_pool.sign_out(access_token)
    finally:
        # Afterwards, or what is exchanged in between would stay; and also where Cognito refused,
        # since the sign-ins may have ended elsewhere.
        services.credential_source.forget(principal)
    logger.info("signed out")
    return Response(status_code=HTTPStatus.NO_CONTENT, body="")
