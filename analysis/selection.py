"""Selection of rows of a table by a condition that somebody wrote.

A condition is what :meth:`pandas.DataFrame.query` takes, without its ways into Python: columns, numbers, texts and
lists of them, compared and joined by ``and``, ``or`` and ``not``, and the few methods of :data:`CALLABLE`.  It is taken
apart and checked before pandas sees it, so that text from anywhere can be used.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pandas as pd

from prunelit.schema.problems import ArgumentError, UnknownNameError, printable

CALLABLE = (
    "isna",
    "notna",
    "isin",
    "between",
    "abs",
    "contains",
    "startswith",
    "endswith",
    "lower",
    "upper",
    "len",
)
"""Methods of columns that a condition may call; those of text stand behind ``.str``."""

MAX_CONDITION = 2_000
"""Characters of a condition."""

_PARTS = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd, ast.Compare, ast.Eq,
    ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div,
    ast.Name, ast.Load, ast.Constant, ast.List, ast.Tuple, ast.Call, ast.Attribute, ast.keyword,
)  # fmt: skip


def selected(table: pd.DataFrame, condition: str) -> pd.DataFrame:
    """The rows for which a condition holds, in their order; where it is unknown, it does not hold.

    Args:
        table: Any table.
        condition: Such as ``"dataset == 'ImageNet' and speedup >= 2"``.

    Raises:
        UnknownNameError: if the table has no such column.
        ArgumentError: if it is no condition, or compares what cannot be compared.

    Example:
        >>> from prunelit import papers
        >>> selected(papers(collection="blalock2020"), "year < 1995")["paper_id"].tolist()
        ['hassibi1993optimal', 'lecun1990optimal']
    """
    holds = _evaluated(table, condition)
    if not isinstance(holds, pd.Series) or not pd.api.types.is_bool_dtype(holds):
        raise ArgumentError(condition, f"no condition: '{printable(condition)}' is neither true nor false of a row")
    return table[holds.fillna(False).astype(bool)]


def _evaluated(table: pd.DataFrame, condition: str) -> object:
    _check(_parsed(condition), condition, table.columns)
    try:
        return table.eval(condition, engine="python", local_dict={}, global_dict={})
    except Exception as error:  # pandas raises whatever the comparison of two types raises
        message = f"cannot tell of which rows '{printable(condition)}' is true: {printable(str(error))}"
        raise ArgumentError(condition, message) from None


def _parsed(condition: str) -> ast.Expression:
    if len(condition) > MAX_CONDITION:
        raise ArgumentError(
            condition, f"a condition has at most {MAX_CONDITION:,} characters; this has {len(condition):,}"
        )
    try:
        return ast.parse(condition.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = f" at character {error.offset}" if isinstance(error, SyntaxError) and error.offset else ""
        message = f"no condition: '{printable(condition)}' cannot be read{place}; expected such as \"speedup >= 2\""
        raise ArgumentError(condition, message) from None


def _check(expression: ast.Expression, condition: str, columns: Iterable[str]) -> None:
    known = tuple(map(str, columns))
    for node in ast.walk(expression):
        if isinstance(node, ast.Name) and node.id not in known:
            raise UnknownNameError("column", node.id, known)
        if not isinstance(node, _PARTS) or _is_foreign_method(node) or _is_repetition(node):
            part = printable(ast.unparse(node)) or type(node).__name__.lower()  # an operator by its name
            allowed = f"columns, numbers, texts, lists, comparisons, and, or, not, and {', '.join(CALLABLE)}"
            raise ArgumentError(condition, f"'{part}' has no place in a condition; it may hold {allowed}")


def _is_foreign_method(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr not in (*CALLABLE, "str")


def _is_repetition(node: ast.AST) -> bool:
    """Whether texts or lists are multiplied, which is no arithmetic, and may fill the memory."""
    return isinstance(node, ast.BinOp) and any(
        isinstance(side, ast.List | ast.Tuple)
        or (isinstance(side, ast.Constant) and not isinstance(side.value, int | float))
        for side in (node.left, node.right)
    )
