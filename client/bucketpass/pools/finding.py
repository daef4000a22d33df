"""A finding of the doctor, and the rule that makes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from bucketpass.pools.inventory import Inventory


class Severity(IntEnum):
    """How bad it is; INFO is worth knowing and may well be meant."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """The name in lower case."""
        return self.name.lower()


@dataclass(frozen=True)
class Hit:
    """A place where a rule is broken; `severity` None is the rule's own."""

    where: str
    what: str
    severity: Severity | None = None


@dataclass(frozen=True)
class Rule:
    """`check` finds every place where the rule is broken."""

    code: str
    severity: Severity
    remedy: str
    check: Callable[[Inventory], Iterator[Hit]]


@dataclass(frozen=True)
class Finding:
    """One place where one rule is broken, and what to do about it."""

    code: str
    severity: Severity
    where: str
    what: str
    remedy: str
