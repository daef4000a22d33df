"""Which policies stand where in a rendered template."""

from collections.abc import Iterator
from typing import Any

from tests.template.iam_judge import texts
from tests.template.rendering import Rendered

PEOPLE_ROLES = ("SignedInRole", "EditorsRole", "AuditorsRole")
MEMBER_ROLE = "MemberRole"
FUNCTION_ROLE = "FunctionRole"
# The roles that the function assumes and tags, by the credential source.
ASSUMED_ROLES = {
    "identity-pool": (),
    "group-role": PEOPLE_ROLES,
    "member-role": (MEMBER_ROLE,),
}
POLICY_TYPES = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy")

Policy = dict[str, Any]
Statement = dict[str, Any]


def bucket_of(rendered: Rendered) -> str:
    """The bucket with everybody's objects, created or brought along."""
    return rendered.outputs["BucketName"]


def people_roles(rendered: Rendered) -> tuple[str, ...]:
    """Every role that a person can act in; the members' one exists in its mode alone."""
    members = (MEMBER_ROLE,) if MEMBER_ROLE in rendered.resources else ()
    return PEOPLE_ROLES + members


def member_role_arn(rendered: Rendered) -> str | None:
    """None where the mode is another."""
    exists = MEMBER_ROLE in rendered.resources
    return rendered.attribute(MEMBER_ROLE, "Arn") if exists else None


def inline_statements(rendered: Rendered, role: str) -> dict[str, list[Statement]]:
    """The statements of the role's own policies, by the policy's name."""
    return {
        policy["PolicyName"]: policy["PolicyDocument"]["Statement"]
        for policy in rendered.resources[role]["Properties"].get("Policies", [])
    }


def policies_of_role(rendered: Rendered, role: str) -> list[Policy]:
    """Every identity policy of the role: inline, attached by it, attached to it."""
    properties = rendered.resources[role]["Properties"]
    found = [inline["PolicyDocument"] for inline in properties.get("Policies", [])]
    attached = texts(properties.get("ManagedPolicyArns", []))
    for kind in POLICY_TYPES:
        for name, policy in rendered.of_type(kind).items():
            roles = [*policy.get("Roles", []), policy.get("RoleName")]
            by_role = kind == "AWS::IAM::ManagedPolicy" and rendered.ref(name) in attached
            if by_role or rendered.ref(role) in roles:
                found.append(policy["PolicyDocument"])
    return found


def statements_of_role(rendered: Rendered, role: str) -> list[Statement]:
    return [s for policy in policies_of_role(rendered, role) for s in policy["Statement"]]


def trust_of(rendered: Rendered, role: str) -> Policy:
    return rendered.resources[role]["Properties"]["AssumeRolePolicyDocument"]


def documents(node: Any, place: str) -> Iterator[tuple[str, Policy]]:
    """Every policy document below the node, wherever it stands, with its place."""
    if isinstance(node, dict):
        if "Statement" in node:
            yield place, node
            return
        for key, member in node.items():
            yield from documents(member, f"{place}.{key}")
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from documents(item, f"{place}[{number}]")


def all_documents(rendered: Rendered) -> list[tuple[str, Policy]]:
    return [
        found
        for name, resource in rendered.resources.items()
        for found in documents(resource["Properties"], name)
    ]


def all_statements(rendered: Rendered) -> list[tuple[str, Statement]]:
    return [
        (f"{place}.{statement.get('Sid', number)}", statement)
        for place, document in all_documents(rendered)
        for number, statement in enumerate(document["Statement"])
    ]


def identity_statements(rendered: Rendered) -> list[tuple[str, Statement]]:
    """Every statement of a policy that belongs to a role or could be attached to one."""
    return [(p, s) for p, s in all_statements(rendered) if "Principal" not in s]
