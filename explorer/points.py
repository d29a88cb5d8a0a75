"""Operating points as pages show them: one table, whatever they have in common, each row with its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from prunelit.analysis.frames.evidence import EVIDENCE
from prunelit.analysis.frames.measurements import PLACE
from prunelit.analysis.pages.section import Section, computed
from prunelit.explorer.addresses import Addresses
from prunelit.explorer.downloads import PACKED_FROM, Download
from prunelit.explorer.page import PagePart

SHOWN_QUANTITIES = {
    "top1": ("top-1 (%)", "%"),
    "top1_change": ("change (pp)", "pp"),
    "top5": ("top-5 (%)", "%"),
    "top5_change": ("top-5 change (pp)", "pp"),
    "compression_ratio": ("compression (×)", "ratio"),
    "speedup": ("speedup (×)", "ratio"),
}
"""Quantities that tables of pages show, with their headings and units."""
_RULES = {head: f"{name}_rule" for name, (head, _) in SHOWN_QUANTITIES.items()}
"""The columns that say where quantities come from, by heading."""
ENTITIES = ("paper", "method", "network", "dataset")
"""Columns that say whose a number is."""
FOLDED_FROM = 400
"""Rows from which a table is folded, until somebody asks for it."""
COLUMNS_OF_FILES = (
    "paper_id", "year", "venue", "peer_reviewed", "dataset", "architecture", "method", "canonical_method", "origin",
    "proposer", "copied_from", "structure", "scoring", "training_scheme", "pruned_model", "sweep", "excluded",
    *(part for name in (*SHOWN_QUANTITIES, "base_top1", "base_top5") for part in (name, f"{name}_rule")),
    "top1_std", "seeds", "params", "params_kept", "flops", "flops_kept", "flop_convention",
    "params_scope", "sparsity_scope", "flops_scope", "base_params", "base_flops", "base_multiply_adds",
    "normalized_top1", "normalized_params", "normalized_multiply_adds",
    "split", "resolution", "sequence_length", "bounds", "locator", "source_url",
)  # fmt: skip
"""Columns of the files beside pages; the table of all operating points among the downloads has them all."""
_ORDER = ["dataset", "architecture", "canonical_method", "year", "paper_id"]


def points_as_text(
    evidence: pd.DataFrame, measurements: pd.DataFrame, labels: Mapping[str, str], addresses: Addresses
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All operating points as pages show them, but for those of released sweeps.

    Args:
        evidence: Rows as of ``evidence()``.
        measurements: Rows as of ``measurements()``.
        labels: Short labels of papers, by their ids.
        addresses: Where pages are.

    Returns:
        The texts of all columns, and the links of those that have any; both by the index of ``evidence``, in the order
        in which pages show them.
    """
    rows = evidence[~evidence["sweep"].astype(bool)].sort_values(_ORDER, kind="stable", na_position="last")
    method = rows["canonical_method"].fillna(rows["method_label"])
    texts = pd.DataFrame(
        {
            "paper": rows["paper_id"].map(labels),
            "method": method,
            "network": rows["architecture"],
            "dataset": rows["dataset"],
            "numbers": rows["origin"],
            "printed as": rows["method"].mask(rows["method"].eq(method).fillna(False).astype(bool)),
            "training": rows["training_scheme"].str.replace("_", " "),
            "pruned model": rows["pruned_model"],
            **{head: _numbers(rows, name, unit) for name, (head, unit) in SHOWN_QUANTITIES.items()},
            "other metrics": _other_metrics(rows, measurements),
            "source": _places_in_short(rows),
        }
    )
    return texts.astype(object).where(texts.notna(), ""), _links(rows, addresses)


def _numbers(rows: pd.DataFrame, name: str, unit: str) -> list[str]:
    return [computed(value, unit) for value in rows[name]]


def _places_in_short(rows: pd.DataFrame) -> pd.Series[str]:
    short: pd.Series[str] = rows["locator"].fillna("").map(place_in_short)
    return short.mask(rows["source_url"].isna(), rows["locator"])


def place_in_short(place: str) -> str:
    """Where a number stands, without the file that its link opens; the name of that is in the CSV.

    Example:
        >>> place_in_short("Table 2, row 3, repository owner/name, path README.md"), place_in_short("Path a.csv")
        ('Table 2, row 3', 'source')
    """
    return _FILE.sub("", place) or "source"


def with_source(place: object, address: str) -> tuple[str, str]:
    """Where a number stands, in short where an address opens the file, and that address; "" where nothing is said.

    Example:
        >>> with_source("Table 2, path a.csv", ""), with_source(None, "https://arxiv.org/abs/2407.04616")
        (('Table 2, path a.csv', ''), ('source', 'https://arxiv.org/abs/2407.04616'))
    """
    said = place if isinstance(place, str) else ""
    return (place_in_short(said), address) if address else (said, "")


_FILE = re.compile(r"(?i)(?:^|, )(?:repository|path|lines|url|version) .*$")
"""How the part of a locator begins that says in which file of which repository."""


def _other_metrics(rows: pd.DataFrame, measurements: pd.DataFrame) -> pd.Series[str]:
    """The values in metrics that have no column, by the index of the rows."""
    others = measurements[~measurements["sweep"].astype(bool) & ~measurements["metric"].isin(["top1", "top5"])]
    told: dict[tuple[Any, ...], list[str]] = {}
    for *place, metric, value, unit in others[[*PLACE, "metric", "value", "unit"]].itertuples(index=False, name=None):
        if not pd.isna(value):
            symbol = "" if pd.isna(unit) or unit in ("count", "ratio", "") else f" {unit}"
            told.setdefault(tuple(place), []).append(f"{metric} {value:.6g}{symbol}")
    places = rows[list(PLACE)].itertuples(index=False, name=None)
    return pd.Series(["; ".join(told.get(tuple(place), ())) for place in places], index=rows.index, dtype=object)


def _links(rows: pd.DataFrame, addresses: Addresses) -> pd.DataFrame:
    """Where the cells of a table lead: names to their pages, and places to the source of the numbers."""
    sources = rows["source_url"].fillna("").tolist()
    to_pages = {
        head: [addresses.of(kind, None if pd.isna(name) else name) or "" for name in rows[column]]
        for head, kind, column in (
            ("paper", "paper", "paper_id"),
            ("method", "method", "canonical_method"),
            ("network", "architecture", "architecture"),
            ("dataset", "dataset", "dataset"),
        )
    }
    return pd.DataFrame({**to_pages, "source": sources}, index=rows.index, dtype=object)


def derived_marks(rows: pd.DataFrame) -> dict[str, list[str]]:
    """The classes of cells that hold what follows from printed numbers, by heading."""
    return {
        head: ["derived" if isinstance(rule, str) and rule != "reported" else "" for rule in rows[name].tolist()]
        for head, name in _RULES.items()
    }


def points_part(
    title: str,
    evidence: pd.DataFrame,
    shown: tuple[pd.DataFrame, pd.DataFrame],
    places: Iterable[int],
    stem: str,
    without: Sequence[str] = (),
    name: str = "numbers",
    sweeps: bool = False,
) -> PagePart:
    """Some operating points as a part of a page, with their files.

    Args:
        title: Heading of the part.
        evidence: Rows as of ``evidence()``.
        shown: As of :func:`points_as_text`.
        places: The places of the rows in ``evidence``.
        stem: Address of the files, without their suffixes.
        without: Columns that all rows share.
        name: What links lead to.
        sweeps: Whether the file holds the points of released sweeps, too.
    """
    rows = evidence.iloc[list(places)]
    order = np.sort(shown[0].index.get_indexer(rows.index))
    texts, links = (one.iloc[order[order >= 0]] for one in shown)
    said = (texts != "").any()
    kept = [str(one) for one in texts.columns if one not in without and said[one]]
    marks = derived_marks(rows.loc[texts.index, list(_RULES.values())])
    swept = int(rows["sweep"].astype(bool).sum())
    section = Section(
        title,
        table=texts[kept] if len(texts) else None,
        text=("No operating points but those of released sweeps.",) if not len(texts) else (),
        notes=tuple(_notes(swept, sweeps, any(any(marks[one]) for one in marks if one in kept))),
        folded=len(texts) > FOLDED_FROM,
        links={one: list(links[one]) for one in kept if one in links},
    )
    beside = rows[[one for one in COLUMNS_OF_FILES if one in rows]]
    if swept and not sweeps:
        beside = beside[~beside["sweep"].astype(bool)]
    return PagePart(section, name, Download(stem, title, beside, EVIDENCE, PACKED_FROM), marks)


def _notes(swept: int, in_file: bool, has_derived: bool) -> Iterable[str]:
    if has_derived:
        yield "Numbers in italics follow from those that the paper prints; the CSV names the rule."
    if swept and in_file:
        yield f"{swept} points of released sweeps are in the CSV alone."
    elif swept:
        yield f"{swept} points of released sweeps are in the files of their papers, and in the table of all points."
