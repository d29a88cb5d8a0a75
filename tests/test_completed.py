"""Does completion fill what follows, in the right order, and say how?"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from prunelit import completed, results
from prunelit.analysis.frames import completed as completion
from prunelit.analysis.frames.columns import typed
from prunelit.analysis.frames.completed import ROUNDS, RULED, columns_read, complete, operating_points
from prunelit.analysis.frames.reported import RESULTS
from prunelit.schema.corpus import Corpus

NO_CHANGE = {"sweep": False, "paper_id": "one2015paper", "experiment": 0, "curve": 0, "point": 0}


@pytest.fixture(scope="module")
def published(survey: Corpus) -> pd.DataFrame:
    return completed(survey, corrected=False)


def filled(**reported: float) -> dict[str, tuple[float, str]]:
    """Value and rule of each completed quantity of one point."""
    [cells] = complete(typed([NO_CHANGE | reported], RESULTS)).to_dict("records")
    return {name: (cells[name], cells[f"{name}_rule"]) for name in RULED if not math.isnan(cells[name])}


def close(value: float, rule: str) -> tuple[object, str]:
    return pytest.approx(value, rel=1e-12), rule


R = "reported"


@pytest.mark.parametrize("q", ["top1", "top5"])
def test_accuracy_and_unpruned_accuracy_give_the_change(q: str) -> None:
    found = filled(**{q: 75.2, f"base_{q}": 76.0})
    change = close(-0.8, f"{q} - base_{q}")
    assert found == {q: (75.2, R), f"base_{q}": (76.0, R), f"{q}_change": change}


@pytest.mark.parametrize("q", ["top1", "top5"])
def test_accuracies_beat_a_reported_change(q: str) -> None:
    found = filled(**{q: 75.2, f"base_{q}": 76.0, f"{q}_change": -0.5})
    assert found[f"{q}_change"] == close(-0.8, f"{q} - base_{q}")


@pytest.mark.parametrize("q", ["top1", "top5"])
def test_errors_give_accuracies_and_their_change(q: str) -> None:
    found = filled(**{f"{q}_error": 24.8, f"base_{q}_error": 24.0})
    assert found == {
        q: close(75.2, f"100 - {q}_error"),
        f"base_{q}": close(76.0, f"100 - base_{q}_error"),
        f"{q}_change": close(-0.8, f"{q} - base_{q}"),
    }


@pytest.mark.parametrize("q", ["top1", "top5"])
def test_reported_accuracy_beats_a_reported_error(q: str) -> None:
    assert filled(**{q: 75.2, f"{q}_error": 20.0}) == {q: (75.2, R)}


@pytest.mark.parametrize("q", ["top1", "top5"])
def test_unpruned_accuracy_and_change_give_the_accuracy(q: str) -> None:
    found = filled(**{f"base_{q}": 76.0, f"{q}_change": -0.8})
    assert found == {
        f"base_{q}": (76.0, R),
        f"{q}_change": (-0.8, R),
        q: close(75.2, f"base_{q} + {q}_change"),
    }


@pytest.mark.parametrize("q", ["top1", "top5"])
def test_accuracy_and_change_give_the_unpruned_accuracy(q: str) -> None:
    found = filled(**{q: 75.2, f"{q}_change": -0.8})
    assert found == {q: (75.2, R), f"{q}_change": (-0.8, R), f"base_{q}": close(76.0, f"{q} - {q}_change")}


@pytest.mark.parametrize("q", ["top1", "top5"])
def test_change_alone_gives_no_accuracy(q: str) -> None:
    assert filled(**{f"{q}_change": -0.8}) == {f"{q}_change": (-0.8, R)}


def test_top1_says_nothing_about_top5() -> None:
    assert filled(top1=75.2, base_top5=92.0) == {"top1": (75.2, R), "base_top5": (92.0, R)}


EFFICIENCY = pytest.mark.parametrize(("q", "ratio"), [("params", "compression_ratio"), ("flops", "speedup")])


@EFFICIENCY
def test_counts_before_and_after_give_share_and_ratio(q: str, ratio: str) -> None:
    assert filled(**{q: 5e6, f"base_{q}": 20e6}) == {
        f"{q}_kept": close(0.25, f"{q} / base_{q}"),
        f"{q}_removed": close(0.75, f"1 - {q}_kept"),
        ratio: close(4, f"1 / {q}_kept"),
    }


@EFFICIENCY
def test_counts_beat_a_reported_share_kept(q: str, ratio: str) -> None:
    found = filled(**{q: 5e6, f"base_{q}": 20e6, f"{q}_kept": 0.3})
    assert found[f"{q}_kept"] == close(0.25, f"{q} / base_{q}")


@EFFICIENCY
def test_count_after_pruning_alone_gives_nothing(q: str, ratio: str) -> None:
    assert filled(**{q: 5e6}) == {}


@EFFICIENCY
def test_share_kept_beats_share_removed_and_ratio(q: str, ratio: str) -> None:
    assert filled(**{f"{q}_kept": 0.25, f"{q}_removed": 0.7, ratio: 3.0}) == {
        f"{q}_kept": (0.25, R),
        f"{q}_removed": (0.7, R),
        ratio: (3.0, R),
    }


@EFFICIENCY
def test_share_removed_beats_ratio(q: str, ratio: str) -> None:
    assert filled(**{f"{q}_removed": 0.75, ratio: 3.0}) == {
        f"{q}_kept": close(0.25, f"1 - {q}_removed"),
        f"{q}_removed": (0.75, R),
        ratio: (3.0, R),
    }


@EFFICIENCY
def test_ratio_gives_the_shares(q: str, ratio: str) -> None:
    assert filled(**{ratio: 8.0}) == {
        f"{q}_kept": close(0.125, f"1 / {ratio}"),
        f"{q}_removed": close(0.875, f"1 - {q}_kept"),
        ratio: (8.0, R),
    }


@EFFICIENCY
def test_nothing_kept_gives_no_ratio(q: str, ratio: str) -> None:
    found = filled(**{f"{q}_removed": 1.0})
    assert found == {f"{q}_kept": close(0.0, f"1 - {q}_removed"), f"{q}_removed": (1.0, R)}


@EFFICIENCY
def test_model_that_grew_has_a_negative_share_removed(q: str, ratio: str) -> None:
    found = filled(**{q: 30e6, f"base_{q}": 20e6})
    assert found[f"{q}_removed"] == close(-0.5, f"1 - {q}_kept")


def test_parameters_say_nothing_about_operations() -> None:
    found = filled(params_kept=0.5)
    assert set(found) == {"params_kept", "params_removed", "compression_ratio"}


def test_a_point_that_says_nothing_stays_empty() -> None:
    assert filled() == {}


SAID = [*RULED, "params", "base_params", "flops", "base_flops"]
ERRORS = ["top1_error", "top5_error", "base_top1_error", "base_top5_error"]
DICE = random.Random(2020)
POINTS = [
    {name: round(DICE.uniform(0.01, 1.0), 3) for name in SAID + ERRORS if DICE.random() < 0.25} for _ in range(1000)
]
"""Points that report any numbers at all, in any combination."""


@pytest.fixture(scope="module")
def anything() -> pd.DataFrame:
    return complete(typed([NO_CHANGE | reported for reported in POINTS], RESULTS))


@pytest.mark.parametrize("name", RULED)
def test_exactly_the_filled_cells_have_a_rule(name: str, anything: pd.DataFrame) -> None:
    assert anything[name].isna().tolist() == anything[f"{name}_rule"].isna().tolist()


@pytest.mark.parametrize("name", RULED)
def test_what_is_called_reported_was_reported(name: str, anything: pd.DataFrame) -> None:
    said = anything[f"{name}_rule"].fillna("") == R
    assert anything.loc[said, name].tolist() == [POINTS[at].get(name) for at in anything.index[said]]


@pytest.mark.parametrize("name", RULED)
def test_what_was_reported_is_beaten_by_absolute_numbers_alone(name: str, anything: pd.DataFrame) -> None:
    absolute = {"top1 - base_top1", "top5 - base_top5", "params / base_params", "flops / base_flops"}
    reported = [name in point for point in POINTS]
    assert set(anything.loc[reported, f"{name}_rule"]) <= {R} | absolute


def test_rows_without_points_are_dropped() -> None:
    reported = typed([NO_CHANGE | {"top1": 70.0}, {"paper_id": "two2015paper", "base_top1": 70.0}], RESULTS)
    assert operating_points(complete(reported))["paper_id"].tolist() == ["one2015paper"]


def test_the_reported_table_is_left_alone(survey: Corpus) -> None:
    reported = results(survey)
    before = reported.copy()
    complete(reported)
    pd.testing.assert_frame_equal(reported, before)


def test_points_keep_their_order(whole: Corpus) -> None:
    reported = results(whole)
    key = ["paper_id", "experiment", "curve", "point"]
    points = reported.loc[reported["point"].notna(), key]
    assert completed(whole)[key].values.tolist() == points.values.tolist()


@pytest.mark.parametrize("name", RULED)
def test_rules_of_the_corpus_are_those_of_the_quantity(name: str, published: pd.DataFrame) -> None:
    used = set(published[f"{name}_rule"].dropna())
    assert used <= {rule for rules in ROUNDS for rule in rules.get(name, ())}
    assert used


@pytest.mark.parametrize(
    ("row", "name", "value", "rule"),
    [
        (172, "top1_change", 57.23 - 57.22, "top1 - base_top1"),
        (172, "params_kept", 0.11, "1 - params_removed"),
        (172, "compression_ratio", 1 / 0.11, "1 / params_kept"),
        (172, "speedup", 1 / 0.3, "1 / flops_kept"),
        (102, "params_kept", 5.73 / 60.95, "params / base_params"),
        (102, "flops_kept", 0.056 / 0.371, "flops / base_flops"),
        (102, "top5_change", 79.56 - 80.43, "top5 - base_top5"),
        (50, "params_removed", 0.8, "reported"),
        (50, "top1_change", 76.52 - 76.69, "top1 - base_top1"),
    ],
)
def test_row_of_the_survey_worked_by_hand(
    row: int, name: str, value: float, rule: str, published: pd.DataFrame
) -> None:
    cells = published.loc[published["survey_row"] == row, [name, f"{name}_rule"]]
    assert cells.values.tolist() == [[pytest.approx(value), rule]]


@pytest.mark.parametrize(("kept", "removed", "ratio"), [
    ("params_kept", "params_removed", "compression_ratio"),
    ("flops_kept", "flops_removed", "speedup"),
])  # fmt: skip
def test_no_ratio_is_infinite(kept: str, removed: str, ratio: str, whole: Corpus) -> None:
    table = completed(whole)
    assert not np.isinf(table[[kept, removed, ratio]].to_numpy()).any()


def test_all_papers_stand_so_that_no_column_says_so(published: pd.DataFrame) -> None:
    assert "status" not in published


def test_collection_of_a_corpus_can_be_asked_for(whole: Corpus, survey: Corpus) -> None:
    pd.testing.assert_frame_equal(completed(whole, "blalock2020"), completed(survey))


def test_only_sweeps_can_be_completed(made: Callable[..., Corpus]) -> None:
    corpus = made("""
id: one2015paper
experiments:
  - collections: [blalock2020]
    base_top1: 76.0
    curves: [{origin: rerun, sweep: true, points: [{top1: 75.0, params_kept: 0.5}]}]
""")
    assert completed(corpus)[["top1_change", "compression_ratio"]].values.tolist() == [[-1.0, 2.0]]


def test_rules_are_texts_that_may_be_missing() -> None:
    table = complete(typed([NO_CHANGE | {"top1": 75.2}], RESULTS))
    assert {str(table[f"{name}_rule"].dtype) for name in RULED} == {"string"}
    assert table["top5_rule"].isna().all()


@pytest.mark.parametrize("wanted", [("base_top1", "base_flops"), ("speedup",), ("top5_change", "params_removed")])
def test_quantities_are_the_same_without_the_columns_that_they_do_not_need(
    wanted: tuple[str, ...], survey: Corpus
) -> None:
    reported = results(survey)
    read = list(columns_read(wanted))
    found, whole = complete(reported[read], wanted), complete(reported)
    same = [*wanted, *(f"{name}_rule" for name in wanted if name in RULED)]
    pd.testing.assert_frame_equal(found[same], whole[same])
    assert len(found.columns) < 2 * len(read) < len(whole.columns)


def test_a_point_by_itself_is_completed_as_among_others(anything: pd.DataFrame) -> None:
    for at, reported in enumerate(POINTS[:60]):
        alone = complete(typed([NO_CHANGE | reported], RESULTS))
        pd.testing.assert_frame_equal(alone, anything.iloc[[at]].reset_index(drop=True)[[*alone]])


def test_operating_points_are_numbered_anew() -> None:
    table = typed([NO_CHANGE | {"point": None}, NO_CHANGE | {"top1": 75.2}], RESULTS)
    found = operating_points(table)
    assert found.index.tolist() == [0]
    assert found.columns.tolist() == table.columns.tolist()
    assert found["top1"].tolist() == [75.2]


@pytest.mark.parametrize("ratio", ["compression_ratio", "speedup"])
def test_nothing_left_has_no_ratio(ratio: str) -> None:
    quantity = {"compression_ratio": "params", "speedup": "flops"}[ratio]
    assert ratio not in filled(**{f"{quantity}_removed": 1.0})
    assert filled(**{f"{quantity}_removed": 0.5})[ratio] == close(2.0, f"1 / {quantity}_kept")


def missing(**reported: object) -> dict[str, str]:
    """Why each quantity of one point is missing, where something of it is printed."""
    [cells] = complete(typed([NO_CHANGE | reported], RESULTS)).to_dict("records")
    rules = {name: cells[f"{name}_rule"] for name in RULED if math.isnan(cells[name])}
    return {name: rule.removeprefix("missing: ") for name, rule in rules.items() if isinstance(rule, str)}


@pytest.mark.parametrize("bound", ["at_most", "at_least"])
@pytest.mark.parametrize(
    ("name", "kin"),
    [
        ("compression_ratio", ["params_kept", "params_removed", "compression_ratio"]),
        ("speedup", ["flops_kept", "flops_removed", "speedup"]),
        ("flops", ["flops_kept", "flops_removed", "speedup"]),
        ("base_top1", ["base_top1", "top1_change"]),
        ("top5_change", ["top5", "base_top5", "top5_change"]),
    ],
)
def test_a_bound_is_why_all_of_its_kind_is_missing(name: str, kin: list[str], bound: str) -> None:
    about = {"top1": 70.0} if "top1" in name else {"params_kept": 0.5} if "flops" in name else {}
    found = missing(**about, **{name: 4.0}, bounds=f"top9: about; {name}: {bound}; top8: about")
    assert found == dict.fromkeys(sorted(kin, key=RULED.index), f"given as {bound}")


def test_a_quantity_is_missing_for_a_reason_of_its_own_first() -> None:
    found = missing(
        params=5.0, params_removed=0.5, sparsity_scope="pruned_layers", params_scope="all", bounds="params: at_most"
    )
    own, kin = "counted over pruned_layers", "given as at_most"
    assert found == {"params_kept": kin, "params_removed": own, "compression_ratio": kin}


@pytest.fixture
def anew() -> None:
    """Find the rules anew that lead to quantities, whatever was asked for before."""
    completion._rounds_to.cache_clear()


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize(
    ("wanted", "read"),
    [
        ("base_flops", ("base_flops", "base_flops_scope")),
        ("top5", ("base_top5", "base_top5_error", "top5", "top5_change", "top5_error")),
        (
            "params_removed",
            (
                *("base_params", "compression_ratio", "params", "params_kept", "params_removed"),
                *("base_params_scope", "sparsity_scope", "params_scope"),
            ),
        ),
    ],
)
def test_what_leads_to_a_quantity_is_read_in_order_with_its_scopes(wanted: str, read: tuple[str, ...]) -> None:
    assert columns_read((wanted,)) == (*read, "bounds", "status")


@pytest.mark.usefixtures("anew")
def test_an_accuracy_follows_from_a_change_that_is_found_in_an_earlier_round() -> None:
    found = filled(base_top1_error=24.0, top1_change=-0.8)
    assert found["top1"] == close(75.2, "base_top1 + top1_change")


def asked(wanted: str, **reported: object) -> dict[str, object]:
    """One point that was asked for one quantity, in a table that has nothing else."""
    table = typed([NO_CHANGE | reported], RESULTS)[list(columns_read((wanted,)))]
    [cells] = complete(table, (wanted,)).astype(object).to_dict("records")
    return {str(name): cells[name] for name in cells if pd.notna(cells[name]) and name not in ("bounds", "status")}


def test_a_bound_on_another_quantity_is_nothing_to_one_that_is_asked_for() -> None:
    found = asked("top1", top1=70.0, params=4e6, bounds="params: at_most")
    assert found == {"top1": 70.0, "top1_rule": R}


def test_a_quantity_that_is_asked_for_says_that_it_is_bounded() -> None:
    found = asked("speedup", speedup=4.0, bounds="speedup: at_least")
    missing = dict.fromkeys(("flops_kept_rule", "speedup_rule"), "missing: given as at_least")
    assert found == missing


def test_a_quantity_without_rules_is_missing_where_it_is_bounded() -> None:
    assert asked("base_flops", base_flops=4e9, bounds="base_flops: at_most") == {}


def test_a_share_of_all_layers_counts_beside_one_of_some() -> None:
    shares = [{"params_kept": 0.5, "sparsity_scope": scope} for scope in ("pruned_layers", "all", None)]
    table = complete(typed([NO_CHANGE | one for one in shares], RESULTS))
    assert table["params_kept_rule"].tolist() == ["missing: counted over pruned_layers", R, R]
    assert table["compression_ratio"].tolist() == [pytest.approx(float("nan"), nan_ok=True), 2.0, 2.0]


@pytest.mark.parametrize("name", ["top1", "top5", "base_top1", "base_top5"])
def test_a_bound_on_an_error_is_no_accuracy(name: str) -> None:
    assert asked(name, **{f"{name}_error": 24.0}, bounds=f"{name}_error: at_most").get(name) is None
    assert asked(name, **{f"{name}_error": 24.0})[name] == 76.0


@pytest.mark.parametrize("name", ["params_kept_rule", "top1_change_rule"])
def test_rows_of_one_rule_share_its_text(name: str, survey: Corpus) -> None:
    texts = [one for one in completed(survey)[name] if isinstance(one, str)]
    assert len({id(one) for one in texts}) == len({*texts}) < len(texts)
