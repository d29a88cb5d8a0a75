"""Reference models: unpruned networks as tables outside the pruning literature describe them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, NUMBER, Column, of_field, typed
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import Architecture, UnprunedModel, UnprunedSource

REFERENCE_MODELS = (
    of_field(UnprunedSource, "title", rename="source"),
    of_field(UnprunedSource, "dataset"),
    of_field(UnprunedModel, "architecture"),
    of_field(Architecture, "family"),
    of_field(Architecture, "year", COUNT),
    *(of_field(UnprunedModel, name, NUMBER) for name in ("top1", "top5", "params")),
    Column("flops", NUMBER, "count", "Multiply-adds for one inference.", "UnprunedModel.flops"),
)
"""Columns of ``reference_models()``: one row a reference model."""


def reference_models_table(corpus: Corpus, corrected: bool = False) -> pd.DataFrame:
    """One row a reference model: the tables that the survey takes its unpruned models from (its footnote 2).

    Args:
        corpus: The corpus.
        corrected: Whether the corrections of these tables are applied; the survey's own statistics are made without.
    """
    known = {one.name: one for one in corpus.architectures}
    right = _corrections(corpus) if corrected else {}
    rows: list[dict[str, object]] = [
        {
            "source": source.title,
            "dataset": source.dataset,
            "architecture": model.architecture,
            "family": known[model.architecture].family,
            "year": known[model.architecture].year,
            **{name: _float(getattr(model, name)) for name in ("top1", "top5", "params")},
            "flops": _float(model.flops, 0.5 if source.flop_convention == "multiplies_and_adds" else 1),
        }
        for source in corpus.unpruned
        if source.reference
        for model in (_corrected(source, one, right) for one in source.models)
    ]
    return typed(rows, REFERENCE_MODELS)


_Right = dict[tuple[str, str], dict[str, object]]
"""What is right, by table and architecture, and quantity."""


def _corrections(corpus: Corpus) -> _Right:
    found: _Right = {}
    for one in corpus.part("reference_corrections"):
        if one.status == "applied":
            found.setdefault((one.source, one.architecture), {})[one.field] = one.correct
    return found


def _corrected(source: UnprunedSource, model: UnprunedModel, right: _Right) -> UnprunedModel:
    """A row of a table with what is right in it; checks hold that a correction fits one row alone."""
    found = right.get((source.name, model.architecture))
    return model if found is None else UnprunedModel.model_validate(model.model_dump(exclude_none=True) | found)


def _float(value: Decimal | None, factor: float = 1) -> float | None:
    return None if value is None else float(value) * factor
