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
from prunelit.analysis.frames.columns import TEXT, Column, typed
from prunelit.figures.captions import Caption, said
from prunelit.figures.draw import svg
from prunelit.figures.figure import Figure
from prunelit.figures.registry import DRAWN_ON_REQUEST, FIGURES


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """A figure that draws other rows than before."""

    name: str
    said: Caption
    figure: Figure
    before: pd.DataFrame
    after: pd.DataFrame

    def svg(self, data: pd.DataFrame) -> str:
        """The figure as it looks with the rows."""
        return svg(self.figure, data, self.said)


DIGESTS = (
    Column("figure", TEXT, "", "Name of the figure."),
    Column("digest", TEXT, "", "Digest of the rows that it draws."),
)
"""Columns of the table by which figures are compared: of a state that was compared before, no rows are made anew."""


def redrawn(before: Dataset, after: Dataset) -> Iterator[Redrawn]:
    """The figures that draw other rows of one dataset than of another, in the order of the gallery."""
    old, new = (dict(_digests(side, _code()).itertuples(index=False, name=None)) for side in (before, after))
    for name in (name for name in new if old.get(name) != new[name]):
        rows = _rows(before, name), _rows(after, name)
        yield Redrawn(name, said(FIGURES[name], rows[1], after), FIGURES[name], *rows)


@cached_table(DIGESTS)
def _digests(dataset: Dataset, code: str) -> pd.DataFrame:
    """The digest of the rows of each figure, as the code with that digest makes them."""
    names = [name for name in FIGURES if name not in DRAWN_ON_REQUEST]
    return typed([{"figure": name, "digest": _digest(_rows(dataset, name))} for name in names], DIGESTS)


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
