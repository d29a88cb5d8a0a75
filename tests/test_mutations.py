"""Can a shipped record be damaged in a way that crashes the reader, or that nobody notices?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from prunelit.analysis.dataset import dataset
from prunelit.schema.corpus import shipped
from prunelit.schema.export import schemas
from prunelit.schema.problems import Path as Steps
from prunelit.schema.reading import parse
from prunelit.schema.record import Paper
from prunelit.schema.rules import check_corpus
from prunelit.schema.validation import read_bytes
from prunelit.schema.values import OPERATION_SUFFIXES, PARAMETER_SUFFIXES

Pairs: TypeAlias = list[tuple[str, Any]]

EVERYTHING = Path(__file__).parent / "records" / "valid" / "everything.yaml"
SOURCES = [*sorted((shipped() / "papers").glob("*.yaml")), EVERYTHING]
TEXTS = [file.read_text(encoding="utf-8") for file in SOURCES]
VALUES = [parse(text, file.name)[0] for file, text in zip(SOURCES, TEXTS, strict=True)]
CORPUS = dataset().corpus
SCHEMA = Draft202012Validator(schemas()["record.schema.json"])
POWERS = dict(zip("KMGBT", (3, 6, 9, 9, 12), strict=True))

numbers = st.one_of(st.integers(-200, 10**12), st.decimals(-200, 200, places=2), st.decimals(0, 1, places=3))
texts = st.sampled_from(
    ["", " x", "x y", "25.6M", "no", "12:30", "1e-3", "own", "../x", "<b>", "\n", "=1+1", "x" * 3000]
)
scalars = st.one_of(numbers, texts, st.booleans())
values = st.one_of(scalars, st.lists(scalars, max_size=2), st.dictionaries(st.sampled_from("ab"), scalars, max_size=2))


def places(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """The path of every value within a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in inside:
        yield (*path, step)
        yield from places(inner, (*path, step))


def changed(value: Any, path: Steps, change: Callable[[Any, Any], Any]) -> Any:
    """The value, with ``change(container, step)`` instead of the container that ``path`` ends in."""
    step, rest = path[0], path[1:]
    if not rest:
        return change(value, step)
    inner = changed(value[step], rest, change)
    return (value | {step: inner}) if isinstance(value, dict) else [*value[:step], inner, *value[step + 1 :]]  # type: ignore[operator]


def written(value: Any) -> str:
    """The value in YAML's flow notation; pairs stand for a mapping."""
    if isinstance(value, tuple):
        return "{" + ", ".join(f"{json.dumps(key)}: {written(one)}" for key, one in value) + "}"
    if isinstance(value, dict):
        return written(tuple(value.items()))
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | int) else f"{value:f}"


def dropped(container: Any, step: Any) -> Any:
    if isinstance(container, dict):
        return {key: one for key, one in container.items() if key != step}
    return [*container[:step], *container[step + 1 :]]


def replaced(new: Any) -> Callable[[Any, Any], Any]:
    def change(container: Any, step: Any) -> Any:
        if isinstance(container, dict):
            return container | {step: new}
        return [*container[:step], new, *container[step + 1 :]]

    return change


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


def meaning(value: Any) -> Any:
    """A value as written, for comparison: numbers with their digits, counts written out."""
    if isinstance(value, BaseModel):
        return {name: meaning(getattr(value, name)) for name in value.model_fields_set}
    if isinstance(value, dict):
        return {key: meaning(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [meaning(one) for one in value]
    if isinstance(value, str) and value[-1:] in {*PARAMETER_SUFFIXES, *OPERATION_SUFFIXES} and value[:1].isdigit():
        number = value[:-1]
        return str(Decimal(number).scaleb(POWERS[value[-1]])) if number.replace(".", "", 1).isdigit() else value
    return value if isinstance(value, bool) else str(value)


def has_integral_decimal(value: Any) -> bool:
    """Whether a value holds a number such as ``2015.0``, which is an integer for JSON Schema alone."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = isinstance(value, Decimal) and value == value.to_integral_value()
    return own or any(has_integral_decimal(one) for one in inside)


def read(text: str) -> tuple[Paper | None, list[str]]:
    document, problems = read_bytes(text.encode(), Paper, "corpus/papers/record.yaml")
    assert (document is None) == bool(problems)
    return document.value if document else None, [problem.rule for problem in problems]


def assert_nothing_is_silent(value: Any) -> None:
    """What is accepted is read as it is written, and the JSON Schema, an independent judge, accepts it too."""
    paper, _ = read(written(value))
    if paper is not None:
        assert meaning(paper) == meaning(value)
    if paper is not None or not has_integral_decimal(value):
        assert SCHEMA.is_valid(as_json(value)) == (paper is not None)


@st.composite
def spots(draw: st.DrawFn) -> tuple[Any, Steps]:
    """A record, and the path of a value in it."""
    value = draw(st.sampled_from(VALUES))
    return value, draw(st.sampled_from(list(places(value))))


@pytest.mark.parametrize("value", VALUES, ids=[file.stem for file in SOURCES])
def test_notation_of_these_tests_keeps_the_meaning(value: Any) -> None:
    paper, problems = read(written(value))
    assert problems == []
    assert meaning(paper) == meaning(value)


@given(spots())
def test_drop(spot: tuple[Any, Steps]) -> None:
    value, path = spot
    assert_nothing_is_silent(changed(value, path, dropped))


@given(spots(), values)
def test_retype(spot: tuple[Any, Steps], new: Any) -> None:
    value, path = spot
    assert_nothing_is_silent(changed(value, path, replaced(new)))


@given(spots(), st.data())
def test_swap(spot: tuple[Any, Steps], data: st.DataObject) -> None:
    value, path = spot
    other: Any = value
    for step in data.draw(st.sampled_from(list(places(value)))):
        other = other[step]
    assert_nothing_is_silent(changed(value, path, replaced(other)))


@given(spots(), st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12))
def test_rename(spot: tuple[Any, Steps], new: str) -> None:
    value, path = spot

    def rename(container: Any, step: Any) -> Any:
        if isinstance(container, list):
            return container
        return {(f"{key}_{new}" if key == step else key): one for key, one in container.items()}

    paper, problems = read(written(changed(value, path, rename)))
    assert (paper is None) == isinstance(path[-1], str)
    assert set(problems) <= {"unknown-key", "missing-key", "locator", "points", "empty-point"}


@given(spots())
def test_duplicate_key(spot: tuple[Any, Steps]) -> None:
    value, path = spot

    def twice(container: Any, step: Any) -> Any:
        return (*container.items(), (step, container[step])) if isinstance(container, dict) else container

    _, problems = read(written(changed(value, path, twice)))
    assert problems == (["duplicate-key"] if isinstance(path[-1], str) else [])


@given(spots())
def test_order_of_keys_means_nothing(spot: tuple[Any, Steps]) -> None:
    value, path = spot

    def reverse(container: Any, step: Any) -> Any:
        return dict(reversed(container.items())) if isinstance(container, dict) else container

    paper, _ = read(written(changed(value, path, reverse)))
    assert meaning(paper) == meaning(value)


@given(st.sampled_from(VALUES), st.data())
def test_truncated_flow_notation_is_refused(value: Any, data: st.DataObject) -> None:
    text = written(value)
    paper, _ = read(text[: data.draw(st.integers(0, len(text) - 1))])
    assert paper is None


@given(st.sampled_from(TEXTS), st.data())
def test_truncated_file_crashes_nothing(text: str, data: st.DataObject) -> None:
    read(text[: data.draw(st.integers(0, len(text)))])


HOSTILE = [
    "&a ",
    "*a",
    "!!str ",
    "<<: ",
    "---\n",
    "...\n",
    "\t",
    "- ",
    ": ",
    "? ",
    "{",
    "]",
    '"',
    "'",
    "|\n",
    "# ",
    "%TAG ! x\n",
]
HOSTILE += [
    "\x00",
    "\u202e",
    "\ufeff",
    "\r",
    "\x85",
    "\\u0000",
    "'\\x00'",
    "null",
    "~",
    "9" * 50,
    ".nan",
    "\n\n",
    "😀",
    "@",
    "`",
]


@given(st.sampled_from(TEXTS), st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3), st.data())
def test_injection_crashes_nothing(text: str, snippets: list[str], data: st.DataObject) -> None:
    for snippet in snippets:
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + snippet + text[at:]
    read(text)


@given(st.sampled_from(TEXTS), st.data())
def test_flipped_bytes_crash_nothing(text: str, data: st.DataObject) -> None:
    raw = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    read_bytes(bytes(raw), Paper, "record.yaml")


@given(spots(), values)
def test_rules_between_records_crash_on_nothing(spot: tuple[Any, Steps], new: Any) -> None:
    value, path = spot
    document, _ = read_bytes(written(changed(value, path, replaced(new))).encode(), Paper, "corpus/papers/record.yaml")
    if document is not None:
        papers, documents = (*CORPUS.papers, document.value), (*CORPUS.documents, document)
        check_corpus(replace(CORPUS, papers=papers, documents=documents))
