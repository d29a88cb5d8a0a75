"""Do the marks say what our figures draw, and does the published procedure differ only where it is said to?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import product

import pandas as pd
import pytest

from prunelit.analysis.dataset import Dataset, dataset
from prunelit.analysis.survey.marks import COUNTED, MARKS, marks
from prunelit.analysis.survey.procedures import AS_PUBLISHED, OURS, SURVEY_FIGURES
from prunelit.figures.gallery import beats, figure1, figure2, figure3, figure4, figure5, table1

Mark = tuple[str, ...]
SWEPT = {"gale2019state", "frankle2019lottery"}
"""Papers of which Figure 5 draws sweeps."""


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return dataset(collection="blalock2020")


@pytest.fixture(scope="module")
def ours(drawn: Dataset) -> pd.DataFrame:
    return marks(drawn, OURS)


@pytest.fixture(scope="module")
def published(drawn: Dataset) -> pd.DataFrame:
    return marks(drawn, AS_PUBLISHED)


def bars(data: pd.DataFrame, panels: dict[str, str]) -> Counter[Mark]:
    """How many cells each bar of a histogram has."""
    cells = zip(data["panel"], data["number"], data["review"], strict=True)
    return Counter((panels[panel], f"bar {number}, {review}") for panel, number, review in cells)


def heights(table: pd.DataFrame, panels: Iterable[str]) -> Counter[Mark]:
    chosen = table[table["panel"].isin(list(panels))]
    return Counter({(row.panel, row.what): int(row.value) for row in chosen.itertuples()})


HISTOGRAMS: dict[str, tuple[Callable[[Dataset], pd.DataFrame], dict[str, str]]] = {
    "figure2": (
        figure2.data,
        {
            "compared_to_by": "papers, by how many compare to them",
            "compares_to": "papers, by how many they compare to",
        },
    ),
    "figure4": (figure4.data, {"pairs": "papers, by the pairs they use", "points": "curves, by their points"}),
    "beats": (
        beats.data,
        {"beaten_by": "papers, by how many beat them", "beats": "papers, by how many they beat"},
    ),
}


@pytest.mark.parametrize("name", HISTOGRAMS)
def test_bars_are_those_of_the_figure(drawn: Dataset, ours: pd.DataFrame, name: str) -> None:
    data, panels = HISTOGRAMS[name]
    assert heights(ours[ours["where"] == name], panels.values()) == bars(data(drawn), panels)


def test_table_1_is_that_of_the_figures(drawn: Dataset, ours: pd.DataFrame) -> None:
    data = table1.data(drawn)
    papers = Counter(f"{row.architecture} on {row.dataset}" for row in data.itertuples())
    found = heights(ours[ours["where"] == "table1"], ["pairs"])
    assert found == Counter({("pairs", what): count for what, count in papers.items()})


def points(table: pd.DataFrame, x: str, y: str) -> Iterator[tuple[float, float]]:
    """The coordinates of each point of a panel, as far as a figure can be read."""
    wide = table.pivot_table(index="what", columns="quantity", values="value")
    yield from rounded(wide, x, y)


def rounded(table: pd.DataFrame, x: str, y: str) -> Iterator[tuple[float, float]]:
    known = table[[x, y]].dropna().astype("float64")
    yield from ((float(f"{a:.9g}"), float(f"{b:.9g}")) for a, b in known.itertuples(index=False, name=None))


NORMALIZED = {
    "params": "normalized_params",
    "flops": "normalized_multiply_adds",
    "top1": "normalized_top1",
    "top5": "normalized_top5",
}
"""What pruned results are drawn by; unpruned networks are what results are normalized to."""


@pytest.mark.parametrize(("x", "y"), list(product(["params", "flops"], ["top1", "top5"])))
def test_figure_1_has_these_points(drawn: Dataset, ours: pd.DataFrame, x: str, y: str) -> None:
    data = figure1.data(drawn)
    panel = ours[(ours["where"] == "figure1") & (ours["panel"] == f"{y} against {x}")]
    unpruned = panel["what"].str.startswith("unpruned")
    drawn_by = NORMALIZED[x], NORMALIZED[y]
    assert sorted(points(panel[~unpruned], *drawn_by)) == sorted(rounded(data[data["kind"] == "pruned"], *drawn_by))
    assert set(points(panel[unpruned], x, y)) == set(rounded(data[data["kind"] == "unpruned"], *drawn_by))


def test_figure_3_has_these_points(drawn: Dataset, ours: pd.DataFrame) -> None:
    rows = ours[(ours["where"] == "figure3") & (ours["panel"] != "selection")]
    found: Counter[tuple[object, ...]] = Counter()
    for panel, group in rows.groupby("panel"):
        configuration, _, metrics = str(panel).partition(", ")
        y, _, x = metrics.partition(" against ")
        found.update((configuration, *point) for point in points(group, x, y))
    data = figure3.data(drawn)
    key = data["architecture"] + " on " + data["dataset"]
    groups = data.groupby(key)
    assert found == Counter((name, *point) for name, group in groups for point in rounded(group, "ratio", "change"))


def test_figure_5_has_these_points(drawn: Dataset, ours: pd.DataFrame) -> None:
    data = figure5.data(drawn)
    panel = ours[ours["where"] == "figure5"]
    swept = panel["what"].str.split(",").str[0].isin(SWEPT)
    drawn_by = "normalized_params", "normalized_top1"
    assert sorted(points(panel[~swept], *drawn_by)) == sorted(rounded(data[~data["paper_id"].isin(SWEPT)], *drawn_by))


def test_a_number_has_one_name(ours: pd.DataFrame, published: pd.DataFrame) -> None:
    for table in (ours, published):
        assert list(table.columns) == MARKS
        assert not table.duplicated(MARKS[:-1]).any()
        assert table.notna().all(axis=None)


def test_every_figure_has_marks(ours: pd.DataFrame) -> None:
    assert list(dict.fromkeys(ours["where"])) == list(SURVEY_FIGURES)


def test_bars_count_every_paper(drawn: Dataset, ours: pd.DataFrame) -> None:
    figure = ours[(ours["where"] == "figure2") & ours["unit"].isin(COUNTED)]
    assert figure.groupby("panel")["value"].sum().tolist() == [len(drawn.corpus.papers)] * 2


def test_published_selection_counts_37_papers(drawn: Dataset, published: pd.DataFrame) -> None:
    counted = published[published["panel"] == "selection"]["value"]
    assert counted.tolist() == [37]
    by_pair = marks(drawn, replace(AS_PUBLISHED, selection="pair"), ["figure3"])
    assert by_pair[by_pair["panel"] == "selection"]["value"].tolist() == [36]


def test_flops_as_counted_double_the_median_of_vgg16(drawn: Dataset) -> None:
    all_papers = replace(AS_PUBLISHED, reference="all")
    as_counted = replace(all_papers, operations="as counted")
    one, two = (
        marks(drawn, how, ["figure1"]).query(
            f"quantity == '{NORMALIZED['flops']}' and what == 'he2017channel, row 396'"
        )["value"]
        for how in (all_papers, as_counted)
    )
    assert (two.to_numpy() / one.to_numpy()).tolist() == pytest.approx([2], rel=0.01)
