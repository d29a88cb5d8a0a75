"""Prediction of papers that a model has not seen: how good it is, against rules that need no model.

Every paper is left out in turn, with everything that is estimated, intervals included, and its points are predicted
from the other papers.  The rules predict a point by what the other papers report on its network: ``nearest`` by the
change at the nearest ratio (on the logarithm; the mean of equally near ones), ``linear`` by a straight line over the
logarithm of the ratio, ``mean`` by the mean change.  They predict nothing on a network that no other paper has points
on, so that errors are compared on the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np
import pandas as pd

from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, Column, typed
from prunelit.analysis.synthesis.dose_response import (
    FACTORS_OF_CHANGE,
    PAPERS_NEEDED,
    DoseResponse,
    fit_dose_response,
)
from prunelit.analysis.synthesis.network import Vector

NAIVE_RULES = ("nearest", "linear", "mean")
"""Rules that need no model."""
PREDICTORS = ("model", "alone", *NAIVE_RULES)
"""What predicts: the model of all networks, that of the network alone, and the rules."""
_ALONE = tuple(factor for factor in FACTORS_OF_CHANGE if factor != "network")
_HERE = "analysis.synthesis.prediction"

PREDICTIONS = (
    Column("efficiency", TEXT, "", "The ratio that predicts: speedup or compression_ratio.", _HERE),
    Column("paper_id", TEXT, "", "The paper that is left out.", "Paper.id"),
    Column("points", COUNT, "count", "Its points.", _HERE),
    Column("covered", COUNT, "count", "Those of them that lie in their interval of prediction.", _HERE),
    Column("width", NUMBER, "pp", "Median width of these intervals.", _HERE),
    Column("compared", COUNT, "count", "Points on networks that other papers have points on, too.", _HERE),
    Column("model", NUMBER, "pp", "Mean absolute error on these, of the model.", _HERE),
    *(
        Column(rule, NUMBER, "pp", f"The same of the rule {words}.", _HERE)
        for rule, words in zip(
            NAIVE_RULES, ("'nearest ratio'", "'linear in the logarithm'", "'mean of the network'"), strict=True
        )
    ),
    Column("alone_points", COUNT, "count", "Points on networks with enough other papers for a model alone.", _HERE),
    Column("alone_covered", COUNT, "count", "Those of them that lie in the interval of that model.", _HERE),
    Column("alone", NUMBER, "pp", "Mean absolute error on these, of the model of the network alone.", _HERE),
    Column("model_there", NUMBER, "pp", "The same of the model of all networks.", _HERE),
    Column("nearest_there", NUMBER, "pp", "The same of the nearest ratio.", _HERE),
)
"""Columns of predictions: one row an efficiency and paper that is left out."""


def papers_predicted(
    rows: pd.DataFrame,
    efficiency: str,
    papers: Iterable[str] | None = None,
    whole: DoseResponse | None = None,
    processes: int = 1,
) -> Iterator[dict[str, object]]:
    """How well each paper is predicted by the others; cells of :data:`PREDICTIONS`, as each is done.

    Args:
        rows: As of :func:`prunelit.analysis.synthesis.dose_response.dose_rows`.
        efficiency: The ratio of the rows.
        papers: Those that are left out in turn; all by default.
        whole: The model of all rows, where the search for variances begins; no result depends on it.
        processes: How many do it at the same time; papers are independent of each other.
    """
    start = (whole or fit_dose_response(rows)).fit.log_ratios
    predicted = partial(_paper_predicted, rows, efficiency, start)
    names = rows["paper_id"].drop_duplicates() if papers is None else papers
    if processes == 1:
        yield from map(predicted, names)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(predicted, names)


def _paper_predicted(rows: pd.DataFrame, efficiency: str, start: Vector, paper: str) -> dict[str, object]:
    own = rows["paper_id"].eq(paper)
    points = predicted_without(rows[own], rows[~own], start)
    return {"efficiency": efficiency, "paper_id": paper, **_judged(points)}


def predicted_without(own: pd.DataFrame, others: pd.DataFrame, start: Vector | None = None) -> pd.DataFrame:
    """The points of a paper with what the others predict: :data:`PREDICTORS`, with ``lower`` and ``upper``."""
    model = fit_dose_response(others, start=start).predicted(own)
    networks = [_on_one(points, others[others["network"].eq(name)]) for name, points in own.groupby("network")]
    return own.join(_named(model, "model", "")).join(pd.concat(networks))


def _on_one(own: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """What the other papers on one network predict."""
    found = naive(own, others)
    if others["paper_id"].nunique() < PAPERS_NEEDED:
        return found.assign(alone=np.nan, alone_lower=np.nan, alone_upper=np.nan)
    return found.join(_named(fit_dose_response(others, _ALONE).predicted(own), "alone", "alone_"))


def _named(predicted: pd.DataFrame, name: str, prefix: str) -> pd.DataFrame:
    names = {"change": name, "lower": f"{prefix}lower", "upper": f"{prefix}upper"}
    return predicted[list(names)].rename(columns=names)


def naive(own: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """What the rules predict of points from those of other papers on the same network; missing where there are none."""
    at, known = np.log(own["ratio"].to_numpy(dtype=float)), np.log(others["ratio"].to_numpy(dtype=float))
    change = others["change"].to_numpy(dtype=float)
    if not len(others):
        return pd.DataFrame(np.nan, own.index, list(NAIVE_RULES))
    distance = np.abs(at[:, None] - known[None, :])
    near = distance <= distance.min(axis=1, keepdims=True) + 1e-9
    spread = known - known.mean()
    slope = spread @ change / (spread @ spread) if np.ptp(known) > 1e-9 else 0.0
    rules = {
        "nearest": near @ change / near.sum(axis=1),
        "linear": change.mean() + slope * (at - known.mean()),
        "mean": change.mean(),
    }
    return pd.DataFrame(rules, index=own.index)


def _judged(points: pd.DataFrame) -> dict[str, object]:
    error = points[list(PREDICTORS)].sub(points["change"], axis=0).abs()
    compared, alone = points["nearest"].notna(), points["alone"].notna()
    return {
        "points": len(points),
        "covered": points["change"].between(points["lower"], points["upper"]).sum(),
        "width": (points["upper"] - points["lower"]).median(),
        "compared": compared.sum(),
        **{name: error.loc[compared, name].mean() for name in ("model", *NAIVE_RULES)},
        "alone_points": alone.sum(),
        "alone_covered": points["change"].between(points["alone_lower"], points["alone_upper"]).sum(),
        "alone": error.loc[alone, "alone"].mean(),
        "model_there": error.loc[alone, "model"].mean(),
        "nearest_there": error.loc[alone, "nearest"].mean(),
    }


def predictions_table(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    """The table of papers; columns :data:`PREDICTIONS`."""
    return typed(list(rows), PREDICTIONS)


def verdict_on(predictions: pd.DataFrame) -> dict[str, float]:
    """All papers together: shares covered, by point and by paper, and mean absolute errors over points and over papers.

    Args:
        predictions: Rows as of :func:`predictions_table`, of one efficiency.
    """
    points, compared, alone = (predictions[name].astype(float) for name in ("points", "compared", "alone_points"))
    means = {
        name: float(np.average(predictions[name].fillna(0.0), weights=count))
        for count, names in ((compared, ("model", *NAIVE_RULES)), (alone, ("alone", "model_there", "nearest_there")))
        for name in names
        if count.sum()
    }
    return {
        "papers": len(predictions),
        "points": points.sum(),
        "coverage": predictions["covered"].sum() / points.sum(),
        "coverage_by_paper": (predictions["covered"] / points).mean(),
        "compared": compared.sum(),
        **means,
        **{f"{name}_by_paper": predictions[name].mean() for name in ("model", *NAIVE_RULES)},
        "alone_points": alone.sum(),
        "alone_coverage": predictions["alone_covered"].sum() / max(alone.sum(), 1.0),
    }
