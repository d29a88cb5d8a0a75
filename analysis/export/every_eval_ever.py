"""Results in the format of Every Eval Ever, version 0.3.0: one document an operating point, with all its metrics.

The schema is ``eval.schema.json`` of https://github.com/evaleval/every_eval_ever.  A pruned network is a model of its
own there.  What the schema demands and no record says is ``unknown``, as its guide asks for; a deviation over runs is
no deviation over samples, so it stands among the details.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import pandas as pd

from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.vocabulary import Metric

SCHEMA_VERSION_WRITTEN = "0.3.0"
EXPORTED_FROM = ("paper_id", "experiment", "curve", "point", "metric", "value", "dataset", "architecture", "source_url")
"""Columns without which a table cannot be exported: those of ``evidence_long()``."""

_UNKNOWN = "unknown"
_RELATIONSHIP = {"own": "first_party", "rerun": "third_party"}
_PLACE = ["paper_id", "experiment", "curve", "point"]
_OF_MODEL = (
    "architecture", "method", "canonical_method", "proposer", "pruned_model", "n_of_m", "block_shape",
    "layers_removed", "blocks_removed", "heads_removed", "training_scheme", "structure", "scoring", "scheduling",
    "params", "params_kept", "params_scope", "sparsity_scope", "flops", "flops_kept", "flops_scope",
    "compression_ratio", "speedup", "calibration_dataset", "calibration_samples", "calibration_sequence_length",
)  # fmt: skip
"""What is said of the pruned network."""
_OF_SOURCE = ("paper_id", "arxiv", "doi", "year", "venue", "origin", "copied_from", "locator", "source_url", "note")
_OF_SCORE = ("base_value", "change", "bound", "std", "seeds", "spread_kind", "spread_level")
_Ends: TypeAlias = tuple[float | None, float | None]
_ACCURACIES: dict[str, _Ends] = {"top1": (0.0, 100.0), "top5": (0.0, 100.0)}


def evaluation_logs(rows: pd.DataFrame, metrics: Iterable[Metric], retrieved: int) -> tuple[dict[str, str], int]:
    """The documents of a table of results, and how many of its rows they cannot hold.

    Args:
        rows: Rows of ``evidence_long()``, or some of them.
        metrics: The vocabulary, for the bounds of scores.
        retrieved: When the documents are made, in seconds since 1970.

    Returns:
        Documents in JSON by the names of their files, and the number of rows that have no value or no dataset, which
        the format demands.
    """
    fitting = rows[rows["value"].notna() & rows["dataset"].notna()]
    bounds = _ACCURACIES | {one.name: (_number(one.minimum), _number(one.maximum)) for one in metrics}
    found = {}
    for place, group in fitting.groupby(_PLACE, sort=False):
        name = "-".join(map(str, place))
        document = _document(name, [_told(one) for one in group.to_dict("records")], bounds, retrieved)
        found[f"{name}.json"] = f"{json.dumps(document, ensure_ascii=False, indent=2)}\n"
    return found, len(rows) - len(fitting)


def _number(printed: Decimal | None) -> float | None:
    return None if printed is None else float(printed)


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What a row says, without what is missing."""
    return {str(name): value for name, value in row.items() if not pd.isna(value)}


def _document(name: str, rows: list[dict[str, Any]], bounds: Mapping[str, _Ends], retrieved: int) -> dict[str, Any]:
    first = rows[0]
    return {
        "schema_version": SCHEMA_VERSION_WRITTEN,
        "evaluation_id": f"prunelit/{name}",
        "retrieved_timestamp": str(retrieved),
        "source_metadata": {
            "source_name": first.get("title", first["paper_id"]),
            "source_type": "documentation",
            "source_organization_name": "prunelit",
            "evaluator_relationship": _RELATIONSHIP.get(first.get("origin", ""), "other"),
            "additional_details": _details(first, _OF_SOURCE),
        },
        "eval_library": {"name": _common(rows, "harness"), "version": _common(rows, "harness_version")},
        "model_info": {
            "name": f"{first.get('architecture', _UNKNOWN)} pruned by {first.get('method_label', first['paper_id'])}",
            "id": f"prunelit/{name}",
            "additional_details": {
                "deployment_type": _UNKNOWN,
                "model_availability": _UNKNOWN,
                **_details(first, _OF_MODEL),
            },
        },
        "evaluation_results": [_result(name, at, row, bounds) for at, row in enumerate(rows)],
    }


def _common(rows: list[dict[str, Any]], name: str) -> str:
    """What all rows say, else that it is unknown."""
    said = {row.get(name) for row in rows}
    return str(said.pop() or _UNKNOWN) if len(said) == 1 else _UNKNOWN


def _result(name: str, at: int, row: dict[str, Any], bounds: Mapping[str, _Ends]) -> dict[str, Any]:
    conditions = {one: row[one] for one in MeasurementConditions.model_fields if one in row}
    return {
        "evaluation_result_id": f"prunelit/{name}/{at}",
        "evaluation_name": row["dataset"],
        "source_data": {"dataset_name": row["dataset"], "source_type": "other"},
        "metric_config": {
            "metric_id": row["metric"],
            "metric_name": row["metric"],
            "metric_unit": row["unit"],
            "lower_is_better": row["direction"] == "lower",
            **_scale(*bounds.get(row["metric"], (None, None))),
            **({"metric_parameters": {one: _plain(value) for one, value in conditions.items()}} if conditions else {}),
        },
        "score_details": {
            "score": float(row["value"]),
            "details": _details(row, _of_score(row["metric"])),
            **_uncertainty(row),
        },
    }


def _of_score(metric: str) -> tuple[str, ...]:
    """What is said of a score beside it; of an accuracy also whether it was printed so, or follows from an error."""
    return (*_OF_SCORE, f"{metric}_rule")


def _scale(least: float | None, most: float | None) -> dict[str, Any]:
    """The bounds of a metric; it is called continuous where both are known, as the schema then demands them."""
    ends = {"min_score": least, "max_score": most}
    known = {name: end for name, end in ends.items() if end is not None}
    return {"score_type": "continuous", **known} if len(known) == len(ends) else known


def _uncertainty(row: dict[str, Any]) -> dict[str, Any]:
    """A confidence interval with its ends and level, where the source prints one."""
    if row.get("spread_kind") != "confidence_interval" or not {"spread_lower", "spread_upper"} <= row.keys():
        return {}
    level = {"confidence_level": float(row["spread_level"]) / 100} if "spread_level" in row else {}
    ends = {"lower": float(row["spread_lower"]), "upper": float(row["spread_upper"])}
    return {"uncertainty": {"confidence_interval": ends | level}}


def _details(row: dict[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Values as text, which is all that the schema allows there."""
    return {name: _text(row[name]) for name in names if name in row}


def _text(value: Any) -> str:
    """A value as text, without the digits that arithmetic on decimal fractions adds to it."""
    plain = _plain(value)
    return f"{plain:.12g}" if isinstance(plain, float) else str(plain)


def _plain(value: Any) -> str | float | bool:
    """A value as JSON has it."""
    if isinstance(value, bool | str):
        return value
    number = float(value)
    return int(number) if number.is_integer() else number
