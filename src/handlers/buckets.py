"""`GET /buckets`: the buckets that the caller may list."""

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

from handlers.caller import caller_of
from shared.buckets import buckets_of
from shared.locations import locations_for

router = APIGatewayRouter()


@router.get("/buckets")
def list_buckets() -> dict[str, object]:
    """Each bucket with its name, and its region where that is known."""
    services = router.context["services"]
    caller = caller_of(router.current_event.raw_event, services)
    settings = caller.settings
    locations = locations_for(
        caller.credentials.role_arn,
        caller.principal.groups,
        settings.roles,
        caller.home,
        settings.bucket,
    )
    return {
        "buckets": [
            {"name": bucket.name} | ({"region": bucket.region} if bucket.region else {})
            for bucket in buckets_of(services.s3, caller.credentials, locations, settings.region)
        ]
    }
