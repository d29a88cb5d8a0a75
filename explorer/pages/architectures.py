"""Pages of network architectures: family and variants, unpruned sizes, baselines, and where all numbers are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

import pandas as pd

from prunelit.analysis.frames.baselines import BASELINES
from prunelit.analysis.frames.columns import COUNT, NUMBER, Column, columns_named, typed
from prunelit.analysis.frames.evidence import EVIDENCE
from prunelit.analysis.frames.printed import printed
from prunelit.analysis.pages.section import Fact, Section, computed
from prunelit.explorer.addresses import Address, index_of
from prunelit.explorer.digests import grouped_digests
from prunelit.explorer.downloads import Download
from prunelit.explorer.explored import ShownColumn, explored
from prunelit.explorer.listing import list_part, number_of
from prunelit.explorer.navigation import TABLE_PAGE
from prunelit.explorer.page import Page, PageContent, PagePart
from prunelit.explorer.shared import OutlineRow, SiteData
from prunelit.schema.vocabulary import Architecture, UnprunedModel, UnprunedSource

PLACE = 3
TITLE = "Networks"


def pages(data: SiteData) -> Iterator[Page]:
    """The index of architectures, and a page for each."""
    entries, baselines = data.dataset.corpus.architectures, data.dataset.baselines()
    rows = [_row(one, data) for one in entries]
    description = f"{number_of(len(entries), 'network architecture')} that papers prune."
    made_of, make = (rows, baselines, data.names_digest), partial(_index, rows, baselines, data)
    yield Page(index_of("architecture"), TITLE, make, made_of, "explored", description)
    of_name = {str(name): rows for name, rows in baselines.groupby("architecture", sort=False)}
    digests, variants, models = grouped_digests(baselines, "architecture"), _variants(entries), _models(data)
    for one in entries:
        beside = variants.get(one.name, []), models.get(one.name, [])
        family = [other.name for other in entries if one.family and other.family == one.family and other is not one]
        yield Page(
            data.addresses.of("architecture", one.name) or Address(),
            one.name,
            partial(_content, one, family, of_name.get(one.name), *beside, data),
            (one, family, digests.get(one.name), *beside, *data.made_of_points(data.places("architecture", one.name))),
            description=f"Results of pruned {one.name} on each dataset, its unpruned sizes, and its variants.",
            kind="network",
        )


def _row(one: Architecture, data: SiteData) -> dict[str, object]:
    found = data.outline(data.places("architecture", one.name))
    return {
        "architecture": one.name,
        "family": one.family,
        "variant_of": one.variant_of,
        "year": one.year,
        "params": one.params,
        "multiply_adds": one.multiply_adds,
        "datasets": len({row.dataset for row in found}),
        "papers": len({row.paper_id for row in found}),
        "points": len(found),
    }


_HERE = "explorer.pages.architectures"
NETWORK_COUNTS = (
    *columns_named(EVIDENCE, "architecture", "family", "variant_of"),
    Column("year", COUNT, "", "Year in which it was published.", _HERE),
    Column("params", NUMBER, "count", "Parameters of the unpruned network, as its source prints them.", _HERE),
    Column(
        "multiply_adds", NUMBER, "count", "Multiply-adds of the unpruned network, as its source prints them.", _HERE
    ),
    Column("datasets", COUNT, "count", "Datasets on which there are numbers.", _HERE),
    Column("papers", COUNT, "count", "Papers that print numbers of it.", _HERE),
    Column("points", COUNT, "count", "Operating points, those of released sweeps included.", _HERE),
)
_SHOWN = [
    ShownColumn(one, one.name == "family", one.name == "year", ranged=one.name in ("params", "papers", "points"))
    for one in NETWORK_COUNTS
]


def _index(rows: list[dict[str, object]], baselines: pd.DataFrame, data: SiteData) -> PageContent:
    counts = typed(rows, NETWORK_COUNTS)
    links: dict[str, Sequence[Address | str | None]] = {
        name: [data.addresses.of("architecture", one) for one in counts[name].fillna("")]
        for name in ("architecture", "variant_of")
    }
    ids = [f"network-{at + 1}" for at in range(len(counts))]
    table = explored("networks", counts, _SHOWN, ids, "All networks", "architectures/networks", links)
    files = Download("architectures/baselines", "Baselines of all networks", baselines, BASELINES).files()
    lead = f"{number_of(len(rows), 'network')}; sizes of unpruned models are as their sources print them."
    return PageContent({"table": table, "lead": lead}, {**table.download.files(), **files})


def _variants(entries: tuple[Architecture, ...]) -> dict[str, list[Architecture]]:
    found: dict[str, list[Architecture]] = defaultdict(list)
    for one in entries:
        if one.variant_of:
            found[one.variant_of].append(one)
    return found


def _models(data: SiteData) -> dict[str, list[tuple[UnprunedSource, UnprunedModel]]]:
    """What tables of unpruned models say of each architecture."""
    found: dict[str, list[tuple[UnprunedSource, UnprunedModel]]] = defaultdict(list)
    for source in data.dataset.corpus.unpruned:
        for model in source.models:
            found[model.architecture].append((source, model))
    return found


def _content(
    one: Architecture,
    family: list[str],
    baselines: pd.DataFrame | None,
    variants: list[Architecture],
    models: list[tuple[UnprunedSource, UnprunedModel]],
    data: SiteData,
) -> PageContent:
    places = data.places("architecture", one.name)
    parts = [
        PagePart(Section("In short", facts=tuple(fact for fact in _facts(one, data) if fact.value)), "short"),
        *configurations_part(data.outline(places), data, "dataset"),
        *_of_variants(variants, data),
        *_of_family(family, data),
        *baselines_part(baselines, data, "dataset"),
        *_unpruned(models, data),
    ]
    return PageContent({"parts": parts})


def _facts(one: Architecture, data: SiteData) -> Iterator[Fact]:
    yield Fact("Also called", ", ".join(one.aliases or ()))
    yield Fact("Family", one.family or "")
    yield data.fact("Variant of", "architecture", one.variant_of)
    yield Fact("Differs in", ", ".join(part.replace("_", " ") for part in one.differs or ()))
    yield Fact("Proof of the variant", one.variant_source or "")
    yield Fact("Year", printed(one.year))
    yield Fact("Input", one.input or "")
    yield Fact("Parameters", printed(one.params))
    yield Fact("Multiply-adds", printed(one.multiply_adds))
    yield Fact("Source", one.source or "")
    yield Fact("Note", one.note or "")


def configurations_part(rows: Iterable[OutlineRow], data: SiteData, other: str) -> Iterator[PagePart]:
    """The configurations of an entity, with how much there is on each.

    Args:
        rows: Operating points of the entity.
        data: What all pages share.
        other: What tells its configurations apart: ``dataset`` or ``architecture``.
    """
    groups: defaultdict[tuple[str, str], list[OutlineRow]] = defaultdict(list)
    for row in rows:
        if row.dataset and row.architecture:
            groups[row.dataset, row.architecture].append(row)
    head = {"dataset": "dataset", "architecture": "network"}[other]
    papers = {pair: len({row.paper_id for row in found}) for pair, found in groups.items()}
    table = [
        {
            head: (str(getattr(groups[pair][0], other)), data.addresses.of_configuration(*pair) or ""),
            "papers": str(papers[pair]),
            "methods": str(len({row.canonical_method for row in groups[pair] if row.canonical_method})),
            "points": str(len(groups[pair])),
        }
        for pair in sorted(groups, key=lambda pair: (-papers[pair], pair))
    ]
    text = ("Each leads to all its results; the table of operating points shows those of all together.",)
    if found := list_part("Configurations", table, "configurations", text):
        name = str(getattr(next(iter(groups.values()))[0], _OTHER[other]))
        wanted = urlencode({_OTHER[other]: name, "standing": ""})
        everything = Fact("All results in the table of operating points", "", Address(f"{TABLE_PAGE}#?{wanted}"))
        yield replace(found, links=(everything,))


_OTHER = {"dataset": "architecture", "architecture": "dataset"}


def _of_variants(variants: list[Architecture], data: SiteData) -> Iterator[PagePart]:
    rows = [
        {
            "network": (one.name, data.addresses.of("architecture", one.name) or ""),
            "differs in": ", ".join(part.replace("_", " ") for part in one.differs or ()),
            "proof": one.variant_source or "",
        }
        for one in variants
    ]
    if found := list_part("Variants", rows, "variants"):
        yield found


def _of_family(family: list[str], data: SiteData) -> Iterator[PagePart]:
    rows = [{"network": (one, data.addresses.of("architecture", one) or "")} for one in family]
    if found := list_part("Others of the family", rows, "family"):
        yield found


def baselines_part(baselines: pd.DataFrame | None, data: SiteData, other: str) -> Iterator[PagePart]:
    """The unpruned models that papers start from, and how far they disagree.

    Args:
        baselines: Rows as of ``baselines()``, of one entity.
        data: What all pages share.
        other: What tells its configurations apart: ``dataset`` or ``architecture``.
    """
    if baselines is None:
        return
    head = {"dataset": "dataset", "architecture": "network"}[other]
    rows = [
        {
            head: (str(row[other]), data.addresses.of_configuration(row["dataset"], row["architecture"]) or ""),
            "quantity": f"{row['quantity']} ({row['unit']})".replace(" (count)", ""),
            "values": str(row["n"]),
            "papers": str(row["n_papers"]),
            **{name: computed(row[name], str(row["unit"])) for name in ("median", "minimum", "maximum")},
        }
        for row in baselines.to_dict("records")
    ]
    text = (
        "The unpruned models that papers start from, one value a paper or reference model; flops are multiply-adds.",
    )
    if found := list_part("Baselines", rows, "baselines", text):
        yield PagePart(
            found.section, found.name, links=(Fact("CSV of all", "", Address("architectures/baselines.csv")),)
        )


def _unpruned(models: list[tuple[UnprunedSource, UnprunedModel]], data: SiteData) -> Iterator[PagePart]:
    rows = [
        {
            "source": (source.title, source.url or ""),
            "dataset": (source.dataset, data.addresses.of("dataset", source.dataset) or ""),
            "printed as": model.printed_name or "",
            "implementation": model.port or "",
            "top-1 (%)": printed(model.top1),
            "top-5 (%)": printed(model.top5),
            "parameters": printed(model.params),
            "operations": printed(model.flops),
            "counted as": (source.flop_convention or "").replace("_", " ") if model.flops else "",
        }
        for source, model in models
    ]
    if found := list_part("Unpruned reference models", rows, "unpruned"):
        yield found
