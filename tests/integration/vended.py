"""AWS as somebody sees it who holds what `GET /credentials` gave them."""

from functools import cache

import boto3
from botocore.config import Config


@cache
def _session():
    """One for all, since each reads the services' models anew."""
    return boto3.session.Session()


def client_with(given, service, endpoint_url):
    """A client that acts with the credentials of that answer."""
    return _session().client(
        service,
        region_name=given["region"],
        endpoint_url=endpoint_url,
        aws_access_key_id=given["accessKeyId"],
        aws_secret_access_key=given["secretAccessKey"],
        aws_session_token=given["sessionToken"],
        config=Config(s3={"addressing_style": "path"}, proxies={}),
    )
