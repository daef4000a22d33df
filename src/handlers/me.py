"""`GET /me` and `GET /locations`: who the caller is here and where they may go."""

from datetime import UTC, datetime

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers.caller import caller_of
from handlers.location_answer import location_answer
from handlers.time_text import time_text
from shared.locations import locations_for

router = APIGatewayRouter()


@router.get("/me")
def me() -> dict[str, object]:
    """The caller as the verified ID token and the exchange tell them."""
    caller = caller_of(router.current_event.raw_event, router.context["services"])
    principal, credentials = caller.principal, caller.credentials
    return {
        "sub": principal.sub,
        "username": principal.username,
        "groups": principal.groups,
        "roles": principal.roles,
        "role": credentials.role_arn,
        "credentialSource": caller.settings.credential_source,
        "identityId": credentials.identity_id,
        "homePrefix": caller.home,
        "bucket": caller.settings.bucket,
        "tokenExpiresAt": time_text(datetime.fromtimestamp(principal.expires_at, UTC)),
        "credentialsExpireAt": time_text(credentials.expiration),
    }


@router.get("/locations")
def locations() -> list[dict[str, object]]:
    """The places that the caller's role may go, the own folder first."""
    caller = caller_of(router.current_event.raw_event, router.context["services"])
    return [
        location_answer(location)
        for location in locations_for(
            caller.credentials.role_arn,
            caller.principal.groups,
            caller.settings.roles,
            caller.home,
            caller.settings.bucket,
        )
    ]
