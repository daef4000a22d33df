"""Every rule of the doctor in one table, and what they find."""

from typing import Final

from bucketpass.pools import (
    attribute_rules,
    mapping_rules,
    permission_rules,
    provider_rules,
    trust_rules,
)
from bucketpass.pools.finding import Finding, Rule, Severity
from bucketpass.pools.inventory import Inventory

_LOW, _MEDIUM, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH

RULES: Final = (
    Rule(
        "guests-allowed",
        _MEDIUM,
        "Set AllowUnauthenticatedIdentities to false and take away the unauthenticated role.",
        provider_rules.guests_allowed,
    ),
    Rule(
        "classic-flow-on",
        _HIGH,
        "Set AllowClassicFlow to false.",
        provider_rules.classic_flow_on,
    ),
    Rule(
        "token-check-off",
        _MEDIUM,
        "Set ServerSideTokenCheck to true for this provider.",
        provider_rules.token_check_off,
    ),
    Rule(
        "client-unknown",
        _MEDIUM,
        "Take the provider out of the identity pool, or name a client that exists.",
        provider_rules.client_unknown,
    ),
    Rule(
        "trust-without-aud",
        _HIGH,
        "Add to the trust policy: StringEquals cognito-identity.amazonaws.com:aud = the id of the "
        "identity pool.",
        trust_rules.trust_without_aud,
    ),
    Rule(
        "trust-without-amr",
        _MEDIUM,
        "Add to the trust policy: ForAnyValue:StringLike cognito-identity.amazonaws.com:amr = "
        "authenticated.",
        trust_rules.trust_without_amr,
    ),
    Rule(
        "trust-shut",
        _MEDIUM,
        "Correct aud (the id of the identity pool) and amr (authenticated, or unauthenticated for "
        "the role of guests) in the trust policy.",
        trust_rules.trust_shut,
    ),
    Rule(
        "tag-session-missing",
        _MEDIUM,
        "Allow sts:TagSession beside sts:AssumeRoleWithWebIdentity in the trust policy, under the "
        "same conditions.",
        trust_rules.tag_session_missing,
    ),
    Rule(
        "role-missing",
        _MEDIUM,
        "Make the role, or give another one.",
        trust_rules.role_missing,
    ),
    Rule(
        "role-unread",
        _LOW,
        "Run the doctor with credentials that may read roles and policies (IAMReadOnlyAccess).",
        trust_rules.role_unread,
    ),
    Rule(
        "ambiguous-mapping",
        _MEDIUM,
        "Give the groups different precedences, or set AmbiguousRoleResolution to Deny.",
        mapping_rules.ambiguous_mapping,
    ),
    Rule(
        "group-roles-unused",
        _LOW,
        "Map roles by the token (RoleMappings, type Token), or take the roles from the groups.",
        mapping_rules.group_roles_unused,
    ),
    Rule(
        "default-role-wide",
        _HIGH,
        "Ask for s3:prefix home/${cognito-identity.amazonaws.com:sub}/* where the role lists, and "
        "put the same variable into the ARNs of its objects.",
        permission_rules.default_role_wide,
    ),
    Rule(
        "group-role-wide",
        Severity.INFO,
        "Nothing to do if that is what the group is for.",
        permission_rules.group_role_wide,
    ),
    Rule(
        "group-without-home",
        _LOW,
        "Give the group's role the policies of the default role as well.",
        permission_rules.group_without_home,
    ),
    Rule(
        "open-sign-up",
        _HIGH,
        "Set AllowAdminCreateUserOnly to true, or keep the default role to each person's own "
        "things.",
        permission_rules.open_sign_up,
    ),
    Rule(
        "writable-tag",
        _HIGH,
        "Map a claim that people cannot write (sub), or take the attribute from WriteAttributes "
        "of every client of the user pool.",
        attribute_rules.writable_tag,
    ),
    Rule(
        "writable-rule",
        _HIGH,
        "Decide by a claim that people cannot write (cognito:groups), or take the attribute from "
        "WriteAttributes of every client of the user pool.",
        attribute_rules.writable_rule,
    ),
)


def diagnosed(inventory: Inventory) -> list[Finding]:
    """Every finding once, the worst first, otherwise in the order of the table."""
    found = [
        Finding(
            rule.code,
            rule.severity if hit.severity is None else hit.severity,
            hit.where,
            hit.what,
            rule.remedy,
        )
        for rule in RULES
        for hit in rule.check(inventory)
    ]
    return sorted(dict.fromkeys(found), key=lambda finding: -finding.severity)
