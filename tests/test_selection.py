"""Which rows does a condition that somebody wrote pick, and which conditions are refused?"""

from __future__ import annotations

import pandas as pd
import pytest

from prunelit.analysis.selection import MAX_CONDITION, selected
from prunelit.schema.problems import ArgumentError, UnknownNameError

TABLE = pd.DataFrame(
    {"name": ["a", "b", None, "d"], "top1": [70.0, 75.0, 80.0, None], "year": [2015, None, 2019, 2020]}
).astype({"name": "string", "year": "Int64"})


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("top1 >= 75", [1, 2]),
        ("top1 > 75", [2]),
        ("70 <= top1 < 80", [0, 1]),
        ("year == 2019 or name == 'a'", [0, 2]),
        ("not year >= 2019", [0]),
        ("name in ['a', 'd']", [0, 3]),
        ("name not in ['a', 'd']", [1, 2]),
        ("name.str.contains('b|d')", [1, 3]),
        ("name.isna()", [2]),
        ("top1.between(70, 75)", [0, 1]),
        ("top1 - 70 == 5", [1]),
        ("  year <= 2015 ", [0]),
    ],
)
def test_rows_for_which_a_condition_holds(condition: str, rows: list[int]) -> None:
    assert selected(TABLE, condition).index.tolist() == rows


def test_an_unknown_column_is_told_with_the_nearest_one() -> None:
    with pytest.raises(UnknownNameError, match="no column 'yaer'; did you mean 'year'"):
        selected(TABLE, "yaer > 2015")


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("year = 2015", "cannot be read at character 6"),
        ("", "cannot be read"),
        ("top1 +", "cannot be read"),
        ("top1 + 1", "neither true nor false of a row"),
        ("2 > 1", "neither true nor false of a row"),
        ("top1 > 'a'", "cannot tell of which rows"),
        ("@pd", "cannot be read"),
        ("name.str.contains('(')", "cannot tell of which rows"),
        ("__import__('os').system('true') == 0", "no place in a condition"),
        ("name.__class__ == 1", "'name.__class__' has no place"),
        ("name.map(name) == 1", "'name.map' has no place"),
        ("[top1 for year in name]", "no place in a condition"),
        ("(lambda: 1)() == 1", "no place in a condition"),
        ("top1 ** 9 > 1", "'pow' has no place"),
        ("name == 'a' * 1000000000", "has no place"),
        ("top1 in [1] * 1000000000", "has no place"),
        ("top1[0] > 1", "no place in a condition"),
        ("year > 1\n__import__('os')", "cannot be read"),
        ("(" * 500 + "top1" + ")" * 500 + " > 1", "cannot be read"),
    ],
)
def test_what_is_no_condition_is_refused(condition: str, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        selected(TABLE, condition)


def test_a_condition_may_be_so_long_and_no_longer() -> None:
    longest = "top1 > 1".ljust(MAX_CONDITION)
    assert len(selected(TABLE, longest)) == 3
    with pytest.raises(ArgumentError, match="at most 2,000 characters; this has 2,001"):
        selected(TABLE, longest + " ")
