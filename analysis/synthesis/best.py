"""Best methods: what is reported, synthesized and expected of each method on one network at one ratio.

Methods are ranked by the network meta-analysis where the papers carry one, else by the model of doses and responses,
which says what a new paper that runs the method would report.  How far the ranking can be trusted is part of the
answer: of how many methods the difference from the first is larger than its errors allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, TEXT, Column, typed
from prunelit.analysis.synthesis.arms import arms_at, eligible
from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError
from prunelit.analysis.synthesis.contrasts import UNPRUNED_ARM
from prunelit.analysis.synthesis.dose_response import METHOD_THERE, DoseResponse
from prunelit.analysis.synthesis.expectation import check_level
from prunelit.analysis.synthesis.field import Synthesis, synthesize
from prunelit.analysis.synthesis.network import Vector
from prunelit.analysis.synthesis.question import Question, measured, narrowed, on_network, refuse_unknown, under_setup
from prunelit.analysis.synthesis.result import RANDOM
from prunelit.analysis.synthesis.study import Matrix

_DRAWS = 20_000
"""Draws behind the probabilities of being the best: their standard error is at most 0.004."""
SPEED_METRICS = ("measured_speedup", "latency", "throughput")
"""Metrics that tell how much faster a network runs."""
_SEED = 2020
_HERE = "analysis.synthesis.best"

BEST = (
    Column(
        "rank", COUNT, "", "Place among the methods, 1 for the best; by the synthesis, else the expectation.", _HERE
    ),
    Column("method", TEXT, "", "Method, by its canonical name."),
    Column("papers", COUNT, "count", "Papers that report it at the ratio.", _HERE),
    Column("reported_by", TEXT, "", "These papers, each with whether it is its own method or a rerun.", _HERE),
    Column("reported", NUMBER, "pp", "Median of the changes in top-1 accuracy that they report.", _HERE),
    Column("synthesized", NUMBER, "pp", "Change by the network meta-analysis, where it tells one.", _HERE),
    Column("lower", NUMBER, "pp", "Lower confidence limit of it.", _HERE),
    Column("upper", NUMBER, "pp", "Upper confidence limit of it.", _HERE),
    Column("expected", NUMBER, "pp", "Change by the model of doses and responses.", _HERE),
    Column("expected_lower", NUMBER, "pp", "Lower limit of what a new paper reports.", _HERE),
    Column("expected_upper", NUMBER, "pp", "Upper limit of what a new paper reports.", _HERE),
    Column("p_best", NUMBER, "fraction", "Probability of being the best of these methods.", _HERE),
    Column("distinguishable", FLAG, "", "Whether it differs from the first by more than the errors allow.", _HERE),
    Column("assumed", FLAG, "", "Whether a standard deviation behind the synthesis is assumed.", _HERE),
    Column(
        "setups", TEXT, "", "Setups proven for a curve of it with one of another method here, by semicolons.", _HERE
    ),
    Column(
        "measured_speed", TEXT, "", "Measured against theoretical speedup, metric and hardware, where known.", _HERE
    ),
    Column("locator", TEXT, "", "Where the numbers stand, of the first paper.", "Point.locator"),
    Column("source_url", TEXT, "", "Address that opens them."),
)
"""Columns of the methods of ``best()``: one row a method, the best first."""


@dataclass(frozen=True, slots=True, eq=False)
class BestMethods:
    """The methods on one network at one ratio, and how far their ranking can be trusted."""

    question: Question
    """What was asked for."""
    methods: pd.DataFrame
    """One row a method, the best first; columns :data:`BEST`."""
    synthesis: Synthesis | None
    """The network meta-analysis; None where the papers do not carry one."""
    refused: str
    """Why there is none; empty where there is one."""
    papers: int
    """Papers that report a method at the ratio."""
    level: float
    """Of all intervals."""

    @property
    def ranked(self) -> int:
        """How many methods have a place that numbers give them."""
        return int(self.methods["p_best"].notna().sum())

    @property
    def distinguishable(self) -> int:
        """How many methods differ from the first by more than the errors allow."""
        return int(self.methods["distinguishable"].sum())

    @property
    def distinguishable_by_factor(self) -> dict[float, int]:
        """The same under multiples of the assumed deviation, with errors taken as independent; of a synthesis alone."""
        if self.synthesis is None or self.synthesis.assumed is None:
            return {}
        return {float(str(factor)): _apart(rows) for factor, rows in self.synthesis.sensitivity.groupby(level="factor")}


def best_methods(
    evidence: pd.DataFrame,
    setups: pd.DataFrame,
    model: DoseResponse | None,
    question: Question,
    level: float = 0.95,
) -> BestMethods:
    """The methods on one network at one ratio.

    Args:
        evidence: Rows as of ``evidence_long()``.
        setups: Rows as of ``comparison_setups()``.
        model: The model of doses and responses at the question's efficiency; None where there are too few papers.
        question: What is asked for, of top-1 accuracy.
        level: Of all intervals.

    Raises:
        UnknownNameError: if nothing has one of the names.
        ArgumentError: if the level is none between 0 and 1.
        TooLittleEvidenceError: if no paper reports a method there.
    """
    refuse_unknown(evidence, question)
    check_level(level)
    points = narrowed(on_network(measured(evidence, "top1"), question), question)
    kept, _ = eligible(points, question.efficiency, question.at)
    if question.setup is not None:
        kept = under_setup(kept, setups, question.setup)
    arms = arms_at(kept, question.efficiency, question.at)
    if arms.empty:
        message = (
            f"no paper reports a method on {question.architecture} on {question.dataset} near "
            f"{question.efficiency} {question.at:g} that fulfils what is asked"
        )
        raise TooLittleEvidenceError(message, {"methods": 0})
    try:
        found, refused = synthesize(evidence, setups, question, level=level), ""
    except TooLittleEvidenceError as error:
        found, refused = None, str(error)
    rows = _reported(arms).join(_expected(model, question, arms, level))
    rows = rows.join(_ranked_by_network(found) if found else _ranked_by_model(model, question, rows))
    told = rows.join(_setups(kept, setups)).join(_measured_speeds(evidence, question))
    order = told.sort_values(["score", "reported"], ascending=False, kind="stable", na_position="last")
    table = order.reset_index(names="method").assign(rank=range(1, len(order) + 1))
    return BestMethods(question, typed(table, BEST), found, refused, arms["paper_id"].nunique(), level)


def _reported(arms: pd.DataFrame) -> pd.DataFrame:
    """What papers report of each method."""
    told = arms.assign(by=arms["paper_id"] + " (" + arms["origin"].fillna("origin not stated") + ")")
    groups = told.groupby("treatment")
    return pd.DataFrame(
        {
            "papers": groups["paper_id"].nunique(),
            "reported_by": groups["by"].agg(lambda names: "; ".join(dict.fromkeys(names))),
            "reported": groups["change"].median(),
            "locator": groups["locator"].first(),
            "source_url": groups["source_url"].first(),
        }
    )


def _asked(model: DoseResponse, question: Question, methods: pd.Index[str]) -> pd.DataFrame:
    """What is asked of the model: each method on the network at the ratio, in a new paper."""
    there = model.rows[
        model.rows["dataset"].eq(question.dataset) & model.rows["architecture"].eq(question.architecture)
    ]
    structures = model.rows.dropna(subset="structure").drop_duplicates("treatment").set_index("treatment")["structure"]
    asked = pd.DataFrame({"treatment": methods, "ratio": float(question.at), "base": there["base"].median()})
    network = f"{question.architecture} on {question.dataset}"
    asked = asked.assign(network=network, paper_id=None, structure=asked["treatment"].map(structures).to_numpy())
    return asked.assign(**{METHOD_THERE: asked["treatment"]})


def _expected(model: DoseResponse | None, question: Question, arms: pd.DataFrame, level: float) -> pd.DataFrame:
    """What the model expects of each method."""
    methods = pd.Index(sorted(arms["treatment"].unique()))
    if model is None or not (model.rows["network"] == f"{question.architecture} on {question.dataset}").any():
        return pd.DataFrame(np.nan, methods, ["expected", "expected_lower", "expected_upper"])
    found = model.predicted(_asked(model, question, methods), level).set_index(methods)
    names = {"change": "expected", "lower": "expected_lower", "upper": "expected_upper"}
    return found[list(names)].rename(columns=names)


def _ranked_by_network(found: Synthesis) -> pd.DataFrame:
    """Estimates of the methods of the largest part of the network, with the probability of being the best."""
    components = found.network.components["treatments"]
    rows = found.network.random[found.network.random["component"].eq(int(str(components.idxmax())))]
    rows = rows.drop(index=UNPRUNED_ARM, errors="ignore")
    mean, covariance = rows["effect"].to_numpy(dtype=float), network_covariance(found, rows.index)
    assumed = found.arms.groupby("treatment")["assumed"].any().rename("assumed")
    return _changes(found).reindex(rows.index).join(assumed).join(_probabilities(rows.index, mean, covariance))


def _changes(found: Synthesis) -> pd.DataFrame:
    """Estimates against the unpruned model, whatever the reference is; of the methods that studies connect with it."""
    pairs = found.network.league.reset_index()
    told = pairs[pairs["model"].eq(RANDOM) & pairs["treatment2"].eq(UNPRUNED_ARM)].set_index("treatment1")
    return told[["effect", "lower", "upper"]].rename(columns={"effect": "synthesized"})


def network_covariance(found: Synthesis, methods: pd.Index[str]) -> Matrix:
    """Covariance of the random-effects estimates against the reference: half of what two variances exceed the third by.

    Args:
        found: The synthesis.
        methods: Treatments of one component.
    """
    error = found.network.random.loc[methods, "standard_error"].to_numpy(dtype=float) ** 2
    pairs = found.network.league.xs("random")["standard_error"].unstack().reindex(index=methods, columns=methods)
    between = np.nan_to_num(pairs.to_numpy(dtype=float)) ** 2
    result: Matrix = (error[:, None] + error[None, :] - between) / 2
    return result


def _ranked_by_model(model: DoseResponse | None, question: Question, rows: pd.DataFrame) -> pd.DataFrame:
    """The probability of being the best by the model, of the methods of whose changes it knows."""
    known = rows.index[rows["expected"].notna() & rows.index.isin(model.levels["treatment"] if model else [])]
    if model is None or known.empty:
        return pd.DataFrame({"score": rows["reported"]}, index=rows.index)
    return _probabilities(known, *model.jointly(_asked(model, question, known)))


def _probabilities(methods: pd.Index[str], mean: Vector, covariance: Matrix) -> pd.DataFrame:
    """The score that ranks, the probability of being the best, and whether a method differs from the first.

    Source: Salanti, Ades and Ioannidis 2011, doi:10.1016/j.jclinepi.2010.03.016 (rank probabilities), here of normal
    estimates.
    """
    draws = np.random.default_rng(_SEED).multivariate_normal(mean, covariance, _DRAWS, method="eigh")
    first = int(np.argmax(mean))
    variance = np.diag(covariance) + covariance[first, first] - 2 * covariance[first]
    away = (mean[first] - mean) > ndtri(0.975) * np.sqrt(np.maximum(variance, 0.0))
    best = np.bincount(draws.argmax(axis=1), minlength=len(mean)) / _DRAWS
    return pd.DataFrame({"score": mean, "p_best": best, "distinguishable": away}, index=methods)


def _apart(estimates: pd.DataFrame) -> int:
    """How many methods differ from the first by more than independent errors allow."""
    rows = estimates.droplevel("factor").drop(index=UNPRUNED_ARM, errors="ignore")
    rows = rows[rows["component"].eq(rows["component"].mode().iloc[0])]
    effect, error = (rows[name].to_numpy(dtype=float) for name in ("effect", "standard_error"))
    first = int(np.argmax(effect))
    return int((effect[first] - effect > ndtri(0.975) * np.hypot(error, error[first])).sum())


def _setups(kept: pd.DataFrame, setups: pd.DataFrame) -> pd.DataFrame:
    """The setups that are proven for a curve of each method with one of another method here."""
    curve = ["paper_id", "experiment", "curve"]
    methods = kept.drop_duplicates(curve).set_index(curve)["canonical_method"]
    pairs = setups[setups["proven"].fillna("").ne("")]
    sides = [pd.MultiIndex.from_frame(pairs[names]) for names in (curve, [f"other_{name}" for name in curve])]
    one, other = (pd.Series(methods.reindex(side).to_numpy(), pairs.index, dtype="string") for side in sides)
    known = one.ne(other).fillna(False).astype(bool)
    told: dict[str, set[str]] = {}
    for first, second, proven in zip(one[known], other[known], pairs.loc[known, "proven"], strict=True):
        for method in (first, second):
            told.setdefault(method, set()).update(proven.split("; "))
    return pd.DataFrame(
        {"setups": pd.Series({name: "; ".join(sorted(all_)) for name, all_ in told.items()}, dtype=str)}
    )


def _measured_speeds(evidence: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The measured speed of each method on the network, at the ratio nearest to the one that is asked for."""
    there = evidence["dataset"].eq(question.dataset) & evidence["architecture"].eq(question.architecture)
    rows = evidence[there & evidence["metric"].isin(SPEED_METRICS) & evidence["canonical_method"].notna()]
    rows = rows.assign(faster=measured_speedups(rows)).dropna(subset=["faster", question.efficiency])
    distance = (np.log(rows[question.efficiency].astype(float)) - np.log(question.at)).abs()
    nearest = rows.loc[distance.groupby(rows["canonical_method"]).idxmin()] if len(rows) else rows
    cells: list[dict[str, object]] = nearest.to_dict("records")  # type: ignore[assignment]
    said = [_speed(row, question.efficiency) for row in cells]
    return pd.DataFrame({"measured_speed": pd.Series(said, nearest["canonical_method"], dtype=object)})


def measured_speedups(rows: pd.DataFrame) -> pd.Series[float]:
    """How many times as fast the pruned network was measured to be.

    Args:
        rows: Rows as of ``evidence_long()`` of :data:`SPEED_METRICS`.
    """
    by_time = rows["base_value"] / rows["value"]
    by_rate = rows["value"] / rows["base_value"]
    faster = by_time.where(rows["metric"].eq("latency"), by_rate)
    return faster.where(rows["metric"].ne("measured_speedup"), rows["value"]).astype(float)


def _speed(row: Mapping[str, object], efficiency: str) -> str:
    hardware = row["hardware"] if pd.notna(row["hardware"]) else "hardware not stated"  # type: ignore[call-overload]
    return f"{row['faster']:.2f}x at {efficiency} {row[efficiency]:.2f} ({row['metric']}, {hardware})"
