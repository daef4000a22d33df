"""One deployment, as the template tells it to the function."""

from tests.id_tokens import CLIENT_ID

BUCKET = "bucketpass-objects"
ORIGIN = "https://app.example.com"
SIGNED_IN_ROLE = "arn:aws:iam::123456789012:role/bucketpass-signed-in"
EDITORS_ROLE = "arn:aws:iam::123456789012:role/bucketpass-editors"
AUDITORS_ROLE = "arn:aws:iam::123456789012:role/bucketpass-auditors"
MEMBER_ROLE = "arn:aws:iam::123456789012:role/bucketpass-member"
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "USER_POOL_ID": "eu-central-1_Example01",
    "USER_POOL_CLIENT_IDS": CLIENT_ID,
    "IDENTITY_POOL_ID": "eu-central-1:11111111-2222-4333-8444-555555555555",
    "BUCKET_NAME": BUCKET,
    "CREDENTIAL_SOURCE": "identity-pool",
    "SIGNED_IN_ROLE_ARN": SIGNED_IN_ROLE,
    "GROUP_ROLE_ARNS": f'{{"editors": "{EDITORS_ROLE}", "auditors": "{AUDITORS_ROLE}"}}',
    "ALLOWED_ORIGIN": ORIGIN,
    "URL_SUFFIX": "amazonaws.com",
    "SERVICE_VERSION": "9.8.7",
    "POWERTOOLS_SERVICE_NAME": "bucketpass",
    "POWERTOOLS_METRICS_NAMESPACE": "Bucketpass",
}
