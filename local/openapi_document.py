"""`make docs`: the OpenAPI document in the form in which the function serves it.

The function has no YAML reader, so that the document is turned into JSON beforehand.
"""

import json
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "docs" / "openapi.yaml"
SERVED: Final = ROOT / "src" / "openapi.json"
# libyaml reads it eight times as fast, where PyYAML came with it.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_document() -> dict[str, Any]:
    """The document that people write; each use of a YAML anchor is a copy of its own."""
    document = yaml.load(SOURCE.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 # safe
    return json.loads(json.dumps(document))  # type: ignore[no-any-return]


def served_text() -> str:
    """The same as the JSON text that `GET /openapi.json` answers with."""
    return json.dumps(load_document(), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    SERVED.write_text(served_text(), encoding="utf-8")
