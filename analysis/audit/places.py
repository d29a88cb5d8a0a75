"""Places of findings: their lines in records, of which no more is composed than the point that a finding is about.

To compose all of a record takes longer than to look at it by all rules.  In the canonical layout, which records have,
indentation tells where the items of a list begin, and where a key stands.  That nothing else was taken for an item
their number tells; what is laid out in another way is composed.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any

from yaml import YAMLError

from prunelit.schema.problems import Path
from prunelit.schema.reading import position
from prunelit.schema.record import Paper
from prunelit.schema.validation import Document

_LISTS = ("experiments", "curves", "points")
"""The lists that lead to a point, from the outermost."""


def line_in_record(document: Document[Paper], path: Path) -> int:
    """The line, from 1, of the value at a path, as :meth:`prunelit.schema.validation.Document.line` tells it."""
    start, end, depth = _narrowed(document, path)
    rest, text = path[2 * depth :], document.text
    if not rest:
        return _line(text, start) if depth else document.line(path)
    if depth == len(_LISTS):
        begin, inner = start, (0, *rest)
    else:
        begin, end = _key(text, start, end, depth, str(rest[0]))
        inner = rest
    if begin < end and len(inner) == 1:
        return _line(text, begin)
    with suppress(YAMLError):  # a text in quotes may go on where nothing else would
        if begin < end:
            return _line(text, begin) - 1 + position(text[begin:end], inner)[0]
    return document.line(path)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _narrowed(document: Document[Paper], path: Path) -> tuple[int, int, int]:
    """Where the innermost item of a list begins and ends that a path leads to or through, and in how many lists."""
    start, end, holder = 0, len(document.text), document.value
    for depth, name in enumerate(_LISTS):
        step: Any = path[2 * depth : 2 * depth + 2]
        if len(step) < 2 or step[0] != name:
            return start, end, depth
        *starts, last = _items(document.text, start, end, depth)
        items: tuple[Any, ...] = getattr(holder, name)
        at = step[1]
        if len(starts) != len(items) or at not in range(len(items)):
            return start, end, depth
        start, end, holder = starts[at], [*starts[1:], last][at], items[at]
    return start, end, len(_LISTS)


@lru_cache(maxsize=256)  # those of one record, as findings come file by file
def _items(text: str, start: int, end: int, depth: int) -> tuple[int, ...]:
    """Where the items of a list begin, and where the last one ends; of a list that is laid out otherwise only this."""
    head, item, after = _LAYOUT[depth]
    if not (found := head.search(text, start, end)):
        return (end,)
    ends = after.search(text, found.end(), end)
    last = ends.start() if ends else end
    return (*(one.start() for one in item.finditer(text, found.end(), last)), last)


_LAYOUT = tuple(
    (
        re.compile(rf"^ {{{4 * depth}}}{name}:\n", re.MULTILINE),
        re.compile(rf"^ {{{4 * depth + 2}}}- (?![ #])", re.MULTILINE),
        re.compile(rf"^ {{0,{4 * depth + 1}}}[^ \n#]", re.MULTILINE),
    )
    for depth, name in enumerate(_LISTS)
)
"""Of each list the line of its key, how its items begin, and how what comes behind it does."""


def _key(text: str, start: int, end: int, depth: int, name: str) -> tuple[int, int]:
    """Where the line of a key begins, and where what it holds ends; nowhere if it does not stand on a line of its own.

    Args:
        text: The record.
        start: Where the item of a list begins that has the key, or the record.
        end: Where it ends.
        depth: In how many lists it is.
        name: The key.
    """
    found = [*_pattern(depth, name).finditer(text, start, end)]
    if len(found) != 1:
        return end, end
    ends = _behind(depth).search(text, found[0].end(), end)
    return found[0].start(), ends.start() if ends else end


@cache
def _pattern(depth: int, name: str) -> re.Pattern[str]:
    return re.compile(rf"^ {{{4 * depth}}}{re.escape(name)}:(?=[ \n])", re.MULTILINE)


@cache
def _behind(depth: int) -> re.Pattern[str]:
    """How what comes behind a key begins; an item of a list that is not indented is no such thing."""
    return re.compile(rf"^(?! {{{4 * depth}}}-[ \n]) {{0,{4 * depth}}}[^ \n#]", re.MULTILINE)
