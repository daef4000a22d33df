"""The log and the metrics; secrets are masked wherever they came from."""

import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import MetricUnit

from shared.principal import Principal
from shared.scoped_credentials import ScopedCredentials
from shared.secret import MASK

if TYPE_CHECKING:
    from aws_lambda_powertools.logging.types import LogRecord

# The names that credentials and signatures go by.
_NAMES: Final = (
    r"(?i:(?:session|security)[-_]?token|secret[-_]?(?:access[-_]?)?key|id[-_]?token"
    r"|x-amz-(?:signature|credential|security-token))"
)
# What stands between a name and its value: JSON, JSON within JSON, a Python repr, a query, XML.
_ASSIGNED: Final = r"""[\\"']*\s*[:=>]\s*b?[\\"']*"""
# What betrays a secret in text: a JWT, an access key id of temporary credentials, a run of base64
# as long as a session token, and the names above.
_SECRETS: Final = re.compile(
    r"eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"
    r"|\bASIA[A-Z0-9]{12,}"
    r"|[\w+/=%-]{100,}"
    rf"""|(?P<header>(?i:authorization){_ASSIGNED})[^"'\\\r\n]+"""
    rf"""|(?P<name>{_NAMES}{_ASSIGNED})[^\s"'\\&<,}}]+"""
    # The names of people's objects are theirs: AWS quotes them in its own sentences.
    r"""|(?P<object>arn:[\w-]+:s3:::[\w.-]+/)[^"'\\\r\n]+"""
    r"""|(?P<address>https?://[^\s/"'\\]+/)[^\s"'\\]+"""
)
_KEPT: Final = ("header", "name", "object", "address")
_SECRET_NAME: Final = re.compile(rf"(?:.*[-_.])?(?:(?i:authorization)|{_NAMES})")


def masked(text: str) -> str:
    """The text with every token, credential, signature and object's name replaced by a mask."""
    return _SECRETS.sub(_without_secret, text)


def masked_value(value: object, name: str = "") -> object:
    """The same for all texts in a JSON-like value, and for what goes by a secret's name.

    What is neither text, number, mapping nor list becomes text, as it would in JSON.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {masked(str(key)): masked_value(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked_value(item, name) for item in value]
    return MASK if _SECRET_NAME.fullmatch(name) else masked(str(value))


class MaskingFormatter(LambdaPowertoolsFormatter):
    """Powertools' JSON lines, masked as a whole, so that no field can be forgotten."""

    def serialize(self, log: dict[str, Any]) -> str:  # type: ignore[override] # its own type is a TypedDict
        """One JSON line without secrets."""
        return super().serialize(cast("LogRecord", masked_value(log)))


# Options given to the Logger would not reach a formatter of our own.
logger = Logger(logger_formatter=MaskingFormatter(use_rfc3339=True, serialize_stacktrace=False))
metrics = Metrics()

# At DEBUG these log whole requests and answers: tokens, credentials, signed URLs.
for name in ("botocore", "urllib3", "boto3"):
    logging.getLogger(name).setLevel(logging.WARNING)


def _without_secret(found: re.Match[str]) -> str:
    return next((found[kept] for kept in _KEPT if found[kept]), "") + MASK


def count(name: str, times: int = 1) -> None:
    """Add to a metric of this deployment."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=times)


def log_exchange(principal: Principal, credentials: ScopedCredentials) -> None:
    """Tell once per exchange who is behind an identity id, which is all that S3's logs may know.

    In credentials of an identity pool CloudTrail has the identity id and not the sub.
    """
    logger.info(
        "exchanged",
        sub=principal.sub,
        identity_id=credentials.identity_id,
        role=credentials.role_arn,
        expires_at=credentials.expiration.isoformat(),
    )
