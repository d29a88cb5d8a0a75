"""Is every field of every record and shared file told when it changes?  Fields and values come from the models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from html import unescape
from typing import Annotated, Any, NamedTuple, TypeAlias

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from prunelit import dataset
from prunelit.analysis.diff.statements import IRRELEVANT
from prunelit.analysis.pages.changes import TELLING, Changes
from prunelit.analysis.pages.markdown import as_markdown
from prunelit.cli.page import as_html
from prunelit.schema.corpus import SHARED, Corpus
from prunelit.schema.fields import parts
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.sweeps import SweepPoint

CONFIG = ConfigDict(strict=True, regex_engine="python-re")
Steps: TypeAlias = tuple[str, ...]
ROOTS: dict[str, type[BaseModel]] = {"paper": Paper} | {
    part: parts(model)[name] for model in SHARED.values() for part, name in model.parts().items()
}
"""What a corpus holds: papers, and the entries of each part of a shared file."""
USUAL = ("Lovelace", "https://example.org/a", "lovelace", Decimal("0.5"), 3, True)
"""Values for fields without an example."""


class Leaf(NamedTuple):
    """A field that holds no other model: where it is, and in what model."""

    root: str
    steps: Steps
    model: type[BaseModel]

    def __str__(self) -> str:
        return f"{self.root}.{'.'.join(self.steps)}"


def leaves(root: str, model: type[BaseModel], above: Steps = ()) -> Iterator[Leaf]:
    for name in model.model_fields:
        if part := parts(model).get(name):
            yield from leaves(root, part, (*above, name))
        else:
            yield Leaf(root, (*above, name), model)


LEAVES = [leaf for root, model in ROOTS.items() for leaf in leaves(root, model)]
TOLD = [leaf for leaf in LEAVES if (leaf.model, leaf.steps[-1]) not in IRRELEVANT]
PARTS = sorted({(leaf.root, leaf.steps[: at + 1]) for leaf in LEAVES for at in range(len(leaf.steps) - 1)})


@cache
def adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    found = model.model_fields[name]
    return TypeAdapter(Annotated[(found.annotation, *found.metadata, name)], config=CONFIG)  # type: ignore[arg-type]


def exactly(example: object) -> object:
    """A value as YAML is read, with the digits of numbers."""
    if isinstance(example, list):
        return [exactly(one) for one in example]
    return Decimal(str(example)) if isinstance(example, float) else example


def valid(model: type[BaseModel], name: str, candidates: Iterator[object]) -> Iterator[object]:
    """Those of the values that the field can hold."""
    for value in candidates:
        try:
            adapter(model, name).validate_python(value)
            yield value
        except ValidationError:
            pass


@cache
def written(model: type[BaseModel], name: str) -> tuple[object, object]:
    """Two values of a field as a file has them; the second is None for one that can hold no other."""
    usual = [*USUAL, *([one] for one in USUAL), *([one, one] for one in USUAL)]
    examples = [exactly(one) for one in model.model_fields[name].examples or ()]
    first = next(valid(model, name, iter([*literals(model, name), *examples, *usual])))
    others = valid(model, name, iter([*literals(model, name), *another(first)]))
    return first, next((one for one in others if str(one) != str(first)), None)


def literals(model: type[BaseModel], name: str) -> list[object]:
    schema = adapter(model, name).json_schema()
    found = [schema, *schema.get("anyOf", ())]
    values = [value for one in found for value in (*one.get("enum", ()), *one.get("items", {}).get("enum", ()))]
    return [*values, *([value] for value in values)]


def another(value: object) -> Iterator[object]:
    """Values that are like another one."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | Decimal):
        yield from (value + 1, value - 1, value / 2 if isinstance(value, Decimal) else 0, value / Decimal(8))
    elif isinstance(value, str):
        yield from (f"{value}x", f"x{value}", f"{value}1", f"{value[:-1]}1", f"{value[:-1]}2")
        yield re.sub(r"\d", "7", value)
    elif isinstance(value, list):
        yield from ([*value[:-1], one] for one in another(value[-1]))


def held(model: type[BaseModel], name: str, which: int) -> object:
    """The first or the second value of a field, as the model holds it."""
    value = written(model, name)[which]
    return None if value is None else adapter(model, name).validate_python(value)


@cache
def example(model: type[BaseModel]) -> BaseModel:
    """A model in which every field is filled, whatever its rules say of several fields together."""
    values: dict[str, object] = {}
    for name in model.model_fields:
        part = parts(model).get(name)
        values[name] = held(model, name, 0) if part is None else in_field(model, name, example(part))
    return model.model_construct(None, **values)


def in_field(model: type[BaseModel], name: str, value: BaseModel) -> object:
    """A part as a field holds it: itself, or a list of it."""
    return (value,) if "tuple" in str(model.model_fields[name].annotation) else value


def with_value(model: BaseModel, steps: Steps, value: object) -> BaseModel:
    """The same with another value at the end of the steps; an experiment without numbers has no curves."""
    name, *below = steps
    if below:
        part = getattr(model, name)
        within = with_value(part[0] if isinstance(part, tuple) else part, tuple(below), value)
        value = in_field(type(model), name, within)
    more = {"curves": None} if isinstance(model, Experiment) and name in Experiment.WITHOUT_CURVES else {}
    return model.model_copy(update={name: value, **more})


def value_at(model: object, steps: Steps) -> object:
    """What stands at the end of the steps."""
    for name in steps:
        model = getattr(model[0] if isinstance(model, tuple) else model, name)
    return model


FILES = [str(held(Curve, "points_file", which)) for which in (0, 1)]


def corpus_of(root: str, value: BaseModel, usual: Corpus) -> Corpus:
    point = example(Point).model_copy(update={"survey_row": None})
    assert isinstance(point, Point)
    empty: dict[str, Any] = {"papers": (), **dict.fromkeys(set(ROOTS) - {"paper"}, ())}
    part = {"papers" if root == "paper" else root: (value,)}
    known = {name: held for name, held in (empty | part).items() if name in Corpus.__dataclass_fields__}
    others = {name: held for name, held in (empty | part).items() if name not in known}
    return replace(usual, **known, others=others, sweeps={file: (SweepPoint(point, {}, 2),) for file in FILES})


Rows: TypeAlias = list[list[str]]


def rows_told(before: Corpus, after: Corpus) -> tuple[Rows, Rows]:
    """The cells of each row of a table, in Markdown and in HTML."""
    found = Changes(dataset(before), dataset(after))
    sections = [section for part in TELLING for section in part(found)]
    lines = as_markdown("Changes", sections).replace("<!-- -->", "").replace("\\", "").splitlines()
    markdown = [[unescape(cell) for cell in re.split(r" ?\| ?", line)] for line in lines if line.startswith("|")]
    cells = (re.findall(r"<td[^>]*>(.*?)</td>", row) for row in as_html("Changes", sections).split("<tr>"))
    return markdown, [[unescape(cell) for cell in row] for row in cells]


def tells(rows: Rows, name: str, *values: str) -> bool:
    """Whether a row has a field of the name, and the values, each in a cell."""
    fields = (row for row in rows if any(re.fullmatch(rf"(.*\.)?{name}(\[.*\])?", cell) for cell in row))
    return any(all(value in row for value in values if value) for row in fields)


def apart(first: object, second: object) -> tuple[object, object]:
    """Of two lists of texts, the items that differ; other values as they are."""
    if isinstance(first, list) and isinstance(second, list) and isinstance(first[0], str):
        return [one for one in first if one not in second], [one for one in second if one not in first]
    return first, second


def said(value: object) -> str:
    """A value as people read it."""
    if isinstance(value, list):
        return ", ".join(map(said, value))
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


@pytest.mark.parametrize("leaf", TOLD, ids=str)
def test_a_changed_field_is_told_with_both_values(leaf: Leaf, whole: Corpus) -> None:
    name = leaf.steps[-1]
    base = example(ROOTS[leaf.root])
    states = [with_value(base, leaf.steps, held(leaf.model, name, which)) for which in (0, 1)]
    first, second = written(leaf.model, name)
    values = [said(one) for one in apart(first, second)]
    found = rows_told(*(corpus_of(leaf.root, state, whole) for state in states))
    assert all(tells(rows, name, *values) for rows in found), found


@pytest.mark.parametrize(("root", "steps"), PARTS, ids=lambda one: one if isinstance(one, str) else ".".join(one))
def test_a_part_that_comes_or_goes_is_told(root: str, steps: Steps, whole: Corpus) -> None:
    filled = example(ROOTS[root])
    values = value_at(filled, steps), None
    states = [corpus_of(root, with_value(filled, steps, value), whole) for value in values]
    for before, after in (states, states[::-1]):
        for rows in rows_told(before, after):
            name = {"experiments": "experiment", "curves": "curve", "points": "result"}.get(steps[-1], steps[-1])
            assert tells(rows, name), (name, rows)


def test_a_field_is_left_out_for_a_reason_alone() -> None:
    assert {(leaf.model, leaf.steps[-1]) for leaf in LEAVES if leaf not in TOLD} == set(IRRELEVANT)
    assert all(IRRELEVANT.values())


def test_a_field_has_two_values() -> None:
    alone = {str(leaf) for leaf in TOLD if written(leaf.model, leaf.steps[-1])[1] is None}
    assert {name.rpartition(".")[2] for name in alone} <= {"sweep", "collapsed", "merged", "hardware_dependent"}
