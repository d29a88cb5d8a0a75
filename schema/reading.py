"""What does a YAML file say, and where in the file does it say it?

Records come from strangers, so this reads less than YAML: one document of mappings, sequences and scalars.  Anchors,
aliases, tags, deep nesting, duplicate keys, control and bidirectional characters are faults, never surprises.  A plain
scalar is a number only if it is written like a JSON number without exponent; a decimal keeps its digits (``76.0`` is
``Decimal("76.0")``); ``true``, ``false`` and ``null`` are what they look like; everything else is text, so that
``no``, ``012`` and ``12:30`` cannot turn into something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

import yaml
from yaml.parser import Parser as YamlGrammar
from yaml.reader import Reader
from yaml.scanner import Scanner

from prunelit.schema.problems import Path, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 16
MAX_DIGITS = 40

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?", re.ASCII)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


class EventSource(Protocol):
    """What is used of a YAML parser: the stream of its events."""

    def get_event(self) -> yaml.Event: ...


class PureParser(Reader, Scanner, YamlGrammar):
    """PyYAML's own parser, for machines without libyaml."""

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        YamlGrammar.__init__(self)


try:
    from yaml.cyaml import CParser as DefaultParser
except ImportError:
    DefaultParser = PureParser


class UnreadableError(Exception):
    """Raised when a file cannot be read as a record at all; carries the problems found."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def decode(data: bytes, file: str) -> str:
    """The text of a file.

    Raises:
        UnreadableError: if it is too large, empty, not UTF-8, or holds characters that hide or reorder text.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableError(Problem(file, 1, 1, "too-large", f"{len(data):,} bytes; at most {MAX_BYTES:,} are read"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise UnreadableError(Problem(file, line, column, "not-utf-8", message)) from None
    if forbidden := _FORBIDDEN.search(text):
        start = forbidden.start()
        line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
        message = f"character U+{ord(forbidden[0]):04X} is invisible or reorders text; remove it"
        raise UnreadableError(Problem(file, line, column, "forbidden-character", message))
    if not text.strip():
        raise UnreadableError(Problem(file, 1, 1, "empty-file", "the file is empty; expected a mapping"))
    return text


def parse(text: str, file: str, parser: Any = DefaultParser) -> tuple[Any, list[Problem]]:
    """The value of one YAML document (nested dict, list, str, int, Decimal and bool), and what is wrong with its YAML.

    The value stays usable when there are problems (the last of two equal keys wins, keys without a value are absent), so
    that the faults of its content can be told in the same run.

    Raises:
        UnreadableError: at a syntax error, at too deep nesting and at a second document, where reading cannot go on.
    """
    try:
        return _build(parser(text), file)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
        message = f"{reason}; check indentation, the space after each colon, and quotes around text with ': ' or ' #'"
        raise UnreadableError(Problem(file, line, column, "not-yaml", message)) from None


def plain(text: str) -> str | int | Decimal | bool | None:
    """The value of text without quotes: a number (at most ``MAX_DIGITS`` long), a word such as ``true``, or text."""
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text) if len(text) <= MAX_DIGITS else None
    if number is None:
        return text
    return int(text) if number[1] is None else Decimal(text)


class _Frame:
    """One open mapping or sequence; ``key`` is the key whose value comes next."""

    __slots__ = ("container", "key", "key_event", "lines")

    def __init__(self, container: dict[str, Any] | list[Any]) -> None:
        self.container = container
        self.key: str | None = None
        self.key_event: yaml.Event | None = None
        self.lines: dict[str, int] = {}


def _build(events: EventSource, file: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    top = _Frame([])
    stack = [top]

    def report(event: yaml.Event, rule: str, message: str) -> None:
        mark = event.start_mark
        problems.append(Problem(file, mark.line + 1, mark.column + 1, rule, message))

    def place(value: Any, event: yaml.Event) -> None:
        frame = stack[-1]
        if isinstance(frame.container, list):
            frame.container.append(value)
            if value is None:
                report(event, *_NO_VALUE)
        elif frame.key is None:
            _take_key(frame, event, report)
        else:
            if value is None:
                report(frame.key_event or event, *_NO_VALUE)
            else:
                frame.container[frame.key] = value
            frame.key = None

    while True:
        event = events.get_event()
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor or event.tag:
                report(event, *_ANCHOR_OR_TAG)
            place(plain(event.value) if event.implicit[0] else event.value, event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.anchor or event.tag:
                report(event, *_ANCHOR_OR_TAG)
            container: dict[str, Any] | list[Any] = {} if kind is yaml.MappingStartEvent else []
            place(container, event)
            stack.append(_Frame(container))
            if len(stack) > MAX_DEPTH:
                report(event, "too-deep", f"nested more than {MAX_DEPTH - 1} levels deep")
                raise UnreadableError(*problems)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            stack.pop()
        elif kind is yaml.AliasEvent:
            report(event, "alias", f"alias '*{event.anchor}' is not allowed; write the value out")
            place("", event)
        elif kind is yaml.DocumentStartEvent and top.container:
            report(event, "not-one-document", "a file holds one document; remove the '---' and what follows")
            raise UnreadableError(*problems)
        elif kind is yaml.StreamEndEvent:
            break
    if not top.container:
        raise UnreadableError(Problem(file, 1, 1, "empty-file", "nothing but comments; expected a mapping"))
    return top.container[0], problems


_ANCHOR_OR_TAG = ("anchor-or-tag", "anchors (&name) and tags (!name) are not allowed; write the plain value")
_NO_VALUE = ("no-value", "no value; leave out what is unknown")


def _take_key(frame: _Frame, event: yaml.Event, report: Callable[[yaml.Event, str, str], None]) -> None:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.ScalarEvent):
        key = event.value
    else:
        report(event, "key-not-text", "a key must be plain text (quote text that starts with '{' or '[')")
        key = f"(line {line}, column {event.start_mark.column + 1})"
    if key in frame.lines:
        report(event, "duplicate-key", f"key '{key}' stands already on line {frame.lines[key]}; keep one of the two")
    frame.lines[key] = line
    frame.key, frame.key_event = key, event


def position(text: str, path: Path) -> tuple[int, int]:
    """Line and column (from 1) of the value at ``path``; of its key where it has one; else of the nearest parent.

    Composes the document anew, so ask only when something failed, and only about a text that :func:`parse` accepted.
    """
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    node = yaml.compose(text, Loader=loader)
    mark = node.start_mark
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
            if found is None:
                break
            mark, node = found[0].start_mark, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
        else:
            break
    return mark.line + 1, mark.column + 1
