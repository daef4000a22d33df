"""Slips about sign-in, the identity pool and trust, at least one per invariant."""

from typing import Any

from tests.template import identity_invariants as identity
from tests.template.slip import Slip, Template, add, allow, props

NO_VALUE = {"Ref": "AWS::NoValue"}
OTHER_POOL = "eu-west-1:99999999-9999-9999-9999-999999999999"


def trust(template: Template, role: str = "EditorsRole") -> list[Any]:
    return props(template, role)["AssumeRolePolicyDocument"]["Statement"]


def federated(template: Template, role: str = "EditorsRole") -> dict[str, Any]:
    return trust(template, role)[0]


def by_function(template: Template, role: str = "EditorsRole") -> dict[str, Any]:
    return trust(template, role)[1]["Fn::If"][1]


def provider(template: Template) -> dict[str, Any]:
    return props(template, "IdentityPool")["CognitoIdentityProviders"][0]


IDENTITY_SLIPS = (
    Slip(
        "guests",
        identity.guests_and_the_classic_flow_are_off,
        lambda t: props(t, "IdentityPool").update(AllowUnauthenticatedIdentities=True),
        "AllowUnauthenticatedIdentities is True",
    ),
    Slip(
        "the classic flow",
        identity.guests_and_the_classic_flow_are_off,
        lambda t: props(t, "IdentityPool").update(AllowClassicFlow=True),
        "AllowClassicFlow is True",
    ),
    Slip(
        "no check on the server",
        identity.the_identity_pool_trusts_this_client,
        lambda t: provider(t).update(ServerSideTokenCheck=False),
        "'ServerSideTokenCheck': False",
    ),
    Slip(
        "another client",
        identity.the_identity_pool_trusts_this_client,
        lambda t: provider(t).update(ClientId="another"),
        "'ClientId': 'another'",
    ),
    Slip(
        "a second provider",
        identity.the_identity_pool_trusts_this_client,
        lambda t: props(t, "IdentityPool").update(
            SupportedLoginProviders={"accounts.google.com": "x"}
        ),
        "there are SupportedLoginProviders too",
    ),
    Slip(
        "a role for guests",
        identity.roles_follow_the_token,
        lambda t: props(t, "IdentityPoolRoles")["Roles"].update(
            unauthenticated={"Fn::GetAtt": ["SignedInRole", "Arn"]}
        ),
        "unauthenticated",
    ),
    Slip(
        "a role by rules over claims",
        identity.roles_follow_the_token,
        lambda t: props(t, "IdentityPoolRoles")["RoleMappings"]["UserPool"].update(Type="Rules"),
        "'Type': 'Rules'",
    ),
    Slip(
        "an authenticated role that may more than the others",
        identity.ambiguity_falls_back_to_the_least,
        lambda t: props(t, "SignedInRole").update(
            Policies=[
                {"PolicyName": "more", "PolicyDocument": {"Statement": [allow("s3:GetObject")]}}
            ]
        ),
        "EditorsRole lacks what SignedInRole may",
    ),
    Slip(
        "aud forgotten",
        identity.people_come_through_this_identity_pool,
        lambda t: federated(t)["Condition"].pop("StringEquals"),
        "EditorsRole trusts under",
    ),
    Slip(
        "amr forgotten",
        identity.people_come_through_this_identity_pool,
        lambda t: federated(t)["Condition"].pop("ForAnyValue:StringLike"),
        "EditorsRole trusts under",
    ),
    Slip(
        "amr of guests",
        identity.people_come_through_this_identity_pool,
        lambda t: federated(t)["Condition"]["ForAnyValue:StringLike"].update(
            {"cognito-identity.amazonaws.com:amr": "unauthenticated"}
        ),
        "unauthenticated",
    ),
    Slip(
        "aud of another pool",
        identity.people_come_through_this_identity_pool,
        lambda t: federated(t)["Condition"]["StringEquals"].update(
            {"cognito-identity.amazonaws.com:aud": OTHER_POOL}
        ),
        "99999999",
    ),
    Slip(
        "amr where every value has to match, which an absent one does",
        identity.people_come_through_this_identity_pool,
        lambda t: federated(t)["Condition"].update(
            {"ForAllValues:StringLike": federated(t)["Condition"].pop("ForAnyValue:StringLike")}
        ),
        "ForAllValues:StringLike",
    ),
    Slip(
        "a role that the pool cannot give",
        identity.people_come_through_this_identity_pool,
        lambda t: trust(t, "AuditorsRole").pop(0),
        "AuditorsRole is not for the pool",
    ),
    Slip(
        "the identity tag optional",
        identity.the_function_names_a_person,
        lambda t: by_function(t)["Condition"]["StringLike"].pop("aws:RequestTag/identity_id"),
        "EditorsRole is given to the function under",
    ),
    Slip(
        "the sub tag optional",
        identity.the_function_names_a_person,
        lambda t: by_function(t)["Condition"]["StringLike"].pop("aws:RequestTag/sub"),
        "EditorsRole is given to the function under",
    ),
    Slip(
        "any tag value",
        identity.the_function_names_a_person,
        lambda t: by_function(t)["Condition"]["StringLike"].update({"aws:RequestTag/sub": "*"}),
        "'aws:RequestTag/sub': '*'",
    ),
    Slip(
        "further tags",
        identity.the_function_names_a_person,
        lambda t: by_function(t)["Condition"].pop("ForAllValues:StringEquals"),
        "EditorsRole is given to the function under",
    ),
    Slip(
        "the whole account trusted",
        identity.the_function_names_a_person,
        lambda t: by_function(t).update(Principal={"AWS": "arn:aws:iam::123456789012:root"}),
        "123456789012:root",
    ),
    Slip(
        "STS in identity-pool mode too",
        identity.sts_opens_roles_in_its_mode_only,
        lambda t: trust(t).__setitem__(1, by_function(t)),
        "in identity-pool mode",
    ),
    Slip(
        "a role that the function cannot tag",
        identity.sts_opens_roles_in_its_mode_only,
        lambda t: trust(t).pop(2),
        "EditorsRole lets AWS principals ['sts:AssumeRole'] in group-role mode",
    ),
    Slip(
        "group roles by STS in member-role mode",
        identity.sts_opens_roles_in_its_mode_only,
        lambda t: trust(t)[1].update({"Fn::If": ["AssumeByFunction", by_function(t), NO_VALUE]}),
        "EditorsRole lets AWS principals ['sts:AssumeRole'] in member-role mode",
    ),
    Slip(
        "any tag for members",
        identity.the_function_names_a_person,
        lambda t: trust(t, "MemberRole")[0]["Condition"]["ForAllValues:StringLike"].update(
            {"aws:TagKeys": "*"}
        ),
        "MemberRole is given to the function under",
    ),
    Slip(
        "members without an identity id",
        identity.the_function_names_a_person,
        lambda t: trust(t, "MemberRole")[0]["Condition"].pop("StringLike"),
        "MemberRole is given to the function under",
    ),
    Slip(
        "the role of members for the identity pool",
        identity.people_come_through_this_identity_pool,
        lambda t: trust(t, "MemberRole").append(federated(t)),
        "MemberRole is for the pool",
    ),
    Slip(
        "members' sessions of twelve hours",
        identity.sessions_are_short,
        lambda t: props(t, "MemberRole").update(MaxSessionDuration=43200),
        "MemberRole lives 43200 s",
    ),
    Slip(
        "everybody trusted",
        identity.trusts_are_plain,
        lambda t: trust(t).append(
            {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
        ),
        "EditorsRole trusts *",
    ),
    Slip(
        "a person's role for Lambda",
        identity.trusts_are_plain,
        lambda t: trust(t).append(
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ),
        "EditorsRole trusts the service",
    ),
    Slip(
        "sessions of twelve hours",
        identity.sessions_are_short,
        lambda t: props(t, "AuditorsRole").update(MaxSessionDuration=43200),
        "AuditorsRole lives 43200 s",
    ),
    Slip(
        "the password flow",
        identity.passwords_stay_with_their_owner,
        lambda t: props(t, "UserPoolClient")["ExplicitAuthFlows"].append(
            "ALLOW_USER_PASSWORD_AUTH"
        ),
        "ALLOW_USER_PASSWORD_AUTH",
    ),
    Slip(
        "no SRP",
        identity.passwords_stay_with_their_owner,
        lambda t: props(t, "UserPoolClient")["ExplicitAuthFlows"].remove("ALLOW_USER_SRP_AUTH"),
        "lacks SRP",
    ),
    Slip(
        "the implicit flow",
        identity.the_page_signs_in_by_code_alone,
        lambda t: props(t, "UserPoolClient")["AllowedOAuthFlows"].append("implicit"),
        "AllowedOAuthFlows of UserPoolClient is ['code', 'implicit']",
    ),
    Slip(
        "a second place to come back to",
        identity.the_page_signs_in_by_code_alone,
        lambda t: props(t, "UserPoolClient")["CallbackURLs"].append("https://example.com/"),
        "CallbackURLs of UserPoolClient",
    ),
    Slip(
        "no way out",
        identity.the_page_signs_in_by_code_alone,
        lambda t: props(t, "UserPoolClient").pop("LogoutURLs"),
        "LogoutURLs of UserPoolClient is None",
    ),
    Slip(
        "access tokens that cannot sign out",
        identity.the_page_signs_in_by_code_alone,
        lambda t: props(t, "UserPoolClient")["AllowedOAuthScopes"].pop(),
        "AllowedOAuthScopes of UserPoolClient",
    ),
    Slip(
        "sign-in pages named after Cognito",
        identity.the_sign_in_pages_are_found,
        lambda t: props(t, "SignInPages").update(Domain="my-cognito-pages"),
        "a domain has no cognito",
    ),
    Slip(
        "sign-in pages named in capitals",
        identity.the_sign_in_pages_are_found,
        lambda t: props(t, "SignInPages").update(Domain="Bucketpass"),
        "the domain is called Bucketpass",
    ),
    Slip(
        "another pool's sign-in pages",
        identity.the_sign_in_pages_are_found,
        lambda t: t["Outputs"]["SignInUrl"].update(Value="https://example.com"),
        "SignInUrl is https://example.com",
    ),
    Slip(
        "ID tokens of a day",
        identity.tokens_are_short_and_revocable,
        lambda t: props(t, "UserPoolClient")["TokenValidityUnits"].update(IdToken="hours"),
        "the IdToken of UserPoolClient lives 216000 s",
    ),
    Slip(
        "no revocation",
        identity.tokens_are_short_and_revocable,
        lambda t: props(t, "UserPoolClient").pop("EnableTokenRevocation"),
        "cannot be revoked",
    ),
    Slip(
        "an oracle for user names",
        identity.tokens_are_short_and_revocable,
        lambda t: props(t, "UserPoolClient").update(PreventUserExistenceErrors="LEGACY"),
        "tells which users exist",
    ),
    Slip(
        "a writable attribute more",
        identity.people_cannot_write_what_grants,
        lambda t: props(t, "UserPoolClient")["WriteAttributes"].append("custom:tenant"),
        "people may change custom:tenant",
    ),
    Slip(
        "every attribute writable",
        identity.people_cannot_write_what_grants,
        lambda t: props(t, "UserPoolClient").pop("WriteAttributes"),
        "people may change every attribute",
    ),
    Slip(
        "a principal tag from the e-mail address",
        identity.people_cannot_write_what_grants,
        lambda t: add(
            t,
            "Tags",
            "AWS::Cognito::IdentityPoolPrincipalTag",
            PrincipalTags={"identity_id": "email"},
        ),
        "the tag identity_id comes from email",
    ),
    Slip(
        "sign-up for everybody",
        identity.administrators_create_users,
        lambda t: props(t, "UserPool")["AdminCreateUserConfig"].update(
            AllowAdminCreateUserOnly=False
        ),
        "people sign up at UserPool",
    ),
    Slip(
        "users that go with the stack",
        identity.the_user_pool_is_kept,
        lambda t: t["Resources"]["UserPool"].pop("DeletionPolicy"),
        "UserPool goes with the stack",
    ),
    Slip(
        "no second factor",
        identity.the_user_pool_is_kept,
        lambda t: props(t, "UserPool").update(MfaConfiguration="OFF"),
        "UserPool has no second factor",
    ),
    Slip(
        "a group with another's role",
        identity.groups_carry_their_role,
        lambda t: props(t, "EditorsGroup").update(RoleArn={"Fn::GetAtt": ["AuditorsRole", "Arn"]}),
        "the groups carry",
    ),
    Slip(
        "a group preferred over another",
        identity.groups_carry_their_role,
        lambda t: props(t, "EditorsGroup").update(Precedence=5),
        "preferred over another",
    ),
    Slip(
        "groups without a pool",
        identity.groups_carry_their_role,
        lambda t: t["Resources"]["EditorsGroup"].pop("Condition"),
        "EditorsGroup without a pool",
    ),
)
