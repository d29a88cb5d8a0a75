"""Comma-separated values that a spreadsheet shows and never runs.

Spreadsheets take a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and text of records comes from
strangers.  Such a text, and one that begins with an apostrophe, gets an apostrophe before it; so whoever takes one
apostrophe from the beginning of every text that has one has the table as it was.  Numbers stay as they are.  Why, and
which characters: OWASP, "CSV Injection".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_RUN = re.compile(r"""['=+\-@\t\r\n＝＋－＠]""")  # noqa: RUF001 - some spreadsheets take full-width signs, too
_NUMBER = re.compile(r"[-+]?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?%?", re.ASCII)


def as_csv(frame: DataFrame) -> str:
    """A table as comma-separated values with a header; an empty cell is unknown, and no text is run as a formula."""
    texts = {str(name): _harmless(column) for name, column in frame.items() if column.dtype in ("string", "object")}
    return frame.assign(**texts).rename(columns=neutral).to_csv(index=False, lineterminator="\n")


def neutral(text: str) -> str:
    """A text as a cell that no spreadsheet runs: with an apostrophe before what one would, or before an apostrophe.

    Example:
        >>> neutral("=1+1"), neutral("-0.5"), neutral("'t Hooft")
        ("'=1+1", '-0.5', "''t Hooft")
    """
    return f"'{text}" if _RUN.match(text) and not _NUMBER.fullmatch(text) else text


def _harmless(column: Series[Any]) -> Series[Any]:
    """The column with every text neutral; most columns repeat few texts, and hardly any holds one that must change."""
    # Arrays of text are slow to go through one by one.
    values = column.dropna().unique().tolist() if column.dtype == "string" else column.tolist()
    changed = {text: neutral(text) for text in {one for one in values if isinstance(one, str)} if neutral(text) != text}
    return (
        column.map(lambda value: changed.get(value, value) if isinstance(value, str) else value) if changed else column
    )
