"""Reference models: unpruned networks as tables outside the pruning literature describe them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from prunelit.schema.corpus import Corpus


def reference_models_table(corpus: Corpus) -> pd.DataFrame:
    """One row a reference model: the tables that the survey takes its unpruned models from (its footnote 2).

    Returns:
        A frame with ``source``, ``dataset``, ``architecture``, ``family``, ``year``, ``top1``, ``top5`` (%),
        ``params`` (count) and ``flops`` (multiply-adds).
    """
    known = {one.name: one for one in corpus.architectures}
    rows = [
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
        for model in source.models
    ]
    names = ["source", "dataset", "architecture", "family", "year", "top1", "top5", "params", "flops"]
    numbers = dict.fromkeys(["top1", "top5", "params", "flops"], "float64")
    text = dict.fromkeys(["source", "dataset", "architecture", "family"], "string")
    return pd.DataFrame(rows, columns=names).astype({**text, **numbers, "year": "Int64"})


def _float(value: Decimal | None, factor: float = 1) -> float | None:
    return None if value is None else float(value) * factor
