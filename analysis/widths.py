"""How many channels does each layer keep?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest

import pandas as pd

from prunelit.analysis.columns import WIDTHS, typed
from prunelit.analysis.load import chosen
from prunelit.analysis.tables import results
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Experiment, Point
from prunelit.schema.walk import curves

_PLACE = ["paper_id", "experiment", "curve", "point"]


def widths(corpus: Corpus | None = None, collection: str | None = None) -> pd.DataFrame:
    """One row a layer of each pruned network whose source prints the widths, from the input to the output.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
    """
    corpus = chosen(corpus, collection)
    layers = pd.DataFrame(
        list(_layers(corpus)), columns=[*_PLACE, "layer", "base_channels", "channels", "channels_std"]
    )
    return typed(layers.merge(results(corpus, corrected=False), on=_PLACE, how="left"), WIDTHS)


def _layers(corpus: Corpus) -> Iterator[tuple[object, ...]]:
    for paper in corpus.papers:
        for path, curve in curves(paper):
            experiment = (paper.experiments or ())[int(path[1])]
            for index, point in enumerate(curve.points or ()):
                for layer, numbers in enumerate(_of(point, experiment), start=1):
                    yield paper.id, path[1], path[3], index, layer, *map(_float, numbers)


def _of(point: Point, experiment: Experiment) -> Iterator[tuple[Decimal | None, ...]]:
    """The channels of each layer before and after pruning, and their deviation."""
    if point.widths:
        before = experiment.base_widths.channels if experiment.base_widths else ()
        yield from zip_longest(before, point.widths.channels, point.widths.std or ())


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
