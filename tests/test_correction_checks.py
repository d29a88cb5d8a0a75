"""Does a correction that no longer fits fail, and say why?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Corrections
from prunelit.schema.correction_checks import guard, guard_of_references, row_path
from prunelit.schema.rules import check_corpus
from prunelit.schema.validation import read_bytes

REST = "reason: A slip., evidence: Arithmetic., date: '2026-11-20', status: applied"


def with_correction(corpus: Corpus, what: str) -> Corpus:
    """The corpus with one correction in place of its own."""
    text = f"corrections:\n  - {{{what}, {REST}}}\n"
    document, problems = read_bytes(text.encode(), Corrections, "corpus/corrections.yaml")
    assert document, problems
    shared = corpus.shared | {"corrections.yaml": document}
    return replace(corpus, corrections=document.value.corrections, shared=shared)


def faults(corpus: Corpus, what: str) -> list[str]:
    return [problem.message for problem in guard(with_correction(corpus, what))]


def test_shipped_corrections_fit(whole: Corpus) -> None:
    assert len(whole.corrections) > 20
    assert list(guard(whole)) == []


FIT = [
    "paper: zhang2015accelerating, survey_row: 281, field: base_top5, expect: 10.10, correct: 89.9",
    "paper: guo2016dynamic, survey_row: 163, field: params, expect: 0.2670M",
    "paper: guo2016dynamic, survey_row: 163, field: base_params, correct: 0.267M",
    "paper: hassibi1993optimal, field: compares_to, expect: han2015learning",
    "paper: hassibi1993optimal, field: compares_to, correct: tresp1997early",
    "paper: he2017channel, field: venue, expect: CVPR, correct: ICCV",
    "paper: he2017channel, field: year, expect: 2017, correct: 2018",
    "paper: luo2017thinet, result: {dataset: ImageNet, method: ThiNet_ICCV}, field: top1, expect: 69.80",
    "paper: luo2017thinet, result: {architecture: VGG-16}, field: base_params, expect: 138.340M, correct: 138.36M",
]


@pytest.mark.parametrize("what", FIT)
def test_what_the_record_says_is_no_fault(what: str, whole: Corpus) -> None:
    assert faults(whole, what) == []


ROW = "paper: zhang2015accelerating, survey_row: 281, field:"
FAULTS = {
    "unknown field of a row": (
        f"{ROW} top1_chang, correct: 1.0",
        "a correction cannot change 'top1_chang'; did you mean 'top1_change'?",
    ),
    "unknown field of a paper": (
        "paper: zhang2015accelerating, field: venu, correct: CVPR",
        "a correction cannot change 'venu'; did you mean 'venue'?",
    ),
    "a quantity without a row": (
        "paper: zhang2015accelerating, field: base_top5, correct: 89.9",
        "a correction cannot change 'base_top5'",
    ),
    "a row that is not there": (
        "paper: zhang2015accelerating, survey_row: 282000, field: top1, correct: 1.0",
        "'zhang2015accelerating' has no row 282000 of the survey",
    ),
    "a row of another paper": (
        "paper: zhang2015accelerating, survey_row: 163, field: top1, correct: 1.0",
        "'zhang2015accelerating' has no row 163 of the survey",
    ),
    "other digits": (
        f"{ROW} base_top5, expect: 10.1, correct: 89.9",
        "the record says '10.10', not '10.1'; the correction no longer fits",
    ),
    "another value": (
        f"{ROW} base_top5, expect: 10.11, correct: 89.9",
        "the record says '10.10', not '10.11'; the correction no longer fits",
    ),
    "other digits of a count": (
        "paper: guo2016dynamic, survey_row: 163, field: params, expect: 0.267M",
        "the record says '2.670E+5', not '2.67E+5'; the correction no longer fits",
    ),
    "nothing expected, something there": (
        f"{ROW} base_top5, correct: 89.9",
        "the record says '10.10', not nothing; the correction no longer fits",
    ),
    "something expected, nothing there": (
        f"{ROW} base_top1, expect: 70.0",
        "the record says nothing, not '70.0'; the correction no longer fits",
    ),
    "another venue": (
        "paper: he2017channel, field: venue, expect: ECCV, correct: ICCV",
        "the record says 'CVPR', not 'ECCV'; the correction no longer fits",
    ),
    "another year": (
        "paper: he2017channel, field: year, expect: 2016, correct: 2018",
        "the record says '2017', not '2016'; the correction no longer fits",
    ),
    "a result that is not there": (
        "paper: luo2017thinet, result: {architecture: VGG-19}, field: top1, expect: 69.80",
        "no such result of 'luo2017thinet' says '69.80' in 'top1'; the correction does not fit, or no longer",
    ),
    "a result that says something else": (
        "paper: luo2017thinet, result: {architecture: VGG-16}, field: top1, expect: 69.8",
        "no such result of 'luo2017thinet' says '69.8' in 'top1'; the correction does not fit, or no longer",
    ),
    "several results": (
        "paper: luo2017thinet, result: {architecture: VGG-16}, field: top1, expect: 69.80",
        "more than one such result of 'luo2017thinet' says '69.80' in 'top1': 2; name more of what it is",
    ),
    "a comparison that is gone": (
        "paper: he2017channel, field: compares_to, expect: lecun1990optimal",
        "'he2017channel' does not list 'lecun1990optimal' any more; remove the correction",
    ),
    "a comparison that has come": (
        "paper: hassibi1993optimal, field: compares_to, correct: han2015learning",
        "'hassibi1993optimal' lists 'han2015learning' by now; remove the correction",
    ),
}


@pytest.mark.parametrize(("what", "message"), FAULTS.values(), ids=FAULTS)
def test_a_correction_that_does_not_fit(what: str, message: str, whole: Corpus) -> None:
    assert faults(whole, what) == [message]


MISFITS = {
    "a text for a number": ("top1_change, correct: none", "'top1_change': expected a plain decimal number"),
    "a number out of range": ("params_kept, correct: 1.5", "'params_kept': expected at most 1"),
    "a fraction for a percentage": ("top1, correct: 0.75", "looks like a fraction"),
    "a count without a unit": (
        "base_params, correct: 2.5",
        "expected a whole number, or a number directly",
    ),
    "an unpruned accuracy out of range": ("base_top1, correct: 101", "'base_top1': expected at most 100"),
}


@pytest.mark.parametrize(("what", "message"), MISFITS.values(), ids=MISFITS)
def test_a_right_value_that_cannot_be(what: str, message: str, whole: Corpus) -> None:
    (found,) = faults(whole, f"{ROW} {what}")
    assert message in found


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("venue, expect: CVPR, correct: ICCCV", "venue 'ICCCV' is not known; did you mean 'ICCV'?"),
        ("compares_to, correct: nobody2020", "paper 'nobody2020' has no record"),
    ],
)
def test_names_of_right_values_are_known(what: str, message: str, whole: Corpus) -> None:
    problems = check_corpus(with_correction(whole, f"paper: he2017channel, field: {what}"))
    assert [problem.message.startswith(message) for problem in problems] == [True]


def test_the_message_leads_to_the_line(whole: Corpus) -> None:
    (problem,) = guard(with_correction(whole, f"{ROW} base_top5, expect: 10.1, correct: 89.9"))
    assert (problem.file, problem.line, problem.rule) == ("corpus/corrections.yaml", 2, "correction-guard")


def test_quantities_of_the_unpruned_model_stand_in_the_experiment(whole: Corpus) -> None:
    paper = whole.by_id["zhang2015accelerating"]
    for field, depth in (("base_top5", 3), ("top5_change", 7)):
        path = row_path(paper, 281, field)
        assert path
        assert (len(path), path[-1]) == (depth, field)


IN_TABLE = "source: bianco2018benchmark, architecture: VGG-16, field: flops, correct: 15.47G"


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("15.35G", []),
        ("15.3G", ["no rows of 'bianco2018benchmark' say '1.53E+10' in 'flops' of 'VGG-16'"]),
    ],
)
def test_a_correction_of_a_reference_model_fits_one_row(expected: str, told: list[str], whole: Corpus) -> None:
    text = f"corrections: []\nreference_corrections:\n  - {{{IN_TABLE}, expect: {expected}, {REST}}}\n"
    document, problems = read_bytes(text.encode(), Corrections, "corpus/corrections.yaml")
    assert document, problems
    changed = replace(
        whole,
        others={**whole.others, "reference_corrections": document.value.reference_corrections},
        shared={**whole.shared, "corrections.yaml": document},
    )
    assert [problem.message for problem in guard_of_references(changed)] == told


def test_corrections_of_reference_models_that_are_shipped_fit(whole: Corpus) -> None:
    assert len(whole.part("reference_corrections")) == 9
    assert list(guard_of_references(whole)) == []
