"""Rows of a table that hold an unpruned model, which is the baseline of an experiment and never a method."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from prunelit.cli.entry.columns import KNOWN, METRIC, experiment_columns, locator_columns
from prunelit.cli.entry.marks import unmarked_name
from prunelit.cli.entry.names import meant
from prunelit.schema.rules import Names

_SAID = {
    "baseline",
    "unpruned",
    "dense",
    "original",
    "uncompressed",
    "full",
    "base",
    "reference",
    "vanilla",
    "unmodified",
}
_BESIDE = {"model", "network", "net", "the", "our", "ours", "accuracy", "pretrained", "pre", "trained", "fp32", "float"}
_WITHOUT = re.compile(r"(no|not|non|without|w/o|before)[ -](pruning|pruned|compression|compressed)( model| network)?")
_NEUTRAL = {
    "params_removed": 0,
    "flops_removed": 0,
    "params_kept": 1,
    "flops_kept": 1,
    "compression_ratio": 1,
    "speedup": 1,
}
"""What shares and ratios are where nothing is removed."""
_STRUCTURE = ("n_of_m", "block_shape", "layers_removed", "blocks_removed", "heads_removed")
_PLAIN = {*_NEUTRAL, *_STRUCTURE, "method", "pruned_model", "origin", "proposed_by", "copied_from", "canonical_method"}
"""Columns that say nothing of an unpruned model."""


def is_called_unpruned(label: str, names: Names, stated: Iterable[str] | None) -> bool:
    """Whether a row is called so as unpruned models are: ``Baseline``, ``Dense``, ``ResNet-50 (unpruned)``.

    Args:
        label: What the table calls the row.
        names: The names of architectures.
        stated: The names that the mapping says unpruned models have, if it says so.
    """
    bare = unmarked_name(label).text
    if stated is not None:
        return label in stated or bare in stated
    if _WITHOUT.fullmatch(bare.casefold()):
        return True
    words = _words(bare)
    rest = [word for word in words if word.casefold() not in _SAID | _BESIDE]
    said = any(word.casefold() in _SAID for word in words)
    return said and (not rest or (meant("architecture", bare, names) is None and _is_architecture(rest, names)))


def is_architecture(label: str, architecture: str, names: Names) -> bool:
    """Whether a row is called as the architecture that it holds, and no more."""
    found = meant("architecture", unmarked_name(label).text, names)
    return found is not None and architecture in ("", found)


def _is_architecture(words: list[str], names: Names) -> bool:
    return meant("architecture", "".join(words), names) is not None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def removed(values: dict[str, Any], wide: Iterable[str] = ()) -> bool | None:
    """Whether a row says that something is removed; None where it says neither.

    Args:
        values: Its values by our names of their columns.
        wide: Columns whose cells the heading of a wide table says, which hold for pruned models alone.
    """
    if any(name in values for name in _STRUCTURE if name not in wide):
        return True
    said = [values[name] != neutral for name, neutral in _NEUTRAL.items() if name in values and name not in wide]
    return any(said) if said else None


def as_baseline(values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What a row says of an unpruned model, as columns of an experiment, and the columns that it has no place for."""
    found: dict[str, Any] = {}
    lost: list[str] = []
    for name, value in values.items():
        if name in experiment_columns() or name.startswith("base_"):
            found[name] = value
        elif name in locator_columns():
            found[f"base_locator:{name}"] = value
        elif METRIC.fullmatch(name):
            found[f"base_{name}"] = value
        elif name.startswith("bounds:"):
            found[f"base_{name}"] = [f"base_{one}" for one in value]
        elif f"base_{name}" in KNOWN:
            found[f"base_{name}"] = value
        elif name == "note":
            found["experiment_note"] = value
        elif name not in _PLAIN and not _is_no_change(name, value):
            lost.append(name)
    return found, lost


def _is_no_change(name: str, value: Any) -> bool:
    return name.endswith("_change") and isinstance(value, int | Decimal) and value == 0
