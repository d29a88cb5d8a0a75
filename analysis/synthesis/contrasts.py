"""Contrasts: differences between the methods that one paper reports, with where both numbers stand."""

from __future__ import annotations

from itertools import combinations
from math import hypot
from typing import Any

import pandas as pd

from prunelit.analysis.frames.columns import FLAG, NUMBER, TEXT, Column, typed

_HERE = "analysis.synthesis.contrasts"
CONTRASTS = (
    Column("study", TEXT, "", "Paper that reports both, with the experiment where it has several on the network."),
    Column("treatment1", TEXT, "", "One method."),
    Column("treatment2", TEXT, "", "The other."),
    Column("effect", NUMBER, "that of the metric", "Quality of the one minus that of the other.", _HERE),
    Column("standard_error", NUMBER, "that of the metric", "Standard error of the effect.", _HERE),
    Column("assumed", FLAG, "", "Whether a standard deviation behind it is assumed, not reported.", _HERE),
    *(
        Column(f"{name}{number}", TEXT, "", f"{meaning} of treatment{number}.", _HERE)
        for number in (1, 2)
        for name, meaning in (
            ("matched_by", "How the ratio was matched"),
            ("locator", "Where the number stands"),
            ("source_url", "Address that opens the source of the number"),
        )
    ),
)
"""Columns of contrasts: one row a study and pair of methods."""


UNPRUNED_ARM = "unpruned"
"""The arm of a study's unpruned model, whose change is zero."""


def compared(arms: pd.DataFrame, through_unpruned: bool) -> pd.DataFrame:
    """The arms of studies with two or more, each with the quality that its study compares in the column ``quality``.

    That is the change where it is known of any arm; else the value, which differs from it by one number that all arms
    of a study share, that of the unpruned model.

    Args:
        arms: Rows as of :func:`prunelit.analysis.synthesis.arms.arms_at`.
        through_unpruned: Whether the unpruned model of a study is an arm, too, where changes are known.
    """
    by_change = arms.groupby("study")["change"].transform("count").gt(0)
    quality = arms.assign(quality=arms["change"].where(by_change, arms["value"]))
    quality = quality[quality["quality"].notna()]
    if through_unpruned and len(quality):
        first = quality[by_change[quality.index]].drop_duplicates("study")
        base = first["value"] - first["change"]
        unpruned = first.assign(treatment=UNPRUNED_ARM, quality=0.0, value=base, change=0.0)
        unpruned = unpruned.assign(std=first["base_std"], seeds=first["base_seeds"])
        quality = pd.concat([quality, unpruned]).sort_values(["study", "treatment"], kind="stable")
    return quality[quality.groupby("study")["treatment"].transform("size").ge(2)].reset_index(drop=True)


def contrasts_of(arms: pd.DataFrame) -> pd.DataFrame:
    """The differences between all pairs of arms of each study; columns :data:`CONTRASTS`.

    Arms are independent given the study's unpruned model: variances add up.

    Args:
        arms: Rows as of :func:`compared` with ``standard_error`` and ``assumed``.
    """
    studies: list[list[dict[str, Any]]] = [rows.to_dict("records") for _, rows in arms.groupby("study")]  # type: ignore[misc]
    return typed([_contrast(*pair) for study in studies for pair in combinations(study, 2)], CONTRASTS)


def _contrast(one: dict[str, Any], other: dict[str, Any]) -> dict[str, object]:
    sides = {f"{name}{at}": arm[name] for at, arm in ((1, one), (2, other)) for name in _SIDE}
    return sides | {
        "study": one["study"],
        "effect": one["quality"] - other["quality"],
        "standard_error": hypot(one["standard_error"], other["standard_error"]),
        "assumed": one["assumed"] or other["assumed"],
    }


_SIDE = ("treatment", "matched_by", "locator", "source_url")
