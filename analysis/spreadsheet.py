"""Comma-separated values that a spreadsheet shows and never runs.

Spreadsheets take a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and text of records comes from
strangers.  Such a text, and one that begins with an apostrophe, gets an apostrophe before it; so whoever takes one
apostrophe from the beginning of every text that has one has the table as it was.  Numbers stay as they are.  Why, and
which characters: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re
from csv import writer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_RUN = re.compile(r"""['=+\-@\t\r\n＝＋－＠]""")  # noqa: RUF001 - some spreadsheets take full-width signs, too
_NUMBER = re.compile(r"[-+]?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?%?", re.ASCII)


def as_csv(frame: DataFrame) -> str:
    """A table as comma-separated values with a header; an empty cell is unknown, and no text is run as a formula."""
    # As pandas writes it, which takes four times as long for the few rows that most tables of the site have.
    rows = _Rows()
    table = writer(rows, lineterminator=_END)
    table.writerow([neutral(str(name)) for name in frame.columns])
    table.writerows(zip(*(_cells(column) for _, column in frame.items()), strict=True))
    return "".join(f"{row.removesuffix(_END)}\n" for row in rows)


_END = "\r\n"
"""How rows end for the writer: of older Pythons, it quotes a cell for a sign of line ends only where rows end in it."""


class _Rows(list[str]):
    """Rows as a writer gives them, one by one."""

    def write(self, row: str) -> None:
        self.append(row)


def neutral(text: str) -> str:
    """A text as a cell that no spreadsheet runs: with an apostrophe before what one would, or before an apostrophe.

    Example:
        >>> neutral("=1+1"), neutral("-0.5"), neutral("'t Hooft")
        ("'=1+1", '-0.5', "''t Hooft")
    """
    return f"'{text}" if _RUN.match(text) and not _NUMBER.fullmatch(text) else text


def _cells(column: Series[Any]) -> list[Any]:
    """The cells of a column with every text neutral; most columns repeat few texts."""
    known = zip(column.tolist(), column.notna().tolist(), strict=True)
    cells = [value if is_known else "" for value, is_known in known]
    if column.dtype.kind != "O":
        return cells
    told = {text: neutral(text) for text in {one for one in cells if isinstance(one, str)}}
    return [told[one] if isinstance(one, str) else one for one in cells]
