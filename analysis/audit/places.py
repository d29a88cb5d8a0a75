"""Places of findings: their lines in records, of which no more is composed than what a finding is about.

To compose all of a record takes longer than to look at it by all rules.  In the canonical layout, which records have,
indentation tells where the items of a list begin, and where a key stands.  That nothing else was taken for an item
their number tells, and for a key what the record holds; what is laid out in another way is composed.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Any

from yaml import YAMLError

from prunelit.schema.problems import Path
from prunelit.schema.reading import position
from prunelit.schema.record import Paper
from prunelit.schema.validation import Document

_LISTS = ("experiments", "curves", "points")
"""The lists that lead to a point, from the outermost."""
_DEEPER = 4
"""How much further than a key of what holds a list the keys of its items are indented."""
_NOWHERE = 10_000
"""Stands for the indentation of what is blank or a comment, as it ends nothing."""


def line_in_record(document: Document[Paper], path: Path) -> int:
    """The line, from 1, of the value at a path, as :meth:`prunelit.schema.validation.Document.line` tells it."""
    start, end, depth, holder = _narrowed(document, path)
    rest, text = path[2 * depth :], document.text
    if not rest:
        return start + 1 if depth else document.line(path)
    found = _lines_of_key(text, start, end, depth, str(rest[0]))
    given = getattr(holder, str(rest[0]), None) is not None
    if depth and not given and not found:
        return start + 1
    if given and len(found) == 1:
        if len(rest) == 1:
            return found[0] + 1
        start, end = found[0], _end_of_key(text, found[0], end, depth)
    elif depth < len(_LISTS):
        return document.line(path)
    lines, _ = _laid_out(text)
    in_item = lines[start].startswith("- ", _DEEPER * depth - 2) if depth else False
    with suppress(YAMLError):  # a text in quotes may go on where nothing else would
        return start + position("\n".join(lines[start:end]), (0, *rest) if in_item else rest)[0]
    return document.line(path)


@lru_cache(maxsize=1)  # findings come file by file
def _laid_out(text: str) -> tuple[list[str], list[int]]:
    """The lines of a record, and how far each is indented."""
    lines = text.split("\n")
    return lines, [
        _NOWHERE if bare[:1] in ("", "#") else len(line) - len(bare) for line in lines for bare in [line.lstrip(" ")]
    ]


def _narrowed(document: Document[Paper], path: Path) -> tuple[int, int, int, Any]:
    """Where the innermost item of a list begins and ends that a path leads to or through, in how many lists, and it."""
    text = document.text
    start, end, holder = 0, len(_laid_out(text)[0]), document.value
    for depth, name in enumerate(_LISTS):
        step: Any = path[2 * depth : 2 * depth + 2]
        if len(step) < 2 or step[0] != name:
            return start, end, depth, holder
        *starts, last = _items(text, start, end, depth)
        items: tuple[Any, ...] = getattr(holder, name) or ()
        at = step[1]
        if len(starts) != len(items) or at not in range(len(items)):
            return start, end, depth, holder
        start, end, holder = starts[at], [*starts[1:], last][at], items[at]
    return start, end, len(_LISTS), holder


@lru_cache(maxsize=256)  # those of one record
def _items(text: str, start: int, end: int, depth: int) -> tuple[int, ...]:
    """The lines where the items of a list begin, and where the last one ends; of one laid out otherwise only this."""
    (lines, indents), indent = _laid_out(text), _DEEPER * depth
    try:
        first = lines.index(f"{' ' * indent}{_LISTS[depth]}:", start, end) + 1
    except ValueError:
        return (end,)
    last = next((at for at in range(first, end) if indents[at] < indent + 2), end)
    begins = (at for at in range(first, last) if indents[at] == indent + 2 and lines[at].startswith("- ", indent + 2))
    return (*(at for at in begins if lines[at][indent + 4 : indent + 5] not in " #"), last)


def _lines_of_key(text: str, start: int, end: int, depth: int, name: str) -> list[int]:
    """The lines that look like that of a key.

    Args:
        text: The record.
        start: The line where the item of a list begins that has the key, or the record.
        end: The line where it ends.
        depth: In how many lists it is.
        name: The key.
    """
    lines, key = _laid_out(text)[0][start:end], f"{' ' * _DEEPER * depth}{name}:"
    lines[0] = lines[0].replace("- ", "  ", 1) if depth else lines[0]  # in an item the first key stands behind its dash
    return [start + at for at, line in enumerate(lines) if line.startswith(key) and line[len(key) :][:1] in ("", " ")]


def _end_of_key(text: str, begin: int, end: int, depth: int) -> int:
    """The line where what a key holds ends; an item of a list that is not indented belongs to it."""
    (lines, indents), indent = _laid_out(text), _DEEPER * depth
    behind = (at for at in range(begin + 1, end) if indents[at] <= indent)
    return next((at for at in behind if f"{lines[at]} "[: indent + 2] != f"{' ' * indent}- "), end)
