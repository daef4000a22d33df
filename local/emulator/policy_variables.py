"""IAM policy variables such as `${aws:PrincipalTag/identity_id}`, which the emulator ignores.

Source: IAM User Guide, reference_policies_variables: Version 2012-10-17 only; in Resource,
NotResource and the values of string and ARN conditions; `${*}`, `${?}` and `${$}` are literal;
`${key, 'default'}`; multi-valued keys cannot be variables; a variable without a value matches
nothing, so that inverted operators do match.
"""

# ruff: noqa: ANN401, SLF001 # the emulator is untyped, its private names are what is replaced
import json
import re
from typing import Any, Final

from ministack.core import iam_evaluator

from local.emulator.replacement import extend, replace

_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
# Stand for the literal * and ? of a value inside a pattern, where both are wildcards.
_STAR, _QUESTION_MARK = "\ue000", "\ue001"
_PATTERN: Final = {"*": ".*", "?": ".", _STAR: r"\*", _QUESTION_MARK: r"\?"}
_VERSIONED: Final = " policy variables"


def install() -> None:
    """Make identity, resource, session and trust policies know variables."""
    replace(iam_evaluator, "_fnmatch_compile", "c95d90f11ae7a023", _compile)
    extend(iam_evaluator, "parse_policy_document", "622a4f98a3ecd766", _parse)
    extend(iam_evaluator, "_first_match", "dc96ef4846c74212", _first_match)
    extend(iam_evaluator, "evaluate_resource_policy", "e49ce7161ad63e35", _resource_policy)
    extend(iam_evaluator, "evaluate_trust_policy", "4b50aa29ad29fe20", _trust_policy)


def _compile(pattern: str, ignore_case: bool) -> re.Pattern[str]:  # noqa: FBT001 # its signature
    text = "".join(_PATTERN.get(character) or re.escape(character) for character in pattern)
    return re.compile(rf"(?:{text})\Z", re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _parse(original: Any, document: Any) -> list[Any]:
    loaded = _loaded(document)
    parsed = []
    for statement in _statements(loaded):
        for one in original({"Statement": statement}):
            one.variables = _is_versioned(loaded) or _VERSIONED in statement
            parsed.append(one)
    return parsed


def _first_match(original: Any, context: Any, statements: list[Any], effect: str) -> Any:
    for statement in statements:
        expanded = _expanded(statement, context) if statement.variables else statement
        if expanded is not None and original(context, [expanded], effect):
            return statement
    return None


def _resource_policy(original: Any, document: Any, *arguments: Any, **named: Any) -> Any:
    # The original hands its statements on without the Version that says whether they have any.
    loaded = _loaded(document)
    if _is_versioned(loaded):
        marked = [{**statement, _VERSIONED: True} for statement in _statements(loaded)]
        loaded = {**loaded, "Statement": marked}
    return original(loaded, *arguments, **named)


def _trust_policy(original: Any, document: Any, caller: str, context: Any = None) -> bool:
    loaded = _loaded(document)
    if context is not None and _is_versioned(loaded):
        statements = [
            {**statement, "Condition": _conditions(statement.get("Condition"), context)}
            for statement in _statements(loaded)
        ]
        loaded = {**loaded, "Statement": statements}
    return bool(original(loaded, caller, context))


def _expanded(statement: Any, context: Any) -> Any:
    """The statement with its variables' values, None if none of its resources has a value."""
    resources = _values(statement.resources, context, pattern=True)
    if statement.resources and not resources:
        return None
    excluded = _values(statement.not_resources, context, pattern=True)
    if statement.not_resources and not excluded:
        # None of the exclusions matches any resource: the statement is about all of them.
        resources = ["*"]
    return iam_evaluator.ParsedStatement(
        sid=statement.sid,
        effect=statement.effect,
        actions=statement.actions,
        not_actions=statement.not_actions,
        resources=resources,
        not_resources=excluded,
        conditions=_conditions(statement.conditions, context),
    )


def _conditions(conditions: Any, context: Any) -> dict[str, Any]:
    return {
        operator: _tests(operator.lower(), tests, context) if isinstance(tests, dict) else tests
        for operator, tests in (conditions or {}).items()
    }


def _tests(operator: str, tests: dict[str, Any], context: Any) -> dict[str, Any]:
    if "string" not in operator and "arn" not in operator:
        return tests
    pattern = "like" in operator or "arn" in operator
    return {
        key: _values(wanted if isinstance(wanted, list) else [wanted], context, pattern=pattern)
        for key, wanted in tests.items()
    }


def _values(texts: list[Any], context: Any, *, pattern: bool) -> list[str]:
    found = (_value(str(text), context, pattern=pattern) for text in texts)
    return [text for text in found if text is not None]


def _value(text: str, context: Any, *, pattern: bool) -> str | None:
    """The text with its variables' values, None if one of them has no value."""
    values = [_variable(match[1], context) for match in _VARIABLE.finditer(text)]
    if None in values:
        return None
    literal = iter(
        str(value).replace("*", _STAR).replace("?", _QUESTION_MARK) if pattern else str(value)
        for value in values
    )
    return _VARIABLE.sub(lambda _: next(literal), text)


def _variable(inner: str, context: Any) -> str | None:
    name, _, default = (part.strip() for part in inner.partition(","))
    if name in ("*", "?", "$"):
        return name
    value = iam_evaluator._resolve_condition_key(name, context)
    if value is not None and not isinstance(value, (list, tuple)):
        return str(value)
    return default[1:-1] if re.fullmatch("'.*'", default, re.DOTALL) else None


def _loaded(document: Any) -> Any:
    try:
        return json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return None


def _is_versioned(document: Any) -> bool:
    return isinstance(document, dict) and document.get("Version") == "2012-10-17"


def _statements(document: Any) -> list[dict[str, Any]]:
    found = document.get("Statement") if isinstance(document, dict) else None
    listed = found if isinstance(found, list) else [found]
    return [statement for statement in listed if isinstance(statement, dict)]
