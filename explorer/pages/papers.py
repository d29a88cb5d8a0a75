"""Pages of papers: what each reports, as it reports it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import quote, urlencode

import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.dictionary import TABLES
from prunelit.analysis.export.bibtex import as_bibtex
from prunelit.analysis.export.reference import PaperReference, reference
from prunelit.analysis.export.ris import as_ris
from prunelit.analysis.frames.source_urls import ARXIV_URL, DOI_URL, source_url
from prunelit.analysis.pages.profile import known_corrections, proposed_methods, reported, reporting
from prunelit.analysis.pages.section import Fact, Section
from prunelit.explorer.addresses import Address, index_of
from prunelit.explorer.downloads import Download
from prunelit.explorer.explored import ShownColumn, explored
from prunelit.explorer.findings import finding_row
from prunelit.explorer.listing import ListRow, list_part, made_of_papers, number_of, paper_row
from prunelit.explorer.navigation import OPEN_FINDINGS_PAGE, TABLE_PAGE
from prunelit.explorer.page import Page, PageContent, PagePart, is_web_address
from prunelit.explorer.points import place_in_short
from prunelit.explorer.shared import SiteData, file_url, newest_first
from prunelit.schema.record import Experiment, Paper

PLACE = 1
TITLE = "Papers"
_QUALITIES = ("top1", "top5", "params", "flops", "compression_ratio", "speedup", "other metrics")
"""How columns begin that hold numbers with a source."""
MOST_POINTS = 200
"""Operating points up to which a page shows them as the analysis sees them, too."""
_ALL_CORRECTIONS = (Fact("All corrections", "", Address("corpus/corrections.html")),)


def pages(data: SiteData) -> Iterator[Page]:
    """The index of papers, and a page for each."""
    papers = sorted(data.dataset.corpus.papers, key=newest_first)
    made_of = made_of_papers(papers, data), data.dataset.papers()
    description = f"{number_of(len(papers), 'paper')} on neural-network pruning, each with what it reports."
    yield Page(index_of("paper"), TITLE, partial(_index, papers, data), made_of, "explored", description)
    edges = data.dataset.comparisons()
    of_paper = {
        column: {str(name): rows for name, rows in edges.groupby(column, sort=False)}
        for column in ("paper_id", "compared_id")
    }
    for paper in papers:
        around = {column: found.get(paper.id) for column, found in of_paper.items()}
        yield Page(
            data.addresses.of("paper", paper.id) or Address(),
            paper.title,
            partial(_content, paper, around, data),
            _made_of(paper, around, data),
            "paper",
            _description(paper),
            "paper",
        )


def _index(papers: list[Paper], data: SiteData) -> PageContent:
    rows = data.dataset.papers().set_index("paper_id", drop=False).loc[[one.id for one in papers]]
    links: dict[str, Sequence[Address | str | None]] = {
        "label": [data.addresses.of("paper", one) for one in rows["paper_id"]],
        "venue": [data.addresses.of("venue", one) for one in rows["venue"].fillna("")],
    }
    columns = sorted(TABLES["papers"], key=lambda one: one.name != "label")
    shown = [
        ShownColumn(one, one.name in _FACETS, one.name not in _LISTED, one.name == "year", one.name == "points")
        for one in columns
    ]
    ids = rows["paper_id"].tolist()
    table = explored("papers", rows.reset_index(drop=True), shown, ids, "All papers of the corpus", _STEM, links)
    lead = f"{number_of(len(papers), 'paper')}, the newest first."
    return PageContent({"table": table, "lead": lead}, table.download.files())


_STEM = "papers/papers"
_FACETS = {"year", "venue", "peer_reviewed", "collections", "status"}
_LISTED = {"label", "title", "year", "venue", "experiments", "points"}


def _made_of(paper: Paper, around: Mapping[str, pd.DataFrame | None], data: SiteData) -> tuple[object, ...]:
    others = {
        other
        for column, rows in around.items()
        if rows is not None
        for other in rows["compared_id" if column == "paper_id" else "paper_id"]
    }
    return (
        data.record_digests[paper.id],
        data.said_of_papers.get(paper.id),
        *data.made_of_points(data.places("paper_id", paper.id)),
        made_of_papers((data.dataset.corpus.by_id[one] for one in sorted(others)), data),
        data.repository,
    )


def _description(paper: Paper) -> str:
    where = f" ({paper.venue})" if paper.venue else ""
    count = number_of(len(paper.experiments or ()), "experiment")
    return f"What the paper of {paper.published.year}{where} reports on neural-network pruning: {count}."


def _content(paper: Paper, around: Mapping[str, pd.DataFrame | None], data: SiteData) -> PageContent:
    stem = f"papers/{paper.id}"
    cited = reference(paper, {one.name: one for one in data.dataset.corpus.venues})
    texts: dict[Address, str | bytes] = {
        Address(f"{stem}.bib"): as_bibtex([cited]),
        Address(f"{stem}.ris"): as_ris([cited]),
    }
    points = data.points_part(
        "As the analysis sees them", data.places("paper_id", paper.id), stem, ("paper",), sweeps=True
    )
    parts = [
        *_methods(paper, data),
        *_results(paper, data, points.download),
        *(
            [_seen(points, paper.id)]
            if points.section.table is not None or len(data.places("paper_id", paper.id))
            else []
        ),
        *_neighbours(around, data),
        *(PagePart(one, "checklist") for one in reporting(paper, data.dataset)),
        *_findings(paper, data.dataset),
        *(PagePart(one, "corrections", links=_ALL_CORRECTIONS) for one in known_corrections(paper, data.dataset)),
    ]
    values = {
        "parts": parts,
        "paper": paper,
        "label": data.labels[paper.id],
        "facts": [fact for fact in _facts(paper, data) if fact.value],
        "actions": list(_actions(paper.id, data.repository)),
        "citation": [Fact("BibTeX", "", Address(f"{stem}.bib")), Fact("RIS", "", Address(f"{stem}.ris"))],
        "bibtex": texts[Address(f"{stem}.bib")],
        "linked_data": _linked_data(cited),
    }
    return PageContent(values, texts)


def _seen(points: PagePart, paper: str) -> PagePart:
    """The numbers with links to their sources alone: networks, datasets and methods are linked above, once each.

    Where they are more than anybody reads, a link leads to them in the table of all.
    """
    section = points.section
    links = {name: one for name, one in section.links.items() if name == "source"}
    if section.table is None or len(section.table) <= MOST_POINTS:
        return replace(points, section=replace(section, links=links))
    count = (f"{len(section.table)} operating points, each with its source: in the CSV, and in the table of all.",)
    there = Address(f"{TABLE_PAGE}#?{urlencode({'paper_id': paper, 'standing': ''})}")
    here = Fact("These in the table of operating points", "", there)
    return replace(points, section=replace(section, table=None, text=count, links={}), links=(here,))


def _facts(paper: Paper, data: SiteData) -> Iterator[Fact]:
    corpus, names, date = data.dataset.corpus, paper.identifiers, paper.published
    venue = next((one for one in corpus.venues if one.name == paper.venue), None)
    yield Fact("Published", f"{date.year}" + (f"-{date.month:02}" if date.month else ""))
    if venue:
        full = f": {venue.full_name}" if venue.full_name else ""
        said = f"{venue.name}{full} ({'' if venue.peer_reviewed else 'not '}peer-reviewed)"
        yield data.fact("Venue", "venue", venue.name, said)
    if names and names.arxiv:
        yield Fact("arXiv", names.arxiv, f"{ARXIV_URL}{names.arxiv}")
    if names and names.doi:
        yield Fact("DOI", names.doi, f"{DOI_URL}{quote(names.doi)}")
    yield from (Fact("Link", link, link) for link in paper.links or ())
    if paper.status:
        yield Fact("Status", f"{paper.status} ({paper.status_source})")
        yield data.fact("Superseded by", "paper", paper.superseded_by, data.labels.get(paper.superseded_by or "", ""))
    yield Fact("Record", paper.id)
    yield Fact("Name in the 2020 survey", paper.survey_id or "")
    yield Fact("Collections", ", ".join(paper.collections))
    yield from (data.fact("Contributor", "person", one) for one in paper.contributors or ())
    yield Fact("Note", paper.note or "")


def _actions(paper: str, repository: str | None) -> Iterator[Fact]:
    """What a reader can do about a record: see what is open, edit it, or report a number."""
    open_here = f"{OPEN_FINDINGS_PAGE}#?{urlencode({'paper_id': paper})}"
    yield Fact("Open findings of the audit", "", Address(open_here))
    if repository:
        yield Fact("Edit this record", "", file_url(repository, f"corpus/papers/{paper}.yaml", "edit"))
        yield Fact("Report a wrong number", "", report_url(repository, paper))


def report_url(repository: str, paper: str, where: str = "") -> str:
    """The address of the issue form for a wrong number, filled in as far as it is known."""
    filled_in = {"template": "a-number-is-wrong.yml", "title": f"Wrong: {paper}", "record": paper}
    return f"{repository}/issues/new?{urlencode(filled_in | ({'where': where} if where else {}))}"


def _methods(paper: Paper, data: SiteData) -> Iterator[PagePart]:
    listed_here = data.dataset.methods()
    names = listed_here[listed_here["paper_id"] == paper.id]["canonical_method"].fillna("").tolist()
    for section in proposed_methods(paper, data.dataset):
        facts = tuple(
            replace(fact, link=data.addresses.of("method", name) or "")
            for fact, name in zip(section.facts, names, strict=True)
        )
        table = [
            {"method": (name or fact.label, fact.link), "what its sources say": fact.value}
            for fact, name in zip(facts, names, strict=True)
        ]
        found = list_part(section.title, table, "methods")
        if found:
            yield found


def _results(paper: Paper, data: SiteData, file: Download | None) -> Iterator[PagePart]:
    """The results as the paper reports them: one part an experiment, every number with the address of its source."""
    for at, (experiment, section) in enumerate(
        zip(paper.experiments or (), reported(paper, data.dataset), strict=True)
    ):
        yield PagePart(
            _sourced(section, _sources(section, experiment, paper, data)),
            f"experiment-{at + 1}",
            links=tuple(_around(experiment, paper, data, file)),
        )


def _sourced(section: Section, links: dict[str, list[str]]) -> Section:
    """A table of results with links to its sources, and places without what these open."""
    table = section.table
    if table is not None and "locator" in links:
        places = zip(table["locator"], links["locator"], strict=True)
        table = table.assign(locator=[place_in_short(place) if link else place for place, link in places])
    return replace(section, table=table, links=links)


def _around(experiment: Experiment, paper: Paper, data: SiteData, file: Download | None) -> Iterator[Fact]:
    names = experiment.dataset, experiment.architecture
    if file and experiment.curves:
        yield Fact("CSV of all results", "", file.csv)
    if address := data.addresses.of_configuration(*names):
        yield Fact(f"All results of {names[1]} on {names[0]}", "", address)
    if data.repository:
        where = " on ".join(filter(None, reversed(names)))
        yield Fact("Report a wrong number", "", report_url(data.repository, paper.id, where))


def _sources(section: Section, experiment: Experiment, paper: Paper, data: SiteData) -> dict[str, list[str]]:
    """The addresses that cells of a table of results lead to: numbers and places to the source that evidence names."""
    if section.table is None:
        return {}
    collections = {one.name: one for one in data.dataset.corpus.collections}
    collection = collections.get(experiment.collections[0])
    places = [
        data.source_link(source_url(point.locator or curve.locator, paper, collection) or "")
        for curve in experiment.curves or ()
        for point in curve.points or ()
    ]
    linked = [name for name in section.table.columns if str(name).startswith((*_QUALITIES, "locator"))]
    return dict.fromkeys(linked, places)


def _neighbours(around: Mapping[str, pd.DataFrame | None], data: SiteData) -> Iterator[PagePart]:
    """Whom the paper compares to or cites, and who compares to it or cites it."""
    for title, column, other in (
        ("Compares to", "paper_id", "compared_id"),
        ("Compared to by", "compared_id", "paper_id"),
    ):
        rows = around[column]
        if rows is not None:
            pairs = zip(rows[other], rows["kind"], strict=True)
            found = list_part(title, (_neighbour(str(one), str(kind), data) for one, kind in pairs))
            if found:
                yield replace(found, links=(Fact("CSV of all comparisons", "", Address("corpus/comparisons.csv")),))


def _neighbour(paper: str, kind: str, data: SiteData) -> ListRow:
    row = paper_row(data, data.dataset.corpus.by_id[paper])
    return row | {"kind": "" if kind == "comparison" else kind}


def _findings(paper: Paper, dataset: Dataset) -> Iterator[PagePart]:
    """What the audit finds in the record and people have looked at."""
    rows = [finding_row(one) for one in dataset.corpus.acknowledgements if one.paper == paper.id]
    text = ("What the audit finds here, and why it stands.",)
    if found := list_part("Findings of the audit", rows, "findings", text):
        yield replace(found, links=(Fact("All findings that stand", "", Address("corpus/acknowledgements.html")),))


def _linked_data(cited: PaperReference) -> dict[str, object]:
    """What schema.org says of an article."""
    told: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": cited.title,
        "author": [{"@type": "Person", "name": f"{own} {family}".strip()} for family, own in cited.authors],
        "datePublished": str(cited.year),
        "isPartOf": cited.container,
        "url": cited.url if is_web_address(cited.url) else None,
        "sameAs": f"{DOI_URL}{quote(cited.doi)}" if cited.doi else None,
    }
    return {key: value for key, value in told.items() if value}
