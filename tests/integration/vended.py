"""AWS as somebody sees it who holds what `GET /credentials` gave them."""

import boto3
from botocore.config import Config


def client_with(given, service, endpoint_url):
    """A client that acts with the credentials of that answer."""
    return boto3.session.Session().client(
        service,
        region_name=given["region"],
        endpoint_url=endpoint_url,
        aws_access_key_id=given["accessKeyId"],
        aws_secret_access_key=given["secretAccessKey"],
        aws_session_token=given["sessionToken"],
        config=Config(s3={"addressing_style": "path"}, proxies={}),
    )
