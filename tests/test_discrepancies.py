"""Are reports grouped that speak of one thing, and is their spread the largest difference between two papers?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pandas as pd
import pytest

from prunelit import discrepancies
from prunelit.analysis.compare.discrepancies import TOLERANCE, largest_difference, plain_name
from prunelit.analysis.dataset import dataset
from prunelit.analysis.frames.measurements import PLACE
from prunelit.figures.gallery import discrepancies as figure
from prunelit.schema.corpus import Corpus

PAPER = """
id: {id}
methods: [{{name: Own}}, {{name: SFP}}]
experiments:
  - dataset: ImageNet
    architecture: ResNet-50
    collections: [blalock2020]
    base_top1: 76.0
    curves:
"""


def paper(id: str, *curves: str) -> str:
    return PAPER.format(id=id) + "".join(f"      - {{{curve}}}\n" for curve in curves)


def report(method: str, top1: float, speedup: float, origin: str = "copied", of: str = "first2018sfp") -> str:
    whose = "" if origin == "own" else f", proposed_by: {of}"
    named = f"method: {method}, " if method else ""
    return f"{named}origin: {origin}{whose}, points: [{{top1: {top1}, speedup: {speedup}}}]"


@pytest.fixture(scope="module")
def real(whole: Corpus) -> pd.DataFrame:
    return discrepancies(whole)


@pytest.fixture
def of(made: Callable[..., Corpus]) -> Callable[..., pd.DataFrame]:
    return lambda *papers: discrepancies(made(*papers))


def test_own_and_copied_numbers_are_held_against_each_other(of: Callable[..., pd.DataFrame]) -> None:
    table = of(
        paper("first2018sfp", report("SFP", 74.61, 1.72, "own")), paper("second2019copy", report("SFP", 62.14, 1.72))
    )
    assert table["spread"].tolist() == pytest.approx([12.47, 12.47])
    assert table[["paper_id", "papers"]].to_numpy().tolist() == [["first2018sfp", 2], ["second2019copy", 2]]


def test_a_report_names_the_place_of_its_point_in_the_records(real: pd.DataFrame, whole: Corpus) -> None:
    points = dataset(whole).completed()[[*PLACE, "top1"]]
    assert real[PLACE].merge(points, on=PLACE, how="left", validate="many_to_one")["top1"].equals(real["top1"])


def test_names_without_capitals_and_signs_are_the_same(of: Callable[..., pd.DataFrame]) -> None:
    table = of(
        paper("first2018sfp", report("SFP", 74.0, 2.0, "own")), paper("second2019copy", report("s-f-p", 73.0, 2.0))
    )
    assert table["setting"].tolist() == [0, 0]


def test_a_method_without_a_name_goes_by_the_one_that_others_use(of: Callable[..., pd.DataFrame]) -> None:
    table = of(
        paper("first2018sfp", report("", 74.0, 2.0, "own")),
        paper("second2019copy", report("SFP", 73.0, 2.0)),
        paper("third2020copy", report("SFP", 73.5, 2.0), report("SFP variant", 70.0, 2.0)),
    )
    assert table["top1"].tolist() == [74.0, 73.5, 73.0]


@pytest.mark.parametrize(("ratio", "reports"), [(2.0 * TOLERANCE, 2), (2.0 * TOLERANCE + 0.01, 0)])
def test_ratios_are_the_same_within_the_tolerance(of: Callable[..., pd.DataFrame], ratio: float, reports: int) -> None:
    table = of(
        paper("first2018sfp", report("SFP", 74.0, 2.0, "own")), paper("second2019copy", report("SFP", 73.0, ratio))
    )
    assert len(table) == reports


def test_numbers_of_one_paper_do_not_contradict_each_other(of: Callable[..., pd.DataFrame]) -> None:
    assert of(paper("first2018sfp", report("SFP", 74.0, 2.0, "own"), report("SFP", 60.0, 2.0, "own"))).empty


def test_training_from_scratch_is_not_the_method(of: Callable[..., pd.DataFrame]) -> None:
    scratch = report("SFP", 70.0, 2.0) + ", training_scheme: scratch_b"
    assert of(paper("first2018sfp", report("SFP", 74.0, 2.0, "own")), paper("second2019copy", scratch)).empty


def test_spread_is_the_largest_difference_between_two_papers(real: pd.DataFrame) -> None:
    for _, rows in real.groupby("setting"):
        reports = rows[["paper_id", "top1"]].itertuples(index=False, name=None)
        expected = max(abs(a - b) for (one, a), (other, b) in combinations(reports, 2) if one != other)
        assert rows["spread"].iloc[0] == pytest.approx(expected)


def test_largest_spreads_come_first(real: pd.DataFrame) -> None:
    assert real["spread"].is_monotonic_decreasing
    assert (real.groupby("setting")["paper_id"].nunique() > 1).all()


def test_spread_of_what_nobody_prints_is_unknown() -> None:
    assert pd.isna(largest_difference(["a", "b"], [1.0, float("nan")]))


def test_soft_filter_pruning_is_printed_with_two_accuracies(real: pd.DataFrame) -> None:
    rows = real[(real["method_of"] == "he2018soft") & (real["architecture"] == "ResNet-50")]
    assert {74.61, 62.14} <= set(rows["top1"])


def trained(scheme: str, top1: float, **more: str) -> str:
    return report("SFP", top1, 2.0, **more) + (f", training_scheme: {scheme}" if scheme else "")


@pytest.mark.parametrize(
    ("first", "second", "reports"),
    [("fine_tuned", "fine_tuned", 2), ("fine_tuned", "", 2), ("", "", 2), ("fine_tuned", "during_training", 0)],
)
def test_known_training_schemes_that_differ_are_not_compared(
    of: Callable[..., pd.DataFrame], first: str, second: str, reports: int
) -> None:
    table = of(
        paper("first2018sfp", trained(first, 74.0, origin="own")), paper("second2019copy", trained(second, 60.0))
    )
    assert len(table) == reports


def test_a_paper_that_marks_one_of_two_reports_tells_them_apart(of: Callable[..., pd.DataFrame]) -> None:
    both = trained("", 74.6), trained("fine_tuned", 62.1)
    table = of(paper("first2018sfp", trained("", 74.6, origin="own")), paper("second2019both", *both))
    assert table["top1"].tolist() == [74.6, 74.6]
    assert table["training_scheme"].isna().all()


@pytest.mark.parametrize(("top1", "spread"), [(61.0, 1.0), (71.0, 3.0), (68.0, 6.0), (67.0, 5.0)])
def test_an_unknown_scheme_goes_with_the_nearest_accuracy(
    of: Callable[..., pd.DataFrame], top1: float, spread: float
) -> None:
    """62 is fine-tuned and 74 pruned during training; 68 lies between them and goes with the first by name."""
    both = trained("fine_tuned", 62.0), trained("during_training", 74.0)
    table = of(paper("first2018sfp", trained("", top1, origin="own")), paper("second2019both", *both))
    assert table["spread"].tolist() == [spread, spread]


def test_no_spread_comes_from_training_schemes_known_to_differ(real: pd.DataFrame) -> None:
    assert (real.groupby("setting")["training_scheme"].nunique() <= 1).all()


def test_settings_that_differ_in_training_alone_have_names_of_their_own(made: Callable[..., Corpus]) -> None:
    def two(id: str, origin: str, *top1: float) -> str:
        schemes = ("fine_tuned", "during_training", "")
        return paper(id, *(trained(*one, origin=origin) for one in zip(schemes, top1, strict=True)))

    corpus = made(two("first2018sfp", "own", 62.0, 74.0, 50.0), two("second2019copy", "copied", 63.0, 75.0, 51.0))
    drawn = figure.data(dataset(corpus, corrected=False))
    assert drawn.groupby("setting")["setup"].first().nunique() == drawn["setting"].nunique() == 3


def test_figure_of_nothing_has_no_rows(made: Callable[..., Corpus]) -> None:
    assert figure.data(dataset(made(paper("first2018sfp", report("SFP", 74.0, 2.0, "own"))))).empty


@pytest.mark.parametrize(("name", "expected"), [("L1-norm", "l1norm"), ("w/ LoRA", "wlora"), (pd.NA, None)])
def test_plain_names(name: object, expected: str | None) -> None:
    assert plain_name(name) == expected
