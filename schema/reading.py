"""Reading of YAML with the position of every value.

Records come from strangers, so this reads less than YAML: one document of mappings, sequences and scalars.  Anchors,
aliases, tags, deep nesting, duplicate keys, control and bidirectional characters are faults, never surprises.  A plain
scalar is a number only if it is written like a JSON number without exponent; a decimal keeps its digits (``76.0`` is
``Decimal("76.0")``); ``true``, ``false`` and ``null`` are what they look like; everything else is text, so that
``no``, ``012`` and ``12:30`` cannot turn into something else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from pathlib import Path as FilePath
from stat import S_ISREG
from typing import Any, Protocol, TypeAlias

import yaml
from yaml.parser import Parser as YamlGrammar
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError

from prunelit.schema.problems import Path, Problem, PrunelitError, quoted

MAX_BYTES = 400_000
_MAX_DEPTH = 16
_MAX_DIGITS = 40

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?", re.ASCII)
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)", re.MULTILINE)
_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n))*%")
"""What comes before the document and speaks to the parser, of which parsers understand different ones."""
_COMMENTED_BLOCK = re.compile(r"#(?<=[-+0-9|>]#)")
"""A comment that may stand right behind ``|`` or ``>``; looked back at from its sign, as that is much faster."""
_BY_SIGHT = (
    (re.compile(r"^ *\t"), "a tab indents this line; use spaces"),
    (re.compile("\t"), "a tab stands on this line; use spaces"),
    (re.compile("^ *\u00a0|:\u00a0|-\u00a0"), "a non-breaking space stands on this line; use a plain space"),
)
"""What keeps a line from being YAML, and what a message calls it."""
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""Characters that hide, reorder or control text."""


def spaces_told(key: str) -> str:
    """What a message says of a key that a non-breaking space has become part of; nothing of others."""
    return f"a non-breaking space stands in key {quoted(key)}; use plain spaces" if "\u00a0" in key else ""


class EventSource(Protocol):
    """What is used of a YAML parser: the stream of its events."""

    def get_event(self) -> Any:
        """The next event."""


class PureParser(Reader, Scanner, YamlGrammar):
    """PyYAML's own parser, for disputed texts and machines without libyaml; escapes stand for what they do there."""

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        YamlGrammar.__init__(self)

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Any) -> Any:
        """As PyYAML, but an escape that stands for no character is an error of YAML."""
        mark = self.get_mark()
        try:
            found = super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError):  # beyond the last character
            found = ["\ud800"]
        if any("\ud800" <= sign <= "\udfff" for part in found for sign in part):
            raise ScannerError("while parsing a quoted scalar", start_mark, "an escape that is no character", mark)
        return found


def _fastest() -> Any:
    """The parser of libyaml where PyYAML was built with it, which is ten times as fast."""
    return import_module("yaml._yaml").CParser if yaml.__with_libyaml__ else PureParser


DefaultParser: Any = _fastest()


class UnreadableError(PrunelitError):
    """Raised when a file cannot be read as a record at all; carries the problems found."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def contents(path: FilePath, file: str, most: int = MAX_BYTES) -> bytes:
    """The bytes of a file.

    Args:
        path: The file.
        file: How messages call it.
        most: The bytes that it may have.

    Raises:
        UnreadableError: if it cannot be read, is too large, or is a device or pipe, whose reading may never end.
    """
    try:
        _require_file(path.stat(), file, most)
        # It may be another one by now: opening a pipe must not wait, nor may reading go on for ever.
        with open(path, "rb", opener=_without_waiting) as opened:
            _require_file(os.fstat(opened.fileno()), file, most)
            data = opened.read(most + 1)
    except OSError as error:
        raise UnreadableError(Problem(file, 1, 1, "unreadable", f"{error.strerror or error}")) from None
    require_size(len(data), file, most)
    return data


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _require_file(info: os.stat_result, file: str, most: int) -> None:
    if not S_ISREG(info.st_mode):
        raise UnreadableError(Problem(file, 1, 1, "unreadable", "this is not a file"))
    require_size(info.st_size, file, most)


def require_size(size: int, file: str, most: int) -> None:
    """Refuse a file of more bytes than it may have.

    Raises:
        UnreadableError: if it has more.
    """
    if size > most:
        hint = ": put long sweeps into corpus/sweeps" if most == MAX_BYTES else ""
        raise UnreadableError(Problem(file, 1, 1, "too-large", f"{size:,} bytes; at most {most:,} are read{hint}"))


def decode(data: bytes, file: str) -> str:
    """The text of a file.

    Raises:
        UnreadableError: if it is empty, not UTF-8, or holds characters that hide or reorder text.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise UnreadableError(Problem(file, line, column, "not-utf-8", message)) from None
    if forbidden := FORBIDDEN.search(text):
        start = forbidden.start()
        line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
        raise UnreadableError(Problem(file, line, column, *_forbidden(forbidden)))
    if not text.strip():
        raise UnreadableError(Problem(file, 1, 1, "empty-file", "the file is empty; expected a mapping"))
    return text


def _forbidden(found: re.Match[str]) -> tuple[str, str]:
    message = f"character U+{ord(found[0]):04X} is invisible or reorders text; remove it"
    if found[0] == "\ufeff" and found.start() == 0:
        message = "the file starts with a byte order mark; save it as UTF-8 without one"
    return "forbidden-character", message


Parse: TypeAlias = Callable[[str, str, Any], tuple[Any, list[Problem]]]
"""What gives the value of a text, and what is wrong with its YAML: :func:`parse`, or what knows texts from before."""


def parse(text: str, file: str, parser: Any = DefaultParser) -> tuple[Any, list[Problem]]:
    """The value of one YAML document (nested dict, list, str, int, Decimal and bool), and what is wrong with its YAML.

    The value stays usable when there are problems (the last of two equal keys wins, keys without a value are absent),
    so that the faults of its content can be told in the same run.

    Raises:
        UnreadableError: at a syntax error, at too deep nesting, at a second document, and after anchors, aliases, tags
            or keys that are not text, where reading cannot go on.
    """
    if directive := _DIRECTIVE.match(text):
        message = "directives (lines that start with '%') are not allowed; remove this line"
        raise UnreadableError(Problem(file, text.count("\n", 0, directive.end()) + 1, 1, "directive", message))
    try:
        return _build((PureParser if _is_disputed(text) else parser)(text), file, escapes="\\" in text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if told := _accident(text, line):
            raise UnreadableError(Problem(file, *told[:2], "not-yaml", told[2])) from None
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
        message = (
            f"this is not YAML ({reason}); check indentation, the space after each colon, closing brackets and quotes, "
        )
        message += "and quotes around text with ': ' or ' #'"
        raise UnreadableError(Problem(file, line, column, "not-yaml", message)) from None


def _is_disputed(text: str) -> bool:
    """Whether libyaml may read more freely than YAML is: tabs, or a comment right behind the sign of a block."""
    return "\t" in text or _COMMENTED_BLOCK.search(text) is not None


def _accident(text: str, line: int) -> tuple[int, int, str] | None:
    """What a reader cannot see, or left there by accident, near a line that is no YAML: line, column and message."""
    if conflict := _CONFLICT.search(text):
        message = f"two branches conflict here; keep one side, without lines such as {quoted(conflict[1])}"
        return text.count("\n", 0, conflict.start()) + 1, 1, message
    lines = text.splitlines()
    for at in (line, line - 1):
        for form, message in _BY_SIGHT:
            if 0 < at <= len(lines) and (found := form.search(lines[at - 1])):
                return at, found.end(), message
    return None


@lru_cache(maxsize=4096)  # the same numbers and words come again and again
def plain_value(text: str) -> str | int | Decimal | bool | None:
    """The value of text without quotes: a number (at most ``MAX_DIGITS`` long), a word such as ``true``, or text."""
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text) if text[0] in "-0123456789" and len(text) <= _MAX_DIGITS else None
    if number is None:
        return text
    return int(text) if number[1] is None else Decimal(text)


class _Frame:
    """One open mapping or sequence; ``key`` is the key whose value comes next, ``keys`` the event of each so far."""

    __slots__ = ("container", "key", "keys")

    def __init__(self, container: dict[str, Any] | list[Any]) -> None:
        self.container = container
        self.key: str | None = None
        self.keys: dict[str, Any] = {}


def _build(events: EventSource, file: str, escapes: bool) -> tuple[Any, list[Problem]]:
    """The value of a stream of events; ``escapes`` is whether quoted text may hold what the file does not.

    All records pass through here, value by value, so that calls are few.
    """
    problems: list[Problem] = []
    documents: list[Any] = []
    frame, around = _Frame(documents), [_Frame([])]
    scalar, mapping, sequence = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent

    def report(event: Any, rule: str, message: str) -> None:
        mark = event.start_mark
        problems.append(Problem(file, mark.line + 1, mark.column + 1, rule, message))

    while True:
        event = events.get_event()
        kind = type(event)
        value: Any
        if kind is scalar or kind is mapping or kind is sequence:
            if event.anchor or event.tag:
                report(event, *_ANCHOR_OR_TAG)
            container: Any = frame.container
            is_key = type(container) is dict and frame.key is None
            if kind is not scalar:
                value = {} if kind is mapping else []
            elif escapes and event.style == '"' and (hidden := FORBIDDEN.search(event.value)):  # such as "\u202e"
                report(event, *_forbidden(hidden))
                raise UnreadableError(*problems)
            elif not is_key:
                value = plain_value(event.value) if event.implicit[0] else event.value
            if is_key:
                key = event.value if kind is scalar else f"(line {_line(event)}, column {event.start_mark.column + 1})"
                if kind is not scalar or key == "<<" or key in frame.keys:
                    _report_key(key, event, frame.keys, report)
                frame.key, frame.keys[key] = key, event
            elif type(container) is list:
                container.append(value)
                if value is None:
                    report(event, "no-value", "this item has no value; write one, or remove it")
            else:
                held, frame.key = str(frame.key), None
                if value is None:
                    message = f"key {quoted(held)} has no value; write one, or leave the key out where it is unknown"
                    report(frame.keys[held], "no-value", spaces_told(held) or message)
                else:
                    container[held] = value
            if kind is not scalar:
                around.append(frame)
                frame = _Frame(value)
                if len(around) > _MAX_DEPTH:
                    report(event, "too-deep", f"nested more than {_MAX_DEPTH - 1} levels deep")
                    raise UnreadableError(*problems)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            frame = around.pop()
        elif kind is yaml.AliasEvent:
            report(event, "alias", f"alias {quoted('*' + event.anchor)} is not allowed; write the value out")
            raise UnreadableError(*problems)
        elif kind is yaml.DocumentStartEvent and documents:
            report(event, "not-one-document", "a file holds one document; remove the '---' and what follows")
            raise UnreadableError(*problems)
        elif kind is yaml.StreamEndEvent:
            break
    if not documents:
        raise UnreadableError(Problem(file, 1, 1, "empty-file", "nothing but comments; expected a mapping"))
    if not _BEYOND_RECORDS.isdisjoint(problem.rule for problem in problems):
        raise UnreadableError(*problems)
    return documents[0], problems


# With one of these the content cannot be judged: what it says is not what the file says.
_BEYOND_RECORDS = {"anchor-or-tag", "key-not-text", "merge-key"}
_ANCHOR_OR_TAG = ("anchor-or-tag", "anchors (&name) and tags (!name) are not allowed; write the plain value")


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line


def _report_key(key: str, event: Any, known: dict[str, Any], report: Callable[[Any, str, str], None]) -> None:
    """Tell what is wrong with a key."""
    if type(event) is not yaml.ScalarEvent:
        report(event, "key-not-text", "a key must be plain text (quote text that starts with '{' or '[')")
    if key == "<<":
        report(event, "merge-key", "merging with '<<' is not allowed; write the values out")
    if key in known:
        report(event, "duplicate-key", f"key {quoted(key)} stands already on line {_line(known[key])}; keep one")


def position(text: str, path: Path) -> tuple[int, int]:
    """Line and column (from 1) of the value at ``path``; of its key where it has one; else of the nearest parent.

    Composes the document anew, so ask only when something failed, and only about a text that :func:`parse` accepted.
    """
    node = composed(text)
    mark = node.start_mark
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in reversed(node.value) if key.value == step), None)
            if found is None:
                break
            mark, node = found[0].start_mark, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
        else:
            break
    return mark.line + 1, mark.column + 1


@lru_cache(maxsize=1)  # a bad file is asked about once for every problem in it
def composed(text: str) -> Any:
    """The nodes of a text, with their places and without tags, which take as long to find as all else that is done."""
    return yaml.compose(text, Loader=_Composer)


class _Composer(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Gives no node a tag."""

    def descend_resolver(self, *_: object) -> None:
        """Look for no tags below."""

    ascend_resolver = resolve = descend_resolver
