"""Expectation: which change in accuracy to expect on one network, at one ratio or along a curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, Column, typed
from prunelit.analysis.synthesis.dose_response import METHOD_THERE, DoseResponse
from prunelit.analysis.synthesis.question import check_ratio
from prunelit.schema.problems import ArgumentError, UnknownNameError

RATIOS_OF_A_CURVE = 13
"""Ratios at which a curve is given, from the smallest to the largest that is reported."""
_HERE = "analysis.synthesis.expectation"
_LIMITS = ("change", "expected_lower", "expected_upper", "lower", "upper")

DOSE_RESPONSE_CURVES = (
    Column("by", TEXT, "", "What the curve is of: structure or method; missing for the network as a whole.", _HERE),
    Column("name", TEXT, "", "Which one.", _HERE),
    Column("ratio", NUMBER, "ratio", "The ratio, between the smallest and the largest that is reported of it.", _HERE),
    Column("change", NUMBER, "pp", "Expected change in top-1 accuracy.", _HERE),
    Column("expected_lower", NUMBER, "pp", "Lower confidence limit of the expectation.", _HERE),
    Column("expected_upper", NUMBER, "pp", "Upper confidence limit of the expectation.", _HERE),
    Column("lower", NUMBER, "pp", "Lower limit of what a new paper reports.", _HERE),
    Column("upper", NUMBER, "pp", "Upper limit of what a new paper reports.", _HERE),
    Column("papers", COUNT, "count", "Papers that report points of it on the network.", _HERE),
    Column("points", COUNT, "count", "Their points.", _HERE),
)
"""Columns of ``dose_response()``: one row a curve and ratio."""


@dataclass(frozen=True, slots=True)
class ExpectedChange:
    """What change in top-1 accuracy to expect of a network that is pruned to a ratio, in percentage points."""

    dataset: str
    architecture: str
    efficiency: str
    at: float
    method: str | None
    """None is a method that nothing is known of."""
    structure: str | None
    """None where nothing is known of it."""
    level: float
    """Of all intervals."""
    change: float
    """The expected change: as many papers report less as report more."""
    lower: float
    """Lower limit of the interval of prediction: of what a new paper reports."""
    upper: float
    """Its upper limit."""
    expected_lower: float
    """Lower confidence limit of the expectation, over papers."""
    expected_upper: float
    """Its upper limit."""
    base_top1: float
    """Unpruned accuracy that it is for: the median of the points on the network, in percent."""
    papers: int
    """Papers with points on the network."""
    points: int
    """Their points."""
    method_papers: int
    """Papers with points of the method, on any network."""
    extrapolated: bool
    """Whether the ratio lies outside those that are reported on the network."""


def expect(
    model: DoseResponse,
    dataset: str,
    architecture: str,
    efficiency: str,
    at: float,
    method: str | None = None,
    structure: str | None = None,
    level: float = 0.95,
) -> ExpectedChange:
    """What change to expect at one ratio.

    Args:
        model: The model of all networks, or of the one alone.
        dataset: Dataset.
        architecture: Architecture on it.
        efficiency: The ratio that the model is of.
        at: The ratio.
        method: Method, by its canonical name; None for one that nothing is known of.
        structure: What is removed; by default what the records say of the method, if there is one.
        level: Of the intervals.

    Raises:
        UnknownNameError: if the model has no points of the dataset, the architecture on it, the method or structure.
        ArgumentError: if the ratio is no number above 1, or the level none between 0 and 1.
    """
    check_ratio(efficiency, at)
    check_level(level)
    there = _there(model.rows, dataset, architecture)
    of_method = _known(model.rows, "treatment", "method", method)
    _known(model.rows, "structure", "structure", structure)
    asked = _asked(there, np.array([float(at)]), method, structure or _usual(of_method["structure"]))
    (found,) = model.predicted(asked, level).to_dict("records")
    return ExpectedChange(
        dataset=dataset,
        architecture=architecture,
        efficiency=efficiency,
        at=float(at),
        method=method,
        structure=asked["structure"].iloc[0],
        level=level,
        **{name: float(found[name]) for name in _LIMITS},
        base_top1=float(asked["base"].iloc[0]),
        papers=there["paper_id"].nunique(),
        points=len(there),
        method_papers=of_method["paper_id"].nunique(),
        extrapolated=not there["ratio"].min() <= at <= there["ratio"].max(),
    )


def check_level(level: float) -> None:
    """Refuse a level that no interval has.

    Raises:
        ArgumentError: if it is no number between 0 and 1.
    """
    if not isinstance(level, int | float) or not 0 < level < 1:
        raise ArgumentError(level, f"the level of an interval lies between 0 and 1, not at {level}")


def curves_table(model: DoseResponse, dataset: str, architecture: str, level: float = 0.95) -> pd.DataFrame:
    """The curve of a network, and those of each structure and method on it; columns :data:`DOSE_RESPONSE_CURVES`.

    Raises:
        UnknownNameError: if the model has no points of the dataset, or the architecture on it.
        ArgumentError: if the level is none between 0 and 1.
    """
    check_level(level)
    there = _there(model.rows, dataset, architecture)
    groups: list[tuple[str | None, str | None, pd.DataFrame]] = [(None, None, there)]
    groups += [("structure", str(name), rows) for name, rows in there.groupby("structure")]
    groups += [("method", str(name), rows) for name, rows in there.groupby("treatment")]
    return typed(
        pd.concat([_curve(model, *group, level) for group in groups]).reset_index(drop=True), DOSE_RESPONSE_CURVES
    )


def _curve(model: DoseResponse, by: str | None, name: str | None, rows: pd.DataFrame, level: float) -> pd.DataFrame:
    ratios = np.unique(np.geomspace(rows["ratio"].min(), rows["ratio"].max(), RATIOS_OF_A_CURVE))
    method = name if by == "method" else None
    asked = _asked(rows, ratios, method, None if by is None else _usual(rows["structure"]))
    counts = {"papers": rows["paper_id"].nunique(), "points": len(rows)}
    return asked[["ratio"]].join(model.predicted(asked, level)).assign(by=by, name=name, **counts)


def _there(rows: pd.DataFrame, dataset: str, architecture: str) -> pd.DataFrame:
    """The points on a network."""
    for name, wanted in (("dataset", dataset), ("architecture", architecture)):
        rows = _known(rows, name, name, wanted)
    return rows


def _known(rows: pd.DataFrame, column: str, kind: str, wanted: str | None) -> pd.DataFrame:
    """The rows that have a name; none where no name is asked for.

    Raises:
        UnknownNameError: if no row has it.
    """
    found = rows[rows[column].eq(wanted).fillna(False).astype(bool)] if wanted is not None else rows[:0]
    if wanted is not None and found.empty:
        raise UnknownNameError(kind, wanted, sorted(rows[column].dropna().unique()))
    return found


def _asked(rows: pd.DataFrame, ratios: np.ndarray, method: str | None, structure: str | None) -> pd.DataFrame:
    """What is asked of the model: a new paper on the network of these rows."""
    known = {"base": rows["base"].median(), "network": rows["network"].iloc[0]}
    asked = pd.DataFrame({"ratio": ratios}).assign(**known)
    return asked.assign(paper_id=None, treatment=method, structure=structure, **{METHOD_THERE: method})


def _usual(values: pd.Series[str]) -> str | None:
    """The value that most rows have; None where none has any."""
    counts = values.value_counts()
    return str(counts.index[0]) if len(counts) else None
