"""Pages about the corpus: what was corrected and let stand, what claims come to, sources, and downloads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from sys import maxsize

import pandas as pd

from prunelit.analysis.claims.sources import CONCLUSIONS
from prunelit.analysis.dataset import SURVEY
from prunelit.analysis.dictionary import TABLES
from prunelit.analysis.frames.columns import TEXT, Column, columns_named, typed
from prunelit.analysis.frames.printed import printed
from prunelit.analysis.frames.reported import PAPERS
from prunelit.analysis.pages.advice import advice
from prunelit.analysis.pages.section import Fact, Section
from prunelit.analysis.pages.since2020 import page as since_the_survey
from prunelit.analysis.planning.plan import make_plan
from prunelit.analysis.spreadsheet import as_csv
from prunelit.analysis.trends.checklist import checklist_table
from prunelit.analysis.trends.frontiers import frontiers_table
from prunelit.analysis.trends.progress import progress_table
from prunelit.analysis.trends.recipes import recipes_held_table
from prunelit.explorer.addresses import Address, index_of
from prunelit.explorer.downloads import (
    EVIDENCE_FILE,
    EVIDENCE_METADATA,
    Download,
    linked_dataset,
    metadata_files,
    packed,
)
from prunelit.explorer.explored import ShownColumn, explored
from prunelit.explorer.findings import OPEN_FINDINGS, finding_row, open_findings
from prunelit.explorer.listing import list_part, number_of
from prunelit.explorer.navigation import CONFIGURATIONS_PAGE, CORPUS_PAGE, OPEN_FINDINGS_PAGE, TABLE_PAGE
from prunelit.explorer.page import EARLY, LATE, USUAL, Page, PageContent, PagePart
from prunelit.explorer.prose import markdown_html
from prunelit.explorer.shared import SiteData
from prunelit.explorer.verdicts import conclusions_judged, survey_judged, verdict_counts
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction, ReferenceCorrection

PLACE = 7
TITLE = "Corpus"
_WHOLE_TABLES = ("papers", "methods", "comparisons", "baselines", "checklist", "discrepancies")
"""Tables that are offered whole, beside that of all operating points."""
_PACKED = ("checklist",)
"""Tables of so many rows that they are compressed."""
_SOURCES_HEADING = "## Sources, licences, credits"


def pages(data: SiteData) -> Iterator[Page]:
    """The page of the corpus and those below it."""
    corpus = data.dataset.corpus
    everything = data.record_digests, data.evidence_digests
    survey = [paper.id for paper in corpus.papers if SURVEY in paper.collections]
    of_survey = [data.record_digests[one] for one in survey], corpus.corrections, corpus.groups, corpus.exclusions
    labels = data.labels
    below: dict[str, tuple[str, str, partial[PageContent], tuple[object, ...]]] = {
        "corrections": (
            "Corrections", "Published numbers that are wrong, what is right, and what proves it.",
            partial(_corrections, data), (corpus.corrections, corpus.part("reference_corrections"), labels),
        ),
        "acknowledgements": (
            "Acknowledged findings", "What the audit finds in records and people let stand, and why.",
            partial(_acknowledgements, data), (corpus.acknowledgements, data.names_digest),
        ),
        "open-findings": (
            "Open findings", "What the audit finds in records, and nobody has corrected or acknowledged yet.",
            partial(_open_findings, data),
            (*everything, corpus.corrections, corpus.acknowledgements, data.names_digest),
        ),
        "claims": (
            "Claims", "What papers claim about pruning, computed anew from the records, with verdicts.",
            partial(_claims, data), (*everything, *of_survey),
        ),
        "progress": (
            "Progress since 2020", "Whether comparing, reporting and results have got better since the 2020 survey.",
            partial(_progress, data), (*everything, corpus.checklist),
        ),
        "plan": (
            "Plan", "Which experiments would make a new paper comparable with most of those of the 2020 survey.",
            partial(_plan, data), of_survey,
        ),
        "sources": (
            "Sources and licences", "Where the facts of the corpus come from, and under which licences.",
            partial(_sources, data), (corpus.collections, corpus.unpruned, _readme(data)),
        ),
        "downloads": (
            "Downloads", "Tables of the corpus as files, and how to cite them.",
            partial(_downloads, data), (*everything, corpus.checklist, corpus.collections),
        ),
    }  # fmt: skip
    links = [(title, Address(f"corpus/{name}.html"), said) for name, (title, said, _, _) in below.items()]
    facts = _counts(data)
    made_of = facts, corpus.collections, links
    yield Page(CORPUS_PAGE, TITLE, partial(_index, facts, links, corpus), made_of, description="What the corpus holds.")
    for name, (title, said, make, parts) in below.items():
        template = "explored" if make.func in (_acknowledgements, _open_findings) else "sections"
        address = Address(f"corpus/{name}.html")
        yield Page(address, title, make, parts, template, said, "corpus", _TURNS.get(name, USUAL))


_TURNS = {"open-findings": LATE, "claims": LATE, "progress": LATE, "downloads": EARLY}


def _counts(data: SiteData) -> tuple[Fact, ...]:
    corpus, swept = data.dataset.corpus, int(data.evidence["sweep"].astype(bool).sum())
    return (
        Fact("Papers", f"{len(corpus.papers):,}", index_of("paper")),
        Fact("Operating points", f"{len(data.evidence):,}, {swept:,} of them in released sweeps", TABLE_PAGE),
        Fact("Configurations", f"{len(data.addresses.configurations):,}", CONFIGURATIONS_PAGE),
        Fact("Venues", f"{len(corpus.venues):,}", index_of("venue")),
        Fact("Corrections", f"{len(corpus.corrections):,}", Address("corpus/corrections.html")),
        Fact("Contributors", f"{len(data.addresses.names('person')):,}", index_of("person")),
    )


def _index(facts: tuple[Fact, ...], links: list[tuple[str, Address, str]], corpus: Corpus) -> PageContent:
    about = list_part("Pages", ({"page": (title, address), "what it shows": said} for title, address, said in links))
    collections = list_part(
        "Collections",
        (
            {
                "collection": one.name,
                "what it holds": one.title,
                "source": (one.source, one.url or ""),
                "licence": one.licence or "",
                "closed": "yes" if one.closed else "",
            }
            for one in corpus.collections
        ),
    )
    parts = [PagePart(Section("In short", facts=facts), "short"), about, collections]
    return PageContent({"parts": [one for one in parts if one]})


def _corrections(data: SiteData) -> PageContent:
    corrections = data.dataset.corpus.corrections
    rows = (
        {
            "date": str(one.date),
            "paper": data.of_paper(one.paper),
            "place": str(one.place),
            "field": one.field,
            "published": _value(one.expect),
            "right": _value(one.correct),
            "reason": one.reason,
            "evidence": one.evidence,
            "status": one.status,
        }
        for one in sorted(corrections, key=_latest_first, reverse=True)
    )
    of_tables = data.dataset.corpus.part("reference_corrections")
    found = list_part("Corrections", rows, "corrections")
    unpruned = list_part("Corrections of tables of unpruned models", map(_of_table, of_tables), "reference_corrections")
    count = number_of(len(corrections) + len(of_tables), "correction")
    lead = f"{count} of what was published, the latest first. No record is changed silently."
    return PageContent({"parts": [one for one in (found, unpruned) if one], "lead": lead})


def _of_table(one: ReferenceCorrection) -> dict[str, str]:
    return {
        "date": str(one.date),
        "table": one.source,
        "architecture": one.architecture,
        "field": one.field,
        "published": _value(one.expect),
        "right": _value(one.correct),
        "reason": one.reason,
        "evidence": one.evidence,
        "status": one.status,
    }


def _latest_first(one: Correction) -> str:
    return str(one.date)


def _value(value: object) -> str:
    return "nothing" if value is None else printed(value)


def _acknowledgements(data: SiteData) -> PageContent:
    known = data.dataset.corpus.acknowledgements
    rows = pd.DataFrame(
        [{"paper_id": one.paper, **finding_row(one)} for one in known], columns=["paper_id", *FINDING_HEADS]
    ).rename(columns={head: column.name for head, column in zip(FINDING_HEADS, ACKNOWLEDGED[1:], strict=True)})
    links = {"paper_id": [data.addresses.of("paper", one) for one in rows["paper_id"]]}
    ids = [f"finding-{at + 1}" for at in range(len(rows))]
    table = explored("findings", typed(rows, ACKNOWLEDGED), _SHOWN, ids, "Findings that stand", _FINDINGS_STEM, links)
    lead = "What 'prunelit audit' finds in records, and somebody has looked at and lets stand."
    return PageContent({"table": table, "lead": lead}, table.download.files())


def _open_findings(data: SiteData) -> PageContent:
    rows = open_findings(data.dataset)
    links = {"paper_id": [data.addresses.of("paper", one) for one in rows["paper_id"].fillna("")]}
    ids = [f"finding-{at + 1}" for at in range(len(rows))]
    stem = OPEN_FINDINGS_PAGE.removesuffix(".html")
    table = explored("findings", rows, _SHOWN_OPEN, ids, "Open findings", stem, links)
    lead = (
        f"{number_of(len(rows), 'finding')} of 'prunelit audit' that nobody has corrected, or acknowledged with a "
        "reason; those that stand with a reason are on the pages of their papers."
    )
    return PageContent({"table": table, "lead": lead}, table.download.files())


_FINDINGS_STEM = "corpus/acknowledgements"
_ONES = "analysis.audit"
FINDING_HEADS = ("rule", "severity", "what it catches", "about", "why it stands")
ACKNOWLEDGED = (
    *columns_named(PAPERS, "paper_id"),
    Column("rule", TEXT, "", "Rule of the audit that makes the finding.", _ONES),
    Column("severity", TEXT, "", "error: cannot be true; warning: implausible; note: worth knowing.", _ONES),
    Column("meaning", TEXT, "", "What the rule catches.", _ONES),
    Column("about", TEXT, "", "What exactly stands, with the numbers that the record prints there.", _ONES),
    Column("reason", TEXT, "", "Why it may stand.", _ONES),
)
_SHOWN = [
    ShownColumn(one, facet=one.name in ("rule", "severity"), hidden=one.name == "meaning") for one in ACKNOWLEDGED
]
_SHOWN_OPEN = [
    ShownColumn(one, facet=one.name in ("paper_id", "rule", "severity"), hidden=one.name == "why")
    for one in OPEN_FINDINGS
]


def _claims(data: SiteData) -> PageContent:
    survey, others = survey_judged(data.dataset), conclusions_judged(data.dataset)
    parts = [
        _judged("The survey of 2020", survey, "survey", f"Of its numbers, {verdict_counts(survey)}."),
        *(
            _judged(data.dataset.corpus.by_id[str(paper)].title, rows.drop(columns="paper_id"), str(paper), "")
            for paper, rows in others.groupby("paper_id", sort=False)
        ),
    ]
    file = Download("corpus/conclusions", "Conclusions of papers, with verdicts", others, CONCLUSIONS)
    found = [one for one in parts if one]
    if found:
        found[-1] = replace(found[-1], download=file)
    lead = "What papers claim, with its place, and whether the records bear it out. Every value is computed anew."
    return PageContent({"parts": found, "lead": lead})


def _judged(title: str, table: pd.DataFrame, name: str, said: str) -> PagePart | None:
    rows = [
        {
            "claim": str(row["claim"]),
            "verdict": str(row["verdict"]),
            "published": str(row["published"]),
            "computed": str(row["computed"]),
            "where": str(row["source"]),
            "reason": str(row["reason"]),
        }
        for row in table.fillna("").to_dict("records")
    ]
    found = list_part(title, rows, name, (said,) if said else ())
    marks = ["good" if row["verdict"] in ("holds", "reproduced") else "bad" for row in rows]
    return replace(found, marks={"verdict": marks}) if found else None


def _progress(data: SiteData) -> PageContent:
    if not _has_survey(data):
        return PageContent({"parts": [], "lead": _NO_SURVEY})
    progress, frontiers = progress_table(data.dataset), frontiers_table(data.dataset)
    sections = since_the_survey(progress, frontiers, data.dataset.discrepancies(), recipes_held_table(data.dataset))
    parts = [PagePart(one) for one in sections]
    files = Download("corpus/progress", "Progress since 2020", progress, TABLES["progress"]).files()
    return PageContent({"parts": parts}, dict(files))


_NO_SURVEY = "The corpus does not hold the survey of 2020."


def _has_survey(data: SiteData) -> bool:
    return any(one.name == SURVEY for one in data.dataset.corpus.collections)


def _plan(data: SiteData) -> PageContent:
    if not _has_survey(data):
        return PageContent({"parts": [], "lead": _NO_SURVEY})
    survey = data.dataset.of(SURVEY)
    return PageContent({"parts": [PagePart(one) for one in advice(make_plan(survey), survey.corpus)]})


def _readme(data: SiteData) -> str:
    """The part of the corpus's README that credits its sources; nothing where the corpus has none."""
    file = Path(data.dataset.reading.root) / "README.md"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return text.partition(_SOURCES_HEADING)[2]


def _sources(data: SiteData) -> PageContent:
    corpus = data.dataset.corpus
    unpruned = list_part(
        "Tables of unpruned models",
        (
            {
                "source": (one.title, one.url or ""),
                "licence": one.licence or "none stated",
                "dataset": (one.dataset, data.addresses.of("dataset", one.dataset) or ""),
                "models": str(len(one.models)),
            }
            for one in corpus.unpruned
        ),
    )
    collections = list_part(
        "Collections",
        (
            {"collection": one.title, "source": (one.source, one.url or ""), "licence": one.licence or "see below"}
            for one in corpus.collections
        ),
    )
    prose = markdown_html(_readme(data))
    lead = "The data are licensed CC BY 4.0; these are the sources of their facts, with their own licences."
    parts = [one for one in (collections, unpruned) if one]
    return PageContent({"parts": parts, "lead": lead, "prose": prose})


def _downloads(data: SiteData) -> PageContent:
    tables = {name: _table(name, data) for name in _WHOLE_TABLES}
    files: dict[Address, str | bytes] = {}
    for name, table in tables.items():
        packed_from = 0 if name in _PACKED else maxsize
        files |= Download(f"corpus/{name}", f"Table {name} of prunelit", table, TABLES[name], packed_from).files()
    files[EVIDENCE_FILE] = packed(as_csv(data.evidence))
    files |= metadata_files(
        EVIDENCE_FILE, EVIDENCE_METADATA, "All operating points, with everything beside", TABLES["evidence"]
    )
    rows = [
        *(
            {"table": name, "rows": f"{len(table):,}", "file": (_file(name).rpartition("/")[2], _file(name)),
             "columns": ("JSON", Address(f"corpus/{name}.csv-metadata.json"))}
            for name, table in tables.items()
        ),
        {"table": "evidence", "rows": f"{len(data.evidence):,}", "file": ("evidence.csv.gz", EVIDENCE_FILE),
         "columns": ("JSON", EVIDENCE_METADATA)},
    ]  # fmt: skip
    found = list_part("Tables", rows, "tables")
    lead = "Tables with corrections applied. Metadata follow CSV on the Web: units, meanings, version, licence."
    values = {
        "parts": [found] if found else [],
        "lead": lead,
        "citation": _citation_file(),
        "linked_data": linked_dataset("Tables of results that papers on pruning report.", data.base, whole_files()),
    }
    return PageContent(values, files)


def whole_files() -> list[tuple[str, Address]]:
    """Titles and addresses of the tables that are offered whole."""
    tables = [(f"Table {name} of prunelit", _file(name)) for name in _WHOLE_TABLES]
    return [*tables, ("All operating points, with everything that stands beside them", EVIDENCE_FILE)]


def _file(name: str) -> Address:
    """The address of a whole table."""
    return Address(f"corpus/{name}.csv.gz" if name in _PACKED else f"corpus/{name}.csv")


def _table(name: str, data: SiteData) -> pd.DataFrame:
    if name == "checklist":
        return checklist_table(data.dataset)
    found: pd.DataFrame = getattr(data.dataset, name)()
    return found


def _citation_file() -> str:
    """The file that says how to cite the software, where the package lies in its repository."""
    file = Path(__file__).resolve().parents[2] / "CITATION.cff"
    return file.read_text(encoding="utf-8") if file.is_file() else ""
