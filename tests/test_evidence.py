"""Does a row of the evidence hold everything that is known of its operating point?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prunelit
from prunelit.analysis.pages.questions import QUESTIONS, REMAKE, answered, line_of, questions_markdown
from prunelit.schema.corpus import Corpus

OWN = """
id: doe2021own
published: {year: 2021, month: 6}
venue: ICLR
identifiers: {arxiv: "2106.00001"}
collections: [living]
methods:
  - name: Prune
    structure: {value: structured, source: "section 3"}
    scheduling: {value: one_shot, source: "section 3"}
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [living]
    base_top1: 93.5
    base_metrics: [{metric: latency, value: 10, hardware: GPU}]
    curves:
      - method: Prune
        origin: own
        training_scheme: fine_tuned
        stated_setup: S1
        recipe:
          fine_tuning_epochs: 40
          learning_rate: 0.01
          batch_size: 128
          data_augmentation: crops
          stated_by: roe2022rerun
        points:
          - {top1: 93.0, flops_kept: 0.5, seeds: 3, metrics: [{metric: latency, value: 8, hardware: GPU}]}
          - {top1: 92.0, flops_kept: 0.25, locator: {path: a.csv, repository: o/n, commit: "0123456"}}
"""
RERUN = """
id: roe2022rerun
published: {year: 2022}
links: ["https://example.org/roe"]
collections: [living]
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [living]
    curves:
      - {method: Prune, origin: rerun, proposed_by: doe2021own, points: [{top1: 92.5, flops_kept: 0.5}]}
      - {method: Other, origin: unclear, points: [{top1: 92.5, flops_kept: 0.5}]}
"""


@pytest.fixture(scope="module")
def corpus(made: Callable[..., Corpus]) -> Corpus:
    return made(OWN, RERUN)


@pytest.fixture(scope="module")
def evidence(corpus: Corpus) -> pd.DataFrame:
    return prunelit.evidence(corpus)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("year", [2021, 2021, 2022, 2022]),
        ("venue", ["ICLR", "ICLR", None, None]),
        ("peer_reviewed", [True, True, None, None]),
        ("proposer", ["doe2021own", "doe2021own", "doe2021own", None]),
        ("structure", ["structured", "structured", "structured", None]),
        ("scheduling", ["one_shot", "one_shot", "one_shot", None]),
        ("scoring", [None, None, None, None]),
        ("family", ["ResNet", "ResNet", "ResNet", "ResNet"]),
        ("stated_setup", ["S1", "S1", None, None]),
        ("training_scheme", ["fine_tuned", "fine_tuned", None, None]),
        ("fine_tuning_epochs", [40, 40, None, None]),
        ("learning_rate", [0.01, 0.01, None, None]),
        ("training_batch_size", [128, 128, None, None]),
        ("data_augmentation", ["crops", "crops", None, None]),
        ("recipe_stated_by", ["roe2022rerun", "roe2022rerun", None, None]),
        ("normalized_top1", [93.0, 92.0, None, None]),
        ("speedup", [2, 4, 2, 2]),
        (
            "source_url",
            [
                "https://arxiv.org/abs/2106.00001",
                "https://github.com/o/n/blob/0123456/a.csv",
                "https://example.org/roe",
                "https://example.org/roe",
            ],
        ),
    ],
)
def test_what_stands_beside_the_numbers(evidence: pd.DataFrame, column: str, values: list[Any]) -> None:
    found = evidence[column].astype(object)
    assert found.where(found.notna(), None).tolist() == values


def test_a_variant_of_a_variant_names_the_network_at_the_end_of_the_chain() -> None:
    named = prunelit.evidence().drop_duplicates("architecture").set_index("architecture")["variant_of"]
    assert named["VGG-Torch-CIFAR10"] == named["VGG-Torch-CIFAR10-noDrop"] == "VGG-16"
    assert pd.isna(named["VGG-16"])


def test_the_medians_of_normalized_numbers_can_be_those_of_reference_models(corpus: Corpus) -> None:
    unpruned = prunelit.evidence(corpus, reference="unpruned")["normalized_top1"]
    assert unpruned.equals(prunelit.normalized(corpus, reference="unpruned")["normalized_top1"])


def test_wide_form_has_the_rows_of_normalized() -> None:
    evidence, normalized = prunelit.evidence(), prunelit.normalized()
    pd.testing.assert_frame_equal(evidence[normalized.columns], normalized)


def test_long_form_has_the_rows_of_measurements() -> None:
    long, measurements = prunelit.evidence_long(), prunelit.measurements()
    pd.testing.assert_frame_equal(long[measurements.columns], measurements)


def test_long_form_has_what_stands_beside_a_measurement(corpus: Corpus) -> None:
    latency = prunelit.evidence_long(corpus).query("metric == 'latency'")
    said = latency[["value", "base_value", "hardware", "speedup", "structure", "training_batch_size", "seeds"]]
    assert said.to_dict("records") == [
        {
            "value": 8, "base_value": 10, "hardware": "GPU", "speedup": 2, "structure": "structured",
            "training_batch_size": 128, "seeds": 3,
        }
    ]  # fmt: skip


def test_every_number_of_the_corpus_has_an_address() -> None:
    assert prunelit.evidence()["source_url"].notna().all()


def test_the_unpruned_model_has_an_address_where_its_place_is_stated() -> None:
    rows = prunelit.evidence()
    assert rows["base_source_url"].notna().equals(rows["base_locator"].notna())


def test_methods_of_a_collection_are_classified_by_all_papers(corpus: Corpus) -> None:
    one = prunelit.dataset(corpus, "living").evidence()
    assert one["structure"].equals(prunelit.evidence(corpus)["structure"])


QUESTIONS_PAGE = Path(__file__).parents[1] / "analysis" / "QUESTIONS.md"


MIXED = """
id: poe2023mixed
published: {year: 2023}
links: ["https://example.org/poe"]
collections: [living]
methods:
  - name: Both
    structure: {value: unstructured, source: "section 3"}
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [living]
    curves:
      - method: Both
        origin: own
        structure: {value: structured, source: "Table 2"}
        points: [{top1: 92.5, n_of_m: "2:4"}]
      - method: Both
        origin: own
        points: [{top1: 93}, {top1: 92.4, n_of_m: "2:4"}, {top1: 92.3, block_shape: 4x1}, {top1: 92, layers_removed: 1}]
      - {method: Any, origin: unclear, points: [{top1: 92.5, blocks_removed: 2}, {top1: 92.4, heads_removed: 3}]}
"""


def test_a_curve_then_a_point_say_what_is_removed_before_the_record_of_the_method(made: Callable[..., Corpus]) -> None:
    found = prunelit.evidence(made(MIXED))["structure"].tolist()
    of_points = ["unstructured", "semi_structured", "structured", "structured"]
    assert found == ["structured", *of_points, "structured", "structured"]


def test_page_of_questions_gives_the_answers_of_today() -> None:
    fresh = questions_markdown(prunelit.dataset())
    assert QUESTIONS_PAGE.read_text(encoding="utf-8") == fresh, f"stale; run: {REMAKE}"


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_line_that_the_page_shows_gives_the_answer(question: Callable[..., pd.DataFrame]) -> None:
    whole = prunelit.dataset()
    tables = {"evidence": whole.evidence(), "evidence_long": whole.evidence_long()}
    found = eval(line_of(question), {"pd": pd, "discrepancies": whole.discrepancies(), **tables})
    assert len(found)
    pd.testing.assert_frame_equal(found, answered(question, whole))
