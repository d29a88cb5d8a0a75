"""Is a table that takes over rows from another state of the corpus the one that is made anew?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pandas.testing import assert_frame_equal

from prunelit import dataset
from prunelit.analysis.dataset import of_next_state
from prunelit.analysis.frames.unchanged import papers_made_anew, same_papers
from prunelit.analysis.trends.checklist import checklist_table
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction
from prunelit.schema.vocabulary import Exclusion

PAPERS = [
    f"""
id: {name}
authors: ["{author}"]
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [blalock2020]
    base_top1: 93.0
    base_flops: 125M
    curves:
      - {{origin: own, points: [{{survey_row: {row}, top1: 92.0, flops_kept: 0.5}}, {{top1: 91.0, params_kept: 0.25}}]}}
  - {{dataset: MNIST, architecture: LeNet-5, collections: [blalock2020], method: M}}
"""
    for row, (name, author) in enumerate(
        (("ada", "Lovelace, Ada"), ("bob", "Moore, Bob"), ("cyd", "Lovelace, Ada")), 900
    )
]
Edit = Callable[[Corpus], Corpus]


def edited(name: str, **update: object) -> Edit:
    """What takes the place of a record."""

    def edit(corpus: Corpus) -> Corpus:
        papers = (one.model_copy(update=update) if one.id == name else one for one in corpus.papers)
        return replace(corpus, papers=tuple(papers))

    return edit


def without(name: str) -> Edit:
    return lambda corpus: replace(corpus, papers=tuple(one for one in corpus.papers if one.id != name))


def with_part(**parts: Any) -> Edit:
    return lambda corpus: replace(corpus, **parts)


CORRECTION = Correction.model_validate(
    {
        "paper": "bob", "survey_row": 901, "field": "top1", "expect": Decimal("92.0"), "correct": Decimal("82.0"),
        "reason": "A slip.", "evidence": "Table 1.", "date": "2026-11-20", "status": "applied",
    }
)  # fmt: skip
EXCLUSION = Exclusion.model_validate(
    {
        "collection": "blalock2020",
        "paper": "bob",
        "left_out_of": ["figure3"],
        "reason": "So it is.",
        "source": "Made up.",
    }
)
EDITS: dict[str, tuple[Edit, list[str]]] = {
    "nothing": (with_part(), []),
    "a note": (edited("bob", note="Read again."), ["bob"]),
    "its numbers": (edited("ada", experiments=None), ["ada"]),
    "the name of its first author": (edited("cyd", authors=("Moore, Bob",)), ["ada", "bob", "cyd"]),
    "a record that goes": (without("ada"), ["cyd"]),
    "what left out": (with_part(exclusions=(EXCLUSION,)), ["ada", "bob", "cyd"]),
    "a correction": (with_part(corrections=(CORRECTION,)), ["ada", "bob", "cyd"]),
}


@pytest.fixture(scope="module")
def before(made: Callable[..., Corpus]) -> Corpus:
    return made(*PAPERS)


@pytest.mark.parametrize("what", EDITS)
@pytest.mark.parametrize("corrected", [True, False])
def test_tables_are_those_that_are_made_anew(what: str, corrected: bool, before: Corpus) -> None:
    after = EDITS[what][0](before)
    found = of_next_state(after, dataset(before, corrected=corrected))
    whole = dataset(after, corrected=corrected)
    assert_frame_equal(found.results(), whole.results())
    assert_frame_equal(found.completed_rows(), whole.completed_rows())
    assert_frame_equal(checklist_table(found), checklist_table(whole))


@pytest.mark.parametrize("what", EDITS)
def test_only_what_may_differ_is_made_anew(what: str, before: Corpus) -> None:
    edit, names = EDITS[what]
    after = edit(before)
    assert [paper.id for paper in papers_made_anew(same_papers(before, after), before, after)] == names


def test_measurements_are_in_the_order_of_records_whichever_rows_are_made_anew(before: Corpus) -> None:
    backwards = replace(before, papers=before.papers[::-1])
    found = of_next_state(edited("bob", note="Read again.")(backwards), dataset(backwards)).measurements()
    assert found["paper_id"].drop_duplicates().tolist() == ["cyd", "bob", "ada"]
    assert_frame_equal(found, dataset(backwards).measurements())


def test_a_record_that_comes_stands_in_its_place(before: Corpus) -> None:
    found = of_next_state(before, dataset(without("bob")(before)))
    assert found.results()["paper_id"].drop_duplicates().tolist() == ["ada", "bob", "cyd"]


def test_numbers_with_other_digits_are_not_the_same(before: Corpus, made: Callable[..., Corpus]) -> None:
    after = replace(before, papers=(*made(PAPERS[0].replace("93.0", "93")).papers, *before.papers[1:]))
    assert after == before
    assert same_papers(before, after) == {"bob", "cyd"}


def test_rows_are_taken_over_and_not_made_again(before: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    first = dataset(before)
    first.results()
    seen: list[object] = []
    monkeypatch.setattr("prunelit.analysis.frames.reported.locator_text", lambda locator: seen.append(locator))
    assert len(of_next_state(replace(before), first).results()) == len(first.results())
    assert seen == []
