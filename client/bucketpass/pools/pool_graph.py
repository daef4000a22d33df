"""The bindings as a graph: app client, identity pool, role."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from bucketpass.pools.binding import bindings, role_uses
from bucketpass.pools.inventory import Inventory
from bucketpass.pools.pool_row import role_name

Kind = Literal["user pool", "app client", "identity pool", "role", "missing"]

# Brackets of Mermaid and shapes of Graphviz for each kind of node.
_MERMAID: Final[dict[Kind, tuple[str, str]]] = {
    "user pool": ("[(", ")]"),
    "app client": ("[", "]"),
    "identity pool": ("{{", "}}"),
    "role": ("(", ")"),
    "missing": ("[/", "/]"),
}
_DOT: Final[dict[Kind, str]] = {
    "user pool": "cylinder",
    "app client": "box",
    "identity pool": "hexagon",
    "role": "ellipse",
    "missing": "parallelogram",
}


@dataclass
class Graph:
    """Nodes by what they stand for, each with its kind and label; edges with a label."""

    nodes: dict[str, tuple[Kind, str]] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], None] = field(default_factory=dict)

    _numbers: dict[str, int] = field(default_factory=dict)

    def node(self, name: str, kind: Kind, label: str) -> str:
        """Add the node if it is new, and give its name back."""
        self.nodes.setdefault(name, (kind, label))
        self._numbers.setdefault(name, len(self._numbers))
        return name

    def edge(self, start: str, end: str, label: str = "") -> None:
        """Add the edge if it is new."""
        self.edges[start, end, label] = None

    def number(self, name: str) -> str:
        """An identifier for the node that needs no quotes anywhere."""
        return f"n{self._numbers[name]}"


def graph(inventory: Inventory) -> Graph:
    """Every pool and client, bound or not; a client or user pool that is not found is `missing`."""
    made = Graph()
    for pool in inventory.user_pools:
        made.node(pool.id, "user pool", f"{pool.name}\n{pool.id}")
        for client in pool.clients:
            made.node(client.id, "app client", f"{client.name}\n{client.id}".strip())
            made.edge(pool.id, client.id)
    for identity_pool in inventory.identity_pools:
        made.node(identity_pool.id, "identity pool", f"{identity_pool.name}\n{identity_pool.id}")
    for binding in bindings(inventory):
        label = f"{binding.provider.user_pool_id}\n{binding.provider.client_id}"
        found = binding.client is not None
        name = binding.provider.client_id if found else label
        made.edge(made.node(name, "missing", label), binding.identity_pool.id, "trusted by")
    for use in role_uses(inventory):
        role = made.node(use.role_arn, "role", role_name(use.role_arn))
        made.edge(use.identity_pool.id, role, f"{use.standing} {use.via}".strip())
    return made


def as_mermaid(made: Graph) -> Iterator[str]:
    """The lines of a Mermaid flowchart."""
    yield "flowchart LR"
    for name, (kind, label) in made.nodes.items():
        before, after = _MERMAID[kind]
        yield f'  {made.number(name)}{before}"{_mermaid(label)}"{after}'
    for start, end, label in made.edges:
        told = f'|"{_mermaid(label)}"|' if label else ""
        yield f"  {made.number(start)} -->{told} {made.number(end)}"


def as_dot(made: Graph) -> Iterator[str]:
    """The lines of a Graphviz digraph."""
    yield "digraph pools {"
    yield "  rankdir=LR;"
    for name, (kind, label) in made.nodes.items():
        yield f'  {made.number(name)} [shape={_DOT[kind]}, label="{_dot(label)}"];'
    for start, end, label in made.edges:
        told = f' [label="{_dot(label)}"]' if label else ""
        yield f"  {made.number(start)} -> {made.number(end)}{told};"
    yield "}"


def _mermaid(text: str) -> str:
    # Mermaid reads entities by number; everything else in quotes is text
    escaped = "".join(f"#{ord(char)};" if char in '"#&<>`' else char for char in text)
    return escaped.replace("\n", "<br/>")


def _dot(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
