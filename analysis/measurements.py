"""How good is each pruned model, in whatever metric its source reports?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from prunelit.analysis.cache import kept
from prunelit.analysis.columns import MEASUREMENTS, typed
from prunelit.analysis.complete import completed
from prunelit.analysis.corrections import corrected_corpus
from prunelit.analysis.load import chosen
from prunelit.analysis.runs import mean_and_deviation
from prunelit.schema.corpus import Corpus
from prunelit.schema.measurement import Measurement
from prunelit.schema.walk import curves

WIDE = {"top1": "top1_std", "top5": None}
"""Metrics that have columns of their own in the other tables, each with that of its deviation."""
_PLACE = ["paper_id", "experiment", "curve", "point"]


@kept(MEASUREMENTS)
def measurements(corpus: Corpus | None = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """One row an operating point and metric: top-1 and top-5 accuracy, and every other metric of the vocabulary.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
    """
    corpus = chosen(corpus, collection)
    points = completed(corpus, corrected=corrected)
    corpus = corrected_corpus(corpus) if corrected else corpus
    metrics = pd.DataFrame(
        [(one.name, one.unit, one.direction) for one in corpus.metrics], columns=["metric", "unit", "direction"]
    )
    other = pd.DataFrame(list(_others(corpus)), columns=[*_PLACE, *_PARTS])
    names = ["survey_id", "collections", "survey_row", *_NAMES]
    placed = other.merge(points[[*_PLACE, *names]], on=_PLACE, how="left")
    table = pd.concat([*(_wide(points, name, std) for name, std in WIDE.items()), placed])
    table = table.merge(metrics, on="metric", how="left")
    return typed(table.sort_values(_PLACE, kind="stable", ignore_index=True), MEASUREMENTS)


_NAMES = [
    "dataset", "architecture", "method", "method_label", "origin", "proposed_by", "copied_from", "baseline",
    "training_scheme", "target_architecture", "pruned_model", "sweep", "locator",
]  # fmt: skip
_PARTS = ["metric", "value", "std", "base_value", "change", "seeds", *Measurement.CONDITIONS]


def _wide(points: pd.DataFrame, name: str, std: str | None) -> pd.DataFrame:
    """The rows of a metric that has columns of its own."""
    found = points[points[[name, f"{name}_change"]].notna().any(axis=1)]
    return found.assign(
        metric=name,
        value=found[name],
        std=found[std] if std else None,
        base_value=found[f"base_{name}"],
        change=found[f"{name}_change"],
    )


def _others(corpus: Corpus) -> Iterator[tuple[object, ...]]:
    """The measurements of all other metrics: where the point stands, and the parts of the measurement."""
    for paper in corpus.papers:
        for path, curve in curves(paper):
            experiment = (paper.experiments or ())[int(path[1])]
            before = {one.metric: _value(one) for one in experiment.base_metrics or ()}
            for index, point in enumerate(corpus.points(curve)):
                for one in point.metrics or ():
                    base, value = before.get(one.metric), _value(one)
                    spread = (_std(one), base, None if base is None else value - base)
                    conditions = (getattr(one, name) for name in Measurement.CONDITIONS)
                    seeds = len(one.runs) if one.runs else point.seeds
                    yield paper.id, path[1], path[3], index, one.metric, value, *spread, seeds, *conditions


def _value(one: Measurement) -> float:
    return float(one.value) if one.value is not None else mean_and_deviation(one.runs or ())[0]


def _std(one: Measurement) -> float | None:
    if one.runs:
        return mean_and_deviation(one.runs)[1]
    return None if one.std is None else float(one.std)
