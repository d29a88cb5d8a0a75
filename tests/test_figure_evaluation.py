"""Does the figure of our own evaluations show what their record says?"""

from __future__ import annotations

from statistics import fmean

import pandas as pd
import pytest

from prunelit.analysis.dataset import dataset
from prunelit.figures.gallery import evaluation
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Curve


@pytest.fixture(scope="module")
def drawn(whole: Corpus) -> pd.DataFrame:
    return evaluation.data(dataset(whole))


def curve(whole: Corpus, method: str, scheme: str) -> Curve:
    experiment = (whole.by_id["evaluation2026digits"].experiments or ())[0]
    return next(
        one for one in experiment.curves or () if (one.method, one.training_scheme, one.sweep) == (method, scheme, None)
    )


@pytest.mark.parametrize(
    ("method", "scheme", "shown"),
    [("GraSP", "at_initialization", "GraSP"), ("L1-norm", "scratch_b", "L1-norm filter pruning, Scratch-B")],
)
def test_cells_are_the_means_of_runs(drawn: pd.DataFrame, whole: Corpus, method: str, scheme: str, shown: str) -> None:
    means = [fmean(map(float, point.top1_runs or ())) for point in curve(whole, method, scheme).points or ()]
    cells = drawn[drawn["strategy"].eq(shown) & drawn["panel"].eq("LeNet-300-100, Digits (evaluation2026digits)")]
    assert cells["ratio"].tolist() == [2, 4, 8, 16, 32]
    assert cells["top1"].tolist() == pytest.approx(means)


def test_sweeps_of_other_rates_are_left_out(drawn: pd.DataFrame) -> None:
    assert not drawn.duplicated(["panel", "strategy", "ratio"]).any()


def test_ranks_count_those_that_are_better(drawn: pd.DataFrame) -> None:
    cell = drawn[drawn["panel"].eq("ResNet-8, Digits (evaluation2026digits)") & drawn["ratio"].eq(16)]
    assert all(1 + cell["top1"].gt(one.top1).sum() == one.rank for one in cell.itertuples())
