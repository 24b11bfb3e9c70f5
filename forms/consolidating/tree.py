"""The unit tree of a consolidation: in which order units stand, and which one a name means."""

from __future__ import annotations

from collections.abc import Iterable

from forms.consolidating.shapes import UnitNode
from forms.rules.units import plain_name

NAMELESS = "(未填单位)"
"""Stands for the unit of a form that names none."""


class UnitTree:
    """Units in tree order: each before those under it, brothers in the order of the list.

    A unit whose parent is not in the list stands at the top, as does one that stands in a ring.
    """

    def __init__(self, nodes: Iterable[UnitNode]) -> None:
        listed = {node.id: node for node in nodes}
        children: dict[str | None, list[UnitNode]] = {}
        for node in listed.values():
            parent = node.parent_id if node.parent_id in listed else None
            children.setdefault(parent, []).append(node)
        self._children = children
        self.nodes: dict[str, UnitNode] = {}
        for root in (*children.get(None, ()), *listed.values()):
            self._walk(root)
        self._ranks = {identity: rank for rank, identity in enumerate(self.nodes)}
        self._by_name = _named((node.name, node) for node in self.nodes.values())
        self._by_other = _named((name, node) for node in self.nodes.values() for name in node.names)

    def _walk(self, root: UnitNode) -> None:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node.id not in self.nodes:
                self.nodes[node.id] = node
                waiting.extend(reversed(self._children.get(node.id, ())))

    def rank(self, identity: str) -> int:
        """The place of a unit in tree order, from zero."""
        return self._ranks[identity]

    def find(self, name: str) -> UnitNode | None:
        """The one unit that is called so: by its full name, then by another name; blanks do not count."""
        key = _key(name)
        return (self._by_name.get(key) or self._by_other.get(key)) if key else None

    def below(self, top: str | None) -> tuple[UnitNode, ...]:
        """A unit and all that stand under it, in tree order; without one, all."""
        if top is None:
            return tuple(self.nodes.values())
        found: dict[str, UnitNode] = {}
        waiting = [self.nodes[top]]
        while waiting:
            node = waiting.pop()
            if node.id not in found:
                found[node.id] = node
                waiting.extend(reversed(self._children.get(node.id, ())))
        return tuple(found.values())

    def with_names(self, names: Iterable[str]) -> UnitTree:
        """The tree with units for names that mean none of its own, after all others, in the order given."""
        added: dict[str, UnitNode] = {}
        for name in names:
            if self.find(name) is None:
                node = UnitNode(_unlisted(name), name or NAMELESS, listed=False)
                added.setdefault(node.id, node)
        return UnitTree([*self.nodes.values(), *added.values()]) if added else self

    def home(self, identity: str | None, name: str) -> UnitNode | None:
        """The unit of a form, by its id, else by its name; names that only forms have are found too."""
        return self.nodes.get(identity or "") or self.find(name) or self.nodes.get(_unlisted(name))


def _unlisted(name: str) -> str:
    """The id of a unit that only forms name; two ways to write one unit are one."""
    return f"name:{plain_name(name)}"


def _key(name: str) -> str:
    return "".join(name.split())


def _named(pairs: Iterable[tuple[str, UnitNode]]) -> dict[str, UnitNode | None]:
    """Units by name; ``None`` for a name that several have."""
    found: dict[str, UnitNode | None] = {}
    for name, node in pairs:
        key = _key(name)
        found[key] = node if found.get(key, node) is node else None
    return found
