"""Comparison-adjusted funnel: whether uncertain studies find other differences than certain ones."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.synthesis.result import RANDOM, NetworkMetaAnalysis


def comparison_adjusted(contrasts: pd.DataFrame, found: NetworkMetaAnalysis) -> pd.DataFrame:
    """The effect of each contrast minus what all studies of its comparison find together, by random effects.

    Without small-study effects contrasts scatter around zero alike, however large their standard error.  A contrast
    that is the only one of its comparison lies on zero and tells nothing.  Each compares with the reference of its
    component where it can, so that the side on which it lies means something.

    Source: Chaimani and Salanti 2012, Research Synthesis Methods 3, 161-76.

    Args:
        contrasts: What :func:`prunelit.network_meta_analysis` was given.
        found: What it returned.

    Returns:
        The contrasts, turned so that a reference is ``treatment2``, with ``adjusted`` (in the unit of the effects) and
        the number of ``studies`` of the comparison.
    """
    turned = contrasts["treatment1"].isin(set(found.components["reference"]))
    sign = 1 - 2 * turned.astype(int)
    swapped = {f"{name}{at}": f"{name}{3 - at}" for name in _SIDE for at in (1, 2) if f"{name}{at}" in contrasts}
    table = contrasts.where(~turned, contrasts.rename(columns=swapped)[contrasts.columns])
    table = table.assign(effect=contrasts["effect"] * sign)
    pooled = found.splits.xs(RANDOM, level="model")
    keys = list(zip(table["treatment1"], table["treatment2"], strict=True))
    known = {key: (row.direct, row.studies) for key, row in zip(pooled.index, pooled.itertuples(), strict=True)}
    both = {**{(two, one): (-direct, studies) for (one, two), (direct, studies) in known.items()}, **known}
    direct = pd.Series([float(both[key][0]) for key in keys], table.index)
    return table.assign(adjusted=table["effect"] - direct, studies=[both[key][1] for key in keys])


_SIDE = ("treatment", "matched_by", "locator", "source_url")
