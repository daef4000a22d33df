"""One account in which nothing is wrong, and how to change one thing in it."""

from dataclasses import replace

from bucketpass.pools.inventory import (
    AppClient,
    Group,
    IdentityPool,
    Inventory,
    MappingRule,
    Provider,
    Role,
    RoleMapping,
    UserPool,
)

COGNITO = "cognito-identity.amazonaws.com"
POOL_ID = "eu-west-1:11111111-2222-3333-4444-555555555555"
USER_POOL_ID = "eu-west-1_People"
PROVIDER = f"cognito-idp.eu-west-1.amazonaws.com/{USER_POOL_ID}"
OWN = "${cognito-identity.amazonaws.com:sub}"
BUCKET = "arn:aws:s3:::bucket"
ACCOUNT = "000000000000"


def arn(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def document(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def allow(action, resource, condition=None, **more):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return {**statement, "Condition": condition} if condition else statement


def listing(*prefixes, operator="StringLike", **more):
    return allow("s3:ListBucket", BUCKET, {operator: {"s3:prefix": list(prefixes)}, **more})


def trust(*, aud=POOL_ID, amr="authenticated", action="sts:AssumeRoleWithWebIdentity"):
    """A trust policy; None leaves a condition out."""
    condition = {}
    if aud:
        condition["StringEquals"] = {f"{COGNITO}:aud": aud}
    if amr:
        condition["ForAnyValue:StringLike"] = {f"{COGNITO}:amr": amr}
    statement = {"Effect": "Allow", "Principal": {"Federated": COGNITO}, "Action": action}
    return document({**statement, "Condition": condition} if condition else statement)


HOME = document(
    listing(f"home/{OWN}/*"),
    allow(["s3:GetObject", "s3:PutObject"], f"{BUCKET}/home/{OWN}/*"),
)
SHARED = document(listing("shared/*"), allow("s3:GetObject", f"{BUCKET}/shared/*"))
EDITING = document(allow("s3:PutObject", f"{BUCKET}/shared/*"))


def role(name, *policies, trusting=None):
    return Role(arn(name), trusting or trust(), policies or (HOME, SHARED))


def token_mapping(**changes):
    mapping = RoleMapping(f"{PROVIDER}:web", "Token", "Deny")
    return replace(mapping, **changes)


def rules_mapping(claim):
    rule = MappingRule(claim, "Equals", "boss", arn("editors"))
    return RoleMapping(f"{PROVIDER}:web", "Rules", "Deny", (rule,))


def account(*, users=(), pool=(), provider=(), roles=(), **changes):
    """The account with changed members; `roles` replace those of the same ARN."""
    user_pool = UserPool(
        USER_POOL_ID,
        "people",
        clients=(AppClient("web", "page", frozenset({"email"})),),
        groups=(
            Group("editors", arn("editors"), 10),
            Group("auditors", arn("auditors"), 20),
            Group("readers"),
        ),
        fixed=frozenset({"sub"}),
    )
    identity_pool = IdentityPool(
        POOL_ID,
        "files",
        providers=(replace(Provider(PROVIDER, "web"), **dict(provider)),),
        signed_in_role=arn("everybody"),
        mappings=(token_mapping(),),
    )
    kept = [
        role("everybody"),
        role("editors", HOME, SHARED, EDITING),
        role("auditors", HOME, SHARED),
        *roles,
    ]
    inventory = Inventory(
        ACCOUNT,
        "eu-west-1",
        (replace(user_pool, **dict(users)),),
        (replace(identity_pool, **dict(pool)),),
        {one.arn: one for one in kept},
    )
    return replace(inventory, **changes)


GOOD = account()
