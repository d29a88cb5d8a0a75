"""Legends in which no two entries read the same."""

from __future__ import annotations

import pytest

from prunelit.figures.series import SHOWN, uncut

LONG = "x" * SHOWN


@pytest.mark.parametrize(
    ("names", "whole"),
    [
        (("a", "b"), False),
        ((LONG + "1", "b"), False),
        ((LONG + "1", LONG + "2"), True),
        ((LONG, LONG + "2"), True),
        ((LONG[1:] + "1", LONG[1:] + "2"), False),
    ],
)
def test_names_stand_whole_where_they_would_read_the_same(names: tuple[str, ...], whole: bool) -> None:
    assert ("labelLimit" in uncut(names).to_dict()) == whole
