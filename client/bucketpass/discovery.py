"""What a service tells about its deployment to anybody who knows its URL."""

import re
from typing import Final
from urllib.parse import urlsplit

from bucketpass.errors import BucketpassError, Unreachable
from bucketpass.service_api import ServiceApi

_SETTING_OF: Final = {
    "region": "region",
    "userPoolId": "user_pool_id",
    "userPoolClientId": "client_id",
    "identityPoolId": "identity_pool_id",
    "bucket": "bucket",
    "loginUrl": "login_url",
    "endpointUrl": "endpoint_url",
}
_REGIONAL_HOST: Final = re.compile(r"\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$")


def discovered(api: ServiceApi, api_url: str) -> dict[str, str]:
    """The settings that the service's `GET /config` names, and the region in the URL.

    A service without that route tells nothing; raises Unreachable if there is none at all, that
    is, if `GET /health` does not answer either.
    """
    settings = {"api_url": api_url}
    if found := _REGIONAL_HOST.search(urlsplit(api_url).hostname or ""):
        settings["region"] = found.group(1)
    try:
        told = api.get("/config", None)
    except Unreachable:
        raise
    except BucketpassError:
        api.get("/health", None)
        return settings
    named = {setting: told.get(member) for member, setting in _SETTING_OF.items()}
    return {**settings, **{k: v for k, v in named.items() if isinstance(v, str) and v}}
