"""Is each comparison setup proven, ruled out or left open as the records say?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from itertools import combinations, pairwise, permutations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import prunelit
from prunelit import completed
from prunelit.analysis.compare.conditions import CONDITIONS, CURVE_KEY, ConfigurationCurves, known_of
from prunelit.analysis.compare.setups import (
    COMPARABLE,
    COMPARISON_SETUPS,
    comparison_setups_table,
    demanded,
    pairs_of_curves,
    strictness,
)
from prunelit.analysis.frames.headline import headline
from prunelit.analysis.frames.recipes import IN_SETUPS
from prunelit.schema.corpus import Corpus
from prunelit.schema.problems import ArgumentError

ORDER = ["S1", "S2", "S3.1", "S3.2", "S4.1", "S4.2"]
SAME = "unpruned_checkpoint: shared, fine_tuning_epochs: 90, learning_rate: 0.01, learning_rate_schedule: cosine"

Pair = Callable[..., dict[str, Any]]


def curve(recipe: str = "", points: str = "{speedup: 2.0, top1: 75.0}", more: str = "origin: own") -> str:
    return f"{{{more}, {f'recipe: {{{recipe}}}, ' if recipe else ''}points: [{points}]}}"


@pytest.fixture
def pair(made: Callable[..., Corpus]) -> Pair:
    """The row for the first curves of two papers, or for two curves of one experiment."""

    def experiment(curves: str, base: str) -> str:
        return f"{{dataset: D, architecture: A, collections: [c], {base}curves: [{curves}]}}"

    def row(one: str, other: str, together: bool = False, bases: tuple[str, str] = ("", "")) -> dict[str, Any]:
        texts = (
            [experiment(f"{one}, {other}", bases[0])]
            if together
            else [experiment(text, base) for text, base in zip((one, other), bases, strict=True)]
        )
        papers = [f"{{id: {name}, experiments: [{text}]}}" for name, text in zip(("ada", "bob"), texts, strict=False)]
        (found,) = prunelit.comparison_setups(made(*papers)).to_dict("records")
        return found

    return row


def test_the_setups_extend_each_other_in_the_order_of_the_paper(whole: Corpus) -> None:
    assert strictness(whole.setups) == ORDER


@pytest.mark.parametrize(("weaker", "stricter"), list(pairwise(ORDER)))
def test_a_stricter_setup_holds_all_that_a_weaker_one_holds_and_more(whole: Corpus, weaker: str, stricter: str) -> None:
    demands = demanded(whole.setups)
    assert set(demands[weaker]) < set(demands[stricter])


def test_the_same_ratio_alone_proves_s1(pair: Pair) -> None:
    assert pair(curve(), curve())["strictest"] == "S1"


@pytest.mark.parametrize(("other", "strictest"), [("2.1", "S1"), ("1.905", "S1"), ("2.11", None), ("1.90", None)])
def test_ratios_within_five_percent_are_the_same(pair: Pair, other: str, strictest: str | None) -> None:
    found = pair(curve(), curve(points=f"{{speedup: {other}, top1: 75.0}}"))["strictest"]
    assert found == strictest if strictest else pd.isna(found)


def test_any_two_points_of_the_curves_may_have_the_same_ratio(pair: Pair) -> None:
    points = "{speedup: 4.0, top1: 70.0}, {speedup: 2.0, top1: 75.0}"
    assert pair(curve(), curve(points=points))["strictest"] == "S1"


def test_a_ratio_of_parameters_is_none_of_operations(pair: Pair) -> None:
    assert "ratio" in pair(curve(), curve(points="{compression_ratio: 2.0, top1: 75.0}"))["unknown"]


def test_nothing_stated_leaves_every_setup_possible(pair: Pair) -> None:
    assert pair(curve(), curve())["strictest_possible"] == "S4.2"


def test_one_checkpoint_proves_the_same_unpruned_model(pair: Pair) -> None:
    assert pair(curve("unpruned_checkpoint: x"), curve("unpruned_checkpoint: x"))["strictest"] == "S2"


def test_two_checkpoints_rule_it_out(pair: Pair) -> None:
    assert pair(curve("unpruned_checkpoint: x"), curve("unpruned_checkpoint: y"))["strictest_possible"] == "S1"


def test_curves_of_one_experiment_start_from_one_model(pair: Pair) -> None:
    other = curve(more="origin: rerun, method: M")
    assert pair(curve(), other, together=True)["strictest"] == "S2"


@pytest.mark.parametrize("origin", ["copied", "unclear"])
def test_numbers_from_elsewhere_start_from_models_of_their_own(pair: Pair, origin: str) -> None:
    other = curve(more=f"origin: {origin}, method: M")
    assert "unpruned_model" in pair(curve(), other, together=True)["unknown"]


def test_reported_accuracies_that_differ_rule_one_unpruned_model_out(pair: Pair) -> None:
    bases = ("base_top1: 76.13, ", "base_top1: 76.15, ")
    assert "unpruned_model" in pair(curve(), curve(), bases=bases)["differs"]


@pytest.mark.parametrize("rounded", ["76.1", "76.10", "76"])
def test_accuracies_that_may_be_one_number_rounded_do_not(pair: Pair, rounded: str) -> None:
    bases = ("base_top1: 76.13, ", f"base_top1: {rounded}, ")
    assert "unpruned_model" in pair(curve(), curve(), bases=bases)["unknown"]


def test_equal_accuracies_prove_nothing(pair: Pair) -> None:
    bases = ("base_top1: 76.13, ", "base_top1: 76.13, ")
    assert pair(curve(), curve(), bases=bases)["strictest"] == "S1"


def test_a_network_from_scratch_has_no_unpruned_model(pair: Pair) -> None:
    other = curve(more="origin: rerun, training_scheme: scratch")
    assert "unpruned_model" in pair(curve(more="origin: rerun, training_scheme: fine_tuned"), other, True)["differs"]


def test_networks_pruned_before_training_start_alike(pair: Pair) -> None:
    one = curve(more="origin: own, training_scheme: at_initialization")
    assert pair(one, one)["strictest"] == "S2"


@pytest.mark.parametrize(
    ("one", "other", "strictest"),
    [
        (SAME, "unpruned_checkpoint: shared, fine_tuning_epochs: 90.0", "S3.1"),
        (SAME, SAME, "S3.2"),
        (f"{SAME}, pruning_epochs: 10", f"{SAME}, pruning_epochs: 10", "S4.1"),
        (f"{SAME}, pruning_epochs: 0", f"{SAME}, pruning_epochs: 0", "S4.2"),
        (
            f"{SAME}, pruning_epochs: 10, pruning_learning_rate_schedule: fixed",
            f"{SAME}, pruning_epochs: 10, pruning_learning_rate_schedule: fixed",
            "S4.2",
        ),
    ],
)
def test_each_statement_proves_a_stricter_setup(pair: Pair, one: str, other: str, strictest: str) -> None:
    assert pair(curve(one), curve(other))["strictest"] == strictest


def test_another_learning_rate_rules_out_what_is_stricter_than_equal_epochs(pair: Pair) -> None:
    found = pair(curve(SAME), curve(SAME.replace("0.01", "0.001")))
    assert (found["strictest"], found["strictest_possible"]) == ("S3.1", "S3.1")
    assert found["differs"] == "learning_rate_schedule"


def test_as_many_epochs_in_all_prove_sx_a(pair: Pair) -> None:
    one = curve("pretraining_epochs: 30, pruning_epochs: 0, fine_tuning_epochs: 90")
    other = curve("pretraining_epochs: 0, pruning_epochs: 0, fine_tuning_epochs: 120")
    assert "SX-A" in pair(one, other)["proven"]


def test_operations_in_all_count_epochs_after_pruning_by_the_speedup(pair: Pair) -> None:
    one = curve("pretraining_epochs: 15, pruning_epochs: 0, fine_tuning_epochs: 90")
    other = curve("pretraining_epochs: 0, pruning_epochs: 0, fine_tuning_epochs: 120")
    found = pair(one, other)
    assert ("SX-B" in found["proven"], "total_epochs" in found["differs"]) == (True, True)


@pytest.mark.parametrize(("scheme", "setup"), [("scratch_e", "SX-A"), ("scratch_b", "SX-B")])
def test_the_budgets_of_scratch_training_are_equal_by_definition(pair: Pair, scheme: str, setup: str) -> None:
    pruned = curve(more="origin: rerun, training_scheme: fine_tuned")
    assert setup in pair(pruned, curve(more=f"origin: rerun, training_scheme: {scheme}"), together=True)["proven"]


def test_every_two_curves_of_a_configuration_are_a_pair(survey: Corpus) -> None:
    points = completed(survey).dropna(subset=["dataset", "architecture"])
    keys = ["paper_id", "experiment", "curve"]
    curves = points[["dataset", "architecture", *keys]].drop_duplicates().groupby(["dataset", "architecture"]).size()
    assert len(prunelit.comparison_setups(survey)) == int((curves * (curves - 1) // 2).sum())


def test_pairs_of_papers_with_the_same_ratio_are_those_that_a_loop_finds(survey: Corpus) -> None:
    points = headline(completed(survey)).dropna(subset=["dataset", "architecture"])
    found = set()
    for _, rows in points.groupby(["dataset", "architecture"]):
        records = rows[["paper_id", "compression_ratio", "speedup"]].to_dict("records")
        for one, other in combinations(records, 2):
            for name in ("compression_ratio", "speedup"):
                low, high = sorted((float(one[name]), float(other[name])))
                if one["paper_id"] != other["paper_id"] and high <= low * 1.05 + 1e-9:
                    found.add(frozenset((one["paper_id"], other["paper_id"])))
    table = prunelit.comparison_setups(survey)
    s1 = table[table["strictest"].notna() & (table["paper_id"] != table["other_paper_id"])]
    pairs = {frozenset(pair) for pair in s1[["paper_id", "other_paper_id"]].to_numpy().tolist()}
    sweeps = {paper.id for paper in survey.papers if paper.id in ("gale2019state", "frankle2019lottery")}
    assert {pair for pair in pairs if not pair & sweeps} == {pair for pair in found if not pair & sweeps}


def test_stricter_setups_leave_fewer_pairs(survey: Corpus) -> None:
    table = prunelit.comparable_pairs_by_setup(survey)
    for verdict in ("proven", "possible"):
        assert table.loc[table["in_order"], verdict].is_monotonic_decreasing


def test_pairs_by_setup_begin_with_the_comparable_pairs(survey: Corpus) -> None:
    assert prunelit.comparable_pairs_by_setup(survey).set_index("setup").loc["comparable", "proven"] == 256


def counts(corpus: Corpus) -> dict[str, tuple[int, int]]:
    table = prunelit.comparable_pairs_by_setup(corpus)[["setup", "proven", "possible"]]
    return {str(name): (int(proven), int(possible)) for name, proven, possible in table.to_numpy(object)}


@pytest.mark.parametrize(
    ("sweep", "comparable", "s1"), [("", (1, 1), (1, 1)), ("sweep: true, ", (0, 0), (0, 0))], ids=["curve", "sweep"]
)
def test_sweeps_make_no_comparable_pair(
    sweep: str, comparable: tuple[int, int], s1: tuple[int, int], made: Callable[..., Corpus]
) -> None:
    point = "{speedup: 2.0, top1_change: -1.0}"
    found = counts(made(*two_papers(curve(points=point), curve(points=point, more=f"{sweep}origin: own"))))
    assert (found[COMPARABLE], found["S1"]) == (comparable, s1)


@pytest.mark.parametrize(("sweep", "s1"), [("", (1, 1)), ("sweep: true, ", (0, 0))], ids=["curve", "sweep"])
def test_sweeps_prove_no_setup_for_papers_that_are_comparable_otherwise(
    sweep: str, s1: tuple[int, int], made: Callable[..., Corpus]
) -> None:
    far, near = "{speedup: 5.0, top1_change: -1.0}", "{speedup: 2.0, top1_change: -1.0}"
    both = f"{curve(points=far)}, {curve(points=near, more=f'{sweep}origin: own')}"
    found = counts(made(*two_papers(curve(points=near), both)))
    assert (found[COMPARABLE], found["S1"]) == ((1, 1), s1)


def two_papers(*curves: str) -> list[str]:
    of = "dataset: D, architecture: A, collections: [c]"
    papers = zip(("ada", "bob"), curves, strict=True)
    return [f"{{id: {name}, experiments: [{{{of}, curves: [{text}]}}]}}" for name, text in papers]


def test_no_two_papers_of_the_survey_are_known_to_share_an_unpruned_model(survey: Corpus) -> None:
    assert prunelit.comparable_pairs_by_setup(survey).set_index("setup").loc["S2", "proven"] == 0


MET, DIFFERS, UNKNOWN = "met", "differs", "unknown"


def trained(recipe: str = "", scheme: str = "", origin: str = "own") -> str:
    method = f"method: {scheme}, training_scheme: {scheme}" if scheme else "method: M"
    return curve(recipe, more=f"origin: {origin}, {method}")


def at(*ratios: str, recipe: str = "") -> str:
    return curve(recipe, ", ".join(f"{{{ratio}, top1: 75.0}}" for ratio in ratios))


def budget(before: object, during: object, after: object, speedup: str = "2.0") -> str:
    epochs = {"pretraining_epochs": before, "pruning_epochs": during, "fine_tuning_epochs": after}
    return at(f"speedup: {speedup}", recipe=", ".join(f"{key}: {n}" for key, n in epochs.items() if n is not None))


class Case(NamedTuple):
    """A condition, two curves, and whether they are known to share it."""

    name: str
    one: str
    other: str
    verdict: str


RATE, FALLING, EPOCHS = "learning_rate: 0.01", "learning_rate_schedule: cosine", "fine_tuning_epochs: 90"
DERIVED = curve(points="{speedup: 2.0, top1: 75.0, top1_change: -1.0}")
APART = [
    Case("ratio", at("compression_ratio: 2.0"), at("compression_ratio: 2.1"), MET),
    Case("ratio", at("compression_ratio: 2.0"), at("compression_ratio: 2.11"), DIFFERS),
    Case("ratio", at("speedup: 2.0"), at("speedup: 2.11, compression_ratio: 2.0"), DIFFERS),
    Case("ratio", at("speedup: 2.0, compression_ratio: 3.0"), at("speedup: 2.5, compression_ratio: 3.0"), MET),
    Case("ratio", at("speedup: 2.0"), at("params_removed: 1.0"), UNKNOWN),
    Case("ratio", at("params_removed: 1.0"), at("params_removed: 1.0"), UNKNOWN),
    Case("ratio", at("speedup: 2.0", "compression_ratio: 3.0"), at("compression_ratio: 3.5"), DIFFERS),
    Case("unpruned_model", trained("pretraining_epochs: 90"), trained("pretraining_epochs: 90"), UNKNOWN),
    Case("unpruned_model", trained("pretraining_epochs: 90"), trained("pretraining_epochs: 91"), DIFFERS),
    Case("unpruned_model", trained("unpruned_checkpoint: x"), trained(), UNKNOWN),
    Case("unpruned_model", trained("unpruned_checkpoint: x"), trained("unpruned_checkpoint: x"), MET),
    Case(
        "unpruned_model",
        trained("unpruned_checkpoint: x, pretraining_epochs: 90"),
        trained("unpruned_checkpoint: x, pretraining_epochs: 91"),
        DIFFERS,
    ),
    Case("unpruned_model", trained(scheme="fine_tuned"), trained(scheme="weight_rewinding"), UNKNOWN),
    Case("unpruned_model", trained(scheme="scratch"), trained(scheme="sparse_training"), MET),
    Case("unpruned_model", trained(scheme="scratch"), trained(), UNKNOWN),
    *(
        Case("unpruned_model", one, other, DIFFERS)
        for scheme in ("fine_tuned", "learning_rate_rewinding", "weight_rewinding", "weight_rewinding_low_rate", "none")
        for one, other in permutations((trained(scheme=scheme), trained(scheme="scratch_e")))
    ),
    *(
        Case("unpruned_model", trained(scheme=scheme), trained(scheme="none"), DIFFERS)
        for scheme in ("scratch_b", "scratch", "reduced_network", "at_initialization", "sparse_training")
    ),
    Case("fine_tuning_epochs", trained(EPOCHS), trained("fine_tuning_epochs: 90.0"), MET),
    Case("fine_tuning_epochs", trained(EPOCHS), trained("fine_tuning_epochs: 91"), DIFFERS),
    Case("fine_tuning_epochs", trained(EPOCHS), trained(), UNKNOWN),
    Case("pruning_epochs", trained("pruning_epochs: 10"), trained("pruning_epochs: 10"), MET),
    Case("pruning_epochs", trained("pruning_epochs: 10"), trained("pruning_epochs: 11"), DIFFERS),
    Case("pruning_epochs", trained("pruning_epochs: 10"), trained(EPOCHS), UNKNOWN),
    *(
        Case("learning_rate_schedule", trained(f"{RATE}, {FALLING}, {EPOCHS}"), trained(other), verdict)
        for other, verdict in (
            (f"{RATE}, {FALLING}, {EPOCHS}", MET),
            (f"learning_rate: 0.02, {FALLING}, {EPOCHS}", DIFFERS),
            (f"{RATE}, learning_rate_schedule: fixed, {EPOCHS}", DIFFERS),
            (f"{RATE}, {FALLING}, fine_tuning_epochs: 91", DIFFERS),
            ("learning_rate: 0.02", DIFFERS),
            (f"{FALLING}, {EPOCHS}", UNKNOWN),
            (f"{RATE}, {EPOCHS}", UNKNOWN),
            (f"{RATE}, {FALLING}", UNKNOWN),
        )
    ),
    *(
        Case("pruning_learning_rate_schedule", trained(one), trained(other), verdict)
        for one, other, verdict in (
            ("pruning_epochs: 0", "pruning_epochs: 0", MET),
            ("pruning_epochs: 0", "pruning_epochs: 1", DIFFERS),
            ("pruning_epochs: 1", "pruning_epochs: 1", UNKNOWN),
            ("pruning_epochs: 0", "", UNKNOWN),
            ("pruning_learning_rate_schedule: fixed", "pruning_learning_rate_schedule: fixed", UNKNOWN),
            ("pruning_learning_rate_schedule: fixed", "pruning_learning_rate_schedule: cosine", DIFFERS),
        )
    ),
    *(
        Case("total_epochs", budget(*one), budget(*other), verdict)
        for one, other, verdict in (
            ((0, 0, 99), (0, 0, 100), MET),
            ((0, 0, 100), (0, 0, 99), MET),
            ((0, 0, 98), (0, 0, 99), DIFFERS),
            ((30, 40, 50), (40, 30, 50), MET),
            ((30, 40, 50), (30, 40, 60), DIFFERS),
            ((30, 40, 50), (30, 50, 50), DIFFERS),
            ((30, 40, 50), (40, 40, 50), DIFFERS),
            ((30, 40, 50), (None, 40, 50), UNKNOWN),
            ((30, 40, 50), (30, None, 50), UNKNOWN),
            ((30, 40, 50), (30, 40, None), UNKNOWN),
        )
    ),
    *(
        Case("total_flops", budget(*one), budget(*other), verdict)
        for one, other, verdict in (
            ((10, 20, 60, "2.0"), (20, 30, 20, "2.0"), MET),
            ((10, 20, 60, "2.0"), (20, 20, 60, "2.0"), DIFFERS),
            ((10, 20, 60, "2.0"), (10, 30, 60, "2.0"), DIFFERS),
            ((10, 20, 60, "2.0"), (10, 20, 80, "2.0"), DIFFERS),
            ((100, 0, 0, "2.0"), (101, 0, 0, "2.1"), MET),
            ((100, 0, 0, "2.0"), (102, 0, 0, "2.1"), DIFFERS),
            ((101, 0, 0, "2.1"), (100, 0, 0, "2.0"), MET),
            ((100, 0, 0, "2.0"), (100, 0, 0, "2.11"), UNKNOWN),
            ((0, 0, 0, "2.0"), (0, 0, 0, "2.0"), MET),
            ((0, 0, 0, "2.0"), (0, 0, 1, "2.0"), DIFFERS),
            ((None, 0, 10, "2.0"), (10, 0, 10, "2.0"), UNKNOWN),
            ((10, None, 10, "2.0"), (10, 0, 10, "2.0"), UNKNOWN),
            ((10, 0, None, "2.0"), (10, 0, 10, "2.0"), UNKNOWN),
        )
    ),
    Case(
        "total_flops",
        at("speedup: 2.0", "speedup: 4.0", recipe="pretraining_epochs: 10, pruning_epochs: 0, fine_tuning_epochs: 40"),
        at("speedup: 4.0", "speedup: 8.0", recipe="pretraining_epochs: 0, pruning_epochs: 0, fine_tuning_epochs: 80"),
        MET,
    ),
    Case("total_flops", budget(1, 0, 0), at("params_removed: 0.5", recipe="pretraining_epochs: 1, pruning_epochs: 0, "
                                        "fine_tuning_epochs: 0"), UNKNOWN),
    *(
        Case("unpruned_model", f"{one} | {curve()}", f"{other} | {DERIVED}", verdict)
        for one, other, verdict in (
            ("base_top1: 76.1", "base_top1: 76.15", UNKNOWN),
            ("base_top1: 76.1", "base_top1: 76.16", DIFFERS),
            ("base_top1: 76.1", "base_top1: 76.05", UNKNOWN),
            ("base_top1: 76.1", "base_top1: 76.04", DIFFERS),
            ("base_top5: 92.1", "base_top5: 92.2", UNKNOWN),
            ("base_top5: 92.1", "base_top5: 92.3", DIFFERS),
            ("base_top1_error: 23.9", "base_top1: 76.3", DIFFERS),
            ("base_top5_error: 7.9", "base_top5: 92.3", DIFFERS),
            ("base_top1: 76.1", "base_top5: 92.3", UNKNOWN),
            ("base_top1: 76.123456", "base_top1: 76.123459", DIFFERS),
            ("base_top1: 80.0", "note: Derived", UNKNOWN),
        )
    ),
    Case("total_epochs", trained(scheme="fine_tuned"), trained(scheme="scratch_e"), UNKNOWN),
    Case("total_flops", trained(scheme="fine_tuned"), trained(scheme="scratch_b"), UNKNOWN),
]  # fmt: skip
"""Curves of two papers."""
TOGETHER = [
    Case(
        "unpruned_model", trained("unpruned_checkpoint: x"), trained("unpruned_checkpoint: y", origin="rerun"), DIFFERS
    ),
    Case("unpruned_model", trained(), trained(origin="rerun"), MET),
    Case("unpruned_model", trained(origin="copied"), trained(origin="copied", scheme="none"), UNKNOWN),
    *(
        Case(name, one, other, verdict)
        for name, scheme, verdict in (
            ("total_epochs", "scratch_e", MET),
            ("total_epochs", "scratch_b", UNKNOWN),
            ("total_flops", "scratch_b", MET),
            ("total_flops", "scratch_e", UNKNOWN),
        )
        for one, other in permutations((trained(scheme="none"), trained(scheme=scheme)))
    ),
    Case("total_epochs", trained(scheme="scratch_e"), trained(scheme="scratch"), UNKNOWN),
    Case("total_epochs", trained(scheme="scratch_e"), trained(scheme="scratch_e", origin="rerun"), UNKNOWN),
    Case(
        "total_epochs",
        trained("pretraining_epochs: 1, pruning_epochs: 0, fine_tuning_epochs: 9", "none"),
        trained("pretraining_epochs: 0, pruning_epochs: 0, fine_tuning_epochs: 20", "scratch_e"),
        DIFFERS,
    ),
]
"""Two curves of one experiment."""


def verdicts(cases: list[Case], corpus: Corpus) -> list[Case]:
    """The cases with the verdicts that are found, where each has a dataset of its own."""
    found = {row["dataset"]: row for row in prunelit.comparison_setups(corpus).to_dict("records")}
    rows = (found[f"D{index}"] for index in range(len(cases)))
    return [case._replace(verdict=verdict_on(case.name, row)) for case, row in zip(cases, rows, strict=True)]


def verdict_on(name: str, row: dict[Hashable, Any]) -> str:
    found = (verdict for verdict in (DIFFERS, UNKNOWN) if name in str(row[verdict]).split("; "))
    return next(found, MET)


def of(paper: str, *curves: str) -> str:
    """A paper with an experiment on each of the datasets D0, D1, …; what comes before a bar is its unpruned model."""
    told = []
    for at, text in enumerate(curves):
        base, _, listed = text.rpartition(" | ")
        fields = (f"dataset: D{at}", "architecture: A", "collections: [c]", base, f"curves: [{listed}]")
        told.append(f"{{{', '.join(filter(None, fields))}}}")
    return f"{{id: {paper}, experiments: [{', '.join(told)}]}}"


def test_verdicts_on_curves_of_two_papers(made: Callable[..., Corpus]) -> None:
    corpus = made(of("ada", *(case.one for case in APART)), of("bob", *(case.other for case in APART)))
    assert verdicts(APART, corpus) == APART


def test_verdicts_on_curves_of_one_experiment(made: Callable[..., Corpus]) -> None:
    corpus = made(of("ada", *(f"{case.one}, {case.other}" for case in TOGETHER)))
    assert verdicts(TOGETHER, corpus) == TOGETHER


def test_of_more_curves_each_two_are_a_pair_with_verdicts_of_its_own(made: Callable[..., Corpus]) -> None:
    curves = [budget(0, 0, 90), budget(0, 0, 91), at("compression_ratio: 2.0")]
    experiment = f"{{dataset: D, architecture: A, collections: [c], curves: [{', '.join(curves)}]}}"
    found = prunelit.comparison_setups(made(f"{{id: ada, experiments: [{experiment}]}}"))
    told = found[["curve", "other_curve", "strictest", "strictest_possible", "differs"]].astype(object)
    assert told.where(told.notna(), None).values.tolist() == [
        [0, 1, "S2", "S2", "fine_tuning_epochs; learning_rate_schedule; total_epochs; total_flops"],
        [0, 2, None, "S4.2", None],
        [1, 2, None, "S4.2", None],
    ]


def test_pairs_of_several_datasets_are_numbered(made: Callable[..., Corpus]) -> None:
    assert prunelit.comparison_setups(made(of("ada", *[f"{curve()}, {curve()}"] * 3))).index.tolist() == [0, 1, 2]


def test_curves_of_unknown_networks_make_no_pair(made: Callable[..., Corpus]) -> None:
    texts = [f"{{dataset: D, collections: [c], curves: [{curve()}, {curve()}]}}", "{architecture: A, collections: [c]}"]
    assert len(prunelit.comparison_setups(made(f"{{id: ada, experiments: [{', '.join(texts)}]}}"))) == 0


def test_without_setups_there_is_none_that_is_strictest() -> None:
    assert (demanded([]), strictness([])) == ({}, [])


@pytest.mark.parametrize("names", [("ada", "bob"), ("bob", "ada")])
def test_pairs_of_papers_under_each_setup(names: tuple[str, str], made: Callable[..., Corpus], whole: Corpus) -> None:
    one = curve("unpruned_checkpoint: x", "{speedup: 2.0, top1_change: -1.0}")
    found = prunelit.comparable_pairs_by_setup(made(*(of(name, one) for name in names)))
    ordered = [COMPARABLE, *ORDER]
    possible = {one.name: 1 for one in whole.setups} | {COMPARABLE: 1}
    assert found["setup"].tolist() == [COMPARABLE, *(one.name for one in whole.setups)]
    assert found["in_order"].tolist() == [name in ordered for name in found["setup"]]
    assert dict(zip(found["setup"], found["proven"], strict=True)) == dict.fromkeys(possible, 0) | dict.fromkeys(
        (COMPARABLE, "S1", "S2"), 1
    )
    assert dict(zip(found["setup"], found["possible"], strict=True)) == possible
    assert found["papers"].tolist() == [2] * len(found)


@pytest.mark.parametrize("cells", [1, 40, 10_000])
def test_a_pair_of_papers_counts_if_any_of_its_curves_do(
    cells: int, made: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    curves = [
        curve(f"unpruned_checkpoint: {name}", f"{{speedup: {ratio}, top1_change: -1.0}}")
        for name, ratio in (("x", 2.0), ("y", 2.0), ("x", 3.0))
    ]
    corpus = made(of("cyd", *curves), of("ada", curves[2], curves[1], curves[0]), of("bob", ", ".join(curves)))
    monkeypatch.setattr("prunelit.analysis.compare.setups._CELLS", cells)
    found = prunelit.comparable_pairs_by_setup(corpus).set_index("setup")
    pairs = prunelit.comparison_setups(corpus)
    pairs = pairs[pairs["paper_id"] != pairs["other_paper_id"]]
    for kind in ("proven", "possible"):
        setups = pairs.assign(setup=pairs[kind].str.split("; ")).explode("setup")
        distinct = setups[["paper_id", "other_paper_id", "setup"]].dropna().drop_duplicates()
        assert (
            found[kind][1:].to_dict() == dict.fromkeys(found.index[1:], 0) | distinct["setup"].value_counts().to_dict()
        )


def test_a_setup_may_be_listed_before_the_one_that_it_extends(whole: Corpus) -> None:
    assert demanded(whole.setups[::-1]) == demanded(whole.setups)


def test_setups_in_a_circle_are_told_by_name(whole: Corpus) -> None:
    first, second = (whole.setups[at].model_copy(update={"extends": name}) for at, name in enumerate(("S2", "S1")))
    for ask in (demanded, strictness):
        with pytest.raises(ArgumentError, match="began: 'S1' extends 'S2' extends 'S1'"):
            ask((first, second))


def test_each_curve_is_judged_by_its_own_recipe_whatever_the_order_of_papers(made: Callable[..., Corpus]) -> None:
    one, other = curve("unpruned_checkpoint: x"), curve("unpruned_checkpoint: y")
    papers = of("cyd", f"base_top1: 76.0 | {other}").replace("D0", "D1"), of("bob", one), of("ada", one, other)
    found = prunelit.comparison_setups(made(*papers)).set_index("dataset")
    assert found["strictest"].to_dict() == {"D0": "S2", "D1": "S2"}


def test_a_single_curve_makes_no_pair(made: Callable[..., Corpus]) -> None:
    found = prunelit.comparison_setups(made(of("ada", curve())))
    assert (len(found), found.columns.tolist()) == (0, [column.name for column in COMPARISON_SETUPS])


def test_nothing_is_unknown_where_all_is_stated(pair: Pair) -> None:
    recipe = f"{SAME}, pretraining_epochs: 90, pruning_epochs: 0"
    assert pd.isna(pair(curve(recipe), curve(recipe))["unknown"])


@pytest.mark.parametrize(("weaker", "stricter"), list(pairwise(ORDER)))
def test_what_a_setup_takes_over_comes_before_its_own(whole: Corpus, weaker: str, stricter: str) -> None:
    demands = demanded(whole.setups)
    assert demands[stricter][: len(demands[weaker])] == demands[weaker]


@pytest.mark.parametrize("cells", [10, 100_000])
def test_pairs_of_curves_are_counted_as_they_are_listed(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prunelit.analysis.compare.setups._CELLS", cells)
    data = prunelit.dataset()
    points, setups = headline(data.completed()), data.vocabulary.setups
    points = points[points["dataset"].eq("CIFAR-10") & points["architecture"].eq("ResNet-56")]
    pairs = comparison_setups_table(points, data.recipes(), setups).query("paper_id != other_paper_id")
    found = pairs_of_curves(points, data.recipes(), setups)
    assert found.pairs == len(pairs)
    for name, counts in (("proven", found.proven), ("possible", found.possible)):
        assert counts == {one: int((pairs[name] + ";").str.contains(f"{one};").sum()) for one in demanded(setups)}
    best = {curve: strictest for curve, strictest in _by_curve(found.strictest) if not pd.isna(strictest)}
    listed: dict[Hashable, set[str]] = {}
    for side in ("", "other_"):
        for curve, strictest in _by_curve(pairs.dropna(subset="strictest"), side):
            listed.setdefault(curve, set()).add(strictest)
    assert best == {curve: max(names, key=strictness(setups).index) for curve, names in listed.items()}
    assert best


def _by_curve(table: pd.DataFrame, side: str = "") -> Iterator[tuple[Hashable, Any]]:
    keys = table[[f"{side}{name}" for name in CURVE_KEY]].itertuples(index=False, name=None)
    return zip(keys, table["strictest"], strict=True)


def configuration(*points: list[float]) -> ConfigurationCurves:
    """Curves, each with the speedups of its points, whose recipes say that no training comes before or after."""
    heads = completed().head(len(points)).assign(origin="own", training_scheme=None, **dict.fromkeys(IN_SETUPS, 0.0))
    known = known_of(heads.assign(paper_id=[f"paper {at}" for at in range(len(points))]))
    owner = np.repeat(np.arange(len(points)), [len(one) for one in points])
    return ConfigurationCurves(np.arange(len(points)), known, owner, {"speedup": np.concatenate(points)})


@pytest.mark.parametrize(("cells", "starts"), [(1, [0, 1, 2, 3]), (16, [0, 1, 2, 3]), (32, [0, 1, 3]), (1000, [0])])
def test_parts_hold_few_enough_points_and_all_that_come_after_them(cells: int, starts: list[int]) -> None:
    parts = list(configuration(*[[2.0, 4.0]] * 4).parts(cells))
    assert [one.rows for one in parts] == [slice(*ends) for ends in pairwise([*starts, 4])]
    assert [one.columns for one in parts] == [slice(start, 4) for start in starts]


def test_a_ratio_of_nothing_is_unknown() -> None:
    assert CONDITIONS["ratio"](configuration([2.0], [0.0])).tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize(("ratio", "verdict"), [(0.5, 1), (0.6, -1)])
def test_networks_that_grew_have_ratios_to_compare(ratio: float, verdict: int) -> None:
    assert CONDITIONS["ratio"](configuration([0.5], [ratio]))[0, 1] == verdict


def test_training_of_networks_that_grew_has_a_cost() -> None:
    assert CONDITIONS["total_flops"](configuration([0.5], [0.5])).tolist() == [[1, 1], [1, 1]]


def test_digits_of_an_accuracy_beyond_the_sixth_are_no_digits_of_its_source(pair: Pair) -> None:
    bases = ("base_top1: 76.1234562, ", "base_top1: 76.1234568, ")
    assert "unpruned_model" in pair(curve(), curve(), bases=bases)["unknown"]
