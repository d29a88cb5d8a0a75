"""Canonical formatter for record YAML.

Keys in the order of the schema with long lists last, two spaces of indentation, quotes only where another reader of
YAML might need them, long text folded.  Comments stay with what they are about, and values with their digits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

import yaml
from pydantic import BaseModel
from yaml.resolver import Resolver

from prunelit.schema.calibration import Calibration
from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.fields import of_kind, within
from prunelit.schema.locator import Locator
from prunelit.schema.measurement import MetricValue
from prunelit.schema.messages import model_within
from prunelit.schema.method import Classification
from prunelit.schema.problems import Problem
from prunelit.schema.reading import UnreadableError, parse, plain_value
from prunelit.schema.record import Date, Identifiers, Paper
from prunelit.schema.spread import Bounds, Spread
from prunelit.schema.tree import Content, Node, Scalar, children, comments, read_tree
from prunelit.schema.widths import Widths

MODELINE = "# yaml-language-server: $schema=../../schema/record.schema.json"
"""First line of a record, which tells editors its schema."""
_WIDTH = 108
"""Text that makes a line longer than this is folded."""
IN_BRACES = (
    Date, Identifiers, Locator, Classification, MeasurementConditions, MetricValue, Spread, Bounds, Calibration, Widths,
)  # fmt: skip
"""Mappings that stand on one line."""
IN_BRACKETS = {"collections", *(name for model in within(Paper) for name in of_kind(model, "numbers"))}
"""Lists that stand on one line: those of numbers, and one of a few short names."""
LONG_LISTS = ("methods", "experiments", "curves", "points")
"""Long lists, which stand below everything else, so that nobody has to look for a note beneath them."""

_Model = type[BaseModel] | None

_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`](\S| (?! ))*")
_NOT_PLAIN = re.compile(r":( |$)| #| $|\t")
_CODE = re.compile(r"[0-9a-f]{7,40}|[\d\W]+|[-+.\d][\d_]*[eE][-+]?\d+|0[ox][0-9a-fA-F]+")


def canonical(
    text: str, file: str, model: type[BaseModel], edit_comments: Callable[[Node], None] = lambda _: None
) -> str:
    """The canonical text of a file.

    Args:
        text: The text as it is.
        file: How messages call the file.
        model: The model of what it holds.
        edit_comments: What is to be done to comments before; values stay in any case.

    Raises:
        UnreadableError: if the file is no mapping in YAML as records use it; it then has no canonical form.
    """
    node = parsed_tree(text, file)
    edit_comments(node)
    written = canonical_text(node, model)
    kept = repr(_sorted(parse(written, file)[0])) == repr(_sorted(parse(text, file)[0]))
    if not kept or sorted(comments(node)) != sorted(comments(read_tree(written))):
        message = "this file cannot be put in order without changing it; please report it, and format it by hand"
        raise UnreadableError(Problem(file, 1, 1, "not-kept", message))
    return written


def parsed_tree(text: str, file: str) -> Node:
    """The tree of a file's text.

    Raises:
        UnreadableError: as for :func:`canonical`.
    """
    value, problems = parse(text, file)
    if not problems and not isinstance(value, dict):
        problems.append(Problem(file, 1, 1, "not-a-mapping", "expected 'key: value' lines"))
    if problems:
        raise UnreadableError(*problems)
    return read_tree(re.sub("\r\n?", "\n", text))


def canonical_text(node: Node, model: type[BaseModel]) -> str:
    """The canonical text of a tree."""
    lines = [*node.before, *_block(node, model, 0)]
    single = (line for line, run in groupby(lines) for _ in (run if line else (line,)))
    return "\n".join(single).strip("\n") + "\n"


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _block(node: Node, model: _Model, depth: int) -> Iterator[str]:
    """The lines of a mapping or list, each entry on lines of its own."""
    indent = "  " * depth
    if isinstance(node.content, dict):
        for key, child in _in_order(node.content, model):
            yield from _indented(child.before, indent)
            yield from _pair(f"{indent}{_quoted(key)}:", key, child, _model_of(key, model), depth)
    for item in (_lifted(one, model) for one in node.content) if isinstance(node.content, list) else ():
        yield from _indented(item.before, indent)
        yield from _item(f"{indent}-", item, model, depth)
    yield from _indented(node.end, indent)


def _pair(head: str, key: str, node: Node, model: _Model, depth: int) -> Iterator[str]:
    if _on_one_line(key, node, model):
        yield from _line(head, node, model, depth)
    else:
        yield head + _tail(node)
        yield from _block(node, model, depth + 1)


def _item(head: str, node: Node, model: _Model, depth: int) -> Iterator[str]:
    if _on_one_line("", node, model):
        yield from _line(head, node, model, depth)
    else:
        yield from _indented([node.after] if node.after else [], "  " * depth)
        first, *rest = _block(node, model, depth + 1)
        yield f"{head} {first.lstrip()}"
        yield from rest


def _lifted(node: Node, model: _Model) -> Node:
    """A list's item with what stands above its first entry above its dash instead."""
    if isinstance(node.content, dict) and node.content:
        key, first = _in_order(node.content, model)[0]
        content: Content = node.content | {key: replace(first, before=[])}
    elif isinstance(node.content, list) and node.content:
        first = _lifted(node.content[0], model)
        content = [replace(first, before=[]), *node.content[1:]]
    else:
        return node
    return replace(node, content=content, before=node.before + first.before)


def _tail(node: Node) -> str:
    return f"  {node.after}" if node.after else ""


def _line(head: str, node: Node, model: _Model, depth: int) -> Iterator[str]:
    """The line of a value, or its lines where long text is folded."""
    written = _flow(node, model, within=False)
    if len(head) + 1 + len(written) <= _WIDTH or not isinstance(node.content, Scalar) or not _folds(node.content):
        yield f"{head} {written}{_tail(node)}"
    else:
        yield f"{head} >-{_tail(node)}"
        yield from _folded(node.content.text, "  " * (depth + 1))


def _in_order(pairs: dict[str, Node], model: _Model) -> list[tuple[str, Node]]:
    """The pairs in the order of the model's fields, long lists last; unknown keys follow in their own order."""
    fields = list(model.model_fields) if model else []
    order = {
        name: index for index, name in enumerate([*(name for name in fields if name not in LONG_LISTS), *LONG_LISTS])
    }
    return sorted(pairs.items(), key=lambda pair: order.get(pair[0], len(order)))


def _model_of(key: str, model: _Model) -> _Model:
    field = model.model_fields.get(key) if model else None
    return model_within(field.annotation) if field else None


def _on_one_line(key: str, node: Node, model: _Model) -> bool:
    if isinstance(node.content, Scalar) or not node.content:
        return True
    if node.end or any(any(comments(child)) for child in children(node)):
        return False
    if isinstance(node.content, list):
        return key in IN_BRACKETS
    return model is not None and issubclass(model, IN_BRACES)


def _indented(lines: list[str], indent: str) -> Iterator[str]:
    return (indent + line if line else line for line in lines)


def scalar(text: str) -> str:
    """Text as it can stand anywhere, in brackets too: in quotes where it needs them."""
    return _quoted(text)


def _flow(node: Node, model: _Model, within: bool = True) -> str:
    """A value on one line."""
    if isinstance(node.content, dict):
        pairs = _in_order(node.content, model)
        return "{" + ", ".join(f"{_quoted(key)}: {_flow(one, _model_of(key, model))}" for key, one in pairs) + "}"
    if isinstance(node.content, list):
        return "[" + ", ".join(_flow(one, model) for one in node.content) + "]"
    return _quoted(node.content.text, within) if node.content.is_text else node.content.text


def _quoted(text: str, within: bool = True) -> str:
    """Text, in quotes if it would be read as something else, by other readers of YAML too."""
    is_plain = (
        _PLAIN.fullmatch(text)
        and not _NOT_PLAIN.search(text)
        and not _CODE.fullmatch(text)
        and not (within and set(text).intersection(",[]{}?"))
        and isinstance(plain_value(text), str)
        and _is_text_elsewhere(text)
    )
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _is_text_elsewhere(text: str) -> bool:
    """Whether a reader of all of YAML 1.1 takes a scalar without quotes for text."""
    return bool(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str")


_RESOLVER: Any = Resolver()


def _folds(scalar: Scalar) -> bool:
    """Whether text can be folded: words with single spaces between them, and no other white space."""
    return scalar.is_text and re.fullmatch(r"\S+( \S+)+", scalar.text) is not None


def _folded(text: str, indent: str) -> Iterator[str]:
    line = indent
    for word in text.split(" "):
        if line != indent and len(line) + len(word) > _WIDTH:
            yield line.rstrip(" ")
            line = indent
        line += f"{word} "
    yield line.rstrip(" ")
