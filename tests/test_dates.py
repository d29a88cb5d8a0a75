"""Years and months in the dates of bibliographies."""

from __future__ import annotations

import pytest

from prunelit.cli.entry.dates import When, when, when_month


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("2021-03-04T10:00:00Z", 2021, 3),
        ("2021/03/04/", 2021, 3),
        ("20210304", 2021, 3),
        ("2021-00-00", 2021, None),
        ("March 4, 2021", 2021, 3),
        ("03/2021", 2021, 3),
        ("c2021", 2021, None),
        ("1943", 1943, None),
        ("1942", None, None),
        ("in press", None, None),
    ],
)
def test_dates(text: str, year: int | None, month: int | None) -> None:
    assert when(text) == When(year, month)


@pytest.mark.parametrize("text", ["2021-21", "2019/2020", "12/05/2021", "May--June 2021"])
def test_doubtful_dates_are_told(text: str) -> None:
    assert len(when(text).doubts) == 1


@pytest.mark.parametrize(
    ("text", "month"), [("jul", 7), ("Sept.", 9), ("07", 7), ("2021-07", 7), ("3 Jul -- 5 Jul", 7), ("", None)]
)
def test_months(text: str, month: int | None) -> None:
    assert when_month(text) == When(month=month)
