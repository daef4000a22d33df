"""What has to hold for the policies: what the function may, and where people's rights end.

Each function returns its violations as sentences.
"""

import re
from itertools import product

from shared.locations import GROUPS
from shared.member_role import MEMBER, TAG_PREFIX
from tests.template.iam_judge import Request, is_allowed, matches, texts
from tests.template.policies import (
    ASSUMED_ROLES,
    FUNCTION_ROLE,
    MEMBER_ROLE,
    Statement,
    all_documents,
    all_statements,
    bucket_of,
    identity_statements,
    inline_statements,
    people_roles,
    policies_of_role,
    statements_of_role,
)
from tests.template.rendering import Rendered

HOME_OF_POOL = "home/${cognito-identity.amazonaws.com:sub}/*"
HOME_OF_STS = "home/${aws:PrincipalTag/identity_id}/*"
VARIABLES = {"cognito-identity.amazonaws.com:sub", "aws:PrincipalTag/identity_id"}
LISTING_ACTIONS = {"s3:ListBucket", "s3:ListBucketVersions"}
PEOPLE_ACTIONS = LISTING_ACTIONS | {
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
}
LOG_ACTIONS = {"logs:CreateLogStream", "logs:PutLogEvents"}
STS_ACTIONS = {"sts:AssumeRole", "sts:TagSession"}
SOME_S3_ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:ListAllMyBuckets")
ROLE_OF_GROUP = {"editors": "EditorsRole", "auditors": "AuditorsRole"}
# The auditors' right is the whole bucket: the one exception from the rules about prefixes.
WHOLE_BUCKET_GROUP = "auditors"
WHOLE_BUCKET_ROLES = {ROLE_OF_GROUP[WHOLE_BUCKET_GROUP], MEMBER_ROLE}


def allows(statement: Statement) -> bool:
    return statement["Effect"] == "Allow"


def may_be_s3(action: str) -> bool:
    """Whether the action, wildcards and all, can stand for one of S3."""
    service, _, name = action.lower().partition(":")
    return matches(service, "s3") and (bool(name) or service == "*")


def the_function_reaches_no_object(rendered: Rendered) -> list[str]:
    """The function's role has no S3 action in any mode, written or by a wildcard."""
    statements = statements_of_role(rendered, FUNCTION_ROLE)
    written = [a for s in statements if allows(s) for a in texts(s.get("Action", "*"))]
    violations = [f"the function may {action}" for action in written if may_be_s3(action)]
    bucket = f"arn:aws:s3:::{bucket_of(rendered)}"
    policies = policies_of_role(rendered, FUNCTION_ROLE)
    if any("NotAction" in statement for statement in statements):
        return [*violations, "the function may all but something"]
    return violations + [
        f"the function is allowed {action} on {resource}"
        for action, resource in product(SOME_S3_ACTIONS, (bucket, f"{bucket}/any", "*"))
        if is_allowed(policies, Request(action, resource))
    ]


def the_function_may_only_its_work(rendered: Rendered) -> list[str]:
    """It writes its own log, and assumes and tags exactly the roles of its mode; no more."""
    assumed = ASSUMED_ROLES[rendered.parameters["CredentialSource"]]
    log = rendered.attribute("FunctionLog", "Arn")
    wanted = {(action, log) for action in LOG_ACTIONS}
    wanted |= set(product(STS_ACTIONS, [rendered.attribute(role, "Arn") for role in assumed]))
    found = {
        pair
        for statement in statements_of_role(rendered, FUNCTION_ROLE)
        for pair in product(texts(statement["Action"]), texts(statement["Resource"]))
    }
    return [f"the function may {a} on {r}" for a, r in sorted(found - wanted)] + [
        f"the function may not {a} on {r}" for a, r in sorted(wanted - found)
    ]


def people_may_only_use_objects(rendered: Rendered) -> list[str]:
    """A person's role has actions on objects alone: no STS above all, and no end of a version."""
    return [
        f"{role} may {action}"
        for role in people_roles(rendered)
        for statement in statements_of_role(rendered, role)
        for action in texts(statement.get("Action", "everything"))
        if action not in PEOPLE_ACTIONS
    ]


def policies_know_variables(rendered: Rendered) -> list[str]:
    """Every policy has version 2012-10-17; in an older one a variable is plain text."""
    return [
        f"{place} has version {document.get('Version')}"
        for place, document in all_documents(rendered)
        if document.get("Version") != "2012-10-17"
    ]


def statements_say_what_they_grant(rendered: Rendered) -> list[str]:
    """No grant has a wildcard in its action, or says what it does not grant."""
    violations = []
    for place, statement in all_statements(rendered):
        if not allows(statement):
            continue
        negations = sorted(name for name in statement if name.startswith("Not"))
        violations += [f"{place} has {name}" for name in negations]
        violations += [
            f"{place} grants {action}"
            for action in texts(statement.get("Action", []))
            if "*" in action or "?" in action
        ]
    return violations


def conditions_cannot_be_left_out(rendered: Rendered) -> list[str]:
    """No condition holds because its key is absent: no IfExists, no Null, no negation."""
    return [
        f"{place} has {operator}"
        for place, statement in all_statements(rendered)
        for operator in statement.get("Condition", {})
        if re.search(r"IfExists|Null|Not", operator)
    ]


def object_patterns(rendered: Rendered) -> list[tuple[str, str, str]]:
    """Every pattern for keys that a person's role has: role, statement, pattern."""
    bucket = f"arn:aws:s3:::{bucket_of(rendered)}/"
    found = []
    for role in people_roles(rendered):
        for statement in statements_of_role(rendered, role):
            keys = [
                r.removeprefix(bucket) for r in texts(statement["Resource"]) if r.startswith(bucket)
            ]
            keys += [
                prefix
                for condition in statement.get("Condition", {}).values()
                for key, prefixes in condition.items()
                if key.lower() == "s3:prefix"
                for prefix in texts(prefixes)
            ]
            found += [(role, statement.get("Sid", "?"), key) for key in keys]
    return found


def prefixes_end_in_a_slash(rendered: Rendered) -> list[str]:
    """Every key pattern is a folder: `/` before the one `*` at its end."""
    return [
        f"{role}.{sid} covers {pattern}"
        for role, sid, pattern in object_patterns(rendered)
        if not re.fullmatch(r"[^*?]+/\*", re.sub(r"\$\{[^}]*\}", "v", pattern))
        and not (role in WHOLE_BUCKET_ROLES and pattern == "*")
    ]


def homes_belong_to_one_person(rendered: Rendered) -> list[str]:
    """A pattern below home/ is exactly the caller's folder, for both credential sources alike."""
    homes = [found for found in object_patterns(rendered) if found[2].lower().startswith("home")]
    violations = [
        f"{role}.{sid} covers {pattern}"
        for role, sid, pattern in homes
        if pattern not in {HOME_OF_POOL, HOME_OF_STS}
    ]
    for role, pattern in product(people_roles(rendered), (HOME_OF_POOL, HOME_OF_STS)):
        times = sum((role, pattern) == (r, p) for r, _, p in homes)
        violations += [] if times == 2 else [f"{role} has {pattern} {times} times"]
    return violations


def policy_variables_are_rendered(rendered: Rendered) -> list[str]:
    """Each `${…}` that CloudFormation leaves in a policy is a variable that IAM knows here.

    `${!…}` outside of Fn::Sub stays as it is, lints clean and matches nothing.
    """
    return [
        f"{place} has ${{{name}}}"
        for place, document in all_documents(rendered)
        for name in re.findall(r"\$\{([^}]*)\}?", repr(document))
        if name not in VARIABLES
    ]


def listing_needs_a_prefix(rendered: Rendered) -> list[str]:
    """Every right to list asks for a prefix, but the auditors'."""
    auditors_role = ROLE_OF_GROUP[WHOLE_BUCKET_GROUP]
    of_auditors = [
        s["Sid"] for ss in inline_statements(rendered, auditors_role).values() for s in ss
    ]
    violations = []
    for place, statement in identity_statements(rendered):
        lists = [a for a in texts(statement.get("Action", [])) if a in LISTING_ACTIONS]
        role, sid = place.split(".")[0], statement.get("Sid")
        if not lists or (role in WHOLE_BUCKET_ROLES and sid in of_auditors):
            continue
        condition = dict(statement.get("Condition", {}))
        if role == MEMBER_ROLE:
            condition.pop("StringEquals", None)
        if condition.keys() != {"StringLike"} or condition["StringLike"].keys() != {"s3:prefix"}:
            violations.append(f"{place} lists under {condition}")
    return violations


def rights_are_of_this_bucket(rendered: Rendered) -> list[str]:
    """Every S3 resource of a person's role is this bucket or an object in it."""
    bucket = f"arn:aws:s3:::{bucket_of(rendered)}"
    return [
        f"{role}.{statement.get('Sid')} reaches {resource}"
        for role in people_roles(rendered)
        for statement in statements_of_role(rendered, role)
        for resource in texts(statement["Resource"])
        if resource != bucket and not resource.startswith(f"{bucket}/")
    ]


def policies_are_written_here(rendered: Rendered) -> list[str]:
    """No role takes rights from a policy that this template does not show."""
    ours = {rendered.ref(name) for name in rendered.of_type("AWS::IAM::ManagedPolicy")}
    return [
        f"{role} takes {arn}"
        for role, properties in rendered.of_type("AWS::IAM::Role").items()
        for arn in properties.get("ManagedPolicyArns", [])
        if arn not in ours
    ]


def members_have_what_their_groups_have(rendered: Rendered) -> list[str]:
    """The member role has a policy per group, and each of its statements asks for the tag.

    Where the group has a role of its own, it is that role's policy but for the tag, so that the
    two modes of STS cannot drift apart.
    """
    if MEMBER_ROLE not in rendered.resources:
        return []
    found = inline_statements(rendered, MEMBER_ROLE)
    violations = [f"{g} is unknown to code or role" for g in sorted({*found} ^ {*GROUPS})]
    for group, statements in found.items():
        tag = {f"aws:PrincipalTag/{TAG_PREFIX}{group}": MEMBER}
        has_role = group in ROLE_OF_GROUP
        of_role = inline_statements(rendered, ROLE_OF_GROUP[group])[group] if has_role else []
        wanted = [
            {**s, "Condition": {**s.get("Condition", {}), "StringEquals": tag}}
            for s in (of_role or statements)
        ]
        violations += [
            f"members of {group} have {statement}"
            for statement in statements
            if statement not in wanted
        ] + [
            f"members of {group} lack {statement}"
            for statement in wanted
            if statement not in statements
        ]
    return violations


def roles_are_not_tagged(rendered: Rendered) -> list[str]:
    """No person's role has tags: IAM takes them for tags of each session (id_session-tags)."""
    return [
        f"{role} has the tags {properties['Tags']}"
        for role, properties in rendered.of_type("AWS::IAM::Role").items()
        if role in people_roles(rendered) and properties.get("Tags")
    ]


PERMISSION_INVARIANTS = (
    the_function_reaches_no_object,
    the_function_may_only_its_work,
    people_may_only_use_objects,
    policies_know_variables,
    statements_say_what_they_grant,
    conditions_cannot_be_left_out,
    prefixes_end_in_a_slash,
    homes_belong_to_one_person,
    policy_variables_are_rendered,
    listing_needs_a_prefix,
    rights_are_of_this_bucket,
    policies_are_written_here,
    members_have_what_their_groups_have,
    roles_are_not_tagged,
)
