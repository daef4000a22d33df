"""The statements of an IAM policy, in one shape.

Source: "IAM JSON policy elements reference" in the IAM User Guide. Names of actions and of
condition keys are compared without regard to case, as IAM does.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from bucketpass.pools.inventory import Document

# Variables are text in policies of an older version.
_WITH_VARIABLES: Final = "2012-10-17"
# What makes a pattern a person's own: the identity id, or a tag of the session. A variable with a
# default value (`${aws:PrincipalTag/team, 'all'}`) also matches who has none, so it does not count.
_OWN: Final = re.compile(
    r"\$\{(?:cognito-identity[\w.-]*:sub|aws:PrincipalTag/[^},]+)\}", re.IGNORECASE
)


@dataclass(frozen=True)
class Condition:
    """One key of a condition; `key` in lower case, `operator` as it is written."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def test(self) -> str:
        """The operator in lower case without ForAnyValue, ForAllValues and IfExists."""
        return self.operator.lower().rpartition(":")[2].removesuffix("ifexists")

    @property
    def holds_without_key(self) -> bool:
        """Whether the condition is met by a request that lacks the key."""
        operator = self.operator.lower()
        return (
            operator.startswith("forallvalues:")
            or operator.endswith("ifexists")
            or self.test.startswith(("stringnot", "arnnot", "null"))
        )


@dataclass(frozen=True)
class Statement:
    """A statement; `variables` says whether `${…}` counts. An empty `actions` means NotAction."""

    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...]
    federated: tuple[str, ...]
    variables: bool

    def covers(self, action: str) -> bool:
        """Whether the statement is about the action."""
        if self.not_actions:
            return not any(matches(pattern, action) for pattern in self.not_actions)
        return any(matches(pattern, action) for pattern in self.actions)

    def own(self, pattern: str) -> bool:
        """Whether the pattern fits one person's things alone: a variable before any wildcard."""
        found = _OWN.search(pattern) if self.variables else None
        return found is not None and not re.search(r"[*?]", pattern[: found.start()])

    @property
    def for_one_person(self) -> bool:
        """Whether a condition asks for a value of the person (or for a tag of the session)."""
        return any(
            condition.key.startswith("aws:principaltag/") or all(map(self.own, condition.values))
            for condition in self.conditions
            if condition.values and not condition.holds_without_key
        )


def statements(documents: Iterable[Document]) -> Iterator[Statement]:
    """The statements of these policies."""
    for document in documents:
        for statement in _listed(document.get("Statement")):
            yield _statement(statement, document.get("Version") == _WITH_VARIABLES)


def literal(pattern: str) -> str:
    """What stands before the first wildcard or variable."""
    return re.split(r"[*?]|\$\{", pattern, maxsplit=1)[0]


def own_literal(pattern: str) -> str | None:
    """What stands before the variable of the person; None if there is none."""
    found = _OWN.search(pattern)
    return pattern[: found.start()] if found else None


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern with `*` and `?` fits; upper and lower case are the same."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL | re.IGNORECASE) is not None


def _statement(raw: dict[str, Any], variables: bool) -> Statement:  # noqa: FBT001 # a member
    principal = raw.get("Principal")
    federated = principal.get("Federated") if isinstance(principal, dict) else principal
    return Statement(
        allows=raw.get("Effect") == "Allow",
        actions=_texts(raw.get("Action")),
        not_actions=_texts(raw.get("NotAction")),
        # NotResource is all but something: nothing here is so little that it would not count
        resources=("*",) if "NotResource" in raw else _texts(raw.get("Resource")),
        conditions=tuple(_conditions(raw.get("Condition") or {})),
        federated=_texts(federated),
        variables=variables,
    )


def _conditions(raw: dict[str, dict[str, Any]]) -> Iterator[Condition]:
    for operator, keys in raw.items():
        for key, values in keys.items():
            yield Condition(operator, key.lower(), _texts(values))


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 # JSON
    return tuple(str(item) for item in _listed(value))


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 # JSON
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
