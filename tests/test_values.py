"""Are numbers, counts and texts accepted, bounded and kept with their digits as the schema says?"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict, TypeAdapter, ValidationError

from prunelit.schema import patterns, values
from prunelit.schema.values import Accuracy, OperationCount, ParameterCount, precision


def form_of(name: str) -> Any:
    return getattr(values, name, None) or getattr(patterns, name)


def read(form: Any, value: Any) -> Any:
    """What a field of this form makes of a value."""
    return TypeAdapter(form, config=ConfigDict(strict=True, regex_engine="python-re")).validate_python(value)


def digits(value: Decimal) -> str:
    return str(value)


@pytest.mark.parametrize("written", ["76", "76.0", "76.00", "0.10"])
def test_number_keeps_its_digits(written: str) -> None:
    assert digits(read(Accuracy, Decimal(written))) == written


@given(st.decimals(0, 100, places=3))
def test_accuracy_is_what_was_written(value: Decimal) -> None:
    assert digits(read(Accuracy, value)) == digits(value)


COUNTS = {"25.6M": "2.56E+7", "61.000M": "61000000", "431K": "4.31E+5", "1.50B": "1.50E+9", "0.5K": "5E+2"}


@pytest.mark.parametrize(("written", "value"), COUNTS.items())
def test_count_with_suffix_is_a_number_with_the_same_digits(written: str, value: str) -> None:
    found = read(ParameterCount, written)
    assert (found, found.as_tuple().digits) == (Decimal(value), Decimal(written[:-1]).as_tuple().digits)


def test_count_without_suffix_is_whole() -> None:
    assert read(ParameterCount, 431000) == 431000


def test_operations_may_be_in_tera() -> None:
    assert read(OperationCount, "1.2T") == Decimal("1.2E12")


REFUSED: list[tuple[str, Any]] = [
    ("Accuracy", Decimal("100.01")),
    ("Accuracy", -1),
    ("Accuracy", "76"),
    ("Accuracy", True),
    ("Accuracy", 76.0),
    ("Accuracy", Decimal("NaN")),
    ("Accuracy", Decimal("Infinity")),
    ("Change", Decimal("-100.1")),
    ("Fraction", Decimal("1.0001")),
    ("Fraction", -1),
    ("Ratio", 0),
    ("Number", None),
    ("ParameterCount", "25.6m"),
    ("ParameterCount", "25,6M"),
    ("ParameterCount", "25.6 M"),
    ("ParameterCount", "25.6M\n"),
    ("ParameterCount", "025M"),
    ("ParameterCount", "1.2T"),
    ("ParameterCount", "-1M"),
    ("ParameterCount", "٣M"),
    ("ParameterCount", "1000"),
    ("ParameterCount", 0),
    ("ParameterCount", "0M"),
    ("ParameterCount", Decimal("4.09")),
    ("ParameterCount", True),
    ("OperationCount", "4B"),
    ("Flag", False),
    ("Flag", 1),
    ("Flag", "true"),
    ("Label", True),
    ("Label", Decimal("2.1")),
    ("Label", ""),
    ("Text", ""),
    ("Text", " x"),
    ("Text", "x\n"),
    ("Text", "x\ry"),
    ("Text", "x" * 2001),
    ("PaperId", "Han2015"),
    ("PaperId", "../han2015"),
    ("PaperId", "han2015\n"),
    ("PaperId", "ab"),
    ("Key", "two words"),
    ("Url", "javascript:alert(1)"),
    ("Url", "ftp://example.org"),
    ("Url", 'https://example.org/"x'),
    ("Url", "https://example.org/\n"),
    ("FileName", "../x.csv"),
    ("FileName", "x.csv.exe"),
    ("FileName", "folder/x.csv"),
    ("FileName", ".csv"),
    ("ArxivId", "arXiv:1506.02626"),
    ("ArxivId", "1506.02626v1"),
    ("ArxivId", "1506.2626"[:-1]),
    ("Doi", "https://doi.org/10.1109/x"),
    ("Doi", "10.1/x"),
    ("Repository", "../.."),
    ("Repository", "owner"),
    ("Commit", "main"),
    ("Commit", "B244974"),
    ("IsoDate", "2026-13-01"),
    ("IsoDate", "2026-1-1"),
]


@pytest.mark.parametrize(("form", "value"), REFUSED, ids=repr)
def test_refused(form: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        read(form_of(form), value)


ACCEPTED: list[tuple[str, Any]] = [
    ("Accuracy", 0),
    ("Accuracy", 100),
    ("Change", -100),
    ("Fraction", 1),
    ("Ratio", Decimal("0.9")),
    ("Flag", True),
    ("Label", 7),
    ("Label", "7a"),
    ("Text", "x"),
    ("Text", "<b>µ</b> & “co”"),
    ("Url", "https://example.org/a?b=c&d=(e)#f"),
    ("FileName", "gale2019state-magnitude.csv"),
    ("ArxivId", "1506.02626"),
    ("ArxivId", "cs/0112017"),
    ("Doi", "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2"),
    ("Repository", "JJGO/shrinkbench"),
    ("Commit", "b244974"),
    ("IsoDate", "2026-11-20"),
]


@pytest.mark.parametrize(("form", "value"), ACCEPTED, ids=repr)
def test_accepted_as_it_is(form: str, value: Any) -> None:
    assert read(form_of(form), value) == value


PRECISIONS = {"76.13": "0.01", "76.0": "0.1", "76": "1", "2.56E+7": "1E+5"}


@pytest.mark.parametrize(("value", "unit"), PRECISIONS.items())
def test_precision_is_one_unit_of_the_last_digit(value: str, unit: str) -> None:
    assert digits(precision(Decimal(value))) == unit


def test_classes_of_patterns_are_spelt_out() -> None:
    assert [pattern for pattern in patterns.FORMS if re.search(r"\\[dwDW]", pattern)] == []
