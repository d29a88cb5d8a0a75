"""Comparison setups: under which of them two curves may be compared, and what rules a stricter one out.

The setups are those of Wang et al. 2023, Table 2 (``corpus/setups.yaml``): each holds more equal than the one that it
extends.  A setup is *proven* for a pair if everything that it holds equal is known to be equal, and *possible* as long
as nothing is known to differ; :mod:`prunelit.analysis.compare.conditions` says how each condition is read from records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.analysis.compare.conditions import (
    CONDITIONS,
    CURVE_KEY,
    DIFFERS,
    MET,
    UNKNOWN,
    ConfigurationCurves,
    Verdicts,
    known_of,
)
from prunelit.analysis.compare.configurations import comparable_pairs, configurations
from prunelit.analysis.frames.columns import (
    COUNT,
    FLAG,
    TEXT,
    WHAT,
    WHO,
    Column,
    columns_named,
    of_field,
    stored,
    typed,
)
from prunelit.analysis.frames.headline import headline
from prunelit.schema.problems import ArgumentError, quoted
from prunelit.schema.record import Experiment
from prunelit.schema.vocabulary import Condition, Setup

_Places: TypeAlias = NDArray[np.intp]

_SOURCE = "analysis.compare.setups, after Wang et al. 2023, Table 2"
_CURVE = (WHO[0], *columns_named(WHAT, "experiment", "curve", "method_label"))
COMPARISON_SETUPS = (
    of_field(Experiment, "dataset"),
    of_field(Experiment, "architecture"),
    *_CURVE,
    *(
        Column(f"other_{one.name}", one.dtype, one.unit, f"The same of the other curve: {one.name}.", one.source)
        for one in _CURVE
    ),
    Column("strictest", TEXT, "", "Strictest setup, S1 to S4.2, that is proven; missing if none is.", _SOURCE),
    Column(
        "strictest_possible", TEXT, "", "Strictest setup, S1 to S4.2, that nothing rules out; missing if none.", _SOURCE
    ),
    Column("differs", TEXT, "", "Conditions known to differ, joined by semicolons: they rule setups out.", _SOURCE),
    Column("unknown", TEXT, "", "Conditions that no record states for both, joined by semicolons.", _SOURCE),
    Column("proven", TEXT, "", "All setups that are proven, joined by semicolons.", _SOURCE),
    Column("possible", TEXT, "", "All setups that nothing rules out, joined by semicolons.", _SOURCE),
)
"""Columns of ``comparison_setups()``: one row an unordered pair of curves."""

COMPARABLE_PAIRS_BY_SETUP = (
    Column("setup", TEXT, "", "Comparison setup; 'comparable' for all pairs with a common configuration.", _SOURCE),
    Column("in_order", FLAG, "", "Whether it is in the order of strictness that begins with S1.", _SOURCE),
    Column("proven", COUNT, "count", "Pairs of papers with curves for which the setup is proven.", _SOURCE),
    Column("possible", COUNT, "count", "Pairs of papers with curves for which nothing rules it out.", _SOURCE),
    Column("papers", COUNT, "count", "Papers whose pairs are counted."),
)
"""Columns of ``comparable_pairs_by_setup()``: one row a comparison setup."""


def comparison_setups_table(points: pd.DataFrame, recipes: pd.DataFrame, setups: Sequence[Setup]) -> pd.DataFrame:
    """The setups under which two curves may be compared: one row an unordered pair; columns :data:`COMPARISON_SETUPS`.

    Pairs are all those on the same dataset and architecture, within a paper and between papers, with released sweeps
    (Wang et al. 2023, section 3.2).

    Args:
        points: Rows as of ``completed()``.
        recipes: The recipes of their curves, see :mod:`prunelit.analysis.frames.recipes`.
        setups: The setups, as the corpus describes them.
    """
    heads = points[["dataset", "architecture", *CURVE_KEY, "method_label"]].drop_duplicates(CURVE_KEY)
    found = [_pairs(group, heads, setups) for group in _groups(points, recipes)]
    return typed(pd.concat(found, ignore_index=True) if found else [], COMPARISON_SETUPS)


def _groups(points: pd.DataFrame, recipes: pd.DataFrame) -> Iterator[ConfigurationCurves]:
    """The curves on each dataset and architecture, each with its place among all curves of the points."""
    known = known_of(points.drop_duplicates(CURVE_KEY).merge(recipes, on=CURVE_KEY, how="left"))
    ratios = {name: points[name].to_numpy(dtype=float) for name in ("compression_ratio", "speedup")}
    curve = points.groupby(CURVE_KEY, sort=False).ngroup().to_numpy()
    # Frames of each configuration would take longer to make than all that is asked of them.
    rows = points[["dataset", "architecture"]].reset_index(drop=True).dropna()
    for _, group in rows.groupby(["dataset", "architecture"]):
        at = group.index.to_numpy()
        owner, here = pd.factorize(curve[at])
        yield ConfigurationCurves(here, _at(known, here), owner, _at(ratios, at))


def _at(values: Mapping[str, NDArray[np.float64]], places: _Places) -> dict[str, NDArray[np.float64]]:
    return {name: one[places] for name, one in values.items()}


def _pairs(group: ConfigurationCurves, heads: pd.DataFrame, setups: Sequence[Setup]) -> pd.DataFrame:
    """The pairs of curves of one dataset and architecture; ``heads`` are the first rows of all curves."""
    first, second = np.triu_indices(len(group.places), k=1)
    here = heads.iloc[group.places]
    left = here.iloc[first].reset_index(drop=True)
    right = here.iloc[second][[*CURVE_KEY, "method_label"]].add_prefix("other_").reset_index(drop=True)
    return pd.concat([left, right, _judged(_verdicts(group, first, second), setups)], axis=1)


def _verdicts(group: ConfigurationCurves, first: _Places, second: _Places) -> Verdicts:
    """The verdict on each condition (columns) for each pair of curves (rows)."""
    return np.stack([judge(group)[first, second] for judge in CONDITIONS.values()], axis=1)


def _judged(verdicts: Verdicts, setups: Sequence[Setup]) -> pd.DataFrame:
    """What the verdicts on the conditions say about the setups; pairs with the same verdicts are judged once."""
    distinct, at = np.unique(verdicts, axis=0, return_inverse=True)
    judged = [_of_pair(dict(zip(CONDITIONS, codes, strict=True)), setups) for codes in distinct.tolist()]
    return pd.DataFrame(judged, columns=_JUDGED).iloc[at.ravel()].reset_index(drop=True)


_JUDGED = ["strictest", "strictest_possible", "differs", "unknown", "proven", "possible"]


def _of_pair(verdict: dict[Condition, int], setups: Sequence[Setup]) -> dict[str, str | None]:
    demands, chain = demanded(setups), strictness(setups)
    proven = [name for name, needed in demands.items() if all(verdict[one] == MET for one in needed)]
    possible = [name for name, needed in demands.items() if all(verdict[one] != DIFFERS for one in needed)]
    return {
        "strictest": next((name for name in reversed(chain) if name in proven), None),
        "strictest_possible": next((name for name in reversed(chain) if name in possible), None),
        "differs": "; ".join(name for name, found in verdict.items() if found == DIFFERS) or None,
        "unknown": "; ".join(name for name, found in verdict.items() if found == UNKNOWN) or None,
        "proven": "; ".join(proven) or None,
        "possible": "; ".join(possible) or None,
    }


def demanded(setups: Sequence[Setup]) -> dict[str, tuple[Condition, ...]]:
    """Everything that each setup holds equal, with what it takes over from the setups that it extends."""
    below, equal = {setup.name: setup.extends for setup in setups}, {setup.name: setup.equal for setup in setups}
    return {name: tuple(one for part in _chain(name, below)[::-1] for one in equal[part]) for name in below}


def strictness(setups: Sequence[Setup]) -> list[str]:
    """The setups of the longest chain of extensions, the least strict first; the others stand outside that order."""
    below = {setup.name: setup.extends for setup in setups}
    return max((_chain(name, below)[::-1] for name in below), key=len, default=[])


def _chain(name: str | None, below: dict[str, str | None]) -> list[str]:
    """A setup and those that it extends, the strictest first.

    Raises:
        ArgumentError: if they extend each other in a circle, of which a check of the corpus tells the place.
    """
    chain: list[str] = []
    while name is not None:
        if name in chain:
            told = " extends ".join(map(quoted, [*chain, name]))
            raise ArgumentError(name, f"comparison setups must not lead back to where they began: {told}")
        chain.append(name)
        name = below[name]
    return chain


@dataclass(frozen=True, slots=True)
class PairsOfCurves:
    """The pairs of curves of different papers on one dataset and architecture.

    Attributes:
        pairs: How many there are.
        proven: Of how many each setup is proven.
        possible: Of how many nothing rules it out.
        strictest: The strictest setup, S1 to S4.2, that is proven for each curve and one of another paper; missing
            where none is.  One row a curve.
    """

    pairs: int
    proven: dict[str, int]
    possible: dict[str, int]
    strictest: pd.DataFrame


def pairs_of_curves(points: pd.DataFrame, recipes: pd.DataFrame, setups: Sequence[Setup]) -> PairsOfCurves:
    """The pairs of curves of different papers, by setup; they are counted, as there may be more than have room.

    Args:
        points: Rows as of ``completed()``, of one dataset and architecture.
        recipes: The recipes of their curves, see :mod:`prunelit.analysis.frames.recipes`.
        setups: The setups, as the corpus describes them.
    """
    (group,) = _groups(points, recipes)
    chain, demands = strictness(setups), _demanded_places(setups)
    proven, possible = (dict.fromkeys(demands, 0) for _ in range(2))
    pairs, best = 0, np.full(len(group.places), -1)
    for part in group.parts(_CELLS):
        of_others = part.differ("paper_id") & part.once()
        pairs += int(of_others.sum())
        for name, weakest in _weakest(part, demands):
            holds = of_others & (weakest == MET)
            proven[name] += int(holds.sum())
            possible[name] += int((of_others & (weakest != DIFFERS)).sum())
            if name in chain:
                for side, axis in ((part.rows, 1), (part.columns, 0)):
                    best[side] = np.maximum(best[side], np.where(holds.any(axis=axis), chain.index(name), -1))
    curves = points[CURVE_KEY].drop_duplicates(ignore_index=True)
    named = [chain[one] if one >= 0 else None for one in best]
    return PairsOfCurves(pairs, proven, possible, curves.assign(strictest=pd.array(named, stored(TEXT))))


COMPARABLE = "comparable"
"""The pairs to begin with: papers with a point on the same dataset and architecture, in the same two metrics."""


def pairs_by_setup_table(
    completed: pd.DataFrame, recipes: pd.DataFrame, setups: Sequence[Setup], papers: int
) -> pd.DataFrame:
    """How many comparable pairs of papers stay comparable under each setup; columns :data:`COMPARABLE_PAIRS_BY_SETUP`.

    A pair of papers counts under a setup if any of its pairs of curves does, released sweeps left out.

    Args:
        completed: Rows as of ``completed()``.
        recipes: The recipes of their curves, see :mod:`prunelit.analysis.frames.recipes`.
        setups: The setups, as the corpus describes them.
        papers: How many papers there are.
    """
    points = headline(completed)
    comparable = comparable_pairs(configurations(points))
    counts = [(COMPARABLE, len(comparable), len(comparable)), *_counts_by_setup(points, recipes, setups, comparable)]
    in_order = (COMPARABLE, *strictness(setups))
    rows = [(name, name in in_order, *found, papers) for name, *found in counts]
    columns = COMPARABLE_PAIRS_BY_SETUP
    return typed(pd.DataFrame(rows, columns=[column.name for column in columns]), columns)


_CELLS = 10_000_000
"""Pairs of points that are looked at together: what memory this takes does not grow with the corpus."""


def _counts_by_setup(
    points: pd.DataFrame, recipes: pd.DataFrame, setups: Sequence[Setup], comparable: pd.DataFrame
) -> Iterator[tuple[str, int, int]]:
    """For each setup, of how many of the comparable pairs of papers it is proven, and possible, for any two curves."""
    shared = points.groupby(["dataset", "architecture"])["paper_id"].transform("nunique") > 1
    points = points[shared.astype(bool)]
    ids = pd.Index(points["paper_id"].unique())
    one, other = (ids.get_indexer(comparable[name]) for name in ("paper_a", "paper_b"))
    pairs = np.sort(_coded(one, other, len(ids)))
    demands = _demanded_places(setups)
    proven, possible = ({name: np.zeros(len(pairs) + 1, dtype=bool) for name in demands} for _ in range(2))
    for group in _groups(points, recipes):
        for part in group.parts(_CELLS):
            places = _places(part, pairs, len(ids))
            for name, weakest in _weakest(part, demands):
                _mark(proven[name], weakest == MET, *places)
                _mark(possible[name], weakest != DIFFERS, *places)
    return ((name, int(proven[name][:-1].sum()), int(possible[name][:-1].sum())) for name in demands)


def _demanded_places(setups: Sequence[Setup]) -> dict[str, list[int]]:
    """The conditions that each setup holds equal, by their places."""
    place = {name: at for at, name in enumerate(CONDITIONS)}
    return {name: [place[condition] for condition in needed] for name, needed in demanded(setups).items()}


def _weakest(part: ConfigurationCurves, demands: Mapping[str, list[int]]) -> Iterator[tuple[str, Verdicts]]:
    """For each setup the weakest verdict on what it holds equal, for each pair of curves."""
    verdicts = [judge(part) for judge in CONDITIONS.values()]
    for name, needed in demands.items():
        yield name, np.minimum.reduce([verdicts[at] for at in needed])


def _coded(one: _Places, other: _Places, count: int) -> _Places:
    """Unordered pairs of two of ``count`` things, each as one number."""
    return np.minimum(one, other) * count + np.maximum(one, other)


def _places(part: ConfigurationCurves, pairs: _Places, count: int) -> tuple[_Places, _Places, _Places]:
    """Where the curves of each paper begin, down the rows and across the columns, and which pairs the papers are.

    Args:
        part: The curves; those of one paper stand together.
        pairs: Pairs of papers in their order, see :func:`_coded`; any other pair has the place after the last.
        count: How many papers there are.
    """
    down, across = (one.ravel() for one in part.beside(part.known["paper_id"].astype(np.intp)))
    rows, columns = (np.flatnonzero(np.diff(one, prepend=-1)) for one in (down, across))
    codes = _coded(down[rows, None], across[None, columns], count)
    at = np.searchsorted(pairs, codes)
    return rows, columns, np.where(np.append(pairs, -1)[at] == codes, at, len(pairs))


def _mark(pairs: NDArray[np.bool_], holds: NDArray[np.bool_], rows: _Places, columns: _Places, at: _Places) -> None:
    """Mark the pairs of papers of which something holds for any pair of curves."""
    of_papers = np.logical_or.reduceat(np.logical_or.reduceat(holds, columns, axis=1), rows, axis=0)
    pairs[at[of_papers]] = True
