"""Figures that a change of the corpus changes, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import cached_table, computed_once
from prunelit.analysis.frames.columns import COUNT, TEXT, Column, typed
from prunelit.figures.captions import Caption, said
from prunelit.figures.draw import svg
from prunelit.figures.figure import Figure
from prunelit.figures.registry import DRAWN_ON_REQUEST, FIGURES
from prunelit.figures.unchanged import unchanged


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """A figure that draws other rows than before."""

    name: str
    said: Caption
    figure: Figure
    states: tuple[Dataset, Dataset]
    counts: tuple[int, int]
    """How many rows it drew before, and draws after."""

    @property
    def before(self) -> pd.DataFrame:
        """The rows that it drew."""
        return _rows(self.states[0], self.name)

    @property
    def after(self) -> pd.DataFrame:
        """The rows that it draws."""
        return _rows(self.states[1], self.name)

    def svg(self, data: pd.DataFrame) -> str:
        """The figure as it looks with the rows."""
        return svg(self.figure, data, self.said)


DIGESTS = (
    Column("figure", TEXT, "", "Name of the figure."),
    Column("digest", TEXT, "", "Digest of the rows that it draws."),
    Column("rows", COUNT, "count", "How many these are."),
)
"""Columns of the table by which figures are compared: of a state that was compared before, no rows are made anew."""


def redrawn(before: Dataset, after: Dataset, papers: frozenset[str] | None = None) -> Iterator[Redrawn]:
    """The figures that draw other rows of one dataset than of another, in the order of the gallery.

    Args:
        before: One state.
        after: The other.
        papers: Whose rows may differ, but for labels and medians; None for all.
    """
    same = frozenset() if papers is None else unchanged(before, after, papers)
    names = [name for name in FIGURES if name not in DRAWN_ON_REQUEST and name not in same]
    tables = [_digests(side, _code(), " ".join(names)).set_index("figure") for side in (before, after)]
    old, new = (table["digest"] for table in tables)
    for name in new.index[old != new]:
        words = said(FIGURES[name], _rows(after, name), after)
        old_count, new_count = (int(table.loc[name, "rows"]) for table in tables)
        yield Redrawn(name, words, FIGURES[name], (before, after), (old_count, new_count))


@cached_table(DIGESTS)
def _digests(dataset: Dataset, code: str, names: str) -> pd.DataFrame:
    """The digest of the rows of each of the figures, as the code with that digest makes them."""
    drawn = {name: _rows(dataset, name) for name in names.split()}
    return typed(
        [{"figure": name, "digest": _digest(rows), "rows": len(rows)} for name, rows in drawn.items()], DIGESTS
    )


@computed_once
def _rows(dataset: Dataset, name: str) -> pd.DataFrame:
    return FIGURES[name].data(dataset)


def _digest(rows: pd.DataFrame) -> str:
    found = blake2b(repr(list(rows.dtypes.items())).encode(), digest_size=_SIZE)
    found.update(pd.util.hash_pandas_object(rows).to_numpy().tobytes())
    return found.hexdigest()


_SIZE = 16


@cache
def _code() -> str:
    """The digest of the code of the figures."""
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return blake2b(b"".join(file.read_bytes() for file in files), digest_size=_SIZE).hexdigest()
