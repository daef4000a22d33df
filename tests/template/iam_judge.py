"""A judge of IAM policies of this project's own, apart from the one that the emulator enforces.

It knows what the template's policies use and raises for the rest, so that nothing unknown counts
as allowed or refused. Source: "Policy evaluation logic" and "IAM JSON policy elements" in the IAM
User Guide.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_KNOWN = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_CHARACTERS = {"*", "?", "$"}

Context = Mapping[str, str | list[str]]


class CannotJudge(Exception):
    """A policy holds something that this judge does not know."""


@dataclass(frozen=True)
class Request:
    """One call: `principal` is how a trust policy names who calls, such as ("AWS", arn)."""

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)
    principal: tuple[str, str] | None = None


def is_allowed(policies: Iterable[Mapping[str, Any]], request: Request) -> bool:
    """Whether a statement allows the request and none denies it."""
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in policy["Statement"]
        if _applies(statement, request, policy.get("Version", "2008-10-17"))
    }
    return "Allow" in effects and "Deny" not in effects


def denies(policy: Mapping[str, Any], request: Request) -> bool:
    """Whether a statement of the policy denies the request."""
    return any(
        statement["Effect"] == "Deny" and _applies(statement, request, policy["Version"])
        for statement in policy["Statement"]
    )


def texts(value: Any) -> list[str]:
    """A policy element that may be one text or a list of them."""
    return [value] if isinstance(value, str) else list(value)


def matches(pattern: str, text: str, context: Context | None = None) -> bool:
    """Whether the pattern fits: `*` and `?` are wildcards, but not in the value of a variable.

    A variable without a value fits nothing; `${*}`, `${?}` and `${$}` are these characters.
    `context` None takes `${` as plain text.
    """
    parts = [pattern] if context is None else _VARIABLE.split(pattern)
    expression = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            expression += re.escape(part).replace(r"\*", ".*").replace(r"\?", ".")
            continue
        value = part if part in _CHARACTERS else _lookup(context or {}, part)
        if not isinstance(value, str):
            return False
        expression += re.escape(value)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _applies(statement: Mapping[str, Any], request: Request, version: str) -> bool:
    if unknown := statement.keys() - _KNOWN:
        raise CannotJudge(f"statement with {sorted(unknown)}")
    context = request.context if version == "2012-10-17" else None
    return (
        _fits_principal(statement, request)
        and any(matches(a.lower(), request.action.lower()) for a in texts(statement["Action"]))
        and any(
            matches(r, request.resource, context) for r in texts(statement.get("Resource", "*"))
        )
        and all(
            _holds(operator, key, texts(wanted), request.context, context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _fits_principal(statement: Mapping[str, Any], request: Request) -> bool:
    if "Principal" not in statement:
        return request.principal is None
    principal = statement["Principal"]
    if principal == "*":
        return True
    if request.principal is None:
        return False
    kind, name = request.principal
    return name in texts(principal.get(kind, []))


def _holds(
    operator: str, key: str, wanted: list[str], context: Context, variables: Context | None
) -> bool:
    scope, _, name = operator.rpartition(":")
    actual = _lookup(context, key)
    values = [] if actual is None else texts(actual)
    if name in {"StringEquals", "Bool"}:
        if any("${" in text for text in wanted):
            raise CannotJudge(f"a variable with {operator}")
        fits = [value in wanted for value in values]
    elif name == "StringLike":
        fits = [any(matches(pattern, value, variables) for pattern in wanted) for value in values]
    else:
        raise CannotJudge(f"condition operator {operator}")
    if scope == "ForAllValues":
        return all(fits)
    if scope not in {"", "ForAnyValue"}:
        raise CannotJudge(f"condition operator {operator}")
    return any(fits)


def _lookup(context: Context, key: str) -> str | list[str] | None:
    return next((value for name, value in context.items() if name.lower() == key.lower()), None)
