"""A slip of somebody who changes the template, planted into it to see that it is reported."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Template = dict[str, Any]


@dataclass(frozen=True)
class Slip:
    """`plant` changes the template in place; `says` is part of what `invariant` then reports."""

    name: str
    invariant: Callable
    plant: Callable[[Template], Any]
    says: str


def props(template: Template, name: str) -> dict[str, Any]:
    return template["Resources"][name]["Properties"]


def allow(action: Any, resource: Any = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def add(template: Template, name: str, kind: str, **properties: Any) -> None:
    template["Resources"][name] = {"Type": kind, "Properties": properties}
