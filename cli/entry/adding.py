"""Addition of experiments to a record, which leaves what it holds untouched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from prunelit.schema.tree import Node, Scalar, children, tree_of

Values: TypeAlias = dict[str, Any]
"""An experiment, or a part of one, as a record would hold it: text, whole numbers and decimals under their keys."""


def add(record: Node, experiments: Iterable[Values]) -> int:
    """Append the experiments that a record does not hold yet, and the methods and collections that they use.

    Returns:
        How many were appended.
    """
    top = record.content
    assert isinstance(top, dict), "a record is a mapping"
    held = [_plain(one) for one in children(top.get("experiments", Node()))]
    new = [one for one in map(tree_of, experiments) if _plain(one) not in held]
    if new:
        _extend(top, "experiments", new)
        _extend_once(top, "collections", [one for node in new for one in children(_part(node, "collections"))])
        _extend_once(top, "methods", [Node({"name": name}) for node in new for name in _own_methods(node)])
    return len(new)


def _extend(top: dict[str, Node], key: str, items: list[Node]) -> None:
    known = top.setdefault(key, Node([]))
    known.content = [*children(known), *items]


def _extend_once(top: dict[str, Node], key: str, items: list[Node]) -> None:
    """Append the items whose name is not listed yet."""
    seen = [_name(one) for one in children(top.get(key, Node()))]
    for item in items:
        if _name(item) not in seen:
            seen.append(_name(item))
            _extend(top, key, [item])


def _name(item: Node) -> str:
    named = _part(item, "name") if isinstance(item.content, dict) else item
    return named.content.text if isinstance(named.content, Scalar) else ""


def _own_methods(experiment: Node) -> list[Node]:
    curves = children(_part(experiment, "curves"))
    own = [curve for curve in curves if _name(_part(curve, "origin")) == "own"]
    return [_part(curve, "method") for curve in own if _name(_part(curve, "method"))]


def _part(node: Node, key: str) -> Node:
    return node.content.get(key, Node()) if isinstance(node.content, dict) else Node()


def _plain(node: Node) -> object:
    """What a tree says, digits included and comments not, for comparison."""
    if isinstance(node.content, dict):
        return {key: _plain(one) for key, one in node.content.items()}
    return [_plain(one) for one in node.content] if isinstance(node.content, list) else node.content
