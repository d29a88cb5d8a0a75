"""Arms: what each paper reports of each method on one network at one ratio.

A paper that reports several methods on a network is a study, and its methods are the arms: they share the paper's
unpruned model and its way of measuring.  The ratio is matched, as methods are reported at ratios of their own choice: a
point within :data:`SAME_RATIO` of the wanted ratio counts as it is; else two points on both sides of it, no further
apart than :data:`MAX_GAP`, are joined by a line over the logarithm of the ratio.  Nothing is extrapolated.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isnan, log, log1p, nan
from statistics import fmean
from typing import Any, TypeAlias

import pandas as pd

from prunelit.analysis.compare.conditions import SAME_RATIO
from prunelit.analysis.compare.discrepancies import SCRATCH
from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, Column, typed

MATCHED_RATIOS = ("speedup", "compression_ratio")
"""Ratios at which methods can be compared."""
MAX_GAP = 2.0
"""Two points are joined if their ratios differ by at most this factor.  No source gives a number; this is ours."""

CURVE = ["paper_id", "experiment", "curve"]
_MEASURED = [*CURVE, "conditions"]
"""A curve under some conditions: under others it is another one."""
_HERE = "analysis.synthesis.arms"
ARMS = (
    Column("study", TEXT, "", "Paper that reports the arm, with the experiment where it has several on the network."),
    Column("paper_id", TEXT, "", "Paper that reports the arm."),
    Column("experiment", COUNT, "", "Position of the experiment in the paper, from 0."),
    Column("treatment", TEXT, "", "Method, by its canonical name."),
    Column("curve", COUNT, "", "Position of the curve in the experiment, from 0; of the first, where it has several."),
    Column("curves", COUNT, "count", "Curves of the method in the study, whose values are averaged.", _HERE),
    Column("value", NUMBER, "that of the metric", "Quality at the ratio, reported or between two points."),
    Column("change", NUMBER, "that of the metric", "Pruned minus unpruned at the ratio."),
    Column("std", NUMBER, "that of the metric", "Standard deviation over the runs, where it is reported."),
    Column("base_std", NUMBER, "that of the metric", "The same of the unpruned model."),
    Column("seeds", COUNT, "count", "Runs behind the value."),
    Column("base_seeds", COUNT, "count", "Runs behind the value of the unpruned model."),
    Column("matched_by", TEXT, "", "How the ratio was matched: 'reported at ...' or 'between ... and ...'.", _HERE),
    Column("origin", TEXT, "", "The paper's own method, or its rerun of another's.", "Curve.origin"),
    Column("locator", TEXT, "", "Where the numbers stand.", "Point.locator"),
    Column("source_url", TEXT, "", "Address that opens the source of the numbers."),
)
"""Columns of arms: one row a study and method."""

REASONS = (
    "no method named", "copied from another paper", "origin unclear", "trained from scratch", "no point near the ratio",
)  # fmt: skip
"""Why curves are no arms, in the order in which it is asked."""

REINITIALIZED = "reinitialization"
"""Class of methods that train the pruned network from scratch, where a curve does not say how it was trained."""
_MEANS = ("value", "change", "std", "base_std")
_RUNS = ("seeds", "base_seeds")
_USED = [*_MEASURED, "canonical_method", "origin", *MATCHED_RATIOS, *_MEANS, *_RUNS, "locator", "source_url"]
_Cells: TypeAlias = dict[str, Any]


def eligible(points: pd.DataFrame, efficiency: str, at: float) -> tuple[pd.DataFrame, pd.Series[str]]:
    """The points that can become arms, and why the other curves cannot.

    Args:
        points: Rows as of ``evidence_long()`` of one metric on one network, released sweeps left out.
        efficiency: ``speedup`` or ``compression_ratio``.
        at: The ratio.

    Returns:
        The rows that remain, and for each curve that is left out the reason, one of :data:`REASONS`.
    """
    scheme = points["training_scheme"]
    checks = (
        points["canonical_method"].isna(),
        points["origin"].eq("copied").fillna(False),
        points["origin"].eq("unclear").fillna(False),
        scheme.isin(SCRATCH) | (scheme.isna() & points["fine_tuning"].eq(REINITIALIZED).fillna(False)),
    )
    reasons = pd.Series(pd.NA, index=points.index, dtype="string")
    for reason, applies in zip(REASONS, checks, strict=False):
        reasons = reasons.mask(reasons.isna() & applies.astype(bool), reason)
    near = {key for key, rows in _curves(points[reasons.isna()]).items() if _matched(rows, efficiency, at)}
    matches = pd.Series(
        [key in near for key in points[_MEASURED].itertuples(index=False, name=None)], points.index, dtype=bool
    )
    lost = points[CURVE].assign(reason=reasons.fillna(REASONS[-1]))[~matches | reasons.notna()]
    return points[matches & reasons.isna()], lost.drop_duplicates(CURVE).set_index(CURVE)["reason"]


def arms_at(points: pd.DataFrame, efficiency: str, at: float) -> pd.DataFrame:
    """What each study reports of each method at a ratio; columns :data:`ARMS`.

    A method with several curves in one study is their mean: nobody knows which of them is meant.

    Args:
        points: Rows as of :func:`eligible`.
        efficiency: ``speedup`` or ``compression_ratio``.
        at: The ratio.
    """
    curves = pd.DataFrame(_arms(points, efficiency, at))
    if curves.empty:
        return typed([], ARMS)
    study = _studies(curves)
    groups: dict[tuple[str, str], list[_Cells]] = {}
    for name, curve in zip(study, curves.to_dict("records"), strict=True):
        groups.setdefault((name, curve["treatment"]), []).append(
            {"study": name} | {str(k): v for k, v in curve.items()}
        )
    return typed(pd.DataFrame([_together(groups[key]) for key in sorted(groups)]), ARMS)


def _studies(curves: pd.DataFrame) -> pd.Series[str]:
    """The names of studies: papers, with what tells apart several experiments or conditions of one paper."""
    name = curves["paper_id"].astype("string")
    several = curves.groupby("paper_id")["experiment"].transform("nunique").gt(1)
    name = name.where(~several, name + ", experiment " + curves["experiment"].add(1).astype("string"))
    apart = curves.groupby(["paper_id", "experiment"])["conditions"].transform("nunique").gt(1)
    stated = curves["conditions"].astype("string").str.replace(r"(; )+", "; ", regex=True).str.strip("; ")
    return name.where(~apart, name + ", " + stated)


def _arms(points: pd.DataFrame, efficiency: str, at: float) -> Iterator[_Cells]:
    for rows in _curves(points).values():
        if found := _matched(rows, efficiency, at):
            first = rows[0]
            yield (
                {name: first[name] for name in (*_MEASURED, "origin")}
                | {"treatment": first["canonical_method"]}
                | found
            )


def _curves(points: pd.DataFrame) -> dict[tuple[object, ...], list[_Cells]]:
    """The points of each curve: there are thousands of curves of a few points, for which frames are slow."""
    found: dict[tuple[object, ...], list[_Cells]] = {}
    records: list[_Cells] = points[_USED].to_dict("records")  # type: ignore[assignment]
    for row in records:
        found.setdefault(tuple(row[name] for name in _MEASURED), []).append(row)
    return found


def _matched(rows: list[_Cells], efficiency: str, at: float) -> _Cells | None:
    """The quality of a curve at a ratio; None where it has no point near enough."""
    known = [
        (log(row[efficiency]) - log(at), row)
        for row in rows
        if row[efficiency] > 0 and not (isnan(row["value"]) and isnan(row["change"]))
    ]
    nearest = min((abs(distance) for distance, _ in known), default=inf)
    if nearest <= log1p(SAME_RATIO) + 1e-12:
        return _reported([row for distance, row in known if abs(distance) <= nearest + 1e-12], efficiency)
    below = max((distance for distance, _ in known if distance < 0), default=-inf)
    above = min((distance for distance, _ in known if distance > 0), default=inf)
    if above - below > log(MAX_GAP) + 1e-12:
        return None
    lower, upper = ([row for distance, row in known if distance == end] for end in (below, above))
    return _between(lower, upper, efficiency, -below / (above - below))


def _reported(rows: list[_Cells], efficiency: str) -> _Cells:
    """Points at the ratio itself; several at the same one are averaged."""
    first = rows[0]
    place = {name: first[name] for name in ("locator", "source_url")}
    return _means(rows) | {"matched_by": f"reported at {first[efficiency]:.4g}", **place}


def _between(lower: list[_Cells], upper: list[_Cells], efficiency: str, share: float) -> _Cells:
    """The point on the line between two others, at a share of the way; as uncertain as the less certain of the two."""
    one, other = _reported(lower, efficiency), _reported(upper, efficiency)
    line = {name: (1 - share) * one[name] + share * other[name] for name in ("value", "change")}
    return line | {
        "std": nan if isnan(one["std"] + other["std"]) else max(one["std"], other["std"]),
        "base_std": one["base_std"],
        **{name: min(one[name], other[name], key=_known_first) for name in _RUNS},
        "matched_by": f"between {lower[0][efficiency]:.4g} and {upper[0][efficiency]:.4g}",
        "locator": _both(one["locator"], other["locator"]),
        "source_url": one["source_url"],
    }


def _known_first(seeds: object) -> float:
    return inf if pd.isna(seeds) else float(seeds)  # type: ignore[arg-type, call-overload]


def _both(one: object, other: object) -> object:
    return one if pd.isna(other) or one == other else f"{one}; {other}"  # type: ignore[call-overload]


def _means(rows: list[_Cells]) -> _Cells:
    """Means of what is known, and the fewest runs."""
    known = {name: [row[name] for row in rows if not isnan(row[name])] for name in _MEANS}
    means = {name: fmean(values) if values else nan for name, values in known.items()}
    return means | {name: min((row[name] for row in rows), key=_known_first) for name in _RUNS}


def _together(rows: list[_Cells]) -> _Cells:
    return rows[0] | _means(rows) | {"curves": len(rows)}
