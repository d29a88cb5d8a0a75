"""Pages of datasets: the networks that are pruned on each, and all numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pandas as pd

from prunelit.analysis.pages.section import Fact, Section
from prunelit.explorer.addresses import Address, index_of
from prunelit.explorer.digests import grouped_digests
from prunelit.explorer.listing import ListRow, list_part, number_of
from prunelit.explorer.page import Page, PageContent, PagePart
from prunelit.explorer.pages.architectures import baselines_part, configurations_part
from prunelit.explorer.shared import SiteData
from prunelit.schema.vocabulary import DatasetEntry

PLACE = 4
TITLE = "Datasets"


def pages(data: SiteData) -> Iterator[Page]:
    """The index of datasets, and a page for each."""
    entries, baselines = data.dataset.corpus.datasets, data.dataset.baselines()
    rows = [_row(one, data) for one in entries]
    description = f"{number_of(len(entries), 'dataset')} that papers evaluate pruned networks on."
    yield Page(index_of("dataset"), TITLE, partial(_index, rows), (rows,), description=description)
    of_name = {str(name): rows for name, rows in baselines.groupby("dataset", sort=False)}
    digests = grouped_digests(baselines, "dataset")
    for one in entries:
        subsets = [other.name for other in entries if other.subset_of == one.name]
        own = of_name.get(one.name)
        yield Page(
            data.addresses.of("dataset", one.name) or Address(),
            one.name,
            partial(_content, one, subsets, own, data),
            (one, subsets, digests.get(one.name), *data.made_of_points(data.places("dataset", one.name))),
            description=f"Results of networks pruned on {one.name}, by network.",
            kind="dataset",
        )


def _row(one: DatasetEntry, data: SiteData) -> ListRow:
    found = data.outline(data.places("dataset", one.name))
    return {
        "dataset": (one.name, data.addresses.of("dataset", one.name) or ""),
        "subset of": (one.subset_of or "", data.addresses.of("dataset", one.subset_of) or ""),
        "networks": str(len({one.architecture for one in found}) or ""),
        "papers": str(len({one.paper_id for one in found}) or ""),
        "points": str(len(found) or ""),
    }


def _index(rows: list[ListRow]) -> PageContent:
    found = list_part("All datasets", rows, "datasets")
    return PageContent({"parts": [found] if found else [], "lead": f"{number_of(len(rows), 'dataset')} by name."})


def _content(one: DatasetEntry, subsets: list[str], baselines: pd.DataFrame | None, data: SiteData) -> PageContent:
    places = data.places("dataset", one.name)
    facts = tuple(fact for fact in _facts(one, subsets, data) if fact.value)
    parts = [
        *([PagePart(Section("In short", facts=facts), "short")] if facts else []),
        *configurations_part(data.outline(places), data, "architecture"),
        *baselines_part(baselines, data, "architecture"),
    ]
    lead = "" if len(places) else "No operating point on it has been entered."
    return PageContent({"parts": parts, "lead": lead})


def _facts(one: DatasetEntry, subsets: list[str], data: SiteData) -> Iterator[Fact]:
    yield Fact("Also called", ", ".join(one.aliases or ()))
    yield data.fact("Subset of", "dataset", one.subset_of)
    yield from (data.fact("Has the subset", "dataset", name) for name in subsets)
    yield Fact("Source", one.source or "")
    yield Fact("Note", one.note or "")
