"""Sweeps of an evaluation: a strategy under further settings of one scheme, as the files that records keep them in.

Of the schemes of one name, which differ in settings such as the learning rate, the first of the specification gives
the results that count; the others are one sweep for each strategy, so that an evaluation that tries many settings does
not weigh more in statistics of the literature than one that tries few.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from prunelit.evaluation.points import StrategyCurve
from prunelit.schema.sweeps import SETTING, SWEEP_COLUMNS


def by_scheme(curves: Iterable[StrategyCurve]) -> list[list[StrategyCurve]]:
    """The curves of each strategy and scheme together; of each the first counts, and the others are a sweep."""
    groups: dict[tuple[str, ...], list[StrategyCurve]] = {}
    for curve in curves:
        strategy, scheme = curve.job.strategy or {}, curve.job.scheme or {}
        groups.setdefault((strategy["name"], strategy["scope"], scheme["name"]), []).append(curve)
    return list(groups.values())


def varied_settings(first: StrategyCurve, others: Sequence[StrategyCurve]) -> list[dict[str, Any]]:
    """Of each of the other curves the settings in which any of them differs from the first."""
    told = [_settings(curve) for curve in (first, *others)]
    varied = [name for name in sorted({*told[0]}.union(*told)) if len({str(one.get(name)) for one in told}) > 1]
    return [{name: one.get(name) for name in varied} for one in told[1:]]


def sweep_csv(rows: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> str:
    """The file of a sweep: one line a point, with the settings of its run.

    Args:
        rows: Points, as records have them, each with its settings; what a column cannot hold is left out.
    """
    columns = [name for name in SWEEP_COLUMNS if any(point.get(name) is not None for point, _ in rows)]
    settings = list(dict.fromkeys(name for _, of_run in rows for name in of_run))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*columns, *(f"{SETTING}{name}" for name in settings)])
    for point, of_run in rows:
        writer.writerow([*(_cell(point.get(name)) for name in columns), *(_cell(of_run[name]) for name in settings)])
    return text.getvalue()


def sweep_file(*names: str) -> str:
    """The name of the file of a sweep, from what it is about.

    >>> sweep_file("evaluation2026mine", "ResNet-8", "weight × gradient (global)", "fine_tuned")
    'evaluation2026mine-resnet-8-weight-gradient-global-fine-tuned.csv'
    """
    return "-".join(re.sub(r"[^a-z0-9]+", "-", one.lower()).strip("-") for one in names) + ".csv"


def _settings(curve: StrategyCurve) -> dict[str, Any]:
    scheme = curve.job.scheme or {}
    own = {name: value for name, value in scheme.items() if name not in ("name", "training")}
    return {**own, **scheme["training"]}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(map(_cell, value))
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return "" if value is None else str(value)
