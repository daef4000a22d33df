"""What has to hold for sign-in, the identity pool and the trust in roles.

Each function returns its violations as sentences.
"""

import re
from typing import Any

from tests.template.iam_judge import texts
from tests.template.policies import (
    ASSUMED_ROLES,
    FUNCTION_ROLE,
    MEMBER_ROLE,
    PEOPLE_ROLES,
    Statement,
    people_roles,
    policies_of_role,
    trust_of,
)
from tests.template.rendering import REGION, Rendered

COGNITO = "cognito-identity.amazonaws.com"
UUID_PATTERN = "????????-????-????-????-????????????"
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
WEAK_FLOWS = ("USER_PASSWORD", "CUSTOM")
# Cognito API reference, CreateUserPoolDomain.
DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def identity_pool(rendered: Rendered) -> dict[str, Any]:
    (pool,) = rendered.of_type("AWS::Cognito::IdentityPool").values()
    return pool


def app_clients(rendered: Rendered) -> dict[str, dict[str, Any]]:
    return rendered.of_type("AWS::Cognito::UserPoolClient")


def guests_and_the_classic_flow_are_off(rendered: Rendered) -> list[str]:
    """Only who signed in gets an identity, and only in a role that the pool chooses."""
    pool = identity_pool(rendered)
    return [
        f"{name} is {pool.get(name)}"
        for name in ("AllowUnauthenticatedIdentities", "AllowClassicFlow")
        if pool.get(name) is not False
    ]


def the_identity_pool_trusts_this_client(rendered: Rendered) -> list[str]:
    """One provider: this user pool, this app client, with a check of the token on the server."""
    outputs = rendered.outputs
    wanted = {
        "ClientId": outputs["UserPoolClientId"],
        "ProviderName": f"cognito-idp.{REGION}.amazonaws.com/{outputs['UserPoolId']}",
        "ServerSideTokenCheck": True,
    }
    pool = identity_pool(rendered)
    found = pool.get("CognitoIdentityProviders")
    others = sorted(
        name
        for name in pool
        if name.endswith(("Providers", "ProviderARNs", "Events"))
        and name != "CognitoIdentityProviders"
    )
    violations = [] if found == [wanted] else [f"the providers are {found}"]
    return violations + [f"there are {name} too" for name in others]


def roles_follow_the_token(rendered: Rendered) -> list[str]:
    """The pool takes the role of the token; nobody is given a guest's role."""
    (attachment,) = rendered.of_type("AWS::Cognito::IdentityPoolRoleAttachment").values()
    outputs = rendered.outputs
    provider = f"cognito-idp.{REGION}.amazonaws.com/{outputs['UserPoolId']}"
    mappings = list(attachment.get("RoleMappings", {}).values())
    wanted = {"authenticated": rendered.attribute("SignedInRole", "Arn")}
    violations = [] if attachment["Roles"] == wanted else [f"the roles are {attachment['Roles']}"]
    facts = [(m.get("Type"), m.get("IdentityProvider")) for m in mappings]
    if facts != [("Token", f"{provider}:{outputs['UserPoolClientId']}")]:
        violations.append(f"the role mappings are {mappings}")
    return violations


def ambiguity_falls_back_to_the_least(rendered: Rendered) -> list[str]:
    """Who has several roles and no preferred one gets none, or one that each of them contains."""
    (attachment,) = rendered.of_type("AWS::Cognito::IdentityPoolRoleAttachment").values()
    least = policies_of_role(rendered, "SignedInRole")
    violations = []
    for mapping in attachment.get("RoleMappings", {}).values():
        if mapping.get("AmbiguousRoleResolution") == "Deny":
            continue
        if mapping.get("AmbiguousRoleResolution") != "AuthenticatedRole":
            violations.append(f"ambiguity ends in {mapping.get('AmbiguousRoleResolution')}")
        violations += [
            f"{role} lacks what SignedInRole may"
            for role in PEOPLE_ROLES
            if not all(policy in policies_of_role(rendered, role) for policy in least)
        ]
    return violations


def trusted(rendered: Rendered, kind: str) -> list[tuple[str, Statement]]:
    """Every trust statement whose principal is of that kind, with its role."""
    return [
        (name, statement)
        for name, role in rendered.of_type("AWS::IAM::Role").items()
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
        if kind in statement["Principal"]
    ]


def people_come_through_this_identity_pool(rendered: Rendered) -> list[str]:
    """Each federated trust asks for this pool (aud) and for somebody signed in (amr).

    Without aud any identity pool of any account would do, without amr its guests (AWS-2024-003).
    """
    wanted = {
        "StringEquals": {f"{COGNITO}:aud": rendered.ref("IdentityPool")},
        "ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"},
    }
    violations = []
    for role, statement in trusted(rendered, "Federated"):
        if statement["Principal"] != {"Federated": COGNITO}:
            violations.append(f"{role} trusts {statement['Principal']}")
        if statement.get("Condition") != wanted:
            violations.append(f"{role} trusts under {statement.get('Condition')}")
        if statement["Action"] != "sts:AssumeRoleWithWebIdentity":
            violations.append(f"{role} lets federated callers {statement['Action']}")
    with_trust = {role for role, _ in trusted(rendered, "Federated")}
    return (
        violations
        + [f"{role} is not for the pool" for role in PEOPLE_ROLES if role not in with_trust]
        + [f"{role} is for the pool" for role in sorted(with_trust - {*PEOPLE_ROLES})]
    )


def the_function_names_a_person(rendered: Rendered) -> list[str]:
    """STS gives a role to the function's role alone, and only for one person by both tags.

    The role of members takes tags of groups beside these two, any other role nothing else.
    """
    one_person = {
        "StringLike": {
            "aws:RequestTag/identity_id": f"{REGION}:{UUID_PATTERN}",
            "aws:RequestTag/sub": UUID_PATTERN,
        }
    }
    no_other = {"ForAllValues:StringEquals": {"aws:TagKeys": ["identity_id", "sub"]}}
    groups_too = {"ForAllValues:StringLike": {"aws:TagKeys": ["identity_id", "sub", "group_*"]}}
    function = rendered.attribute(FUNCTION_ROLE, "Arn")
    violations = []
    for role, statement in trusted(rendered, "AWS"):
        if statement["Principal"] != {"AWS": function}:
            violations.append(f"{role} trusts {statement['Principal']}")
        if statement.get("Condition") != one_person | (
            groups_too if role == MEMBER_ROLE else no_other
        ):
            violations.append(f"{role} is given to the function under {statement.get('Condition')}")
    return violations


def sts_opens_roles_in_its_mode_only(rendered: Rendered) -> list[str]:
    """A role of people lets the function assume and tag it in the mode it is for, else nothing."""
    mode = rendered.parameters["CredentialSource"]
    violations = []
    for role in rendered.of_type("AWS::IAM::Role"):
        if role == FUNCTION_ROLE:
            continue
        assumed = role in ASSUMED_ROLES[mode]
        wanted = {"sts:AssumeRole", "sts:TagSession"} if assumed else set()
        actions = {
            action
            for name, statement in trusted(rendered, "AWS")
            for action in texts(statement["Action"])
            if name == role
        }
        if actions != wanted:
            violations.append(f"{role} lets AWS principals {sorted(actions)} in {mode} mode")
    return violations


def trusts_are_plain(rendered: Rendered) -> list[str]:
    """No trust names everybody or several kinds at once; Lambda is trusted by one role alone."""
    violations = []
    for name, role in rendered.of_type("AWS::IAM::Role").items():
        for statement in role["AssumeRolePolicyDocument"]["Statement"]:
            principal = statement["Principal"]
            service = {"Service": "lambda.amazonaws.com"}
            if principal == "*" or len(principal) != 1 or statement["Effect"] != "Allow":
                violations.append(f"{name} trusts {principal}")
            elif ("Service" in principal) != (name == FUNCTION_ROLE) or (
                "Service" in principal and principal != service
            ):
                violations.append(f"{name} trusts the service {principal}")
    if len(trust_of(rendered, FUNCTION_ROLE)["Statement"]) != 1:
        violations.append("the function's role is trusted twice")
    return violations


def sessions_are_short(rendered: Rendered) -> list[str]:
    """Credentials of a person live for an hour at most."""
    return [
        f"{role} lives {properties.get('MaxSessionDuration')} s"
        for role, properties in rendered.of_type("AWS::IAM::Role").items()
        if role in people_roles(rendered) and properties.get("MaxSessionDuration", 3600) > 3600
    ]


def passwords_stay_with_their_owner(rendered: Rendered) -> list[str]:
    """People sign in by SRP; no flow takes the password itself."""
    violations = []
    for name, client in app_clients(rendered).items():
        flows = client.get("ExplicitAuthFlows", [])
        violations += [f"{name} has {f}" for f in flows if any(weak in f for weak in WEAK_FLOWS)]
        violations += [] if "ALLOW_USER_SRP_AUTH" in flows else [f"{name} lacks SRP"]
        violations += [f"{name} has a secret"] if client.get("GenerateSecret") else []
    return violations


# Where the command line listens on a person's own machine (RFC 8252, section 7.3).
LOOPBACK = "http://localhost:8976/callback"


def the_page_signs_in_by_code_alone(rendered: Rendered) -> list[str]:
    """The code flow, back to the page or this machine alone: no token ever stands in an address.

    Cognito takes PKCE from a client without a secret whenever it is offered.
    """
    page = f"{rendered.parameters['AllowedOrigin']}/"
    wanted = {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
        "CallbackURLs": [page, LOOPBACK],
        "LogoutURLs": [page],
    }
    return [
        f"{setting} of {name} is {client.get(setting)}"
        for name, client in app_clients(rendered).items()
        for setting, value in wanted.items()
        if client.get(setting) != value
    ]


def the_sign_in_pages_are_found(rendered: Rendered) -> list[str]:
    """The pool has one domain, named as Cognito allows, and the output SignInUrl leads there."""
    domains = rendered.of_type("AWS::Cognito::UserPoolDomain")
    if "UserPool" not in rendered.resources:
        return [f"{name} without a pool" for name in domains]
    (domain,) = domains.values()
    name = domain["Domain"]
    violations = [] if DOMAIN.fullmatch(name) else [f"the domain is called {name}"]
    violations += [
        f"a domain has no {word}" for word in ("aws", "amazon", "cognito") if word in name
    ]
    address = f"https://{rendered.ref('SignInPages')}.auth.{REGION}.amazoncognito.com"
    if rendered.outputs.get("SignInUrl") != address:
        violations.append(f"SignInUrl is {rendered.outputs.get('SignInUrl')}")
    return violations


def tokens_are_short_and_revocable(rendered: Rendered) -> list[str]:
    """ID and access tokens live for an hour at most and end with the sign-out."""
    violations = []
    for name, client in app_clients(rendered).items():
        units = client.get("TokenValidityUnits", {})
        for token in ("IdToken", "AccessToken"):
            seconds = client.get(f"{token}Validity", 1) * SECONDS[units.get(token, "hours")]
            violations += [f"the {token} of {name} lives {seconds} s"] if seconds > 3600 else []
        if client.get("EnableTokenRevocation") is not True:
            violations.append(f"tokens of {name} cannot be revoked")
        if client.get("PreventUserExistenceErrors") != "ENABLED":
            violations.append(f"{name} tells which users exist")
    return violations


def people_cannot_write_what_grants(rendered: Rendered) -> list[str]:
    """No principal tag comes from an attribute that its owner may change.

    A client without WriteAttributes lets people change every attribute.
    """
    writable = {
        attribute
        for client in app_clients(rendered).values()
        for attribute in client.get("WriteAttributes", ["every attribute"])
    }
    violations = [f"people may change {name}" for name in sorted(writable - {"email"})]
    for mapping in rendered.of_type("AWS::Cognito::IdentityPoolPrincipalTag").values():
        for tag, claim in mapping.get("PrincipalTags", {}).items():
            if "every attribute" in writable or claim in writable | {
                f"{w}_verified" for w in writable
            }:
                violations.append(f"the tag {tag} comes from {claim}, which people may change")
    return violations


def administrators_create_users(rendered: Rendered) -> list[str]:
    """Nobody signs up by themselves unless the parameter says so."""
    asked_for = rendered.parameters["SelfSignUp"] == "true"
    return [
        f"people sign up at {name}"
        for name, pool in rendered.of_type("AWS::Cognito::UserPool").items()
        if not asked_for
        and pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly") is not True
    ]


def the_user_pool_is_kept(rendered: Rendered) -> list[str]:
    """The pool survives a deleted stack, offers a second factor and verifies a changed address."""
    violations = []
    for name, pool in rendered.of_type("AWS::Cognito::UserPool").items():
        updates = pool.get("UserAttributeUpdateSettings", {})
        facts = {
            "can be deleted": pool.get("DeletionProtection") != "ACTIVE",
            "goes with the stack": rendered.resources[name].get("DeletionPolicy") != "Retain",
            "has no second factor": pool.get("MfaConfiguration", "OFF") == "OFF",
            "takes an address unverified": updates.get("AttributesRequireVerificationBeforeUpdate")
            != ["email"],
            "takes short passwords": pool["Policies"]["PasswordPolicy"]["MinimumLength"] < 12,
            "tells ALICE from alice": pool["UsernameConfiguration"]["CaseSensitive"] is not False,
        }
        violations += [f"{name} {fact}" for fact, is_so in facts.items() if is_so]
    return violations


def groups_carry_their_role(rendered: Rendered) -> list[str]:
    """Each group names its own role, and none is preferred over another."""
    groups = rendered.of_type("AWS::Cognito::UserPoolGroup")
    if "UserPool" not in rendered.resources:
        return [f"{name} without a pool" for name in groups]
    found = {group["GroupName"]: group.get("RoleArn") for group in groups.values()}
    wanted = {
        name: rendered.attribute(role, "Arn")
        for name, role in {"editors": "EditorsRole", "auditors": "AuditorsRole"}.items()
    }
    violations = [] if found == wanted else [f"the groups carry {found}"]
    if len({group.get("Precedence") for group in groups.values()}) > 1:
        violations.append("one group is preferred over another")
    return violations


IDENTITY_INVARIANTS = (
    guests_and_the_classic_flow_are_off,
    the_identity_pool_trusts_this_client,
    roles_follow_the_token,
    ambiguity_falls_back_to_the_least,
    people_come_through_this_identity_pool,
    the_function_names_a_person,
    sts_opens_roles_in_its_mode_only,
    trusts_are_plain,
    sessions_are_short,
    passwords_stay_with_their_owner,
    the_page_signs_in_by_code_alone,
    the_sign_in_pages_are_found,
    tokens_are_short_and_revocable,
    people_cannot_write_what_grants,
    administrators_create_users,
    the_user_pool_is_kept,
    groups_carry_their_role,
)
