"""Acknowledgements as their file holds them: new ones join it in canonical order, and its comments stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from prunelit.analysis.audit.excuses import About, Excuse
from prunelit.schema.canonical import canonical_text, parsed_tree
from prunelit.schema.correction import Acknowledgements
from prunelit.schema.tree import Node, Scalar, tree_of

_KEY = "acknowledgements"
_PLACE = tuple(one.name for one in fields(About) if one.name not in ("rule", "paper"))


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A finding that may stand, and why."""

    excuse: Excuse
    reason: str


def with_acknowledged(
    text: str, file: str, new: Iterable[Acknowledged], gone: Iterable[Excuse], order: Iterable[str]
) -> str:
    """The text of the file of acknowledgements with new ones, and without those that they supersede.

    Args:
        text: The file as it is.
        file: What messages call it.
        new: What is acknowledged.
        gone: What is not excused any more, once for each time.
        order: The names of the rules in their order; entries stand by rule, paper and reason.

    Raises:
        UnreadableError: if the text is no YAML as records use it.
    """
    root = parsed_tree(text, file)
    assert isinstance(root.content, dict)
    listed = root.content.setdefault(_KEY, Node([]))
    entries: list[Node] = listed.content if isinstance(listed.content, list) else []
    for excuse in gone:
        entries = _without(entries, excuse)
    for one in new:
        _add(entries, one)
    ranks = {name: rank for rank, name in enumerate(order)}
    listed.content = sorted(entries, key=lambda one: (ranks.get(_said(one, "rule"), len(ranks)), _said(one, "paper")))
    return canonical_text(root, Acknowledgements)


def _add(entries: list[Node], one: Acknowledged) -> None:
    about = one.excuse.about
    wanted = {"rule": about.rule, "paper": about.paper, "reason": one.reason}
    entry = next((entry for entry in entries if _is(entry, wanted)), None)
    if entry is None:
        entry = tree_of({name: value for name, value in wanted.items() if value is not None} | {"excuses": []})
        entries.append(entry)
    place = {name: getattr(about, name) for name in _PLACE}
    places = _items(entry, "excuses")
    excused = next((excused for excused in places if _is(excused, place)), None)
    if excused is None:
        excused = tree_of({name: value for name, value in place.items() if value is not None} | {"values": []})
        places.append(excused)
    _items(excused, "values").append(Node(Scalar(one.excuse.value)))


def _without(entries: list[Node], excuse: Excuse) -> list[Node]:
    """The entries without one value; what is empty then is left out, unless a comment stands there."""
    about = excuse.about
    for entry in entries:
        for excused in _items(entry, "excuses") if _is(entry, {"rule": about.rule, "paper": about.paper}) else ():
            values = _items(excused, "values")
            at = next((at for at, one in enumerate(values) if _text(one) == excuse.value), None)
            if at is not None and _is(excused, {name: getattr(about, name) for name in _PLACE}):
                del values[at]
                if not values:
                    _items(entry, "excuses").remove(excused)
                return [one for one in entries if _items(one, "excuses")]
    return entries


def _is(node: Node, wanted: Mapping[str, str | None]) -> bool:
    return all(_said(node, name) == (value or "") for name, value in wanted.items())


def _said(node: Node, name: str) -> str:
    return _text(node.content[name]) if isinstance(node.content, dict) and name in node.content else ""


def _text(node: Node) -> str:
    return node.content.text if isinstance(node.content, Scalar) else ""


def _items(node: Node, name: str) -> list[Node]:
    found: Any = node.content[name].content if isinstance(node.content, dict) and name in node.content else []
    return found if isinstance(found, list) else []
