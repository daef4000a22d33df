"""`GET /explain`: why the caller may or may not do something at a key."""

from typing import cast

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers.caller import authenticate
from handlers.location_answer import location_answer
from handlers.request import Event, query_choice, query_text
from handlers.services import Services
from shared.errors import AmbiguousRole, InvalidRequest
from shared.explanation import ACTIONS, Explanation, Standpoint, explain
from shared.locations import Permission, locations_for
from shared.object_key import expand_home, expand_home_prefix, home_of, parse_key, parse_prefix
from shared.principal import Principal
from shared.role_choice import nameable_roles
from shared.scoped_credentials import ScopedCredentials
from shared.settings import Settings

router = APIGatewayRouter()


@router.get("/explain")
def explain_access() -> dict[str, object]:
    """What the caller's places say about one action at one key; S3 is not asked about any."""
    event, services = router.current_event.raw_event, router.context["services"]
    principal = authenticate(event, services)
    settings = services.settings
    action, text = _asked(event)
    credentials, is_acting = _credentials(principal, event, services)
    home = home_of(credentials.identity_id)
    key = _real_key(action, text, home)
    others = [
        _standpoint(arn, name, principal, home, settings)
        for name, arn in nameable_roles(principal, settings.roles).items()
    ]
    acting = (
        _standpoint(credentials.role_arn, credentials.role_arn, principal, home, settings)
        if is_acting
        else None
    )
    return {
        "action": action,
        "key": key,
        "identityId": credentials.identity_id,
        "role": acting and acting.role_arn,
        "credentialSource": settings.credential_source,
        **_answer(explain(action, key, acting, others)),
        "choices": [
            {"role": other.name, "allowed": explain(action, key, other, ()).allowed}
            for other in others
        ],
    }


def _asked(event: Event) -> tuple[Permission, str]:
    key = query_text(event, "key")
    if query_text(event, "action") is None or key is None:
        raise InvalidRequest(
            "no action or key", detail=f"Give key and action, one of {', '.join(ACTIONS)}."
        )
    return cast("Permission", query_choice(event, "action", ACTIONS)), key


def _credentials(
    principal: Principal, event: Event, services: Services
) -> tuple[ScopedCredentials, bool]:
    """The caller's credentials, and whether their role is that of the request.

    Who has several roles and named none is explained all of them.
    """
    source = services.credential_source
    try:
        return source.credentials_for(principal, query_text(event, "role")), True
    except AmbiguousRole:
        first = next(iter(nameable_roles(principal, services.settings.roles).values()))
        return source.credentials_for(principal, first), False


def _real_key(action: Permission, text: str, home: str) -> str:
    if action == "list":
        return expand_home_prefix(parse_prefix(text), home)
    return expand_home(parse_key(text), home)


def _standpoint(
    role_arn: str, name: str, principal: Principal, home: str, settings: Settings
) -> Standpoint:
    locations = locations_for(role_arn, principal.groups, settings.roles, home, settings.bucket)
    return Standpoint(role_arn, name, locations)


def _answer(explanation: Explanation) -> dict[str, object]:
    location, remedy = explanation.location, explanation.remedy
    return {
        "allowed": explanation.allowed,
        "location": location and location_answer(location),
        "missing": explanation.missing,
        "remedy": remedy
        and {"code": remedy.code, "detail": remedy.sentence, "roles": remedy.roles},
    }
