"""Pages of methods: all numbers of each, by whoever printed them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, TEXT, Column, columns_named, typed
from prunelit.analysis.frames.evidence import EVIDENCE
from prunelit.analysis.pages.section import Fact, Section, computed
from prunelit.explorer.addresses import Address, index_of
from prunelit.explorer.digests import grouped_digests, row_digests
from prunelit.explorer.explored import ShownColumn, explored
from prunelit.explorer.listing import list_part, number_of
from prunelit.explorer.page import Page, PageContent, PagePart
from prunelit.explorer.points import with_source
from prunelit.explorer.shared import SiteData
from prunelit.explorer.standings import FEWEST_PAPERS, MATCHED_BY, standing, standings
from prunelit.explorer.syntheses import RATIO_TOGETHER
from prunelit.schema.method import Method
from prunelit.schema.vocabulary import CanonicalMethod

PLACE = 2
TITLE = "Methods"


def pages(data: SiteData) -> Iterator[Page]:
    """The index of methods, and a page for each."""
    vocabulary = {one.name: one for one in data.dataset.corpus.methods}
    names = data.addresses.names("method")
    reports = {str(name): rows for name, rows in data.discrepancies.groupby("canonical_method", sort=False)}
    rows = [_row(name, data) for name in names]
    description = f"{number_of(len(names), 'pruning method')}, each with all numbers of it, by whoever printed them."
    index, everything = partial(_index, rows, data), (rows, data.names_digest)
    yield Page(index_of("method"), TITLE, index, everything, "explored", description)
    listed_methods = data.dataset.methods()
    of_name = {str(name): rows for name, rows in listed_methods.groupby("canonical_method", sort=False)}
    listed, printed = grouped_digests(listed_methods, "canonical_method"), row_digests(data.discrepancies)
    for name in names:
        classes, disagreeing = of_name.get(name), reports.get(name)
        made_of = (
            vocabulary.get(name),
            listed.get(name),
            printed[disagreeing.index] if disagreeing is not None else None,
            _named(name, classes, disagreeing, data),
            *data.made_of_points(data.places("canonical_method", name)),
            [data.network_digest(*pair) for pair in _networks(name, data)],
        )
        yield Page(
            data.addresses.of("method", name) or Address(),
            name,
            partial(_content, name, vocabulary.get(name), classes, disagreeing, data),
            made_of,
            description=f"All numbers of the pruning method {name}, by whoever printed them.",
            kind="method",
        )


def _named(
    name: str, classes: pd.DataFrame | None, disagreeing: pd.DataFrame | None, data: SiteData
) -> list[tuple[str, ...]]:
    """What a page is made of that names papers: labels, where their pages are, and the title of the proposer's."""
    tables = (table for table in (classes, disagreeing) if table is not None)
    papers = sorted({str(one) for table in tables for one in table["paper_id"]})
    proposer = _proposer(name, data)
    title = [(*data.of_paper(proposer), data.dataset.corpus.by_id[proposer].title)] if proposer else []
    return [*map(data.of_paper, papers), *title]


def _row(name: str, data: SiteData) -> dict[str, object]:
    found = data.outline(data.places("canonical_method", name))
    proposer = _proposer(name, data)
    structures = {one.structure for one in found if one.structure}
    return {
        "canonical_method": name,
        "proposed_by": data.labels[proposer] if proposer else None,
        "proposer": proposer,
        "structures": ", ".join(sorted(one.replace("_", "-") for one in structures)) or None,
        "papers": len({one.paper_id for one in found}),
        "networks": len({(one.dataset, one.architecture) for one in found}),
        "points": len(found),
    }


_HERE = "explorer.pages.methods"
METHOD_COUNTS = (
    *columns_named(EVIDENCE, "canonical_method"),
    Column("proposed_by", TEXT, "", "Label of the paper that proposed it.", _HERE),
    *columns_named(EVIDENCE, "proposer"),
    Column("structures", TEXT, "", "What it removes, as records say, joined by commas.", _HERE),
    Column("papers", COUNT, "count", "Papers that print numbers of it.", _HERE),
    Column("networks", COUNT, "count", "Datasets and architectures on which there are numbers.", _HERE),
    Column("points", COUNT, "count", "Operating points, those of released sweeps included.", _HERE),
)
_SHOWN = [
    ShownColumn(one, one.name in ("structures",), one.name == "proposer", ranged=one.name in ("papers", "points"))
    for one in METHOD_COUNTS
]


def _proposer(name: str, data: SiteData) -> str | None:
    """The paper that proposed a method, as its results and the vocabulary say; None where that is open."""
    found = {one.proposer for one in data.outline(data.places("canonical_method", name)) if one.proposer}
    named = next((one.proposed_by for one in data.dataset.corpus.methods if one.name == name), None)
    return named or (found.pop() if len(found) == 1 else None)


def _index(rows: list[dict[str, object]], data: SiteData) -> PageContent:
    counts = typed(rows, METHOD_COUNTS)
    links: dict[str, Sequence[Address | str | None]] = {
        "canonical_method": [data.addresses.of("method", one) for one in counts["canonical_method"]],
        "proposed_by": [data.addresses.of("paper", one) for one in counts["proposer"].fillna("")],
    }
    ids = [f"method-{at + 1}" for at in range(len(counts))]
    table = explored("methods", counts, _SHOWN, ids, "All methods", "methods/methods", links)
    lead = f"{number_of(len(rows), 'method')} under one name each, however papers spell it."
    return PageContent({"table": table, "lead": lead}, table.download.files())


def _networks(name: str, data: SiteData) -> list[tuple[str, str]]:
    """The configurations in which a method is compared, and papers may say something together."""
    rows = data.outline(data.places("canonical_method", name))
    pairs = dict.fromkeys((one.dataset, one.architecture) for one in rows if not one.sweep)
    return [
        (dataset, architecture)
        for dataset, architecture in pairs
        if dataset and architecture and data.papers_on(dataset, architecture) >= FEWEST_PAPERS
    ]


def _content(
    name: str,
    entry: CanonicalMethod | None,
    classes: pd.DataFrame | None,
    disagreeing: pd.DataFrame | None,
    data: SiteData,
) -> PageContent:
    places = data.places("canonical_method", name)
    stem = str(data.addresses.of("method", name)).removesuffix(".html")
    parts = [
        PagePart(Section("In short", facts=tuple(_facts(name, entry, data))), "short"),
        *_classes(classes, data),
        *_standings(name, data),
        *_disagreements(disagreeing, data),
        *([data.points_part("All numbers", places, stem, ("method",))] if len(places) else []),
    ]
    return PageContent({"parts": parts})


def _facts(name: str, entry: CanonicalMethod | None, data: SiteData) -> Iterator[Fact]:
    proposer = _proposer(name, data)
    if proposer:
        title = data.dataset.corpus.by_id[proposer].title
        yield data.fact("Proposed by", "paper", proposer, f"{data.labels[proposer]}: {title}")
    else:
        yield Fact("Proposed by", "unknown, or several papers")
    rows = data.outline(data.places("canonical_method", name))
    spellings = (entry.spellings or ()) if entry else ()
    printed = sorted({*(one.method for one in rows if one.method), *spellings} - {name})
    if entry and entry.aliases:
        yield Fact("Also called", ", ".join(entry.aliases))
    if printed:
        yield Fact("Printed as", ", ".join(printed))
    if entry and entry.source:
        yield Fact("Name from", entry.source)
    if entry and entry.note:
        yield Fact("Note", entry.note)
    counts = Counter(one.origin for one in rows if one.origin)
    told = ", ".join(f"{count} {origin}" for origin, count in counts.most_common())
    yield Fact("Operating points", f"{len(rows)} ({told})" if told else "none entered")


def _classes(classes: pd.DataFrame | None, data: SiteData) -> Iterator[PagePart]:
    """How the sources of records classify the method."""
    if classes is None:
        return
    rows = [
        {"record": data.of_paper(str(row["paper_id"]))}
        | {
            axis.replace("_", " "): "" if pd.isna(row[axis]) else str(row[axis]).replace("_", " ")
            for axis in Method.AXES
        }
        | {"sources": "" if pd.isna(row["sources"]) else str(row["sources"])}
        for row in classes.to_dict("records")
    ]
    if found := list_part("Classification", rows, "classes"):
        yield found


def _standings(name: str, data: SiteData) -> Iterator[PagePart]:
    rows = [
        {
            "network": (f"{architecture} on {dataset}", data.addresses.of_configuration(dataset, architecture) or ""),
            "matched by": f"{MATCHED_BY[efficiency]} {RATIO_TOGETHER:g}×",
            **place,
        }
        for dataset, architecture in _networks(name, data)
        for efficiency, found in standings(data, dataset, architecture)
        if (place := standing(found, name))
    ]
    text = (
        "Where papers say enough together for a network meta-analysis of top-1 accuracy: the method's rank by P-score "
        "(the mean certainty of being better than each other method), and its effect.",
    )
    if part := list_part("Where it stands", rows, "standings", text):
        yield part


def _disagreements(table: pd.DataFrame | None, data: SiteData) -> Iterator[PagePart]:
    """The method's own numbers against reruns and copies at the same ratio on the same network."""
    if table is None:
        return
    rows = [
        {
            "network": (
                f"{row['architecture']} on {row['dataset']}",
                data.addresses.of_configuration(row["dataset"], row["architecture"]) or "",
            ),
            "at": f"{row['ratio']:.3g}× {str(row['efficiency']).replace('_', ' ')}",
            "paper": data.of_paper(str(row["paper_id"])),
            "numbers": str(row["origin"]),
            "top-1 (%)": computed(row["top1"], "%"),
            "unpruned (%)": computed(row["base_top1"], "%"),
            "change (pp)": computed(row["top1_change"], "pp"),
            "source": with_source(row["locator"], row["source_url"]),
        }
        for row in table.to_dict("records")
    ]
    text = ("What several papers print of the method on one network at one ratio, as far as it should agree.",)
    if part := list_part("Own numbers against reruns", rows, "reruns", text):
        yield part
