"""Does a spreadsheet run nothing of a table, and is the table the same once it is read again?"""

from __future__ import annotations

from csv import reader
from io import StringIO

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunelit.analysis.spreadsheet import as_csv, neutral

RUN = ["=1+1", "+1+cmd", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\uff1d1+1", "'=1", "-", "--help"]
SHOWN = ["ResNet-50", "a=b", "-0.5", "+1.20", "-1,000", "-5%", "1e-3", "", "−1", "x'y"]


@pytest.mark.parametrize("text", RUN)
def test_what_would_be_run_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_only_shown_stays(text: str) -> None:
    assert neutral(text) == text


def test_names_of_columns_are_not_run_either() -> None:
    assert as_csv(pd.DataFrame({"=1": [-0.5]})) == "'=1\n-0.5\n"


def test_a_table_without_formulas_is_as_pandas_writes_it() -> None:
    table = pd.DataFrame(
        {"text": pd.array(["a,b", None], dtype="string"), "number": [-1.5, None], "flag": [True, None]}
    )
    assert as_csv(table) == table.to_csv(index=False, lineterminator="\n")


@pytest.mark.parametrize("text", ["x\ry", "x\ny", "x\r\ny", "y\r\n", "y\r"])
def test_a_line_end_in_a_text_splits_no_row(text: str) -> None:
    written = as_csv(pd.DataFrame({"text": [text], "at": 1}))
    assert written == f'text,at\n"{text}",1\n'
    assert [*reader(StringIO(written, newline=""))] == [["text", "at"], [text, "1"]]


@given(st.lists(st.text(st.sampled_from("=+-@'ab1.,% \"\n"), min_size=1), min_size=1))
def test_apostrophes_taken_away_the_table_is_the_same(texts: list[str]) -> None:
    read = pd.read_csv(StringIO(as_csv(pd.DataFrame({"text": texts, "at": 1}))), dtype=str, keep_default_na=False)
    assert read["text"].str.removeprefix("'").tolist() == texts
