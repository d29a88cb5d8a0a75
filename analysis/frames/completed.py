"""Completion: what follows from the numbers that a paper reports of a point.

Rules are tried in order, each fills only what is still missing, and each filled cell says how it came about.  The order
follows Blalock et al. 2020, section 3.3, footnote 1, and the survey's published analysis: absolute numbers before and
after pruning come before shares, shares before ratios.

A share of some layers is none of the model, and a bound is no number: such a cell is missing here, and its rule says
why.  Numbers of a paper that was retracted or superseded are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pandas as pd

from prunelit.analysis.frames.columns import TEXT, Column, columns_without
from prunelit.analysis.frames.flop_convention import CONVENTION
from prunelit.analysis.frames.reported import RESULTS
from prunelit.schema.scope import OF_WHAT

RULED = (
    "top1", "top5", "base_top1", "base_top5", "top1_change", "top5_change",
    "params_kept", "params_removed", "compression_ratio", "flops_kept", "flops_removed", "speedup",
)  # fmt: skip
"""Quantities that completion derives; each has a column ``<name>_rule`` that says how."""


def _rule(name: str) -> Column:
    meaning = f"How {name} came about: 'reported', or the formula."
    return Column(f"{name}_rule", TEXT, "", meaning, "analysis.frames.completed")


COMPLETED = (*columns_without(RESULTS, "flop_convention", "status"), *CONVENTION, *map(_rule, RULED))
"""Columns of ``completed()``: as ``results()``, operating points of papers that stand, with what follows from them."""

_Step: TypeAlias = tuple[str, str, Callable[[pd.DataFrame], "pd.Series[float]"]]

REPORTED = "reported"


def _accuracy(after: str) -> list[_Step]:
    before, change, error, before_error = f"base_{after}", f"{after}_change", f"{after}_error", f"base_{after}_error"
    return [
        (after, f"100 - {error}", lambda t: 100 - t[error]),
        (before, f"100 - {before_error}", lambda t: 100 - t[before_error]),
        (change, f"{after} - {before}", lambda t: t[after] - t[before]),
        (after, f"{before} + {change}", lambda t: t[before] + t[change]),
        (before, f"{after} - {change}", lambda t: t[after] - t[change]),
    ]


def _efficiency(quantity: str, ratio: str) -> list[_Step]:
    base, kept, removed = f"base_{quantity}", f"{quantity}_kept", f"{quantity}_removed"
    return [
        (kept, f"{quantity} / {base}", lambda t: t[quantity] / t[base]),
        (kept, f"1 - {removed}", lambda t: 1 - t[removed]),
        (kept, f"1 / {ratio}", lambda t: 1 / t[ratio]),
        (removed, f"1 - {kept}", lambda t: 1 - t[kept]),
        (ratio, f"1 / {kept}", lambda t: 1 / t[kept].where(t[kept] > 0)),
    ]


STEPS: tuple[_Step, ...] = (
    *_accuracy("top1"),
    *_accuracy("top5"),
    *_efficiency("params", "compression_ratio"),
    *_efficiency("flops", "speedup"),
)
"""Each step: the quantity it fills, the rule's name, and the formula."""

OVERRIDING = {
    "top1_change": "top1 - base_top1",
    "top5_change": "top5 - base_top5",
    "params_kept": "params / base_params",
    "flops_kept": "flops / base_flops",
}
"""Rules that are worth more than a reported value of their quantity: absolute numbers before and after win."""


PARTIAL, BOUND = "missing: counted over ", "missing: given as "
"""What the rule of a quantity begins with that is not of the whole model, or of which a bound alone is known."""


def _family(name: str) -> str:
    """What a quantity is about: params, flops, top1 or top5."""
    plain = {"compression_ratio": "params", "speedup": "flops"}.get(name, name)
    return plain.removeprefix("base_").partition("_")[0]


def complete(reported: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``results()``, with everything that follows from the reported numbers.

    Args:
        reported: Rows as of ``results()``, those without operating points included.
    """
    standing = reported[reported["status"].isna()]
    missing = _not_of_the_model(standing)
    table = standing.assign(**{name: standing[name].where(why.isna()) for name, why in missing.items()})
    for name in RULED:
        table[f"{name}_rule"] = pd.Series(REPORTED, index=table.index, dtype="string").where(table[name].notna())
    for name, rule, formula in STEPS:
        values = formula(table)
        fill = values.notna() & (table[name].isna() | (OVERRIDING.get(name) == rule))
        table[name] = values.where(fill, table[name])
        table[f"{name}_rule"] = table[f"{name}_rule"].mask(fill, rule)
    for name in RULED:
        table[f"{name}_rule"] = _why_missing(table, name, missing)
    return table


def _not_of_the_model(reported: pd.DataFrame) -> dict[str, pd.Series[str]]:
    """For each quantity with such rows, why what is printed is not the number of the whole model."""
    found: dict[str, pd.Series[str]] = {}
    for name in (*OF_WHAT, *RULED):
        why = pd.Series(pd.NA, index=reported.index, dtype="string")
        if (scope := OF_WHAT.get(name)) and (partial := _partial(reported[scope])).any():
            why = why.mask(partial, PARTIAL + reported[scope])
        for bound in ("at_least", "at_most"):
            why = why.mask(_bounded(reported["bounds"], name, bound), f"{BOUND}{bound}")
        if (why := why.where(reported[name].notna())).notna().any():
            found[name] = why
    return found


def _partial(scope: pd.Series[str]) -> pd.Series[bool]:
    return scope.notna() & scope.ne("all").fillna(False)


def _bounded(bounds: pd.Series[str], name: str, bound: str) -> pd.Series[bool]:
    return bounds.str.contains(rf"(?:^|; ){name}: {bound}(?:;|$)", na=False)


def _why_missing(table: pd.DataFrame, name: str, missing: dict[str, pd.Series[str]]) -> pd.Series[str]:
    """The rule of a quantity; where it is missing because of what it or one of its kin is of, why."""
    rule = table[f"{name}_rule"]
    for kin in (name, *(one for one in _KIN[name] if one != name)):
        if kin in missing:
            rule = rule.fillna(missing[kin].where(table[name].isna()))
    return rule


_KIN: dict[str, tuple[str, ...]] = {
    name: tuple(one for one in (*OF_WHAT, *RULED) if _family(one) == _family(name)) for name in RULED
}
"""The quantities that each follows from."""


def operating_points(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that are operating points."""
    return table[table["point"].notna()].reset_index(drop=True)
