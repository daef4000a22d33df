"""`GET /health`: that the function is there, and its version."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.router import APIGatewayRouter

if TYPE_CHECKING:
    from handlers.services import Services

router = APIGatewayRouter()


@router.get("/health")
def health() -> dict[str, str]:
    """No token, no AWS call, nothing about the deployment beyond its version."""
    services: Services = router.context["services"]
    return {"status": "ok", "version": services.settings.version}
