"""Markdown: pages that fit into a comment, and tables.

Text from records is shown, never obeyed: no markup, no links or images of its own, nobody notified.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Container, Iterable, Sequence
from functools import partial
from itertools import accumulate

import pandas as pd

from prunelit.analysis.pages.section import Section

MAX_CHARACTERS = 60_000
"""GitHub takes comments of at most 65,536."""
MAX_CELL = 300
_LEFT_OUT = 160
"""Room for the line that says what was left out of a section."""


def in_full(title: str, sections: Sequence[Section]) -> str:
    """A page for a file, in which nothing is cut short."""
    return as_markdown(title, sections, limit=sys.maxsize, longest=sys.maxsize)


def as_markdown(title: str, sections: Sequence[Section], limit: int = MAX_CHARACTERS, longest: int = MAX_CELL) -> str:
    """A page within ``limit`` characters: the first sections in full, later ones as far as there is room.

    What does not fit is counted where it is missing.  Every section keeps its heading.  No cell, fact or paragraph is
    longer than ``longest`` characters.
    """
    parts = [f"# {inline(title, longest)}\n"]
    room = (
        limit
        - len(parts[0])
        - sum(len(_opening(one, longest)) + len(_closing(one, longest)) + _LEFT_OUT for one in sections)
    )
    for section in sections:
        table = "".join(_fitting(section, room, longest))
        room -= len(table)
        parts += [_opening(section, longest), table, _closing(section, longest)]
    return "".join(parts)


def _opening(section: Section, longest: int) -> str:
    facts = "".join(f"- {inline(fact.label, longest)}: {inline(fact.value, longest)}\n" for fact in section.facts)
    text = "".join(f"\n{inline(paragraph, longest)}\n" for paragraph in section.text)
    return f"\n## {inline(section.title, longest)}\n{facts and chr(10)}{facts}{text}"


def _closing(section: Section, longest: int) -> str:
    return "".join(f"\n{inline(note, longest)}\n" for note in section.notes)


def _fitting(section: Section, room: int, longest: int) -> Iterable[str]:
    if section.table is None:
        return
    head, *rows = rows_of(section.table, longest)
    fold, end = (f"\n<details><summary>{len(rows)} rows</summary>\n", "\n</details>\n") if section.folded else ("", "")
    room -= len(head) + len(fold) + len(end)
    shown = sum(total <= room for total in accumulate(map(len, rows)))
    left_out = f"\n… and {len(rows) - shown} more of {len(rows)} rows; the full report has them all.\n"
    yield from (fold, "\n", head, *rows[:shown], left_out if shown < len(rows) else "", end)


def rows_of(frame: pd.DataFrame, longest: int = MAX_CELL, code: Container[str] = ()) -> list[str]:
    """A table of text as lines: its head with the line below it, then its rows.

    Args:
        frame: The table.
        longest: Characters of a cell at most.
        code: Columns that hold names of ours, which are shown as code.
    """
    names = [inline(str(name), longest) for name in frame.columns]
    head = f"| {' | '.join(names)} |\n|{' --- |' * len(names)}\n"
    show = [_code if name in code else partial(inline, longest=longest) for name in frame.columns]
    cells = (
        [one(cell) for one, cell in zip(show, row, strict=True)] for row in frame.itertuples(index=False, name=None)
    )
    return [head, *(f"| {' | '.join(row)} |\n" for row in cells)]


def _code(name: str) -> str:
    return f"`{name}`"


def inline(text: str, longest: int = MAX_CELL) -> str:
    """Text on one line, not too long, with everything escaped that Markdown or GitHub would obey."""
    short = text if len(text) <= longest else f"{text[: longest - 1]}…"
    escaped = _MARKUP.sub(r"\\\1", " ".join(short.split())).replace("&", "&amp;").replace("<", "&lt;")
    return _REFERENCE.sub(r"\1<!-- -->", escaped)


# An underscore within a word marks nothing up.
_MARKUP = re.compile(r"([\\`*\[\]|~]|(?<![^\W_])_|_(?![^\W_]))")
# A name after '@' would be notified, a number after '#' linked; an address would become a link.
_REFERENCE = re.compile(r"(@|#|://|www(?=\.))")
