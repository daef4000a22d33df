"""The events in `events/`, filled with what the running stack knows."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from local.failure import LocalRunError

EVENTS: Final = Path(__file__).resolve().parent.parent / "events"
_PLACEHOLDER: Final = re.compile(r"\$\{([A-Z_]+)\}")


def event_names(folder: Path = EVENTS) -> list[str]:
    """The names of all events, sorted."""
    return sorted(path.stem for path in folder.glob("*.json"))


def load_event(name: str, folder: Path = EVENTS) -> Any:  # noqa: ANN401 # whatever the JSON holds
    """The event as it is written; raises LocalRunError naming those that there are."""
    if name not in event_names(folder):
        known = ", ".join(event_names(folder)) or "none"
        raise LocalRunError(f"There is no event {name!r} in {folder}; there are: {known}.")
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def placeholders(event: Any) -> set[str]:  # noqa: ANN401 # whatever the JSON holds
    """The names in `${NAME}` within the event's texts."""
    if isinstance(event, str):
        return set(_PLACEHOLDER.findall(event))
    if isinstance(event, dict):
        return {name for pair in event.items() for part in pair for name in placeholders(part)}
    if isinstance(event, list):
        return {name for item in event for name in placeholders(item)}
    return set()


def fill_event(event: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 # as above
    """A copy with each `${NAME}` replaced; raises LocalRunError for a name without a value."""
    if isinstance(event, str):
        return _PLACEHOLDER.sub(lambda found: _value(found[1], values), event)
    if isinstance(event, dict):
        return {fill_event(k, values): fill_event(v, values) for k, v in event.items()}
    if isinstance(event, list):
        return [fill_event(item, values) for item in event]
    return event


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise LocalRunError(f"The event asks for ${{{name}}}, which the stack does not know.")
    return values[name]
