"""Year and month in the dates of bibliographies."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"(?<!\d)(?:194[3-9]|19[5-9]\d|20\d\d)(?!\d)")
_ISO = re.compile(r"(?<!\d)(194[3-9]|19[5-9]\d|20\d\d)[-/.](\d\d?)(?!\d)")
_COMPACT = re.compile(r"(194[3-9]|19[5-9]\d|20\d\d)(\d\d)\d\d")
_MONTH_BEFORE = re.compile(r"(?<!\d)(\d\d?[/.])?(\d\d?)[/.](?:19|20)\d\d(?!\d)")


@dataclass(frozen=True)
class When:
    """A year and a month as far as a text states them, and what is doubtful about them."""

    year: int | None = None
    month: int | None = None
    doubts: tuple[str, ...] = ()


def when(text: str) -> When:
    """The first year and month of a date or of a range of dates, in ISO 8601 or in words.

    Example:
        >>> when("2021-01-04/2021-01-10")
        When(year=2021, month=1, doubts=())
        >>> when("13--18 Jul 2020").month
        7
    """
    if iso := _ISO.search(text) or _COMPACT.fullmatch(text.strip()):
        month = int(iso[2]) if 1 <= int(iso[2]) <= 12 else None
        doubts = () if month or int(iso[2]) == 0 else (f"'{text}' names no month",)
        return When(int(iso[1]), month, doubts)
    years = list(dict.fromkeys(map(int, _YEAR.findall(text))))
    read = when_month(text) if years and re.search(r"[^\W\d_]{3}", text) else When()
    several = (f"'{text}' names several years; the first is taken",) if len(years) > 1 else ()
    if years and (before := _MONTH_BEFORE.search(text)):
        read = _month_before(before, text)
    return When(years[0] if years else None, read.month, several + read.doubts)


def _month_before(found: re.Match[str], text: str) -> When:
    """The month in ``04/2021``; ``12/05/2021`` leaves it open."""
    if found[1]:
        return When(doubts=(f"'{text}' does not tell day from month",))
    return When(month=int(found[2]) if 1 <= int(found[2]) <= 12 else None)


def when_month(text: str) -> When:
    """The month in ``jun``, ``June``, ``6``, ``06``, ``June 3`` or ``13--18 Jul``.

    Example:
        >>> when_month("Spring").doubts
        ("the month 'Spring' is none that can be read; left out",)
    """
    words = [word[:3] for word in re.findall(r"[^\W\d_]+", text.casefold())]
    named = list(dict.fromkeys(MONTHS.index(word) + 1 for word in words if word in MONTHS))
    if named:
        return When(month=named[0], doubts=(f"'{text}' names several months; the first is taken",) * (len(named) > 1))
    number = re.fullmatch(r"\s*(?:\d{4}-)?0?([1-9]|1[0-2])\s*", text)
    if number or not text.strip():
        return When(month=int(number[1]) if number else None)
    return When(doubts=(f"the month '{text.strip()}' is none that can be read; left out",))
