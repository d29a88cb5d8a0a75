"""Pages of configurations: all that papers report of one architecture on one dataset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from prunelit.analysis.compare.discrepancies import DISCREPANCIES
from prunelit.analysis.compare.setups import (
    COMPARABLE_PAIRS_BY_SETUP,
    PairsOfCurves,
    pairs_of_curves,
)
from prunelit.analysis.frames.columns import COUNT, TEXT, Column, columns_named, typed
from prunelit.analysis.frames.evidence import BASE_SOURCE_URL, EVIDENCE, EVIDENCE_LONG, SOURCE_URL
from prunelit.analysis.frames.headline import headline
from prunelit.analysis.pages.section import Fact, Section, computed, headed
from prunelit.explorer import tradeoffs
from prunelit.explorer.addresses import Address
from prunelit.explorer.digests import grouped_digests
from prunelit.explorer.downloads import Download
from prunelit.explorer.explored import ExploredTable, ShownColumn, column_label, explored, meanings_script
from prunelit.explorer.listing import number_of
from prunelit.explorer.navigation import CONFIGURATIONS_PAGE, TABLE_PAGE
from prunelit.explorer.page import EARLY, USUAL, Page, PageContent, PagePart
from prunelit.explorer.points import with_source
from prunelit.explorer.shared import SiteData
from prunelit.explorer.standings import syntheses_on
from prunelit.explorer.syntheses import ESTIMATES
from prunelit.explorer.tradeoffs import plots_of, styles_of

PLACE = 50
_KEY = ["dataset", "architecture"]
_SAID = "All datasets and architectures for which papers on neural-network pruning report numbers."
PROVEN_SETUP = Column(
    "proven_setup", TEXT, "",
    "Strictest comparison setup that is proven for the curve and one of another paper on this page.",
    "analysis.compare.setups",
)  # fmt: skip

_FACETS = {
    "canonical_method", "paper_id", "metric", "structure", "origin", "training_scheme", "stated_setup", "venue",
    "peer_reviewed", "proven_setup",
}  # fmt: skip
_VISIBLE = {
    "canonical_method", "paper_id", "year", "metric", "value", "change", "compression_ratio", "speedup", "structure",
    "origin", "source_url",
}  # fmt: skip
_RANGED = {"value", "change", "compression_ratio", "speedup", "base_value"}
_NAMES = (
    "canonical_method", "method_label", "paper_id", "year", "metric", "value", "change", "base_value", "std", "seeds",
    "compression_ratio", "speedup", "params", "flops", "structure", "origin", "copied_from", "training_scheme",
    "stated_setup", "venue", "peer_reviewed", "split", "locator", "note", "source_url",
)  # fmt: skip


def shown_columns(columns: tuple[Column, ...]) -> list[ShownColumn]:
    """How the columns of a leaderboard are shown."""
    return [
        ShownColumn(
            column,
            facet=column.name in _FACETS or column.name == "year",
            hidden=column.name not in _VISIBLE,
            in_order=column.name in ("year", "proven_setup"),
            ranged=column.name in _RANGED,
        )
        for column in columns
    ]


_OF_BASELINE = (
    "base_top1", "base_top1_std", "base_top5", "base_params", "base_flops", "base_multiply_adds",
    "unpruned_checkpoint", "pretraining_epochs", "optimizer", "learning_rate", "learning_rate_schedule",
    "training_batch_size", "weight_decay", "data_augmentation", "base_locator",
)  # fmt: skip
_USED = list(dict.fromkeys((
    *_KEY, *_NAMES, *_OF_BASELINE, BASE_SOURCE_URL.name, "experiment", "curve", "point", "sweep", "unit", "direction",
)))  # fmt: skip
"""What a page looks at of a result; the other columns of the evidence are left aside, as there are many."""
_MEANINGS = Address("configurations/columns.js")
"""What the columns of leaderboards mean, for all pages."""
LEADERBOARD = tuple(shown_columns(columns_named(EVIDENCE_LONG, *_NAMES)))


def pages(data: SiteData) -> Iterator[Page]:
    """A page for each dataset and architecture with a number, and one that lists them."""
    long, points = data.evidence_long[_USED], GroupedRows(headline(data.dataset.completed()))
    papers, methods = (list(data.evidence_long[name].astype(object)) for name in ("paper_id", "canonical_method"))
    disagreeing, baselines = data.discrepancies, data.dataset.baselines()
    beside = points, GroupedRows(disagreeing), GroupedRows(baselines)
    digests = grouped_digests(disagreeing, *_KEY), grouped_digests(baselines, *_KEY)
    for key in data.addresses.configurations:
        address, places = data.addresses.of_configuration(*key), data.places_of_network(*key)
        assert address is not None
        shown = Configuration(key, address, long, places, *beside)
        names = {papers[at] for at in places}, {methods[at] for at in places if not pd.isna(methods[at])}
        made_of = (
            data.network_digest(*key), *(one.get(key) for one in digests), data.made_of_experiments(*key),
            _named(shown, *names, data), data.repository,
        )  # fmt: skip
        title = f"{key[1]} on {key[0]}"
        said = f"All {len(places)} results of pruning {title} in the literature, each with its source."
        make = partial(_content, shown, data)
        turn = EARLY if data.papers_on(*key) > 1 else USUAL
        yield Page(address, title, make, made_of, "configuration", said, "configuration", turn)
    index = _counted(long, data)
    yield Page(CONFIGURATIONS_PAGE, "Configurations", partial(_index, index, data), (index,), "explored")


class GroupedRows:
    """The rows of each dataset and architecture, of which few are ever asked for."""

    def __init__(self, table: pd.DataFrame) -> None:
        """Find where they are."""
        self._table, self._places = table, table.groupby(_KEY).indices

    def of(self, key: tuple[str, str]) -> pd.DataFrame | None:
        """The rows of one; None where there are none."""
        return self._table.iloc[self._places[key]] if key in self._places else None


@dataclass(frozen=True, slots=True, eq=False)
class Configuration:
    """What the page of a dataset and architecture shows."""

    key: tuple[str, str]
    address: Address
    long: pd.DataFrame
    places: Sequence[int]
    all_points: GroupedRows
    all_discrepancies: GroupedRows
    all_baselines: GroupedRows

    @property
    def points(self) -> pd.DataFrame | None:
        """Its headline results; this and the following are taken out of whole tables only when the page is made."""
        return self.all_points.of(self.key)

    @property
    def discrepancies(self) -> pd.DataFrame | None:
        """What papers print differently."""
        return self.all_discrepancies.of(self.key)

    @property
    def baselines(self) -> pd.DataFrame | None:
        """Its unpruned models."""
        return self.all_baselines.of(self.key)

    @property
    def stem(self) -> str:
        """How the addresses of the files beside the page begin."""
        return self.address.removesuffix(".html")

    @property
    def rows(self) -> pd.DataFrame:
        """Its results: taken out of the whole table only when the page is made."""
        return self.long.iloc[list(self.places)]


def _named(shown: Configuration, papers: set[str], methods: set[str], data: SiteData) -> list[object]:
    """What a page is made of that names papers and methods: where their pages are."""
    disagreeing = shown.discrepancies
    others = papers if disagreeing is None else papers | set(disagreeing["method_of"].dropna())
    return [
        *(data.addresses.of("paper", one) for one in sorted(others)),
        *(data.addresses.of("method", one) for one in sorted(methods)),
    ]


def _content(shown: Configuration, data: SiteData) -> PageContent:
    setups, whole = _setups(shown.points, data), shown.rows
    swept = whole["sweep"].astype(bool)
    rows = leading_first(whole[~swept] if swept.any() else whole)
    rows = rows.assign(proven_setup=_strictest(rows, setups))
    board = leaderboard(rows, f"{shown.stem}-results", f"Results on {shown.key[1]}, {shown.key[0]}", data)
    plots = plots_of(rows, board.ids, styles_of(rows))
    syntheses = syntheses_on(data, *shown.key)
    estimates = [Download(f"{shown.stem}-{one.name}", one.title, one.estimates, ESTIMATES) for one in syntheses]
    pictures = {
        Address(f"{shown.stem}-{one.name}-{at}.svg"): svg
        for one in syntheses
        for at, (_, svg) in enumerate(one.drawings, 1)
    }
    parts = (
        _baselines(shown, whole, data),
        _disagreements(shown, data),
        _by_setup(setups, f"{shown.stem}-setups", data),
    )
    values = {
        "board": board,
        "plots": plots,
        "syntheses": [
            (one, file, [address for address in pictures if f"-{one.name}-" in address])
            for one, file in zip(syntheses, estimates, strict=True)
        ],
        "parts": [one for one in parts if one],
        "sweeps": int(swept.sum()),
        "all_points": Address(f"{TABLE_PAGE}#?{urlencode(dict(zip(_KEY, shown.key, strict=True)) | {'standing': ''})}"),
        "ratios": list(_at_ratios(rows, shown.address)),
        "size": tradeoffs,
        "meanings": _MEANINGS,
    }
    tables = {address: text for one in (board.download, *estimates) for address, text in one.files().items()}
    return PageContent(values, {**tables, **pictures})


def leading_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Results of the metric that most rows hold first, and of each metric those that lost least by pruning.

    Args:
        rows: Rows as of ``evidence_long()``, of one dataset and architecture.
    """
    counts = rows["metric"].map(rows["metric"].value_counts())
    lost = rows["change"].where(rows["direction"].eq("lower").fillna(False).astype(bool), -rows["change"])
    keys = {"fewer": -counts, "metric": rows["metric"], "lost": lost}
    order = pd.DataFrame({name: one.array for name, one in keys.items()})
    found = rows.iloc[order.sort_values([*keys], kind="stable").index]
    return found.set_axis(pd.RangeIndex(len(found)))


def _at_ratios(rows: pd.DataFrame, page: Address) -> Iterator[Fact]:
    """Links that keep what is pruned about as much, where several papers report that."""
    papers = rows["paper_id"].tolist()
    for name, said in _SIMILAR.items():
        ratios = rows[name].to_numpy(dtype=float).tolist()
        for ratio in _OFTEN:
            ends = ratio * (1 - _ABOUT), ratio * (1 + _ABOUT)
            if len({paper for paper, own in zip(papers, ratios, strict=True) if ends[0] <= own <= ends[1]}) > 1:
                link = Address(f"{page}#?{name}={ends[0]:g}..{ends[1]:g}")
                yield Fact(f"{ratio:g}× {said}", "", link)


_SIMILAR = {"compression_ratio": "smaller", "speedup": "fewer operations"}
_OFTEN, _ABOUT = (2, 4, 8, 16), 0.1
"""Ratios that papers aim at, and how far off they may end."""


def leaderboard(rows: pd.DataFrame, stem: str, title: str, data: SiteData) -> ExploredTable:
    """The results of a configuration as a table to explore.

    Args:
        rows: Rows as of ``evidence_long()``, with :data:`PROVEN_SETUP`.
        stem: Address of its files, without their suffixes.
        title: What it holds.
        data: What all pages share.
    """
    columns = [*LEADERBOARD[:-1], ShownColumn(PROVEN_SETUP, facet=True, in_order=True), LEADERBOARD[-1]]
    links: dict[str, Sequence[Address | str | None]] = {
        "canonical_method": [data.addresses.of("method", one) for one in rows["canonical_method"].fillna("")],
        "paper_id": [data.addresses.of("paper", one) for one in rows["paper_id"]],
        "source_url": [data.source_link(one) for one in rows["source_url"].fillna("")],
    }
    return explored("results", rows, columns, anchor_names(rows), title, stem, links)


def anchor_names(rows: pd.DataFrame) -> list[str]:
    """The name of each result within a page: where it is in its record, and a number from the second on that is there.

    Args:
        rows: Rows as of ``evidence_long()``.
    """
    seen: Counter[str] = Counter()
    return [
        _once_more("-".join("" if pd.isna(one) else str(one) for one in place), seen)
        for place in zip(*(rows[name].tolist() for name in _PLACE), strict=True)
    ]


def _once_more(name: str, seen: Counter[str]) -> str:
    seen[name] += 1
    return f"{name}-{seen[name] - 1}" if seen[name] > 1 else name


def _setups(points: pd.DataFrame | None, data: SiteData) -> PairsOfCurves | None:
    """The pairs of curves of different papers with the setups that are proven for them; None where there is none.

    Released sweeps are left out.
    """
    known = set(points["paper_id"]) if points is not None else set()
    if points is None or len(known) < 2:
        return None
    found = pairs_of_curves(points, data.dataset.recipes(), data.dataset.corpus.setups)
    return found if found.pairs else None


def _strictest(rows: pd.DataFrame, across: PairsOfCurves | None) -> pd.Series[str]:
    """The strictest setup that is proven for each result and one of another paper."""
    if across is None:
        return pd.Series(pd.NA, rows.index, "string")
    return rows[_CURVE].merge(across.strictest, on=_CURVE, how="left")["strictest"].set_axis(rows.index)


_CURVE = ["paper_id", "experiment", "curve"]
_PLACE = [*_CURVE, "point", "metric"]


def _by_setup(across: PairsOfCurves | None, stem: str, data: SiteData) -> PagePart | None:
    """How many pairs of curves of different papers can be compared, and under which setups."""
    if across is None:
        return None
    named = [one.name for one in data.dataset.corpus.setups]
    of_pairs = {"proven": across.proven, "possible": across.possible}
    counts = pd.DataFrame({"setup": named, **{name: [found[one] for one in named] for name, found in of_pairs.items()}})
    text = (
        f"{across.pairs} pairs of curves of different papers, released sweeps and other papers' methods left out. A "
        "comparison setup is proven for a pair if all that it holds equal is known to be equal, and possible as long "
        "as nothing is known to differ.",
    )
    download = Download(stem, "Pairs of curves of different papers, by setup", counts, COUNTED_PAIRS)
    meanings = [one.meaning for one in data.dataset.corpus.setups]
    table = counts.astype(str).assign(**{"what it holds equal": meanings})
    return PagePart(Section("Comparable pairs by setup", text=text, table=table), download=download)


COUNTED_PAIRS = (
    columns_named(COMPARABLE_PAIRS_BY_SETUP, "setup")[0],
    Column("proven", COUNT, "count", "Pairs of curves of different papers for which it is proven."),
    Column("possible", COUNT, "count", "Pairs of curves of different papers that nothing rules out."),
)


def _baselines(shown: Configuration, whole: pd.DataFrame, data: SiteData) -> PagePart | None:
    """The unpruned models that papers start from, how they were trained, and how far they lie apart."""
    held = [name for name in _OF_BASELINE if whole[name].notna().any()]
    quantities = [name for name in held if name.startswith("base_") and name != "base_locator"]
    if not quantities:
        return None
    told = ["paper_id", *_OF_BASELINE, BASE_SOURCE_URL.name]
    rows = whole.loc[whole[quantities].notna().any(axis=1), told].drop_duplicates()
    rows = rows.sort_values(["paper_id", *quantities], kind="stable", ignore_index=True)
    units = {one.name: one.unit for one in EVIDENCE}
    names = ["paper_id", *held]
    table = pd.DataFrame({headed(column_label(name), units[name]): _texts(rows[name], units[name]) for name in names})
    summary = tuple(_spread(one) for one in shown.baselines.to_dict("records")) if shown.baselines is not None else ()
    links = {"Paper": [data.addresses.of("paper", one) or "" for one in rows["paper_id"]]}
    if "base_locator" in held:
        addresses = [data.source_link(one) for one in rows[BASE_SOURCE_URL.name].fillna("")]
        table, sources = _sourced(table, column_label("base_locator"), addresses)
        links |= sources
    text = ("Unpruned models that papers report, with what they say of how these were trained; unknown is empty.",)
    download = Download(f"{shown.stem}-baselines", "Unpruned models", rows, EVIDENCE)
    section = Section("Spread of baselines", summary, text, table, links=links)
    return PagePart(section, download=download)


def _spread(baseline: dict[Hashable, Any]) -> Fact:
    """The median of a quantity of unpruned models, and the ends between which papers report it."""
    unit = str(baseline["unit"])
    median, least, most = (computed(float(baseline[name]), unit) for name in ("median", "minimum", "maximum"))
    counted = f"{number_of(baseline['n'], 'model')} of {number_of(baseline['n_papers'], 'paper')}"
    said = f"median {median} {_sign(unit)}".strip()
    return Fact(f"{column_label(str(baseline['quantity']))}, {counted}", f"{said}, {least} to {most}")


def _sign(unit: str) -> str:
    return unit if unit in ("%", "pp") else ""


def _texts(values: pd.Series[Any], unit: str) -> list[str]:
    """Cells as text, numbers in their unit."""
    numbers = values.dtype.kind in "fi"
    return [
        "" if pd.isna(one) else computed(float(one), unit) if numbers else str(one) for one in values.astype(object)
    ]


def _disagreements(shown: Configuration, data: SiteData) -> PagePart | None:
    """What papers print for one method pruned as much, where they differ."""
    rows = shown.discrepancies
    if rows is None:
        return None
    units = {one.name: one.unit for one in DISCREPANCIES}
    table = pd.DataFrame(
        {headed(column_label(name), units[name]): _texts(rows[name], units[name]) for name in _PRINTED}
    )
    table, sources = _sourced(table, "Locator", rows["source_url"])
    links = {
        "Paper": [data.addresses.of("paper", one) or "" for one in rows["paper_id"]],
        "Method of": [data.addresses.of("paper", one) or "" for one in rows["method_of"]],
        **sources,
    }
    text = (
        f"{rows['setting'].nunique()} settings in which papers print numbers for the same method, pruned as much. The "
        "spread is the largest difference between two papers.",
    )
    columns = (*DISCREPANCIES, SOURCE_URL)
    download = Download(f"{shown.stem}-disagreements", "Different numbers for one method", rows, columns)
    return PagePart(Section("Disagreements", text=text, table=table, links=links), download=download)


def _sourced(table: pd.DataFrame, places: str, addresses: Iterable[str]) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """A table whose places lead to the sources, and these links."""
    cells = [with_source(place, address) for place, address in zip(table[places], addresses, strict=True)]
    return table.assign(**{places: [text for text, _ in cells]}), {places: [address for _, address in cells]}


_PRINTED = (
    "method_of", "efficiency", "ratio", "spread", "paper_id", "origin", "method_label", "top1", "base_top1",
    "top1_change", "training_scheme", "locator",
)  # fmt: skip


def _index(rows: pd.DataFrame, data: SiteData) -> PageContent:
    """All configurations, with how much there is of each."""
    keys = list(zip(rows["dataset"], rows["architecture"], strict=True))
    links = {"architecture": [data.addresses.of_configuration(*key) for key in keys]}
    links["dataset"] = [data.addresses.of("dataset", key[0]) for key in keys]
    ids = [f"c{at}" for at in range(len(rows))]
    counts, stem = typed(rows, CONFIGURATION_COUNTS), CONFIGURATIONS_PAGE.removesuffix(".html")
    table = explored("list", counts, SHOWN_COUNTS, ids, "Configurations", stem, links)
    lead = "A dataset and an architecture for which papers report numbers. Each leads to all its results."
    meanings = meanings_script([*LEADERBOARD, ShownColumn(PROVEN_SETUP)])
    return PageContent({"table": table, "lead": lead}, {**table.download.files(), _MEANINGS: meanings})


def _counted(long: pd.DataFrame, data: SiteData) -> pd.DataFrame:
    """How much there is of each configuration that has a page, the one of most papers first."""
    groups = long.assign(swept=long["sweep"].astype(bool).astype(int)).groupby(_KEY)
    found = groups.agg(
        papers=("paper_id", "nunique"), methods=("canonical_method", "nunique"), rows=("paper_id", "size"),
        swept=("swept", "sum"), first_year=("year", "min"), last_year=("year", "max"),
    )  # fmt: skip
    there = found[found.index.isin(data.addresses.configurations)].reset_index()
    counted = there.assign(results=there["rows"] - there["swept"]).drop(columns="rows")
    return counted.sort_values(["papers", "results"], ascending=False, kind="stable", ignore_index=True)


_ONES = "explorer.pages.configurations"
CONFIGURATION_COUNTS = (
    *columns_named(EVIDENCE, "dataset", "architecture"),
    Column("papers", COUNT, "count", "Papers that report on it.", _ONES),
    Column("methods", COUNT, "count", "Methods that they report.", _ONES),
    Column("results", COUNT, "count", "Results, without released sweeps: one an operating point and metric.", _ONES),
    Column("swept", COUNT, "count", "Results of released sweeps.", _ONES),
    Column("first_year", COUNT, "", "Year of the first paper.", _ONES),
    Column("last_year", COUNT, "", "Year of the latest paper.", _ONES),
)
SHOWN_COUNTS = tuple(
    ShownColumn(one, facet=one.name == "dataset", hidden=False, ranged=one.name in ("papers", "results"))
    for one in CONFIGURATION_COUNTS
)
