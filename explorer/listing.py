"""Lists of papers and other entities: tables whose names lead to their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.pages.section import Section
from prunelit.explorer.page import PagePart
from prunelit.explorer.shared import SiteData
from prunelit.schema.record import Paper

ListRow: TypeAlias = dict[str, Sequence[str]]
"""A row of a list, by heading: each cell a text, or a text and where it leads ("" where it leads nowhere)."""


def list_part(
    title: str,
    rows: Iterable[Mapping[str, Sequence[str]]],
    name: str = "",
    text: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> PagePart | None:
    """A table of rows whose cells are texts or lead somewhere; None without any row.

    Columns in which nothing is said are left out.
    """
    all_rows = list(rows)
    heads = dict.fromkeys(head for row in all_rows for head in row)
    cells = {head: [_named(row.get(head, "")) for row in all_rows] for head in heads}
    said = {head: column for head, column in cells.items() if any(text for text, _ in column)}
    if not said:
        return None
    frame = pd.DataFrame({head: [text for text, _ in column] for head, column in said.items()}, dtype=object)
    links = {head: [target for _, target in column] for head, column in said.items()}
    kept = {head: column for head, column in links.items() if any(column)}
    return PagePart(Section(title, text=tuple(text), table=frame, notes=tuple(notes), links=kept), name)


def _named(cell: Sequence[str]) -> tuple[str, str]:
    return (cell, "") if isinstance(cell, str) else (cell[0], cell[1])


def paper_row(data: SiteData, paper: Paper) -> ListRow:
    """A paper as lists show it."""
    label, address = data.of_paper(paper.id)
    venue = paper.venue or ""
    return {
        "paper": (label, address),
        "title": paper.title,
        "year": str(paper.published.year),
        "venue": (venue, data.addresses.of("venue", venue) or ""),
        "status": paper.status or "",
    }


def papers_listed(
    title: str, papers: Iterable[Paper], data: SiteData, name: str = "papers", without: Sequence[str] = ()
) -> PagePart | None:
    """Papers as a part of a page; None without any."""
    rows = ({key: cell for key, cell in paper_row(data, one).items() if key not in without} for one in papers)
    return list_part(title, rows, name)


def made_of_papers(papers: Iterable[Paper], data: SiteData) -> list[object]:
    """What a list of papers is made of."""
    return [paper_row(data, one) for one in papers]


def number_of(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 paper, 2 papers."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
