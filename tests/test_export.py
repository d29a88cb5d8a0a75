"""References and results for other programs, read back by readers that are not ours, and by our own."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import bibtexparser
import pandas as pd
import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from conftest import record

from prunelit.analysis.export.bibtex import as_bibtex
from prunelit.analysis.export.csl import as_csl
from prunelit.analysis.export.every_eval_ever import evaluation_logs
from prunelit.analysis.export.reference import PaperReference, reference
from prunelit.analysis.export.ris import as_ris
from prunelit.cli.entry.bibtex import from_bibtex
from prunelit.cli.entry.csl import from_csl
from prunelit.cli.entry.ris import from_ris
from prunelit.schema.corpus import Corpus

Run = Callable[..., Any]

ODD = r"""
id: erdos2021odd
title: "50 % of ResNet & Co_2: an N:M ~ test, #1, naïve"
authors: ["Erdős, Pál", "O'Neil Jr., Ann", "Team for Sand and Gravel", "Müller-Ångström, J."]
published: {year: 2021, month: 3}
identifiers: {arxiv: "2103.00001", doi: 10.1000/a_b(c)%7B}
citation: {type: inproceedings, year: 2021, container: Proceedings of R&D, volume: "7", pages: 10-19, publisher: ACM}
"""


@pytest.fixture(scope="module")
def references(whole: Corpus) -> list[PaperReference]:
    """Every paper that ships."""
    venues = {one.name: one for one in whole.venues}
    return [reference(paper, venues) for paper in whole.papers]


def odd(**more: object) -> PaperReference:
    return reference(record(ODD).model_copy(update=more), {})


def test_every_bibtex_entry_is_read_by_another_reader(references: list[PaperReference]) -> None:
    library = bibtexparser.parse_string(as_bibtex(references))
    assert (library.failed_blocks, [entry.key for entry in library.entries]) == ([], [one.key for one in references])


def test_every_ris_record_is_read_by_another_reader(references: list[PaperReference]) -> None:
    found = rispy.loads(as_ris(references))
    assert [(one["id"], one["title"], len(one.get("authors", ()))) for one in found] == [
        (one.key, one.title, len(one.authors)) for one in references
    ]


def test_every_csl_item_is_read_by_a_citation_processor(references: list[PaperReference]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(CiteProcJSON(json.loads(as_csl(references)))) == {one.key for one in references}


@pytest.mark.parametrize(("write", "read"), [(as_bibtex, from_bibtex), (as_ris, from_ris), (as_csl, from_csl)])
def test_what_is_written_is_read_back(write: Callable[..., str], read: Callable[..., Any]) -> None:
    one = odd()
    found = read(write([one]))
    assert (found.title, found.year, found.month, found.arxiv, found.doi) == (
        one.title, 2021, 3, "2103.00001", "10.1000/a_b(c)%7B",
    )  # fmt: skip
    assert (found.container, found.citation["pages"]) == ("Proceedings of R&D", "10-19")
    assert found.authors == (
        "Erdős, Pál", "O'Neil Jr., Ann", "Team for Sand and Gravel", "Müller-Ångström, J.",
    )  # fmt: skip


def test_capitals_within_words_are_kept_in_bibtex() -> None:
    assert "title = {50 {\\%} of {ResNet}" in as_bibtex([odd()])


@pytest.mark.parametrize("text", ["{{{", "}}}", "a{b", "\\", "a}\n@article{x, title={", "100%"])
def test_no_text_ends_its_entry(text: str) -> None:
    one = odd(title=text.replace("\n", " "), authors=(text.replace("\n", " "),))
    library = bibtexparser.parse_string(as_bibtex([one, replace(odd(), key="other")]))
    assert (library.failed_blocks, len(library.entries)) == ([], 2)


def test_without_an_entry_the_venue_and_date_stand(whole: Corpus) -> None:
    venues = {one.name: one for one in whole.venues}
    paper = record("{id: ada2015pruning, venue: BMVC, published: {year: 2015, month: 9}}")
    found = reference(paper, venues)
    assert (found.kind, found.container, found.year, found.month) == (
        "misc",
        venues["BMVC"].full_name or "BMVC",
        2015,
        9,
    )


def test_the_month_belongs_to_the_year_of_the_entry() -> None:
    citation = record(ODD).citation
    assert citation
    assert odd(citation=citation.model_copy(update={"year": 2022})).month is None


def test_a_retraction_is_told() -> None:
    one = odd(status="retracted", status_source="the publisher's note")
    for write in (as_bibtex, as_ris, as_csl):
        assert "Retracted (the publisher's note)" in write([one]).replace("{\\textquoteright}", "'")


MEASURED = """
id: ada2024pruning
experiments:
  - dataset: WikiText-2
    architecture: LLaMA-7B
    collections: [blalock2020]
    conditions: {split: test, sequence_length: 2048, harness: lm-evaluation-harness, harness_version: 0.4.2}
    base_metrics: [{metric: perplexity, value: 5.68}]
    curves:
      - method: Sieve
        origin: rerun
        points:
          - {n_of_m: "2:4", params_removed: 0.5, seeds: 3, metrics: [{metric: perplexity, value: 6.90, std: 0.02}]}
          - {params_removed: 0.5, metrics: [{metric: f1, change: -1.2}]}
  - architecture: ResNet-50
    dataset: ImageNet
    collections: [blalock2020]
    curves:
      - {origin: own, points: [{top1_error: 25.0, params_removed: 0.5}]}
"""


@pytest.fixture(scope="module")
def logs(made: Callable[..., Corpus]) -> tuple[dict[str, Any], int]:
    """The documents of a small corpus, and what they leave out."""
    import prunelit

    corpus = made(MEASURED)
    texts, left_out = evaluation_logs(prunelit.evidence_long(corpus), corpus.metrics, 1_700_000_000)
    return {name: json.loads(text) for name, text in texts.items()}, left_out


def test_a_point_is_a_document_and_a_change_alone_is_none(logs: tuple[dict[str, Any], int]) -> None:
    documents, left_out = logs
    assert (sorted(documents), left_out) == (["ada2024pruning-0-0-0.json", "ada2024pruning-1-0-0.json"], 1)


def test_documents_hold_what_the_schema_demands(logs: tuple[dict[str, Any], int]) -> None:
    for document in logs[0].values():
        assert set(document) == {
            "schema_version", "evaluation_id", "retrieved_timestamp", "source_metadata", "model_info", "eval_library",
            "evaluation_results",
        }  # fmt: skip
        assert {"name", "id", "additional_details"} <= set(document["model_info"])
        assert {"deployment_type", "model_availability"} <= set(document["model_info"]["additional_details"])
        for one in (document["model_info"], document["source_metadata"]):
            assert {type(value) for value in one["additional_details"].values()} == {str}


def test_a_result_has_value_direction_conditions_and_origin(logs: tuple[dict[str, Any], int]) -> None:
    document = logs[0]["ada2024pruning-0-0-0.json"]
    [result] = document["evaluation_results"]
    assert result["metric_config"] == {
        "metric_id": "perplexity", "metric_name": "perplexity", "metric_unit": "1", "lower_is_better": True,
        "min_score": 1.0, "metric_parameters": {"split": "test", "sequence_length": 2048,
        "harness": "lm-evaluation-harness", "harness_version": "0.4.2"},
    }  # fmt: skip
    assert result["score_details"] == {
        "score": 6.9, "details": {"base_value": "5.68", "change": "1.22", "std": "0.02", "seeds": "3"},
    }  # fmt: skip
    assert document["source_metadata"]["evaluator_relationship"] == "third_party"
    assert document["eval_library"] == {"name": "lm-evaluation-harness", "version": "0.4.2"}
    assert document["model_info"]["additional_details"]["n_of_m"] == "2:4"


def test_an_accuracy_says_whether_it_was_printed(logs: tuple[dict[str, Any], int]) -> None:
    [result] = logs[0]["ada2024pruning-1-0-0.json"]["evaluation_results"]
    details = result["score_details"]
    assert (details["score"], details["details"]["top1_rule"]) == (75.0, "100 - top1_error")
    assert [result["metric_config"][end] for end in ("score_type", "min_score", "max_score")] == ["continuous", 0, 100]


def test_a_row_without_dataset_is_left_out() -> None:
    place = {"paper_id": ["ada"], "experiment": [0], "curve": [0], "point": [0]}
    rows = pd.DataFrame({**place, "value": [1.0], "dataset": [pd.NA]})
    assert evaluation_logs(rows, (), 0) == ({}, 1)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a corpus, where commands read the one that ships."""
    monkeypatch.chdir(tmp_path)


def test_cite_prints_and_export_writes_the_same(terminal: Run, elsewhere: None) -> None:
    printed = terminal("cite", "li2016pruning")
    assert (printed.status, printed.out[:24]) == (0, "@article{li2016pruning,\n")
    assert terminal("export", "bibtex", "li2016pruning", "--output", "out").status == 0
    assert Path("out/references.bib").read_text(encoding="utf-8") == printed.out


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["--where", "year == 1492"], 1, "Nothing fits."),
        (["--where", "yaer == 2015"], 2, "did you mean 'year'?"),
        (["--from", "baselines"], 2, "are of no single papers"),
        (["nobody2000nothing"], 2, "no paper 'nobody2000nothing'"),
        (["--collection", "blalok"], 2, "did you mean"),
    ],
)
def test_bad_selections_are_told(run: Run, elsewhere: None, options: list[str], status: int, told: str) -> None:
    found = run("cite", *options)
    assert (found.status, told in found.err) == (status, True), found.err


def test_results_come_from_a_table_of_results(run: Run, elsewhere: None) -> None:
    found = run("export", "every-eval-ever", "--from", "papers", "--output", "out")
    assert (found.status, "use evidence_long" in found.err, Path("out").exists()) == (2, True, False)


def test_a_paper_stands_once_in_the_order_of_the_rows(terminal: Run, elsewhere: None) -> None:
    named = ("li2016pruning", "han2015learning")
    found = terminal("cite", *named, "--from", "evidence", "--sort", "-paper_id", "--format", "ris")
    keys = [line.removeprefix("ID  - ") for line in found.out.splitlines() if line.startswith("ID")]
    assert keys == ["li2016pruning", "han2015learning"]
