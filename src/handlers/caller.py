"""From an event to a caller with credentials of their own; every user route begins here."""

from dataclasses import dataclass

from handlers.request import Event, query_text
from handlers.services import Services
from shared.authorization_header import read_id_token
from shared.errors import InvalidToken
from shared.object_key import home_of
from shared.object_store import ObjectStore
from shared.observability import logger
from shared.principal import Principal
from shared.scoped_credentials import ScopedCredentials
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, the credentials that AWS gave for them, and the store seen through those."""

    principal: Principal
    credentials: ScopedCredentials
    objects: ObjectStore
    settings: Settings

    @property
    def home(self) -> str:
        """The prefix of the caller's own folder, with its final `/`."""
        return home_of(self.credentials.identity_id)


def caller_of(event: Event, services: Services) -> Caller:
    """The caller of this request, acting in the role that `role=` names or their token implies.

    Raises the 401, 403 and 503 errors of the verification and the exchange.
    """
    return caller_for(authenticate(event, services), event, services)


def caller_for(principal: Principal, event: Event, services: Services, at_least: int = 0) -> Caller:
    """The same for a principal whom `authenticate` gave for this event.

    The credentials have `at_least` seconds left, or are new.
    """
    credentials = services.credential_source.credentials_for(
        principal, query_text(event, "role"), at_least=at_least
    )
    store = ObjectStore(services.s3, services.settings.bucket, credentials)
    return Caller(principal, credentials, store, services.settings)


def authenticate(event: Event, services: Services) -> Principal:
    """The principal of the raw ID token in the Authorization header, verified here and now.

    What API Gateway's authorizer wrote into the event is never a proof: the function can be
    invoked without it. It only must not contradict the token.
    """
    raw = read_id_token(event.get("headers"), event.get("multiValueHeaders"))
    principal = services.verifier.verify(raw)
    logger.append_keys(sub=principal.sub)
    claims = ((event.get("requestContext") or {}).get("authorizer") or {}).get("claims") or {}
    if claims.get("sub", principal.sub) != principal.sub:
        raise InvalidToken("authorizer_claims_contradict")
    return principal
