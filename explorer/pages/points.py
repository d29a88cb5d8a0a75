"""Page of all operating points: one table to search, filter and take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import pandas as pd

from prunelit.analysis.frames.columns import TEXT, Column, columns_without
from prunelit.analysis.frames.evidence import EVIDENCE_LONG
from prunelit.analysis.frames.headline import headline
from prunelit.explorer.addresses import Address
from prunelit.explorer.downloads import EVIDENCE_FILE, EVIDENCE_METADATA
from prunelit.explorer.explored import ShownColumn, as_script
from prunelit.explorer.navigation import TABLE_PAGE
from prunelit.explorer.page import EARLY, Page, PageContent
from prunelit.explorer.shared import SiteData

PLACE = 60
SCRIPT = Address("table.data.js")
"""The script that holds the table: pages opened from a folder can load nothing else."""
HEADLINE, SECONDARY, SWEPT = "headline result", "another paper's method", "released sweep"
STANDING = Column(
    "standing", TEXT, "",
    f"Whether it is a {HEADLINE} of the paper, a number for {SECONDARY}, or a point of a {SWEPT}.",
    "analysis.frames.headline",
)  # fmt: skip
_FACETS = (
    "canonical_method", "paper_id", "year", "dataset", "architecture", "family", "metric", "structure", "scoring",
    "scheduling", "fine_tuning", "origin", "training_scheme", "standing", "stated_setup", "venue", "peer_reviewed",
    "collections", "hardware",
)  # fmt: skip
_VISIBLE = (
    "canonical_method", "paper_id", "year", "dataset", "architecture", "metric", "value", "change",
    "compression_ratio", "speedup", "structure", "origin", "source_url",
)  # fmt: skip
_RANGED = ("value", "change", "base_value", "compression_ratio", "speedup")
_ELSEWHERE = tuple(
    column.name
    for column in EVIDENCE_LONG
    # What a metric says under its own name, and where derived cells come from, is in the table of evidence.
    if column.name.startswith(("top1", "top5", "base_top", "normalized_")) or column.name.endswith("_rule")
)


def pages(data: SiteData) -> Iterator[Page]:
    """The one page."""
    table = data.evidence_long
    said = (
        "Every operating point that papers print or release, in one table with filters, order and a choice of columns."
    )
    made_of = (data.long_digests, data.names_digest, data.repository)
    yield Page(TABLE_PAGE, "All operating points", partial(_content, table, data), made_of, "points", said, turn=EARLY)


def _content(table: pd.DataFrame, data: SiteData) -> PageContent:
    rows = with_standing(table)
    columns = shown_points()
    links: dict[str, Mapping[str, Address | str]] = {
        "paper_id": _pages("paper", data),
        "canonical_method": _pages("method", data),
        "source_url": {
            one: link for one in rows["source_url"].dropna().unique() if (link := data.source_link(one)) != one
        },
    }
    script = as_script("points", rows, columns, links, TABLE_PAGE)
    values = {
        "csv": EVIDENCE_FILE,
        "metadata": EVIDENCE_METADATA,
        "script": SCRIPT,
        "rows": len(rows),
        "usual": int(rows["standing"].eq(HEADLINE).sum()),
    }
    return PageContent(values, {SCRIPT: script})


def with_standing(table: pd.DataFrame) -> pd.DataFrame:
    """The table with :data:`STANDING`.

    Args:
        table: Rows as of ``evidence_long()``.
    """
    own = table.index.isin(headline(table).index)
    other = table["sweep"].astype(bool).map({True: SWEPT, False: SECONDARY})
    return table.assign(standing=other.where(~own, HEADLINE).astype("string"))


def shown_points() -> list[ShownColumn]:
    """The columns of the table, those first that say what a row is."""
    columns = columns_without(EVIDENCE_LONG, *_ELSEWHERE)
    first = sorted((one for one in columns if one.name in _VISIBLE), key=lambda one: _VISIBLE.index(one.name))
    rest = [one for one in columns if one.name not in _VISIBLE]
    return [_shown(one) for one in (*first[:-1], STANDING, *rest, first[-1])]


def _shown(column: Column) -> ShownColumn:
    return ShownColumn(
        column,
        facet=column.name in _FACETS,
        hidden=column.name not in _VISIBLE,
        in_order=column.name == "year",
        ranged=column.name in _RANGED,
        usual=(HEADLINE,) if column is STANDING else (),
    )


def _pages(kind: str, data: SiteData) -> Mapping[str, Address | str]:
    """The page of each entity of a kind, by its name."""
    return {name: page for name in data.addresses.names(kind) if (page := data.addresses.of(kind, name))}
