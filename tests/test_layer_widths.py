"""Do the widths of layers reach the table as the sources print them?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pandas as pd
import pytest
from pydantic import ValidationError

import prunelit
from prunelit.schema.corpus import Corpus
from prunelit.schema.walk import experiments, points
from prunelit.schema.widths import Widths

RECORD = """
id: ada2015title
experiments:
  - architecture: VGG-16
    collections: [c]
    base_widths: {channels: [64, 128], total: 192}
    curves:
      - origin: own
        points: [{seeds: 5, widths: {channels: [39.0, 127.8], std: [3.7, 0.4], total: 166.8}}]
"""


@pytest.fixture
def table(made: Callable[..., Corpus]) -> pd.DataFrame:
    return prunelit.layer_widths(made(RECORD))


def test_a_row_is_a_layer(table: pd.DataFrame) -> None:
    assert table[["layer", "base_channels", "channels", "channels_std"]].to_numpy().tolist() == [
        [1, 64, 39.0, 3.7],
        [2, 128, 127.8, 0.4],
    ]


def test_a_row_knows_its_network(table: pd.DataFrame) -> None:
    assert set(zip(table["architecture"], table["seeds"], strict=True)) == {("VGG-16", 5)}


def test_without_widths_there_is_no_row(made: Callable[..., Corpus]) -> None:
    assert prunelit.layer_widths(made("id: ada2015title")).empty


def test_each_layer_has_its_deviation() -> None:
    with pytest.raises(ValidationError, match="each of the 2 layers, found 1"):
        Widths(channels=(Decimal(1), Decimal(2)), std=(Decimal(1),))


def test_widths_read_as_the_source_prints_them() -> None:
    widths = Widths(
        channels=(Decimal("39.0"), Decimal("64.0")), std=(Decimal("3.7"), Decimal("0.0")), total=Decimal(103)
    )
    assert str(widths) == "39.0 ± 3.7, 64.0 ± 0.0; 103 in all"


def test_shipped_totals_are_the_sums_of_their_layers(whole: Corpus) -> None:
    holders = [one for paper in whole.papers for _, one in (*experiments(paper), *points(paper))]
    widths = [getattr(one, "base_widths", None) or getattr(one, "widths", None) for one in holders]
    totals = [(sum(one.channels), one.total) for one in widths if one and one.total is not None]
    assert totals
    assert all(added == total for added, total in totals)
