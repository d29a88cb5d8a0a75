"""Entries of a BibTeX file, with the line of each field.

bibtexparser cuts the file into entries and fields.  It takes a field with no comma after it and the next one for one
field, joins no strings, and leaves out what it cannot cut, so that values are read and faults are told here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bibtexparser.entrypoint import parse_string
from bibtexparser.exceptions import BlockAbortedException
from bibtexparser.model import Block, Entry, Field, ImplicitComment, ParsingFailedBlock, String

from prunelit.cli.entry.bibliography import SourceError
from prunelit.cli.entry.dates import MONTHS
from prunelit.schema.problems import Problem, at_most, nearest, quoted

_INHERITED = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_NOT_INHERITED = {
    "crossref",
    "xref",
    "key",
    "ids",
    "options",
    "author",
    "doi",
    "eprint",
    "url",
    "label",
    "pages",
    "note",
}
_NAME = re.compile(r"[A-Za-z@_][\w:.+/'*&$-]*")
_FIELD = re.compile(rf"\s*({_NAME.pattern})\s*=")
_FIELD_BEGINS = re.compile(r"\s*[A-Za-z][\w-]*\s*=\s*[{\"]")
_COMMENTED = re.compile(r"^\s*%.*$", re.M)
_BARE = re.compile(r"[^\s#{}\",=]+")
_STEP = re.compile(r"(?<!\\)[{}\"]")

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # what it finds is told below, once


@dataclass(frozen=True)
class FieldText:
    """The text of a field, its line, and why it cannot be read."""

    text: str
    line: int
    fault: str | None = None


@dataclass(frozen=True)
class Record:
    """An entry: its type in lower case, key, line, and fields by their names in lower case."""

    kind: str
    key: str
    line: int
    fields: Mapping[str, FieldText]


@dataclass
class _Reading:
    """What is known of a file while it is read."""

    file: str
    lines: list[str]
    strings: dict[str, str] = field(default_factory=lambda: {month: month for month in MONTHS})
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, message: str, column: int = 1) -> None:
        self.problems.append(Problem(self.file, line, column, "bibtex", message))


def the_entry(text: str, file: str) -> Record:
    """The one entry of a text that is no parent of another, with what it inherits from its parents.

    Raises:
        SourceError: with every fault at its line, or if there is not exactly one such entry.
    """
    reading = _Reading(file, text.splitlines())
    entries = list(_entries(text, reading))
    if reading.problems:
        raise SourceError("\n".join(map(str, at_most(sorted(reading.problems)))))
    parents = {entry.fields["crossref"].text.casefold() for entry in entries if "crossref" in entry.fields}
    papers = [entry for entry in entries if entry.key.casefold() not in parents and entry.kind != "xdata"]
    if len(papers) != 1:
        keys = ", ".join(f"{quoted(entry.key)} (line {entry.line})" for entry in papers[:5])
        found = f"found {len(papers)}: {keys}" if papers else "found none"
        hint = _other_format(text)
        raise SourceError(f"{file}: expected one BibTeX entry, such as '@inproceedings{{key, …}}'; {found}{hint}")
    return _with_inherited(papers[0], {entry.key.casefold(): entry for entry in entries})


def _other_format(text: str) -> str:
    if re.match(r"\s*TY {1,2}-", text):
        return "; this is RIS: use --ris FILE"
    return "; this is JSON: use --csl FILE" if re.match(r"\s*[\[{]", text) else ""


def _with_inherited(entry: Record, by_key: Mapping[str, Record], depth: int = 4) -> Record:
    """The entry with the fields of its parent that it lacks, the parent's title as ``booktitle``."""
    parent = by_key.get(entry.fields["crossref"].text.casefold()) if "crossref" in entry.fields else None
    if not parent or not depth:
        return entry
    parent = _with_inherited(parent, by_key, depth - 1)
    given = {_INHERITED.get(name, name): value for name, value in parent.fields.items() if name not in _NOT_INHERITED}
    own = {name: value for name, value in entry.fields.items() if name != "crossref"}
    return Record(entry.kind, entry.key, entry.line, given | own)


def _entries(text: str, reading: _Reading) -> Iterator[Record]:
    """The entries in their order; problems go to ``reading``."""
    seen = False
    for block in parse_string(text, parse_stack=[]).blocks:
        whole = _whole(block, reading)
        if isinstance(whole, String):
            for name, value in _fields(Field(whole.key, whole.value, whole.start_line), reading):
                reading.strings[name] = value.text
        elif isinstance(whole, Entry):
            seen = True
            yield _record(whole, reading)
        elif isinstance(whole, ImplicitComment) and seen and _looks_like_fields(whole.comment):
            message = "these fields stand outside of the entry: is there a brace too many before them?"
            reading.problem((whole.start_line or 0) + 1, message)


def _looks_like_fields(comment: str) -> bool:
    bare = _COMMENTED.sub("", comment)
    return bool(re.search(r"(?:^|[,}\s])[A-Za-z][\w-]*\s*=\s*[{\"\w]", bare))


def _whole(block: Block, reading: _Reading) -> Block | None:
    """The block, or what a block with a repeated key holds; one that was not cut is told."""
    if not isinstance(block, ParsingFailedBlock):
        return block
    if isinstance(block.error, BlockAbortedException):
        _tell_aborted(block, block.error, reading)
        return None
    return block.ignore_error_block


def _tell_aborted(block: ParsingFailedBlock, error: BlockAbortedException, reading: _Reading) -> None:
    start = (block.start_line or 0) + 1
    raw = block.raw or ""
    if error.abort_reason.startswith("Expected comma after entry key"):
        reading.problem(start, "the entry needs a key and a comma after it: '@article{key, title = {…}, …}'")
    elif error.abort_reason.startswith("Expected a `=`"):
        line = start + raw.rstrip().count("\n")
        reading.problem(line, "expected 'name = {value}' here; is a comma too many, or a '=' missing?")
    else:
        inside = _first_field_inside(raw)
        where = "" if inside is None else f"; the one before line {start + inside}, as it seems"
        message = f"the entry at line {start} does not end: a brace or quote in it is not closed{where}"
        reading.problem(start if inside is None else max(start, start + inside - 1), message)


def _first_field_inside(raw: str) -> int | None:
    """The first line that begins like a field although a value is still open, counted from that of the entry."""
    depth, quoted_value = 0, False
    for at, line in enumerate(raw.split("\n")):
        begins = _FIELD_BEGINS.match(line)
        if begins and (depth > 1 or quoted_value):
            return at
        depth += len(re.findall(r"(?<!\\)\{", line)) - len(re.findall(r"(?<!\\)\}", line))
        odd = len(re.findall(r'(?<!\\)"', line)) % 2 == 1
        quoted_value = odd if begins and begins[0].endswith('"') else quoted_value != odd
    return None


def _record(entry: Entry, reading: _Reading) -> Record:
    fields: dict[str, FieldText] = {}
    for raw in entry.fields:
        for name, value in _fields(raw, reading):
            value = replace(value, text=value.text.strip())
            known = fields.setdefault(name, value)
            if known.text != value.text:
                told = f"'{name}' stands twice, here and at line {known.line}; leave one of them"
                fields[name] = FieldText(known.text, value.line, told)
    return Record(entry.entry_type.lower(), entry.key, (entry.start_line or 0) + 1, fields)


def _fields(raw: Field, reading: _Reading) -> Iterator[tuple[str, FieldText]]:
    """The field that was cut out, and those that a missing comma has joined to it."""
    name, text, line = _COMMENTED.sub("", raw.key).strip(), str(raw.value), (raw.start_line or 0) + 1
    if raw.key.rpartition("\n")[2].lstrip().startswith("%"):  # a field that was commented out
        return
    while True:
        if not _NAME.fullmatch(name):
            reading.problem(line, f"expected the name of a field before '=', found {quoted(name)}")
            return
        value, end = _value(text, line, reading.strings)
        yield name.lower(), value
        rest = _COMMENTED.sub("", text[end:])
        if not rest.strip():
            return
        line += text.count("\n", 0, end)
        following = _FIELD.match(rest)
        column = _column(reading.lines, line, text[:end])
        if not following:
            found = (
                f"found {quoted(rest.strip())} after the value of '{name}'; expected a comma, or the end of the entry"
            )
            reading.problem(line, f"{found}: put braces around the whole value", column)
            return
        reading.problem(line, f"a comma is missing after the field '{name}'", column)
        line += rest.count("\n", 0, following.end())
        name, text = following[1], rest[following.end() :]


def _column(lines: list[str], line: int, before: str) -> int:
    """The column behind the last line of what stands before."""
    last = before.rpartition("\n")[2].strip()
    at = lines[line - 1].find(last) if last and line <= len(lines) else -1
    return at + len(last) + 1 if at >= 0 else 1


def _value(text: str, line: int, strings: Mapping[str, str]) -> tuple[FieldText, int]:
    """The text that pieces joined by ``#`` stand for, and where they end."""
    pieces, at, fault = list[str](), 0, None
    while True:
        at += len(text[at:]) - len(text[at:].lstrip())
        piece, at, undefined = _piece(text, at, strings)
        pieces.append(piece)
        if undefined:
            hint = nearest(undefined, set(strings) - set(MONTHS)) or "; put braces around text"
            fault = f"{quoted(undefined)} is the name of no string in this file{hint}"
        joined = re.match(r"\s*#", text[at:])
        if not joined:
            return FieldText("".join(pieces), line, fault), at
        at += joined.end()


def _piece(text: str, at: int, strings: Mapping[str, str]) -> tuple[str, int, str | None]:
    """A piece of a value, where it ends, and its name where it is that of no string."""
    if text[at : at + 1] in {"{", '"'}:
        end = _end_of_group(text, at)
        return text[at + 1 : end - 1], end, None
    bare = _BARE.match(text, at)
    if not bare:
        return "", at, None
    known = bare[0] if bare[0].isdecimal() else strings.get(bare[0].lower())
    return bare[0] if known is None else known, bare.end(), bare[0] if known is None else None


def _end_of_group(text: str, start: int) -> int:
    """Where what is in braces or quotes ends; the end of the text if it does not."""
    depth = 0
    for step in _STEP.finditer(text, start):
        if step[0] == '"':
            if text[start] == '"' and depth == 0 and step.start() > start:
                return step.end()
            continue
        depth += 1 if step[0] == "{" else -1
        if depth == 0 and text[start] == "{":
            return step.end()
    return len(text)
