"""Rows of evidence that tests of the synthesis make up."""

from __future__ import annotations

from typing import Any

import pandas as pd

COLUMNS = {
    "paper_id": "string", "experiment": "Int64", "curve": "Int64", "copied_from": "string", "base_value": "float64",
    "canonical_method": "string", "origin": "string", "training_scheme": "string", "fine_tuning": "string",
    "structure": "string", "year": "Int64", "peer_reviewed": "boolean",
    "dataset": "string", "architecture": "string", "metric": "string", "direction": "string", "sweep": "boolean",
    "speedup": "float64", "compression_ratio": "float64", "value": "float64", "change": "float64", "std": "float64",
    "base_top1_std": "float64", "base_std": "float64", "seeds": "Int64", "base_seeds": "Int64",
    "locator": "string", "source_url": "string", "conditions": "string",
}  # fmt: skip
USUAL = {
    "paper_id": "doe2021", "experiment": 0, "curve": 0, "canonical_method": "A", "origin": "own", "dataset": "ImageNet",
    "architecture": "ResNet-50", "metric": "top1", "direction": "higher", "sweep": False, "speedup": 2.0,
    "value": 75.0, "change": -1.0, "conditions": "",
}  # fmt: skip


def points(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([USUAL | row for row in rows]).reindex(columns=list(COLUMNS)).astype(COLUMNS)


def study(paper: str, **changes: float) -> list[dict[str, Any]]:
    return [
        {"paper_id": paper, "curve": at, "canonical_method": name, "change": change, "value": 76 + change, "std": 0.2}
        for at, (name, change) in enumerate(changes.items())
    ]
