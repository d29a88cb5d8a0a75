"""Tables that readers search, filter, order and take away: what a page says of each column and cell."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, Column
from prunelit.analysis.pages.section import computed
from prunelit.explorer.addresses import Address, relative
from prunelit.explorer.downloads import PACKED_FROM, Download, packed

KINDS_OF_COLUMNS = {NUMBER: "number", COUNT: "count", FLAG: "flag"}
"""What the scripts call the types of columns that are not text."""
_DENSE = 0.5
"""Share of known cells from which on a column is written cell by cell; else the known ones with their places."""
_DIGITS = 12
"""Digits that cells of a page hold of a number: far more than anybody prints, and none that come of reckoning."""
LINK_KIND = "link"
"""Kind of a column that holds web addresses of sources."""
_LABELS = {
    "paper_id": "Paper",
    "canonical_method": "Method",
    "method_label": "Method as printed",
    "source_url": "Source",
    "top1": "Top-1",
    "top5": "Top-5",
    "flops": "FLOPs",
}


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of an explored table.

    Attributes:
        column: Its name, type, unit and meaning.
        facet: Whether readers choose among its words, each with the number of rows that it would leave.
        hidden: Whether it is shown only when it is asked for.
        in_order: Whether its words are offered in their own order, not the most frequent first.
        ranged: Whether readers choose a range of its numbers.
        usual: The words that are chosen where the address says nothing.
    """

    column: Column
    facet: bool = False
    hidden: bool = True
    in_order: bool = False
    ranged: bool = False
    usual: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in tables and files."""
        return self.column.name

    @property
    def kind(self) -> str:
        """What it holds: ``text``, ``link``, ``flag``, ``count`` or ``number``; years to choose among are text."""
        if self.name == "source_url":
            return LINK_KIND
        found = KINDS_OF_COLUMNS.get(self.column.dtype, "text")
        return "flag" if found == "count" and self.facet else found

    @property
    def meaning(self) -> str:
        """What it means, with its unit."""
        return f"{self.column.meaning} ({self.column.unit})" if self.column.unit else self.column.meaning

    @property
    def label(self) -> str:
        """Its heading."""
        return column_label(self.name)


def column_label(name: str) -> str:
    """The heading of a column: ``Compression ratio`` for ``compression_ratio``."""
    words = name.replace("_", " ")
    return _LABELS.get(name, words[:1].upper() + words[1:])


class ExploredCell(NamedTuple):
    """A cell: its text, what it holds where the text does not say so, where it leads to, and its class."""

    text: str
    value: str | None
    link: Address | str | None
    css: str


@dataclass(frozen=True, slots=True, eq=False)
class ExploredTable:
    """A table that a page shows whole.

    Attributes:
        name: Its name within the page.
        table: The rows.
        columns: Its columns; those without any value are left out.
        ids: A name of each row within the page.
        links: Where the cells of some columns lead, row by row.
        download: The same as files.
    """

    name: str
    table: pd.DataFrame
    columns: tuple[ShownColumn, ...]
    ids: Sequence[str]
    download: Download
    links: Mapping[str, Sequence[Address | str | None]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What it holds."""
        return self.download.title

    def rows(self) -> Iterator[tuple[str, list[ExploredCell]]]:
        """The name and the cells of each row."""
        columns = [list(self._cells(one)) for one in self.columns]
        return zip(self.ids, map(list, zip(*columns, strict=True)), strict=True)

    def _cells(self, shown: ShownColumn) -> Iterator[ExploredCell]:
        values = self.table[shown.name]
        links = self.links.get(shown.name) or [None] * len(values)
        css = "num" if shown.kind in ("number", "count") else ""
        for value, known, link in zip(values.tolist(), values.notna().tolist(), links, strict=True):
            yield _cell(value, shown, link, css) if known else ExploredCell("", None, None, "")


def _cell(value: Any, shown: ShownColumn, link: Address | str | None, css: str) -> ExploredCell:
    held = f"{value:.{_DIGITS}g}" if isinstance(value, float) else str(value)
    if shown.kind == LINK_KIND:
        return ExploredCell("source", None if (link or held) == held else held, link or held, css)
    text = _number(value, shown) if shown.kind in ("number", "count") else held
    return ExploredCell(text, None if text == held else held, link, css)


def _number(value: Any, shown: ShownColumn) -> str:
    """A number as people read it; what was counted is not rounded."""
    is_count = shown.kind == "count" and shown.column.unit == "count"
    return f"{value:,}" if is_count else computed(value, shown.column.unit)


def explored(
    name: str,
    table: pd.DataFrame,
    columns: Sequence[ShownColumn],
    ids: Sequence[str],
    title: str,
    stem: str,
    links: Mapping[str, Sequence[Address | str | None]] | None = None,
) -> ExploredTable:
    """A table to explore, and its files.

    Args:
        name: Its name within the page.
        table: Its rows.
        columns: Its columns, in their order; those that nothing is said in are in its files alone.
        ids: A name of each row.
        title: What it holds.
        stem: Address of its files, without their suffixes.
        links: Where the cells of some columns lead.
    """
    there = [one for one in columns if one.name in table]
    kept = tuple(one for one in there if table[one.name].notna().any())
    whole = table[[one.name for one in there]]
    download = Download(stem, title, whole, [one.column for one in there], PACKED_FROM)
    return ExploredTable(name, table[[one.name for one in kept]], kept, ids, download, links or {})


def meanings_script(columns: Iterable[ShownColumn]) -> str:
    """What columns mean, as a script for pages that share them, so that not each of them has to say it."""
    told = {one.name: one.meaning for one in columns}
    return f"(window.prunelit ??= {{}}).meanings = {json.dumps(told, separators=(',', ':'))};\n"


def as_script(
    name: str,
    table: pd.DataFrame,
    columns: Sequence[ShownColumn],
    links: Mapping[str, Mapping[str, Address | str]],
    page: Address,
) -> str:
    """A table as a script that a page loads, column by column: pages opened from a folder may load nothing else.

    It holds JSON, compressed (RFC 1952) and in base 64, a fifth of its size: browsers unpack that themselves.
    Text is written once a word, and a word's place in each row, -1 where it is unknown; a column that is unknown in
    most rows with the places of the others.

    Args:
        name: What the page calls it.
        table: The rows.
        columns: Its columns, in their order; those that nothing is said in are left out.
        links: Where the words of some columns lead.
        page: The page that loads it.
    """
    kept = [one for one in columns if table[one.name].notna().any()]
    told = [_column(table[one.name], one, links.get(one.name, {}), page) for one in kept]
    text = json.dumps({"rows": len(table), "columns": told}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    data = b64encode(packed(text)).decode()
    return f"((window.prunelit ??= {{}}).tables ??= {{}})[{json.dumps(name)}] = {json.dumps(data)};\n"


def _column(
    values: pd.Series[Any], shown: ShownColumn, links: Mapping[str, Address | str], page: Address
) -> dict[str, Any]:
    told = {
        "name": shown.name,
        "label": shown.label,
        "kind": shown.kind,
        "unit": shown.column.unit,
        "meaning": shown.column.meaning,
        "facet": shown.facet,
        "hidden": shown.hidden,
        "inOrder": shown.in_order,
        "range": shown.ranged,
        "usual": list(shown.usual),
    }
    known = values.notna().to_numpy()
    places = {} if known.mean() > _DENSE else {"at": known.nonzero()[0].tolist()}
    kept = values[known] if places else values
    if shown.kind in ("number", "count"):
        numbers = kept.astype(object).where(kept.notna(), None).tolist()
        return told | places | {"values": numbers}
    codes, words = pd.factorize(kept.astype(object), sort=True)
    led = {"links": [_led(links.get(word, ""), page) for word in map(str, words)]} if links else {}
    return told | places | {"codes": codes.tolist(), "words": [str(word) for word in words], **led}


def _led(target: Address | str, page: Address) -> str:
    """Where a word leads from a page: relative within the site, else as it is."""
    return relative(target, page) if isinstance(target, Address) else target
