"""Does the report tell every correction, every difference, and nothing that a record could smuggle in?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from another_process import ERRATA, written_elsewhere
from typer.testing import CliRunner

from prunelit.analysis.dataset import Dataset, dataset
from prunelit.analysis.pages.errata import PART_TITLES, Found, find, page
from prunelit.analysis.pages.section import Section
from prunelit.analysis.survey.correction_effects import ALL_TOGETHER, MARK_NAMES, slip_name, slips
from prunelit.analysis.survey.marks import COUNTED, marks
from prunelit.analysis.survey.procedures import AS_PUBLISHED, DRAWN, OURS, SAID, ProcedureContrast
from prunelit.cli.app import app
from prunelit.cli.errata import errata_files
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction

FEW = ("he2017channel", "peng2018extreme", "yamamoto2018pcas", "zhang2015accelerating")
HOSTILE = "</td></table><script>alert(1)</script> | <img src=x onerror=alert(1)> [a](javascript:b) `c` *d*"


@pytest.fixture(scope="module")
def tables(survey: Corpus) -> Dataset:
    return dataset(survey)


@pytest.fixture(scope="module")
def found(tables: Dataset, effects: pd.DataFrame) -> Found:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("prunelit.analysis.pages.errata.correction_effects", lambda survey: effects)
        return find(tables)


@pytest.fixture(scope="module")
def sections(found: Found) -> list[Section]:
    return page(found)


@pytest.fixture(scope="module")
def texts(found: Found) -> dict[str, str]:
    return errata_files(found)


@pytest.fixture(scope="module")
def small(survey: Corpus) -> Corpus:
    """A few papers and their corrections."""
    papers = tuple(paper for paper in survey.papers if paper.id in FEW)
    corrections = tuple(one for one in survey.corrections if one.paper in FEW)
    return replace(survey, papers=papers, corrections=corrections, exclusions=(), documents=())


class Reader(HTMLParser):
    """Collects tags, ids, links to them, and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("id", "href"):
                (self.ids if name == "id" else self.links).append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def named(sections: list[Section], title: str) -> Section:
    (section,) = [one for one in sections if one.title == title]
    return section


def test_every_correction_is_told_with_its_evidence(survey: Corpus, sections: list[Section]) -> None:
    for slip in slips(survey.corrections):
        said = " ".join(fact.value for fact in named(sections, f"Correction: {slip_name(slip)}").facts)
        for one in slip:
            assert {one.reason in said, one.evidence in said, one.date in said, one.status in said} == {True}


def test_every_corrected_value_stands_in_the_table(survey: Corpus, sections: list[Section]) -> None:
    table = named(sections, "All corrections").table
    assert table is not None
    told = set(zip(table["paper"], table["row"], table["field"], strict=True))
    assert told == {(one.paper, str(one.survey_row or ""), one.field) for one in survey.corrections}


@pytest.mark.parametrize("name", ["corrections.html", "corrections.md"])
def test_nothing_is_cut_short(survey: Corpus, texts: dict[str, str], name: str) -> None:
    text = texts[name] if name.endswith("md") else Reader(texts[name]).text
    plain = text.replace("\\", "").replace("<!-- -->", "").replace("&lt;", "<").replace("&amp;", "&")
    for one in survey.corrections:
        assert " ".join(one.evidence.split()) in plain
    assert "…" not in text


def differences(before: pd.DataFrame, after: pd.DataFrame) -> set[tuple[str, ...]]:
    """The names of all numbers that are not the same, one by one."""
    old, new = (
        {tuple(name): value for *name, value in table[[*MARK_NAMES, "value"]].itertuples(index=False, name=None)}
        for table in (before, after)
    )
    return {
        name
        for name in old.keys() | new.keys()
        if old.get(name, 0.0 if name[-1] in COUNTED else None) != new.get(name, 0.0 if name[-1] in COUNTED else None)
    }


def rows(table: pd.DataFrame | None) -> set[tuple[str, ...]]:
    """Figure, panel, mark and quantity of each number in a table; panels told together are taken apart."""
    assert table is not None
    cells = table[["figure", "panel", "what", "quantity"]].itertuples(index=False, name=None)
    return {(figure, panel, what, quantity) for figure, panels, what, quantity in cells for panel in panels.split("; ")}


def test_every_difference_from_the_published_figures_is_told(tables: Dataset, sections: list[Section]) -> None:
    expected = differences(marks(tables, AS_PUBLISHED), marks(tables, OURS))
    told = rows(named(sections, "Published figures against ours: every number").table)
    assert told == {(PART_TITLES[where], panel, what, quantity) for where, panel, what, quantity, _ in expected}


@pytest.mark.parametrize("one", [*DRAWN, *SAID], ids=lambda one: one.title)
def test_every_difference_of_a_procedure_is_told(
    tables: Dataset, sections: list[Section], one: ProcedureContrast
) -> None:
    expected = differences(marks(tables, one.before, one.figures), marks(tables, one.after, one.figures))
    titles = {section.title.partition(": ")[2]: section for section in sections}
    full = {section.title: section for section in sections}.get(f"{one.title}: every number", titles[one.title])
    assert rows(full.table) == {
        (PART_TITLES[where], panel, what, quantity) for where, panel, what, quantity, _ in expected
    }
    assert expected


def test_every_effect_of_a_correction_is_told(survey: Corpus, found: Found, sections: list[Section]) -> None:
    titles = {section.title: section for section in sections}
    for slip in slips(survey.corrections):
        title = f"Correction: {slip_name(slip)}"
        effects = found.effects[found.effects["correction"] == slip_name(slip)]
        table = titles.get(f"{title}: every number", titles[title]).table
        assert (0 if table is None else len(table)) == len(effects)
        if table is not None:
            assert list(table["what"]) == list(effects["what"])


def test_every_reason_is_needed(found: Found) -> None:
    """Each number in which published figures and ours differ has a reason, and each reason such a number."""
    (table,) = [one.table for one in page(found) if one.title == "Published figures against ours: every number"]
    assert table is not None
    reasons = {reason for cell in table["because of"] for reason in cell.split("; ")}
    assert reasons - {"several together"} == {one.title for one in DRAWN}


def test_a_correction_that_is_removed_leaves_no_trace(small: Corpus) -> None:
    gone = "he2017channel"
    fewer = replace(small, corrections=tuple(one for one in small.corrections if one.paper != gone))
    titles = [section.title for section in page(find(dataset(small)))]
    left = [section.title for section in page(find(dataset(fewer)))]
    assert f"Correction: {gone}, row 396" in titles
    assert {title for title in titles if gone in title}.isdisjoint(left)
    assert {title for title in titles if title.startswith("Correction") and gone not in title} <= set(left)


def test_a_corpus_without_corrections_has_a_report(small: Corpus) -> None:
    found = find(dataset(replace(small, corrections=())))
    assert found.effects.empty
    assert not [section for section in page(found) if section.title.startswith("Correction")]


@pytest.fixture(scope="module")
def hostile(small: Corpus) -> dict[str, str]:
    bad = Correction(
        paper="he2017channel",
        survey_row=396,
        field="top5_change",
        expect=Decimal("0.300"),
        correct=Decimal("-0.3"),
        reason=HOSTILE,
        evidence=HOSTILE,
        date="2026-01-01",
        status="applied",
    )
    papers = tuple(paper.model_copy(update={"title": HOSTILE}) for paper in small.papers)
    return errata_files(find(dataset(replace(small, papers=papers, corrections=(bad,)))))


def test_text_of_a_record_is_shown_not_obeyed(hostile: dict[str, str]) -> None:
    read = Reader(hostile["corrections.html"])
    assert {"script", "img"}.isdisjoint(read.tags)
    assert read.text.count(HOSTILE) >= 3
    assert "<script" not in hostile["corrections.md"]
    assert "[a](" not in hostile["corrections.md"]


def test_the_page_stands_alone_and_its_contents_lead_somewhere(texts: dict[str, str]) -> None:
    read = Reader(texts["corrections.html"])
    assert {link.removeprefix("#") for link in read.links} == set(read.ids)
    assert len(read.ids) == len(set(read.ids))
    assert {"link", "iframe", "script", "img"}.isdisjoint(read.tags)
    assert 'lang="en"' in texts["corrections.html"]
    assert read.tags.count("h1") == 1


def test_another_process_writes_the_same_bytes(
    texts: dict[str, str], tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    files = {name: text.encode() for name, text in texts.items()}
    assert {Path(name).suffix for name in files} == {".csv", ".html", ".md"}
    assert all(files.values())
    assert written_elsewhere(tmp_path, elsewhere, ERRATA) == files


@pytest.mark.parametrize(("command", "warned"), [("errata", False), ("report", True)])
def test_the_command_writes_what_it_names(
    found: Found, texts: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, warned: bool
) -> None:
    monkeypatch.setattr("prunelit.analysis.pages.errata.find", lambda survey: found)
    done = CliRunner().invoke(app, [command, "--output", str(tmp_path)])
    assert (done.exit_code, "deprecated" in done.stderr) == (0, warned)
    assert {Path(line).name for line in done.stdout.splitlines()} == set(texts)
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == texts


def test_a_proposed_correction_is_told_and_changes_nothing(small: Corpus) -> None:
    proposed = tuple(one.model_copy(update={"status": "proposed"}) for one in small.corrections)
    found = find(dataset(replace(small, corrections=proposed)))
    section = named(page(found), "Correction: he2017channel, row 396")
    assert [fact.value for fact in section.facts if fact.label == "Status"] == ["proposed"]
    assert section.table is None
    assert ALL_TOGETHER not in set(found.effects["correction"])
