"""`GET /config`: what a client has to know to sign in here, as every app ships it."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

if TYPE_CHECKING:
    from handlers.services import Services

router = APIGatewayRouter()


@router.get("/config")
def config() -> dict[str, str]:
    """The ids of the deployment, for anybody; none of them opens anything without a sign-in."""
    services: Services = router.context["services"]
    settings = services.settings
    told = {
        "region": settings.region,
        "userPoolId": settings.user_pool_id,
        "userPoolClientId": settings.client_ids[0],
        "identityPoolId": settings.identity_pool_id,
        "bucket": settings.bucket,
        "endpointUrl": settings.endpoint_url or "",
    }
    return {name: value for name, value in told.items() if value}
