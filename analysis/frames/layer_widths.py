"""Widths of layers: the channels that each layer of a pruned network keeps."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest

import pandas as pd

from prunelit.analysis.frames.columns import (
    COUNT,
    LOCATOR,
    NOTE,
    NUMBER,
    SEEDS,
    WHAT,
    WHO,
    Column,
    columns_named,
    typed,
)
from prunelit.analysis.frames.measurements import PLACE
from prunelit.schema.corpus import Corpus
from prunelit.schema.walk import Row

LAYER_WIDTHS = (
    *WHO,
    *columns_named(
        WHAT, "experiment", "curve", "point", "dataset", "architecture", "method", "method_label", "pruned_model"
    ),
    Column("layer", COUNT, "", "Number of the convolutional layer, from 1 at the input."),
    Column("base_channels", NUMBER, "count", "Channels before pruning.", "Experiment.base_widths"),
    Column("channels", NUMBER, "count", "Channels after pruning; the mean over the seeds.", "Point.widths"),
    Column("channels_std", NUMBER, "count", "Standard deviation of the channels over the seeds.", "Point.widths"),
    SEEDS,
    LOCATOR,
    NOTE,
)  # fmt: skip
"""Columns of ``layer_widths()``: one row a layer of a pruned network whose source prints the widths."""


def layer_widths_table(results: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """One row a layer of each pruned network whose source prints the widths; columns :data:`LAYER_WIDTHS`.

    Args:
        results: Rows as of ``results()``.
        corpus: The records that they come from.
    """
    names = [*PLACE, "layer", "base_channels", "channels", "channels_std"]
    layers = pd.DataFrame([cells for row in corpus.rows() for cells in _layers(row)], columns=names)
    return typed(layers.merge(results, on=PLACE, how="left"), LAYER_WIDTHS)


def _layers(row: Row) -> Iterator[tuple[object, ...]]:
    """Where the network stands, and of each layer the channels before and after pruning, and their deviation."""
    if row.point is None or row.point.widths is None:
        return
    before = row.experiment.base_widths.channels if row.experiment.base_widths else ()
    numbers = zip_longest(before, row.point.widths.channels, row.point.widths.std or ())
    for layer, channels in enumerate(numbers, start=1):
        place = (row.paper.id, row.experiment_index, row.curve_index, row.point_index)
        yield *place, layer, *map(_float, channels)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
