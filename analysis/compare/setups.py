"""Comparison setups: under which of them two curves may be compared, and what rules a stricter one out.

The setups are those of Wang et al. 2023, Table 2 (``corpus/setups.yaml``): each holds more equal than the one that it
extends.  A setup is *proven* for a pair if everything that it holds equal is known to be equal, and *possible* as long
as nothing is known to differ; :mod:`prunelit.analysis.compare.conditions` says how each condition is read from records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    Side,
    Verdicts,
    reported_accuracies,
)
from prunelit.analysis.compare.configurations import comparable_pairs, configurations
from prunelit.analysis.frames.columns import COUNT, FLAG, TEXT, WHAT, WHO, Column, columns_named, of_field, typed
from prunelit.analysis.frames.headline import headline
from prunelit.schema.corpus import Corpus
from prunelit.schema.problems import ArgumentError, quoted
from prunelit.schema.record import Experiment
from prunelit.schema.vocabulary import Condition, Setup
from prunelit.schema.walk import curves

_Places: TypeAlias = NDArray[np.intp]
_PairsOfPapers: TypeAlias = dict[str, _Places]
"""Pairs of papers, each as one number, by the name of a setup."""

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


def comparison_setups_table(points: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """The setups under which two curves may be compared: one row an unordered pair; columns :data:`COMPARISON_SETUPS`.

    Pairs are all those on the same dataset and architecture, within a paper and between papers, with released sweeps
    (Wang et al. 2023, section 3.2).

    Args:
        points: Rows as of ``completed()``.
        corpus: The records that they come from.
    """
    heads = points[["dataset", "architecture", *CURVE_KEY, "method_label"]].drop_duplicates(CURVE_KEY)
    found = [_pairs(group, heads, corpus.setups) for group in _groups(points, corpus)]
    return typed(pd.concat(found, ignore_index=True) if found else [], COMPARISON_SETUPS)


def _groups(points: pd.DataFrame, corpus: Corpus) -> Iterator[ConfigurationCurves]:
    """The curves on each dataset and architecture, each with its place among all curves of the points."""
    known = {
        (paper.id, path[1], path[3]): Side(paper.id, int(path[1]), curve)
        for paper in corpus.papers
        for path, curve in curves(paper)
    }
    heads = points.drop_duplicates(CURVE_KEY)
    sides = [known[key] for key in heads[CURVE_KEY].itertuples(index=False, name=None)]
    accuracies = {name: reported_accuracies(heads, name) for name in ("base_top1", "base_top5")}
    ratios = {name: points[name].to_numpy(dtype=float) for name in ("compression_ratio", "speedup")}
    curve = points.groupby(CURVE_KEY, sort=False).ngroup().to_numpy()
    # Frames of each configuration would take longer to make than all that is asked of them.
    rows = points[["dataset", "architecture"]].reset_index(drop=True).dropna()
    for _, group in rows.groupby(["dataset", "architecture"]):
        at = group.index.to_numpy()
        owner, here = pd.factorize(curve[at])
        yield ConfigurationCurves(
            here,
            [sides[one] for one in here],
            owner,
            {name: values[at] for name, values in ratios.items()},
            {name: one.of(here) for name, one in accuracies.items()},
        )


def _pairs(group: ConfigurationCurves, heads: pd.DataFrame, setups: Sequence[Setup]) -> pd.DataFrame:
    """The pairs of curves of one dataset and architecture; ``heads`` are the first rows of all curves."""
    first, second = np.triu_indices(len(group.sides), k=1)
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


COMPARABLE = "comparable"
"""The pairs to begin with: papers with a point on the same dataset and architecture, in the same two metrics."""


def pairs_by_setup_table(completed: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """How many comparable pairs of papers stay comparable under each setup; columns :data:`COMPARABLE_PAIRS_BY_SETUP`.

    A pair of papers counts under a setup if any of its pairs of curves does, released sweeps left out.

    Args:
        completed: Rows as of ``completed()``.
        corpus: The records that they come from.
    """
    points = headline(completed)
    ids = pd.Index(points["paper_id"].unique()).sort_values()
    pairs = comparable_pairs(configurations(points))
    comparable = _coded_pairs(ids.get_indexer(pairs["paper_a"]), ids.get_indexer(pairs["paper_b"]), len(ids))
    proven, possible = _papers_by_setup(points, corpus, ids)
    counts = {COMPARABLE: (len(comparable), len(comparable))} | {
        name: (_common(proven[name], comparable), _common(possible[name], comparable)) for name in proven
    }
    in_order = (COMPARABLE, *strictness(corpus.setups))
    rows = [(name, name in in_order, *found, len(corpus.papers)) for name, found in counts.items()]
    columns = COMPARABLE_PAIRS_BY_SETUP
    return typed(pd.DataFrame(rows, columns=[column.name for column in columns]), columns)


def _coded_pairs(one: _Places, other: _Places, count: int) -> _Places:
    """The distinct unordered pairs of two of ``count`` things, each as one number."""
    return np.unique(np.minimum(one, other) * count + np.maximum(one, other))


def _common(pairs: _Places, others: _Places) -> int:
    return len(np.intersect1d(pairs, others, assume_unique=True))


_CELLS = 10_000_000
"""Pairs of points that are looked at together: what memory this takes does not grow with the corpus."""


def _papers_by_setup(points: pd.DataFrame, corpus: Corpus, ids: pd.Index[str]) -> tuple[_PairsOfPapers, _PairsOfPapers]:
    """For each setup the pairs of papers with curves for which it is proven, and possible."""
    place = {name: at for at, name in enumerate(CONDITIONS)}
    demands = {name: [place[one] for one in needed] for name, needed in demanded(corpus.setups).items()}
    proven, possible = ({name: [np.empty(0, dtype=np.intp)] for name in demands} for _ in range(2))
    shared = points.groupby(["dataset", "architecture"])["paper_id"].transform("nunique") > 1
    for group in _groups(points[shared.astype(bool)], corpus):
        papers = ids.get_indexer(pd.Index([one.paper for one in group.sides]))
        for part in group.parts(_CELLS):
            verdicts = [judge(part) for judge in CONDITIONS.values()]
            for name, needed in demands.items():
                weakest = np.minimum.reduce([verdicts[at] for at in needed])
                for found, holds in ((proven, weakest == MET), (possible, weakest != DIFFERS)):
                    found[name].append(_of_papers(holds, papers[part.rows], papers[part.columns], len(ids)))
    return _joined(proven), _joined(possible)


def _of_papers(holds: NDArray[np.bool_], down: _Places, across: _Places, count: int) -> _Places:
    """The pairs of papers of which any pair of curves is marked; curves of one paper stand together."""
    rows, columns = (np.flatnonzero(np.diff(one, prepend=-1)) for one in (down, across))
    marked = np.logical_or.reduceat(np.logical_or.reduceat(holds, columns, axis=1), rows, axis=0)
    one, other = (
        papers[places[at]] for papers, places, at in zip((down, across), (rows, columns), marked.nonzero(), strict=True)
    )
    return _coded_pairs(one[one != other], other[one != other], count)


def _joined(found: dict[str, list[_Places]]) -> _PairsOfPapers:
    return {name: np.unique(np.concatenate(parts)) for name, parts in found.items()}
