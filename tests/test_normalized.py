"""Is every point where it would be, had all papers pruned the same model?"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Literal

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from prunelit import baselines, completed, normalized
from prunelit.analysis.frames.headline import headline, kept_in
from prunelit.analysis.frames.normalized import NORMALIZED
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Experiment, Point

VALUES = {
    "top1": "normalized_top1",
    "top5": "normalized_top5",
    "params": "normalized_params",
    "flops": "normalized_multiply_adds",
}
"""What papers report of unpruned models, and the normalized quantity of each."""


def points(corpus: Corpus) -> Iterator[tuple[Experiment, Point]]:
    for paper in corpus.papers:
        for experiment in paper.experiments or ():
            for curve in experiment.curves or ():
                for point in () if curve.sweep else curve.points or ():
                    yield experiment, point


def change(experiment: Experiment, point: Point, q: str) -> Decimal | None:
    """Accuracy after minus before, exactly: from accuracies or errors where both are there, else as reported."""

    def accuracy(holder: Experiment | Point, name: str) -> Decimal | None:
        value: Decimal | None = getattr(holder, name)
        error: Decimal | None = getattr(holder, f"{name}_error")
        return value if value is not None else None if error is None else 100 - error

    after, before = accuracy(point, q), accuracy(experiment, f"base_{q}")
    if after is not None and before is not None:
        return after - before
    reported: Decimal | None = getattr(point, f"{q}_change")
    return reported


def kept(experiment: Experiment, point: Point, q: str) -> Decimal | None:
    """The share that is left, exactly: from counts, else as kept, removed or ratio."""
    after, before = getattr(point, q), getattr(experiment, f"base_{q}")
    share: Decimal | None = getattr(point, f"{q}_kept")
    removed: Decimal | None = getattr(point, f"{q}_removed")
    ratio: Decimal | None = point.compression_ratio if q == "params" else point.speedup
    if after is not None and before is not None:
        share = after / before
    elif share is None and removed is not None:
        share = 1 - removed
    elif share is None and ratio is not None:
        share = 1 / ratio
    return share


def recomputed(corpus: Corpus, medians: dict[tuple[str, str, str], float], q: str) -> list[float]:
    """One normalized quantity of every point, by a loop over the records."""
    found: list[float] = []
    for experiment, point in points(corpus):
        median = medians.get((experiment.dataset or "", experiment.architecture or "", q))
        of = change(experiment, point, q) if q.startswith("top") else kept(experiment, point, q)
        if median is None or of is None:
            found.append(math.nan)
        else:
            found.append(median + float(of) if q.startswith("top") else median * float(of))
    return found


def medians_of_references(corpus: Corpus) -> dict[tuple[str, str, str], float]:
    printed: dict[tuple[str, str, str], list[float]] = {}
    for source in corpus.unpruned:
        for model in source.models if source.reference else ():
            for q in VALUES:
                if (value := getattr(model, q)) is not None:
                    printed.setdefault((source.dataset, model.architecture, q), []).append(float(value))
    return {key: statistics.median(values) for key, values in printed.items()}


def medians_of_all(corpus: Corpus) -> dict[tuple[str, str, str], float]:
    table = baselines(corpus, corrected=False)[["dataset", "architecture", "quantity", "median"]]
    return {(d, a, q): median for d, a, q, median in table.itertuples(index=False)}


MEDIANS: dict[Literal["all", "unpruned"], Callable[[Corpus], dict[tuple[str, str, str], float]]] = {
    "all": medians_of_all,
    "unpruned": medians_of_references,
}


@pytest.fixture(scope="module")
def published(survey: Corpus) -> dict[str, pd.DataFrame]:
    return {reference: normalized(survey, reference=reference, corrected=False) for reference in MEDIANS}


@pytest.mark.parametrize("q", VALUES)
@pytest.mark.parametrize("reference", MEDIANS)
def test_all_276_points_are_those_of_a_loop_over_the_records(
    q: str, reference: Literal["all", "unpruned"], survey: Corpus, published: dict[str, pd.DataFrame]
) -> None:
    wanted = recomputed(survey, MEDIANS[reference](survey), q)
    assert len(wanted) == 276
    assert headline(published[reference])[VALUES[q]].tolist() == pytest.approx(wanted, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("q", VALUES)
@pytest.mark.parametrize("reference", MEDIANS)
def test_rule_says_how_exactly_where_there_is_a_value(
    q: str, reference: str, published: dict[str, pd.DataFrame]
) -> None:
    table = published[reference]
    by = {"top1": "+ top1_change", "top5": "+ top5_change", "params": "x params_kept", "flops": "x flops_kept"}
    rule, there = table[f"{VALUES[q]}_rule"], table[VALUES[q]].notna()
    assert rule[there].eq(f"median {by[q]}").all()
    assert rule[~there].str.startswith("missing: ").all()
    assert rule.notna().all()


def test_point_worked_by_hand(made: Callable[..., Corpus]) -> None:
    corpus = made("""
id: one2015paper
experiments:
  - dataset: ImageNet
    architecture: ResNet-50
    collections: [blalock2020]
    base_top1: 75.0
    base_params: 20M
    curves: [{origin: own, points: [{top1: 74.0, params: 5M, flops_removed: 0.6}]}]
""")
    [row] = normalized(corpus, reference="unpruned")[[*VALUES.values()]].to_dict("records")
    assert row == {
        "normalized_top1": pytest.approx((76.0 + 76.01) / 2 - 1),
        "normalized_top5": pytest.approx(float("nan"), nan_ok=True),
        "normalized_params": pytest.approx((26e6 + 25_557_032) / 2 / 4),
        "normalized_multiply_adds": pytest.approx((4.1e9 + 4.09e9) / 2 * 0.4),
    }


def test_share_of_operations_does_not_care_how_they_are_counted(made: Callable[..., Corpus]) -> None:
    corpus = made(*(
        f"""
id: {name}2015paper
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [blalock2020]
    base_flops: {before}
    curves: [{{origin: own, points: [{{flops: {after}}}]}}]
"""
        for name, before, after in (("one", "15.5G", "3.1G"), ("two", "31G", "6.2G"))
    ))  # fmt: skip
    first, second = normalized(corpus, reference="unpruned")["normalized_multiply_adds"]
    assert first == second == pytest.approx(15.47e9 / 5)


def test_network_that_no_reference_holds_has_no_normalized_numbers(published: dict[str, pd.DataFrame]) -> None:
    table = published["unpruned"]
    assert table.loc[table["dataset"] != "ImageNet", [*VALUES.values()]].isna().all(axis=None)


def test_rows_are_the_operating_points_in_their_order(survey: Corpus, published: dict[str, pd.DataFrame]) -> None:
    rows = headline(published["all"])["survey_row"].tolist()
    assert rows == [point.survey_row for _, point in points(survey)]


def test_a_missing_value_says_what_is_missing(made: Callable[..., Corpus]) -> None:
    corpus = made("""
id: one2015paper
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [blalock2020]
    curves: [{origin: own, points: [{params_kept: 0.5}]}]
""")
    [row] = normalized(corpus, reference="unpruned").to_dict("records")
    assert row["normalized_top1_rule"] == "missing: top1_change is unknown"
    assert row["normalized_params_rule"] == (
        "missing: no unpruned model of this dataset and architecture is known by its params"
    )


@pytest.mark.parametrize("reference", MEDIANS)
def test_completed_quantities_are_there_under_their_own_names(
    reference: str, survey: Corpus, published: dict[str, pd.DataFrame]
) -> None:
    points = completed(survey, corrected=False)
    assert_frame_equal(published[reference][[*points.columns]], points)


def test_sweeps_are_there_and_marked(survey: Corpus, published: dict[str, pd.DataFrame]) -> None:
    curves = [curve for paper in survey.papers for one in paper.experiments or () for curve in one.curves or ()]
    released = sum(len(curve.points or survey.sweeps[curve.points_file or ""]) for curve in curves if curve.sweep)
    assert published["all"]["sweep"].sum() == released > 1000


FIGURE_1 = {
    "VGG": {"top1 params": 23, "top1 flops": 15, "top5 params": 15, "top5 flops": 33},
    "ResNet": {"top1 params": 36, "top1 flops": 30, "top5 params": 19, "top5 flops": 31},
    "MobileNet-v2": {"top1 params": 1, "top1 flops": 0, "top5 params": 0, "top5 flops": 0},
}
"""Points of each family in each panel of the survey's Figure 1, as its published code draws it."""


@pytest.mark.parametrize("family", FIGURE_1)
def test_panels_of_figure_1_have_the_published_number_of_points(
    family: str, survey: Corpus, published: dict[str, pd.DataFrame]
) -> None:
    families = {one.name: one.family for one in survey.architectures}
    table = headline(kept_in(published["unpruned"], "figure1"))
    rows = table[(table["dataset"] == "ImageNet") & (table["architecture"].map(families) == family)]
    panels = {
        f"{y} {x}": int(rows[[VALUES[x], VALUES[y]]].notna().all(axis=1).sum())
        for y in ("top1", "top5")
        for x in ("params", "flops")
    }
    assert panels == FIGURE_1[family]


@pytest.mark.parametrize("reference", MEDIANS)
def test_survey_stays_when_the_corpus_grows(
    reference: Literal["all", "unpruned"], grown: Corpus, survey: Corpus
) -> None:
    assert_frame_equal(normalized(grown, "blalock2020", reference), normalized(survey, reference=reference))


def test_whole_corpus_does_move_when_it_grows(grown: Corpus, whole: Corpus) -> None:
    before, after = (
        headline(normalized(one)).dropna(subset="survey_row")[[*VALUES.values()]] for one in (whole, grown)
    )
    assert not after.reset_index(drop=True).equals(before.reset_index(drop=True))


def test_corpus_without_reference_models_has_nothing_to_normalize_by(made: Callable[..., Corpus]) -> None:
    text = (
        "id: one2015paper\nexperiments: [{collections: [blalock2020], curves: [{origin: own, points: [{speedup: 2}]}]}]"
    )
    table = normalized(made(text, unpruned=()))
    assert table[[*VALUES.values()]].isna().values.tolist() == [[True] * 4]


def test_same_corpus_gives_the_same_bytes(survey: Corpus) -> None:
    first, second = (normalized(survey).to_csv(index=False) for _ in range(2))
    assert first == second


def test_locators_lead_back_to_the_papers(published: dict[str, pd.DataFrame]) -> None:
    table = published["all"]
    assert table.loc[table["survey_row"] == 172, "locator"].tolist() == ["Table 4"]


def test_every_row_says_how_it_came_about(made: Callable[..., Corpus]) -> None:
    curve = "{origin: own, points: [{top1: 69.0}, {top1: 68.0}, {params_kept: 0.5}]}"
    experiment = f"dataset: D, architecture: N, collections: [c], base_top1: 70.0, curves: [{curve}]"
    rules = normalized(made(f"{{id: ada2015title, experiments: [{{{experiment}}}]}}"))
    assert rules["normalized_top1_rule"].tolist() == ["median + top1_change"] * 2 + ["missing: top1_change is unknown"]
    assert rules["normalized_top1"].tolist()[:2] == [69.0, 68.0]


def test_normalized_quantities_say_what_they_are_in_which_unit() -> None:
    columns = [column for column in NORMALIZED if column.name in VALUES.values()]
    assert {one.name: (one.unit, one.meaning.partition(" as if")[0]) for one in columns} == {
        "normalized_top1": ("%", "Top-1 accuracy"),
        "normalized_top5": ("%", "Top-5 accuracy"),
        "normalized_params": ("count", "Parameters"),
        "normalized_multiply_adds": ("count", "Multiply-adds"),
    }
