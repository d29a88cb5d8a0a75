"""Tree of a YAML file with comments and written digits, for editing and writing it again.

A library for this (ruamel.yaml) ties a comment to the token before it, so that a comment wanders off when keys change
places.  Here a comment above a key or item belongs to that key or item, one at the end of a line to the value there,
one that is indented like the lines before it ends their block, and one at the top belongs to the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, TypeAlias

import yaml

from prunelit.schema.reading import plain_value

BLANK = ""
"""Stands for an empty line among the comments above an entry."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: text, or whatever else (a number, true, false) exactly as it is written."""

    text: str
    is_text: bool = True


@dataclass(slots=True)
class Node:
    """A value with its comments: the lines above its key or item, the end of its line, and the end of its block."""

    content: Content = field(default_factory=dict)
    before: list[str] = field(default_factory=list)
    after: str = ""
    end: list[str] = field(default_factory=list)


Content: TypeAlias = Scalar | dict[str, Node] | list[Node]


def tree_of(value: Any) -> Node:
    """A value of dictionaries, lists, text, numbers and booleans as a tree."""
    if isinstance(value, dict):
        return Node({key: tree_of(one) for key, one in value.items()})
    if isinstance(value, list | tuple):
        return Node([tree_of(one) for one in value])
    if isinstance(value, bool):
        return Node(Scalar(str(value).lower(), is_text=False))
    if isinstance(value, Decimal):
        return Node(Scalar(f"{value:f}", is_text=False))
    return Node(Scalar(str(value), is_text=isinstance(value, str)))


def read_tree(text: str) -> Node:
    """The tree of a text that :func:`prunelit.schema.reading.parse` accepts without problems."""
    leaves = _Leaves(text)
    root = Node()
    leaves.enter(root, yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
    _hand_out(leaves, root)
    return root


def children(node: Node) -> list[Node]:
    """The values of a mapping, or the items of a list."""
    if isinstance(node.content, dict):
        return list(node.content.values())
    return node.content if isinstance(node.content, list) else []


def comments(node: Node) -> Iterator[str]:
    """Every comment in a tree."""
    yield from filter(None, (*node.before, node.after, *node.end))
    yield from chain.from_iterable(map(comments, children(node)))


@dataclass(slots=True)
class _Leaf:
    """A stretch of text that no comment interrupts: a key, a scalar, or something in brackets.

    ``opens`` are the entries that begin with it and ``closes`` the blocks that end with it, each with its column, the
    outermost entry and the innermost block first.
    """

    start: int
    end: int
    owner: Node
    opens: list[tuple[int, Node]]
    closes: list[tuple[int, Node]] = field(default_factory=list)


class _Leaves(list[_Leaf]):
    """The leaves of a text in their order, and the stretches that are scalars."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.scalars: list[tuple[int, int]] = []
        self._opening: list[tuple[int, Node]] = []

    def enter(self, node: Node, source: Any) -> None:
        """Give ``node`` the content of a composed node, and note its leaves."""
        if isinstance(source, yaml.ScalarNode) or source.flow_style:
            node.content = self._bracketed(source).content
            self._append(source, node)
        elif isinstance(source, yaml.MappingNode):
            node.content = {key.value: self._entry(source, value, key) for key, value in source.value}
            self[-1].closes.append((source.start_mark.column, node))
        else:
            node.content = [self._entry(source, value) for value in source.value]
            self[-1].closes.append((source.start_mark.column, node))

    def _entry(self, block: Any, value: Any, key: Any = None) -> Node:
        node = Node()
        self._opening.append((block.start_mark.column, node))
        if key:
            self.scalars.append(self._span(key))
            self._append(key, node)
        self.enter(node, value)
        return node

    def _bracketed(self, source: Any) -> Node:
        if isinstance(source, yaml.ScalarNode):
            self.scalars.append(self._span(source))
            is_plain = not source.style and not isinstance(plain_value(source.value), str)
            return Node(Scalar(source.value, is_text=not is_plain))
        if isinstance(source, yaml.SequenceNode):
            return Node([self._bracketed(value) for value in source.value])
        self.scalars += [self._span(key) for key, _ in source.value]
        return Node({key.value: self._bracketed(value) for key, value in source.value})

    def _append(self, source: Any, owner: Node) -> None:
        self.append(_Leaf(*self._span(source), owner, self._opening))
        self._opening = []

    def _span(self, source: Any) -> tuple[int, int]:
        """Start and end in the text; folded text starts after its first line, which may hold a comment."""
        start, end = source.start_mark.index, source.end_mark.index
        if isinstance(source, yaml.ScalarNode) and source.style in ("|", ">"):
            start = self.text.find("\n", start, end)
        return start, start + len(self.text[start:end].rstrip())


def _hand_out(leaves: _Leaves, root: Node) -> None:
    """Give every comment and every empty line to the node that it belongs to."""
    starts = [leaf.start for leaf in leaves]
    gap = False
    for start, line in _lines(leaves):
        code, sign, _ = line.partition("#")
        at = start + len(code)
        index = bisect_right(starts, at)
        ends_here = index and start < leaves[index - 1].end
        if not line.strip():
            gap = gap or not ends_here
            continue
        if gap and code.strip():
            _above(leaves, bisect_left(starts, start), root).append(BLANK)
            gap = False
        if not sign:
            continue
        comment = leaves.text[at : start + len(line)].rstrip()
        if ends_here and code.strip() and leaves[index - 1].end <= at:
            _end_line(leaves[index - 1].owner, comment)
        else:
            place = _place(leaves, index, root, at, 0 if code.strip() else len(code))
            place += [BLANK, comment] if gap else [comment]
            gap = False


def _lines(leaves: _Leaves) -> Iterator[tuple[int, str]]:
    """The lines of the text, each with its start, and with every scalar blotted out, as it may hold a ``#``."""
    parts, done = [], 0
    for start, end in sorted(leaves.scalars):
        parts += [leaves.text[done:start], re.sub(".", "x", leaves.text[start:end])]
        done = end
    start = 0
    for line in "".join([*parts, leaves.text[done:]]).split("\n"):
        yield start, line
        start += len(line) + 1


def _end_line(node: Node, comment: str) -> None:
    """Note the comment at the end of a line; a value has one, and its key may stand on another line with its own."""
    if node.after:
        node.before.append(node.after)
    node.after = comment


def _above(leaves: _Leaves, index: int, root: Node) -> list[str]:
    """The lines above the entry that begins with a leaf."""
    if not 0 < index < len(leaves):
        return root.end if index else root.before
    leaf = leaves[index]
    return leaf.opens[0][1].before if leaf.opens else leaf.owner.before


def _place(leaves: _Leaves, index: int, root: Node, at: int, column: int) -> list[str]:
    """The lines that a comment between two leaves joins: the end of a block that closes there, or the next entry's.

    The block is the innermost one that is not indented deeper than the comment, but never lies within the one that
    the comment above has joined, as comments keep their order.
    """
    if not index:
        return root.before
    last = leaves[index - 1]
    if at < last.end:
        return last.owner.before
    above = (-1, _above(leaves, index, root))
    beside = leaves[index].opens[0][0] if index < len(leaves) and leaves[index].opens else -1
    places = [*((deep, block.end) for deep, block in last.closes if deep > beside), above]
    joined = max((order for order, (_, lines) in enumerate(places) if lines), default=0)
    return next(lines for deep, lines in places[joined:] if deep <= column)
