"""Variants: which architectures count as one, at each strictness of a comparison.

* ``same_network``: none; each architecture is a network of its own (the default, as in Blalock et al. 2020);
* ``same_variants``: those that are variants of one another (``variant_of`` in the vocabulary);
* ``raw_accuracy``: the same, and accuracies count whose unpruned model the paper does not give.

Each takes everything that the stricter ones take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import pandas as pd

from prunelit.schema.problems import UnknownNameError
from prunelit.schema.vocabulary import Architecture

Comparability = Literal["same_network", "same_variants", "raw_accuracy"]
COMPARABILITIES: tuple[Comparability, ...] = ("same_network", "same_variants", "raw_accuracy")
"""The strictnesses, each with all that the one before takes."""


def known_comparability(comparability: str) -> Comparability:
    """The strictness of that name.

    Raises:
        UnknownNameError: if there is none.
    """
    for one in COMPARABILITIES:
        if one == comparability:
            return one
    raise UnknownNameError("comparability", str(comparability), COMPARABILITIES)


def variant_networks(architectures: Iterable[Architecture]) -> dict[str, str]:
    """For each architecture that is a variant, the one at the end of the chain: what all variants have in common."""
    above = {one.name: one.variant_of for one in architectures if one.variant_of}
    return {name: _end(name, above) for name in above}


def _end(name: str, above: Mapping[str, str]) -> str:
    passed: list[str] = []
    while name in above and name not in passed:  # no rule has seen records that were made in memory
        passed.append(name)
        name = above[name]
    return name


def under_one_name(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """A table whose ``architecture`` is that which the variants have in common; ``network`` is the one reported."""
    found = table["architecture"]
    return table.assign(network=found, architecture=found.map(names).astype("string").fillna(found))


def seen_as(comparability: Comparability, table: pd.DataFrame, architectures: Iterable[Architecture]) -> pd.DataFrame:
    """A table in which architectures that count as one have one name."""
    names = {} if comparability == "same_network" else variant_networks(architectures)
    return under_one_name(table, names)
