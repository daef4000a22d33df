"""The formats of the bindings that other programs read."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Final

from bucketpass.pools.inventory import Inventory
from bucketpass.pools.pool_document import document
from bucketpass.pools.pool_graph import as_dot, as_mermaid, graph
from bucketpass.pools.pool_row import PoolRow, pool_rows


def as_json(inventory: Inventory) -> str:
    """A JSON object."""
    return json.dumps(document(inventory), indent=2)


def as_csv(inventory: Inventory) -> str:
    """A heading and one line for each row, without the last line break."""
    file = io.StringIO()
    writer = csv.DictWriter(file, [f.name for f in fields(PoolRow)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in pool_rows(inventory))
    return file.getvalue().rstrip("\n")


FORMATS: Final[dict[str, Callable[[Inventory], str]]] = {
    "json": as_json,
    "csv": as_csv,
    "mermaid": lambda inventory: "\n".join(as_mermaid(graph(inventory))),
    "dot": lambda inventory: "\n".join(as_dot(graph(inventory))),
}
