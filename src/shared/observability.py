"""The log and the metrics; secrets are masked wherever they came from."""

import logging
import re
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import MetricUnit

from shared.secret import MASK

# What betrays a secret in text: a JWT, the parts of a presigned URL that sign it, the header
# and field names that carry credentials, and an access key id of temporary credentials.
_SECRETS: Final = re.compile(
    r"eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"
    r"|(?<=X-Amz-Signature=)\w+"
    r"|(?<=X-Amz-Security-Token=)[\w%+/=.~-]+"
    r"|(?<=X-Amz-Credential=)[\w%+/=.~-]+"
    r"|\bASIA[A-Z0-9]{12,}"
    r"|(?<=[Aa]uthorization\": \")[^\"]+"
    r"|(?<=SessionToken\": \")[^\"]+"
    r"|(?<=SecretKey\": \")[^\"]+"
    r"|(?<=SecretAccessKey\": \")[^\"]+"
)


def masked(text: str) -> str:
    """The text with every token, credential and signature in it replaced by a mask."""
    return _SECRETS.sub(MASK, text)


class MaskingFormatter(LambdaPowertoolsFormatter):
    """Powertools' JSON lines, masked as a whole, so that no field can be forgotten."""

    def serialize(self, log: dict[str, Any]) -> str:  # type: ignore[override] # its own type is a TypedDict
        """One JSON line without secrets."""
        return masked(super().serialize(log))


logger = Logger(logger_formatter=MaskingFormatter(), use_rfc3339=True)
metrics = Metrics()

# At DEBUG these log whole requests and answers: tokens, credentials, signed URLs.
for name in ("botocore", "urllib3", "boto3"):
    logging.getLogger(name).setLevel(logging.WARNING)


def count(name: str) -> None:
    """Add one to a metric of this deployment."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)
