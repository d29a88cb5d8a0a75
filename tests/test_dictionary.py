"""Do the public tables have the columns, types and units that the data dictionary promises?"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from another_process import cells, tables_of_all, written_elsewhere

import prunelit
from prunelit.analysis.dictionary import TABLES, dictionary_markdown
from prunelit.analysis.frames.columns import Column, typed
from prunelit.schema.corpus import Corpus

DICTIONARY = Path(__file__).parent.parent / "analysis" / "DATA_DICTIONARY.md"

UNITS = {
    "%": ["top1", "top5", "top1_error", "top5_error", "base_top1", "base_top5", "base_top1_error", "base_top5_error"],
    "pp": ["top1_change", "top5_change", "top1_std", "base_top1_std", "top1_max_deviation"],
    "count": ["params", "base_params", "flops", "base_flops", "base_multiply_adds", "seeds"],
    "fraction": ["params_removed", "params_kept", "flops_removed", "flops_kept"],
    "ratio": ["compression_ratio", "speedup"],
}


@cache
def public(table: str) -> pd.DataFrame:
    frame: pd.DataFrame = getattr(prunelit, table)()
    return frame


def rows_of(table: str) -> pd.DataFrame:
    dictionary = prunelit.data_dictionary()
    return dictionary[dictionary["table"] == table]


def test_every_table_of_the_dictionary_is_public() -> None:
    assert set(TABLES) <= set(prunelit.__all__)


@pytest.mark.parametrize("name", sorted(set(prunelit.__all__) - set(TABLES)))
def test_any_other_public_table_describes_its_columns(name: str) -> None:
    public = getattr(prunelit, name)
    is_table = getattr(public, "__annotations__", {}).get("return") == "pd.DataFrame"
    assert not is_table or "Returns:" in (public.__doc__ or "")


@pytest.mark.parametrize("table", TABLES)
def test_table_has_the_columns_of_the_dictionary_in_order(table: str) -> None:
    assert list(public(table).columns) == rows_of(table)["column"].tolist()


@pytest.mark.parametrize("table", TABLES)
def test_table_has_the_types_of_the_dictionary(table: str) -> None:
    types = [str(dtype) for dtype in public(table).dtypes]
    assert types == rows_of(table)["type"].tolist()


@pytest.mark.parametrize("table", sorted(set(TABLES) - {"claims"}))
def test_table_of_no_papers_has_the_same_columns_and_types(table: str, made: Callable[..., Corpus]) -> None:
    empty, full = getattr(prunelit, table)(made()), public(table)
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


@pytest.mark.parametrize("table", TABLES)
def test_table_is_indexed_by_position(table: str) -> None:
    frame = public(table)
    assert list(frame.index) == list(range(len(frame)))


@pytest.mark.parametrize("table", TABLES)
def test_no_column_stands_twice(table: str) -> None:
    assert rows_of(table)["column"].is_unique


WRITTEN_TWICE = sorted(set(tables_of_all()) - {"audit"})
"""The audit's findings are in ``test_audit``."""


@pytest.fixture(scope="module")
def of_another(tmp_path_factory: pytest.TempPathFactory, elsewhere: dict[str, str]) -> dict[str, bytes]:
    """The tables of another process, by file."""
    return written_elsewhere(tmp_path_factory.mktemp("tables"), elsewhere, *WRITTEN_TWICE)


@pytest.mark.parametrize("table", WRITTEN_TWICE)
def test_another_process_makes_the_same_cells(table: str, of_another: dict[str, bytes]) -> None:
    assert len(public(table)) > 0
    assert cells(public(table)) == pickle.loads(of_another[table])


def test_tables_that_are_written_twice_are_those_of_the_dictionary_and_more() -> None:
    assert set(WRITTEN_TWICE) > set(TABLES)


@pytest.mark.parametrize(("unit", "names"), UNITS.items())
def test_quantities_have_the_unit_of_the_design(unit: str, names: list[str]) -> None:
    dictionary = prunelit.data_dictionary()
    rows = dictionary[dictionary["column"].isin(names)]
    assert (set(rows["column"]), set(rows["unit"])) == (set(names), {unit})


def test_every_measured_column_has_a_unit() -> None:
    dictionary = prunelit.data_dictionary()
    measured = dictionary[dictionary["type"] == "float64"]
    assert measured.loc[measured["unit"] == "", "column"].tolist() == []


def test_every_column_has_a_meaning_that_ends_as_a_sentence() -> None:
    dictionary = prunelit.data_dictionary()
    assert dictionary.loc[~dictionary["meaning"].str.endswith("."), ["table", "column"]].values.tolist() == []


def test_every_column_has_a_source() -> None:
    assert (prunelit.data_dictionary()["source"].str.len() > 0).all()


def test_dictionary_has_six_text_columns() -> None:
    dictionary = prunelit.data_dictionary()
    assert list(dictionary.columns) == ["table", "column", "type", "unit", "meaning", "source"]
    assert {str(dtype) for dtype in dictionary.dtypes} == {"string"}


def test_typed_orders_columns_and_fills_what_a_row_lacks() -> None:
    columns = (Column("a", "Int64", "", ""), Column("b", "string", "", ""), Column("c", "float64", "", ""))
    frame = typed([{"c": 1, "surplus": 2, "a": 3}, {"b": "x"}], columns)
    assert list(frame.columns) == ["a", "b", "c"]
    assert frame.astype(object).where(frame.notna(), None).values.tolist() == [[3, None, 1.0], [None, "x", None]]


def test_typed_refuses_what_a_column_cannot_hold() -> None:
    with pytest.raises((TypeError, ValueError)):
        typed([{"a": "three"}], (Column("a", "Int64", "", ""),))


def test_committed_dictionary_is_fresh() -> None:
    command = "python -m prunelit.analysis.dictionary > analysis/DATA_DICTIONARY.md"
    committed = DICTIONARY.read_text(encoding="utf-8")
    assert committed == dictionary_markdown(), f"out of date; run: {command}"


def test_every_row_of_the_committed_dictionary_has_five_cells() -> None:
    rows = [line for line in DICTIONARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6}


def test_committed_dictionary_has_a_row_for_every_column() -> None:
    rows = [line for line in DICTIONARY.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(rows) == len(prunelit.data_dictionary())
