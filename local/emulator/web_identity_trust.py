"""Whether a role's trust policy admits an identity of an identity pool.

Source: IAM User Guide, id_roles_providers_oidc_cognito, and id_session-tags: tags are admitted
by `sts:TagSession` in the same policy.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import json
from typing import Any, Final

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region

from local.emulator.session_context import PROVIDER

_ASSUME: Final = "sts:AssumeRoleWithWebIdentity"
_TAG: Final = "sts:TagSession"


def trusts_web_identity(
    role: dict[str, Any], role_arn: str, context: dict[str, Any], tags: list[dict[str, str]]
) -> bool:
    """Whether the role admits a session with these condition keys and session tags."""
    document = role.get("AssumeRolePolicyDocument", "{}")
    document = json.loads(document) if isinstance(document, str) else document
    request = iam_evaluator.EvalContext(
        principal_arn=PROVIDER,
        principal_type="WebIdentityUser",
        principal_account=get_account_id(),
        action=_ASSUME,
        resource_arn=role_arn,
        region=get_region(),
        service_context=context,
        request_tags={tag["Key"]: tag["Value"] for tag in tags},
        tag_keys=[tag["Key"] for tag in tags],
    )
    needed = (_ASSUME, _TAG) if tags else (_ASSUME,)
    return all(
        iam_evaluator.evaluate_trust_policy(_about(document, action), PROVIDER, request)
        for action in needed
    )


def _about(document: dict[str, Any], action: str) -> dict[str, Any]:
    # The emulator matches a federated principal for one action only, whichever the statement has.
    statements = document.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    kept = [
        {**statement, "Action": _ASSUME}
        for statement in listed
        if iam_evaluator._action_matches(
            action, _listed(statement.get("Action")), _listed(statement.get("NotAction"))
        )
    ]
    for statement in kept:
        statement.pop("NotAction", None)
    return {**document, "Statement": kept}


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
