"""Slips about policies, at least one per invariant."""

from typing import Any

from tests.template import permission_invariants as permission
from tests.template.slip import Slip, Template, add, allow, props


def named(statements: list[Any], sid: str) -> dict[str, Any]:
    (found,) = [statement for statement in statements if statement.get("Sid") == sid]
    return found


def signed_in(template: Template, sid: str) -> dict[str, Any]:
    return named(props(template, "SignedInPolicy")["PolicyDocument"]["Statement"], sid)


def group(template: Template, sid: str, role: str = "EditorsRole") -> dict[str, Any]:
    return named(props(template, role)["Policies"][0]["PolicyDocument"]["Statement"], sid)


def member(template: Template, sid: str) -> dict[str, Any]:
    policies = props(template, "MemberRole")["Policies"]
    return named([s for p in policies for s in p["PolicyDocument"]["Statement"]], sid)


def function_policy(template: Template) -> list[Any]:
    return props(template, "FunctionRole")["Policies"][0]["PolicyDocument"]["Statement"]


def replace_sub(statement: dict[str, Any], old: str, new: str) -> None:
    statement["Resource"]["Fn::Sub"][0] = statement["Resource"]["Fn::Sub"][0].replace(old, new)


PERMISSION_SLIPS = (
    Slip(
        "s3:* for the function",
        permission.the_function_reaches_no_object,
        lambda t: function_policy(t).append(allow("s3:*")),
        "the function may s3:*",
    ),
    Slip(
        "* for the function",
        permission.the_function_reaches_no_object,
        lambda t: function_policy(t)[0].update(Action="*"),
        "the function may *",
    ),
    Slip(
        "a wildcard that S3 fits",
        permission.the_function_reaches_no_object,
        lambda t: function_policy(t).append(allow("s?:Get*")),
        "the function may s?:Get*",
    ),
    Slip(
        "one S3 action in group-role mode only",
        permission.the_function_reaches_no_object,
        lambda t: props(t, "FunctionAssumesRoles")["PolicyDocument"]["Statement"].append(
            allow("s3:GetObject")
        ),
        "the function may s3:GetObject",
    ),
    Slip(
        "everything but something for the function",
        permission.the_function_reaches_no_object,
        lambda t: function_policy(t).append(
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
        ),
        "the function may all but something",
    ),
    Slip(
        "S3 by a policy beside the role",
        permission.the_function_reaches_no_object,
        lambda t: add(
            t,
            "Extra",
            "AWS::IAM::RolePolicy",
            RoleName={"Ref": "FunctionRole"},
            PolicyDocument={"Version": "2012-10-17", "Statement": [allow("s3:PutObject")]},
        ),
        "the function may s3:PutObject",
    ),
    Slip(
        "any role for the function",
        permission.the_function_may_only_its_work,
        lambda t: props(t, "FunctionAssumesRoles")["PolicyDocument"]["Statement"][0].update(
            Resource="*"
        ),
        "the function may sts:AssumeRole on *",
    ),
    Slip(
        "STS in identity-pool mode",
        permission.the_function_may_only_its_work,
        lambda t: t["Resources"]["FunctionAssumesRoles"].pop("Condition"),
        "the function may sts:AssumeRole",
    ),
    Slip(
        "every log",
        permission.the_function_may_only_its_work,
        lambda t: function_policy(t)[0].update(Resource="*"),
        "the function may logs:PutLogEvents on *",
    ),
    Slip(
        "a role that the function cannot assume",
        permission.the_function_may_only_its_work,
        lambda t: props(t, "FunctionAssumesRoles")["PolicyDocument"]["Statement"][0]["Resource"][
            "Fn::If"
        ][2].pop(),
        "the function may not sts:AssumeRole",
    ),
    Slip(
        "another role than the members' for the function",
        permission.the_function_may_only_its_work,
        lambda t: props(t, "FunctionAssumesRoles")["PolicyDocument"]["Statement"][0]["Resource"][
            "Fn::If"
        ][1].append({"Fn::GetAtt": ["AuditorsRole", "Arn"]}),
        "the function may sts:AssumeRole on arn:aws:iam::123456789012:role/AuditorsRole",
    ),
    Slip(
        "STS for people",
        permission.people_may_only_use_objects,
        lambda t: group(t, "ChangeShared")["Action"].append("sts:AssumeRole"),
        "EditorsRole may sts:AssumeRole",
    ),
    Slip(
        "the end of a version for people",
        permission.people_may_only_use_objects,
        lambda t: group(t, "ReadBucket", "AuditorsRole").update(Action="s3:DeleteObjectVersion"),
        "AuditorsRole may s3:DeleteObjectVersion",
    ),
    Slip(
        "the version of 2008",
        permission.policies_know_variables,
        lambda t: props(t, "SignedInPolicy")["PolicyDocument"].update(Version="2008-10-17"),
        "SignedInPolicy.PolicyDocument has version 2008-10-17",
    ),
    Slip(
        "no version",
        permission.policies_know_variables,
        lambda t: props(t, "EditorsRole")["AssumeRolePolicyDocument"].pop("Version"),
        "EditorsRole.AssumeRolePolicyDocument has version None",
    ),
    Slip(
        "a wildcard action",
        permission.statements_say_what_they_grant,
        lambda t: signed_in(t, "HomeObjectsOfIdentityPool").update(Action="s3:*Object"),
        "grants s3:*Object",
    ),
    Slip(
        "NotResource",
        permission.statements_say_what_they_grant,
        lambda t: signed_in(t, "HomeObjectsOfIdentityPool").update(
            NotResource="arn:aws:s3:::other/*"
        ),
        "has NotResource",
    ),
    Slip(
        "IfExists",
        permission.conditions_cannot_be_left_out,
        lambda t: signed_in(t, "ListHomeOfIdentityPool").update(
            Condition={
                "StringLikeIfExists": signed_in(t, "ListHomeOfIdentityPool")["Condition"][
                    "StringLike"
                ]
            }
        ),
        "StringLikeIfExists",
    ),
    Slip(
        "a home without its slash",
        permission.prefixes_end_in_a_slash,
        lambda t: replace_sub(signed_in(t, "HomeObjectsOfIdentityPool"), "sub}/*", "sub}*"),
        "SignedInRole.HomeObjectsOfIdentityPool covers home/${cognito-identity.amazonaws.com:sub}*",
    ),
    Slip(
        "a listing prefix without its slash",
        permission.prefixes_end_in_a_slash,
        lambda t: signed_in(t, "ListShared")["Condition"]["StringLike"].update(
            {"s3:prefix": "shared*"}
        ),
        "SignedInRole.ListShared covers shared*",
    ),
    Slip(
        "one listing prefix too many",
        permission.prefixes_end_in_a_slash,
        lambda t: signed_in(t, "ListShared")["Condition"]["StringLike"].update(
            {"s3:prefix": ["shared/*", ""]}
        ),
        "SignedInRole.ListShared covers ",
    ),
    Slip(
        "the whole bucket for editors",
        permission.prefixes_end_in_a_slash,
        lambda t: replace_sub(group(t, "GroupObjects"), "/groups/editors/*", "/*"),
        "EditorsRole.GroupObjects covers *",
    ),
    Slip(
        "all homes",
        permission.homes_belong_to_one_person,
        lambda t: replace_sub(
            signed_in(t, "HomeObjectsOfIdentityPool"), "${!cognito-identity.amazonaws.com:sub}/", ""
        ),
        "covers home/*",
    ),
    Slip(
        "a home by a tag that is not set",
        permission.homes_belong_to_one_person,
        lambda t: replace_sub(signed_in(t, "HomeObjectsOfSts"), "identity_id", "username"),
        "username",
    ),
    Slip(
        "no home for one credential source",
        permission.homes_belong_to_one_person,
        lambda t: props(t, "SignedInPolicy")["PolicyDocument"]["Statement"].pop(3),
        "has home/${aws:PrincipalTag/identity_id}/* 1 times",
    ),
    Slip(
        "an escape outside of Fn::Sub",
        permission.policy_variables_are_rendered,
        lambda t: signed_in(t, "ListHomeOfIdentityPool")["Condition"]["StringLike"].update(
            {"s3:prefix": "home/${!cognito-identity.amazonaws.com:sub}/*"}
        ),
        "${!cognito-identity.amazonaws.com:sub}",
    ),
    Slip(
        "the user pool's sub, which IAM does not know",
        permission.policy_variables_are_rendered,
        lambda t: signed_in(t, "ListHomeOfIdentityPool")["Condition"]["StringLike"].update(
            {"s3:prefix": "home/${cognito:sub}/*"}
        ),
        "${cognito:sub}",
    ),
    Slip(
        "a listing without prefix",
        permission.listing_needs_a_prefix,
        lambda t: signed_in(t, "ListHomeOfIdentityPool").pop("Condition"),
        "ListHomeOfIdentityPool lists under {}",
    ),
    Slip(
        "a prefix or another condition",
        permission.listing_needs_a_prefix,
        lambda t: group(t, "ListGroupFolder")["Condition"].update(
            {"StringLike": {"s3:delimiter": "/"}}
        ),
        "ListGroupFolder lists under",
    ),
    Slip(
        "every bucket",
        permission.rights_are_of_this_bucket,
        lambda t: signed_in(t, "ReadShared").update(Resource="arn:aws:s3:::*/shared/*"),
        "SignedInRole.ReadShared reaches arn:aws:s3:::*/shared/*",
    ),
    Slip(
        "a bucket whose name begins the same",
        permission.rights_are_of_this_bucket,
        lambda t: replace_sub(group(t, "GroupObjects"), "${Name}/", "${Name}-old/"),
        "EditorsRole.GroupObjects reaches",
    ),
    Slip(
        "a policy of AWS",
        permission.policies_are_written_here,
        lambda t: props(t, "FunctionRole").update(
            ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
        ),
        "FunctionRole takes arn:aws:iam::aws:policy/AmazonS3FullAccess",
    ),
    Slip(
        "the whole bucket for every member",
        permission.members_have_what_their_groups_have,
        lambda t: member(t, "ReadBucket").pop("Condition"),
        "members of auditors have",
    ),
    Slip(
        "a right for the wrong group",
        permission.members_have_what_their_groups_have,
        lambda t: member(t, "ChangeShared").update(
            Condition={"StringEquals": {"aws:PrincipalTag/group_auditors": "member"}}
        ),
        "members of editors have",
    ),
    Slip(
        "any value of a group's tag",
        permission.members_have_what_their_groups_have,
        lambda t: member(t, "GroupObjects").update(
            Condition={"StringLike": {"aws:PrincipalTag/group_editors": "*"}}
        ),
        "members of editors have",
    ),
    Slip(
        "a right that only the group's role has",
        permission.members_have_what_their_groups_have,
        lambda t: props(t, "MemberRole")["Policies"][0]["PolicyDocument"]["Statement"].pop(),
        "members of editors lack",
    ),
    Slip(
        "a group that the code does not know",
        permission.members_have_what_their_groups_have,
        lambda t: props(t, "MemberRole")["Policies"].pop(),
        "auditors is unknown to code or role",
    ),
    Slip(
        "members whose prefix is free",
        permission.listing_needs_a_prefix,
        lambda t: member(t, "ListGroupFolder")["Condition"].pop("StringLike"),
        "lists under {}",
    ),
    Slip(
        "a tag of the role itself",
        permission.roles_are_not_tagged,
        lambda t: props(t, "MemberRole").update(Tags=[{"Key": "group_editors", "Value": "member"}]),
        "MemberRole has the tags",
    ),
)
