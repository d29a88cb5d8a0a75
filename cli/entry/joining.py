"""Joining of experiments to a record: what it holds is recognised, what is new is added, what differs is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from prunelit.schema.fields import units
from prunelit.schema.record import Point
from prunelit.schema.tree import Node, Scalar, children, tree_of

Values: TypeAlias = dict[str, Any]
"""An experiment, or a part of one, as a record would hold it: text, whole numbers and decimals under their keys."""


class ChangedValue(NamedTuple):
    """Something that a record holds and new results say otherwise."""

    where: str
    """Dataset, architecture and method."""
    key: str
    before: str
    """Empty where the record says nothing."""
    after: str

    def __str__(self) -> str:
        return f"{self.where}: {self.key} {self.before or '(nothing)'} → {self.after}"


@dataclass
class Joined:
    """What became of new results."""

    experiments: int = 0
    """Experiments that were added."""
    points: int = 0
    """Points that were added to experiments which the record holds."""
    same: int = 0
    """Experiments that the record holds already, word for word."""
    changes: list[ChangedValue] = field(default_factory=list)
    """What the record held otherwise, and what it is now."""

    @property
    def anything(self) -> bool:
        """Whether the record is another one now."""
        return bool(self.experiments or self.points or self.changes)


def join(record: Node, experiments: Iterable[Values]) -> Joined:
    """Join experiments to a record, and the methods and collections that they use.

    A point is recognised where it agrees in two of these: its qualities, its sizes and costs, and the rest.  What
    differs takes the place of what the record holds; keys that new results do not have, and comments, stay.
    """
    top = record.content
    assert isinstance(top, dict), "a record is a mapping"
    done = Joined()
    held = children(top.get("experiments", Node()))
    new: list[Node] = []
    for one in map(tree_of, experiments):
        if any(_plain(one) == _plain(other) for other in held):
            done.same += 1
        elif home := _home(one, held):
            before = done.points, len(done.changes)
            _join_experiment(home, one, done)
            done.same += before == (done.points, len(done.changes))
        else:
            done.experiments += 1
            new.append(one)
            continue
        _list_methods(top, [one])
    if new:
        _extend(top, "experiments", new)
        _extend_once(top, "collections", [one for node in new for one in children(_part(node, "collections"))])
        _list_methods(top, new)
    return done


def _home(new: Node, held: list[Node]) -> Node | None:
    """The experiment of a record that new results are part of: with points of theirs, or of the same unpruned model."""
    alike = [one for one in held if _identity(one) == _identity(new)]
    shared = {id(one): sum(len(pairs) for _, _, pairs in _curve_pairs(one, new)) for one in alike}
    best = max(alike, key=lambda one: (shared[id(one)], _head(one) == _head(new)), default=None)
    return best if best is not None and (shared[id(best)] or _head(best) == _head(new)) else None


def _identity(one: Node) -> tuple[object, ...]:
    collections = frozenset(_name(item) for item in children(_part(one, "collections")))
    return _name(_part(one, "dataset")), _name(_part(one, "architecture")), collections, bool(_curves(one))


def _head(one: Node) -> dict[str, object]:
    """What an experiment says beside its curves."""
    held = one.content if isinstance(one.content, dict) else {}
    return {key: _plain(part) for key, part in held.items() if key not in ("curves", "note", "base_locator")}


def _curves(one: Node) -> list[Node]:
    return children(_part(one, "curves"))


def _curve_pairs(home: Node, new: Node) -> Iterator[tuple[Node, Node, list[tuple[Node, Node]]]]:
    """The curves of new results with those of an experiment that they belong to, and the points they have in common."""
    for curve in _curves(new):
        alike = [one for one in _curves(home) if _text(one, "method") == _text(curve, "method")]
        pairs = {id(one): _point_pairs(one, curve) for one in alike}
        best = max(alike, key=lambda one: (len(pairs[id(one)]), _curve_head(one) == _curve_head(curve)), default=None)
        if best is not None and (pairs[id(best)] or _curve_head(best) == _curve_head(curve)):
            yield best, curve, pairs[id(best)]


def _curve_head(curve: Node) -> dict[str, object]:
    held = curve.content if isinstance(curve.content, dict) else {}
    return {key: _plain(part) for key, part in held.items() if key not in ("points", "locator", "note")}


def _point_pairs(held: Node, new: Node) -> list[tuple[Node, Node]]:
    """The points of two curves that are the same operating points, with those that are equal first."""
    rest = [(one, _in_parts(held, one)) for one in children(_part(held, "points"))]
    left = [(one, _in_parts(new, one)) for one in children(_part(new, "points"))]
    pairs: list[tuple[Node, Node]] = []
    for least in (3, 2):
        for point, parts in list(left):
            match = next((one for one in rest if _agreements(one[1], parts) >= least), None)
            if match:
                pairs.append((match[0], point))
                rest.remove(match)
                left.remove((point, parts))
    return pairs


def _in_parts(curve: Node, point: Node) -> tuple[object, object, object]:
    """Qualities of a point, its sizes and costs, and the rest."""
    held = {key: _plain(part) for key, part in (point.content if isinstance(point.content, dict) else {}).items()}
    if "locator" not in held and "locator" in (curve.content if isinstance(curve.content, dict) else {}):
        held["locator"] = _plain(_part(curve, "locator"))
    quality = {key: part for key, part in held.items() if key in _QUALITY}
    size = {key: part for key, part in held.items() if key in Point.EFFICIENCY}
    return quality, size, {key: part for key, part in held.items() if key not in quality and key not in size}


_QUALITY = {
    *Point.QUALITY, "top1_spread", "top5_spread", "collapsed",
    *(name for name, unit in units(Point).items() if unit.of in ("quality", "spread")),
}  # fmt: skip


def _agreements(held: tuple[object, object, object], new: tuple[object, object, object]) -> int:
    """In how many parts two points agree; 0 where what they agree in does not tell points apart."""
    equal = [one == other for one, other in zip(held, new, strict=True)]
    if all(equal):
        return 3
    named = isinstance(new[2], dict) and ("pruned_model" in new[2] or "row" in (new[2].get("locator") or {}))
    telling = (equal[0] and bool(new[0])) + (equal[1] and bool(new[1])) + (equal[2] and named)
    return 2 if telling and sum(equal) == 2 and (named or (equal[1] and bool(new[1]))) else 0


def _join_experiment(home: Node, new: Node, done: Joined) -> None:
    where = ", ".join(filter(None, (_name(_part(home, "dataset")), _name(_part(home, "architecture")))))
    _update(home, new, ("curves",), where, done)
    matched = []
    for held, curve, pairs in list(_curve_pairs(home, new)):
        matched.append(id(curve))
        at = ", ".join(filter(None, (where, _text(held, "method"))))
        _update(held, curve, ("points", "locator"), at, done)
        known = {id(point): one for one, point in pairs}
        for point in children(_part(curve, "points")):
            _with_place(curve, point)
            if id(point) in known:
                one = known[id(point)]
                if _in_parts(held, one) != _in_parts(curve, point):
                    _update(one, _without_shared_place(held, point), (), f"{at}, {_label(one)}", done)
            else:
                done.points += 1
                _add_point(held, point)
    for curve in _curves(new):
        if id(curve) not in matched:
            done.points += len(children(_part(curve, "points")))
            assert isinstance(home.content, dict)
            _extend(home.content, "curves", [curve])


def _label(point: Node) -> str:
    """A few words by which a person finds a point."""
    held = point.content if isinstance(point.content, dict) else {}
    names = [key for key in ("pruned_model", *Point.EFFICIENCY, *Point.QUALITY) if key in held]
    return f"{names[0]} {_shown(held[names[0]])}" if names else "a point"


def _update(held: Node, new: Node, without: tuple[str, ...], where: str, done: Joined) -> None:
    """Give a mapping what another one says otherwise; values keep the comments beside them."""
    assert isinstance(held.content, dict)
    assert isinstance(new.content, dict)
    for key, part in new.content.items():
        if key in without or (key in held.content and _plain(held.content[key]) == _plain(part)):
            continue
        before = _shown(held.content[key]) if key in held.content else ""
        done.changes.append(ChangedValue(where, key, before, _shown(part)))
        held.content.setdefault(key, Node()).content = part.content


def _with_place(curve: Node, point: Node) -> None:
    """Write the place that a curve says for all its points to a point that has none of its own."""
    place = _part(curve, "locator")
    if place.content and isinstance(point.content, dict):
        point.content.setdefault("locator", Node(place.content))


def _without_shared_place(curve: Node, point: Node) -> Node:
    """The point without the place that its curve says already."""
    if not isinstance(point.content, dict) or _plain(_part(point, "locator")) != _plain(_part(curve, "locator")):
        return point
    return Node({key: part for key, part in point.content.items() if key != "locator"})


def _add_point(curve: Node, point: Node) -> None:
    """Append a point to a curve, whose place for all points then holds for those that it held for before."""
    assert isinstance(curve.content, dict)
    if "locator" in curve.content and "locator" not in (point.content if isinstance(point.content, dict) else {}):
        for one in children(_part(curve, "points")):
            _with_place(curve, one)
        del curve.content["locator"]
    _extend(curve.content, "points", [_without_shared_place(curve, point)])


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


def _list_methods(top: dict[str, Node], experiments: list[Node]) -> None:
    _extend_once(top, "methods", [Node({"name": name}) for node in experiments for name in _own_methods(node)])


def _name(item: Node) -> str:
    named = _part(item, "name") if isinstance(item.content, dict) else item
    return named.content.text if isinstance(named.content, Scalar) else ""


def _text(item: Node, key: str) -> str:
    return _name(_part(item, key))


def _own_methods(experiment: Node) -> list[Node]:
    own = [curve for curve in _curves(experiment) if _text(curve, "origin") == "own"]
    return [_part(curve, "method") for curve in own if _text(curve, "method")]


def _part(node: Node, key: str) -> Node:
    return node.content.get(key, Node()) if isinstance(node.content, dict) else Node()


def _plain(node: Node) -> Any:
    """What a tree says, digits included and comments not, for comparison."""
    if isinstance(node.content, dict):
        return {key: _plain(one) for key, one in node.content.items()}
    return [_plain(one) for one in node.content] if isinstance(node.content, list) else node.content


def _shown(node: Node) -> str:
    """What a tree says, for a person, on one line."""
    if isinstance(node.content, dict):
        return "{" + ", ".join(f"{key}: {_shown(one)}" for key, one in node.content.items()) + "}"
    if isinstance(node.content, list):
        return "[" + ", ".join(map(_shown, node.content)) + "]"
    return node.content.text


def references(experiments: Iterable[Values], paper: str) -> list[str]:
    """The papers whose methods or numbers experiments of a paper hold, for its list of comparisons."""
    curves = [curve for one in experiments for curve in one.get("curves", ())]
    named = [curve.get(key) for curve in curves for key in ("copied_from", "proposed_by")]
    return [one for one in dict.fromkeys(named) if one and one != paper]


def compared_papers(record: Node) -> set[str]:
    """The papers that a record says its paper compares itself to."""
    added = [_text(one, "paper") for one in children(_part(record, "added_comparisons"))]
    return {*(_name(one) for one in children(_part(record, "compares_to"))), *added}
