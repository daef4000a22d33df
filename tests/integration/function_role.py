"""The function's own role, as code in the function's place would hold it."""

import json


def function_credentials(stack):
    """Its credentials, in the shape of `GET /credentials`; who may assume it is as before."""
    iam, role = stack.client("iam"), stack.deployment.resources["FunctionRole"]
    found = iam.get_role(RoleName=role)["Role"]
    trust = found["AssumeRolePolicyDocument"]
    root = stack.client("sts").get_caller_identity()["Arn"]
    admitted = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    widened = {**trust, "Statement": [*trust["Statement"], admitted]}
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(widened))
    try:
        answer = stack.client("sts").assume_role(
            RoleArn=found["Arn"], RoleSessionName="as-the-function"
        )["Credentials"]
    finally:
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    return {
        "region": stack.outputs["Region"],
        "accessKeyId": answer["AccessKeyId"],
        "secretAccessKey": answer["SecretAccessKey"],
        "sessionToken": answer["SessionToken"],
    }
