"""`GET /credentials`: the caller's own temporary credentials, for any AWS tool."""

from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers.caller import authenticate
from handlers.credential_format import as_container, as_env, as_json, as_process
from handlers.credential_request import NAMES, Narrowing, narrowing, only_known
from handlers.request import Event, query_choice, query_text
from handlers.services import Services
from shared.locations import locations_for
from shared.object_key import home_of
from shared.principal import Principal
from shared.scoped_credentials import ScopedCredentials
from shared.session_policy import parse_scope, require_within, session_policy
from shared.settings import Settings

# The SDKs ask anew when 15 minutes are left: fewer would make them ask for every request.
LEAST_SECONDS: Final = 900

router = APIGatewayRouter()


@router.get("/credentials")
def credentials() -> dict[str, object] | Response[str]:
    """The credentials with `expiration`, as `format` says: json, process or env."""
    event, settings = router.current_event.raw_event, router.context["services"].settings
    principal = authenticate(event, router.context["services"])
    only_known(event, NAMES | {"format"})
    wanted = query_choice(event, "format", ("json", "process", "env"))
    vended = _vended(principal, event, router.context["services"])
    if wanted == "process":
        return as_process(vended)
    if wanted == "env":
        return Response(
            status_code=HTTPStatus.OK,
            content_type="text/plain; charset=utf-8",
            body=as_env(vended, settings),
        )
    return as_json(vended, home_of(vended.identity_id), settings)


@router.get("/credentials/container")
def container_credentials() -> dict[str, object]:
    """The same in the shape of AWS_CONTAINER_CREDENTIALS_FULL_URI."""
    event, services = router.current_event.raw_event, router.context["services"]
    principal = authenticate(event, services)
    only_known(event, NAMES)
    return as_container(_vended(principal, event, services))


def _vended(principal: Principal, event: Event, services: Services) -> ScopedCredentials:
    source, role, asked = services.credential_source, query_text(event, "role"), narrowing(event)
    if asked is None:
        return source.credentials_for(principal, role, at_least=LEAST_SECONDS)
    return source.narrowed_credentials_for(
        principal,
        role,
        asked.duration,
        lambda role_arn, identity_id: _policy(
            asked, principal, services.settings, role_arn, identity_id
        ),
    )


def _policy(
    asked: Narrowing, principal: Principal, settings: Settings, role_arn: str, identity_id: str
) -> str | None:
    if asked.scope is None:
        return None
    home = home_of(identity_id)
    scope = parse_scope(asked.scope, asked.access, home)
    places = locations_for(role_arn, principal.groups, settings.roles, home, settings.bucket)
    require_within(scope, places)
    partition = role_arn.split(":")[1]
    return session_policy([scope], settings.bucket, partition)
