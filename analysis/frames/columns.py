"""Columns of tables: name, type, unit, meaning and source of each.

Columns that records hold are derived from the models of the schema, so that a field is described once, under itself.
Every table declares its columns beside the function that makes it, out of the groups of this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd
from pydantic import BaseModel

from prunelit.schema.calibration import Calibration
from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.fields import kinds, quantities
from prunelit.schema.model import descriptions
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.vocabulary import Venue

TEXT, COUNT, NUMBER, FLAG = "string", "Int64", "float64", "boolean"
"""Types of columns; all can be missing, except where a meaning says that they never are."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type, unit ("" for names and flags), meaning and source of the definition."""

    name: str
    dtype: str
    unit: str
    meaning: str
    source: str = "record"


UNITS = {**quantities(Point), **quantities(Experiment), "seeds": "count", "base_multiply_adds": "count"}
"""Unit of each quantity."""


def of_field(model: type[BaseModel], name: str, dtype: str = TEXT, rename: str | None = None) -> Column:
    """The column of a field of a record, described by the docstring under it."""
    meaning = descriptions(model).get(name, "")
    return Column(rename or name, dtype, UNITS.get(name, ""), meaning, f"{model.__name__}.{name}")


SIMPLE: dict[str, str] = {"text": TEXT, "count": COUNT, "flag": FLAG}
LISTED: dict[str, str] = {**SIMPLE, "label": TEXT, "texts": TEXT, "number": NUMBER}
"""The type of the column of a field that is no quantity, by what it holds: in one word, or joined by semicolons."""
SCOPES = ("params_scope", "sparsity_scope", "flops_scope")
"""Fields that say what sizes, costs, shares and ratios are counted over."""
PLACED: dict[type[BaseModel], tuple[str, ...]] = {
    Paper: ("schema_version", "id", "title", "venue", "survey_id", "note"),
    Experiment: (
        "survey_row", "method", "seeds", "flop_convention",
        "base_seeds", "base_params_scope", "base_flops_scope", "note",
    ),
    Curve: ("method", "canonical_method", "stated_setup", *SCOPES, "sweep", "points_file", "note"),
    Point: ("survey_row", "collapsed", *SCOPES, "seeds", "note"),
}  # fmt: skip
"""Simple fields that have a place of their own in the tables of papers and results, or none."""


@cache
def of_simple(model: type[BaseModel]) -> tuple[Column, ...]:
    """The columns of all other simple fields of a model, in its order."""
    found = {name: SIMPLE[kind] for name, kind in kinds(model).items() if kind in SIMPLE and name not in PLACED[model]}
    return tuple(of_field(model, name, dtype) for name, dtype in found.items())


def of_quantities(model: type[BaseModel]) -> tuple[Column, ...]:
    """The columns of all quantities of a model, in its order."""
    return tuple(of_field(model, name, NUMBER) for name in quantities(model))


def of_part(model: type[BaseModel], prefix: str = "", but: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """The columns of all fields of a part that hold one word, number or list of words, in its order."""
    found = {name: LISTED[kind] for name, kind in kinds(model).items() if kind in LISTED and name not in but}
    return tuple(of_field(model, name, dtype, f"{prefix}{name}") for name, dtype in found.items())


def cell(value: object, kind: str | None = None) -> object:
    """What a column holds of a field: a list joined by semicolons, a number as a float, or text.

    A label that is a whole number becomes text here: a frame takes whole numbers among gaps for decimals.
    """
    if kind == "label" and value is not None:
        return str(value)
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return float(value) if isinstance(value, Decimal) else value


def columns_named(columns: tuple[Column, ...], *names: str) -> tuple[Column, ...]:
    """Those of the columns that have these names, in the order of the names."""
    known = {column.name: column for column in columns}
    return tuple(known[name] for name in names)


def columns_without(columns: tuple[Column, ...], *names: str) -> tuple[Column, ...]:
    """The columns but for those of these names."""
    return tuple(column for column in columns if column.name not in names)


WHO = (of_field(Paper, "id", rename="paper_id"), of_field(Paper, "survey_id"))
"""Whose row it is."""
WHAT = (
    Column("experiment", COUNT, "", "Position of the experiment among those of the paper in this table, from 0."),
    Column("curve", COUNT, "", "Position of the curve in the experiment, from 0; missing without numbers."),
    Column("point", COUNT, "", "Position of the point in the curve, from 0; missing without numbers."),
    Column("collections", TEXT, "", "Collections that it counts in, joined by semicolons.", "Experiment.collections"),
    of_field(Point, "survey_row", COUNT),
    *of_simple(Experiment),
    of_field(Curve, "method"),
    Column("method_label", TEXT, "", "Name for legends: first author, year, and the method's name where it has one."),
    Column(
        "canonical_method", TEXT, "",
        "Name of the method however papers spell it; missing where it is unknown which method it is.",
        "corpus/methods.yaml",
    ),
    *of_simple(Curve),
    *of_simple(Point),
    Column("sweep", FLAG, "", "True for points of a released sweep, which statistics leave out.", "Curve.sweep"),
    Column(
        "excluded", TEXT, "",
        "Parts of the survey's analysis that leave the results out, joined by semicolons.", "corpus/exclusions.yaml",
    ),
)  # fmt: skip
"""Which result of the paper it is, and of what."""
CONDITION_COLUMNS = of_part(MeasurementConditions, but=MeasurementConditions.OF_DEVICE)
"""How qualities were measured, as far as it does not matter to times alone."""
DEVICE_COLUMNS = of_part(
    MeasurementConditions,
    but=tuple(name for name in MeasurementConditions.model_fields if name not in MeasurementConditions.OF_DEVICE),
)
"""On what and how times were measured."""
CALIBRATION_COLUMNS = of_part(Calibration, "calibration_")
"""Calibration data."""
SEEDS = Column("seeds", COUNT, "count", descriptions(Point)["seeds"], "Point.seeds")
LOCATOR = of_field(Point, "locator")
NOTE = Column(
    "note", TEXT, "", "Caveats on the point, its curve and its experiment.", "Point.note, Curve.note, Experiment.note"
)
LABEL = Column("label", TEXT, "", "Name for legends: first author and year.")
YEAR = Column("year", COUNT, "", "Year of publication.", "Paper.published")
PEER_REVIEWED = of_field(Venue, "peer_reviewed", FLAG)

BASES = tuple(quantities(Experiment))
"""Quantities of the unpruned model."""

SEE_UNIT = "see unit"
"""The unit of a column whose rows hold different quantities, each with its unit in the column ``unit``."""


def typed(rows: list[dict[str, object]] | pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """A frame with exactly these columns, in this order and with their types; what a row lacks is missing."""
    if not isinstance(rows, pd.DataFrame):
        cells = CellsByColumn(columns)
        cells.add({}, rows)
        return cells.frame()
    found = rows.reindex(columns=[column.name for column in columns])
    held = zip(columns, found.dtypes, strict=True)
    types = {one.name: stored(one.dtype) for one, dtype in held if dtype != stored(one.dtype)}
    return found.astype(types) if types else found


class CellsByColumn:
    """The cells of a table by columns, filled a group of rows at a time; what a row lacks is missing.

    Most rows lack most cells, and share most of the others with the rest of their group: so it takes a fraction of the
    time and memory of rows that hold all of theirs.
    """

    def __init__(self, columns: tuple[Column, ...]) -> None:
        """Begin a table of these columns, without rows."""
        self._columns = columns
        self._filled: dict[str, list[object]] = {column.name: [] for column in columns}
        self._rows = 0

    def add(self, shared: Mapping[str, object], rows: Iterable[Mapping[str, object]]) -> None:
        """Add rows that share some cells; a cell that a row gives itself, if only as missing, is its own.

        What belongs to no column is left out.
        """
        group = list(rows)
        own = dict.fromkeys(
            name for row in group for name, value in row.items() if value is not None or shared.get(name) is not None
        )
        columns = {name: [row.get(name, around) for row in group] for name in own for around in (shared.get(name),)}
        self.add_columns(shared, len(group), columns)

    def add_columns(self, shared: Mapping[str, object], rows: int, columns: Mapping[str, Sequence[object]]) -> None:
        """As :meth:`add`, for rows whose own cells are given by columns, each of which has one for every row."""
        filled, before = self._filled, self._rows
        for name, value in shared.items():
            if value is not None and name not in columns and (column := filled.get(name)) is not None:
                column += [None] * (before - len(column))
                column += [value] * rows
        for name, cells in columns.items():
            if (column := filled.get(name)) is not None:
                column += [None] * (before - len(column))
                column += cells
        self._rows += rows

    def frame(self) -> pd.DataFrame:
        """The table, with exactly these columns, in this order and with their types."""
        missing = {dtype: self._of_type([], dtype) for dtype in (TEXT, COUNT, NUMBER, FLAG)}
        filled = {one.name: self._filled.pop(one.name) for one in self._columns}
        return pd.DataFrame(
            {
                one.name: self._of_type(filled[one.name], one.dtype) if filled[one.name] else missing[one.dtype]
                for one in self._columns
            }
        )

    def _of_type(self, cells: list[object], dtype: str) -> pd.Series[Any]:
        cells += [None] * (self._rows - len(cells))
        return pd.Series(cells, dtype=object).astype(stored(dtype))


def stored(dtype: str) -> Any:
    """How a type is stored: pandas would choose by what else is installed, and some of its functions then differ."""
    return pd.StringDtype("python") if dtype == TEXT else dtype
