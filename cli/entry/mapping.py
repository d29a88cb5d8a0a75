"""Mapping of somebody's table to ours: what its columns, units, names and rows mean."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import Text
from prunelit.schema.spread import SpreadKind
from prunelit.schema.values import Label, Value

UnitName: TypeAlias = Literal[
    "percent", "fraction", "points", "one", "K", "M", "G", "B", "T", "us", "ms", "s", "KB", "MB", "GB", "mJ", "J"
]
"""A unit of a column's cells; ``points`` are percentage points, ``one`` single parameters, samples or runs."""
Cells: TypeAlias = dict[Text, Value]
"""Cells by our names of their columns."""


class Mapping(Model):
    """A mapping file; everything in it may be absent."""

    read_table: Label | None = Field(default=None, examples=[2])
    """Which of several tables in the file is read: its number, or the name of its sheet."""
    encoding: Literal["utf-8", "utf-16", "windows-1252", "latin-1", "mac-roman", "gb18030", "shift-jis"] | None = None
    """Encoding of a text that is not UTF-8."""
    separator: Literal[",", ";", "\t", "|"] | None = None
    """What stands between the cells of a text, where that is not seen rightly."""
    decimal: Literal[".", ","] | None = None
    """Decimal mark; the other of the two then separates thousands."""
    title_rows: Annotated[int, Field(ge=0, le=100)] | None = None
    """Rows above the headings that are none, where they are not seen rightly."""
    heading_rows: Annotated[int, Field(ge=1, le=10)] | None = None
    """Rows of headings, where they are not seen rightly."""
    columns: dict[Text, Text | Cells] = Field(default={}, examples=[{"Top-1 (%)": "top1"}])
    """Our name for each column; of wide tables ``{holds: our name}`` with the cells that the heading stands for."""
    ignore: Many[Text] = ()
    """Columns that are left out."""
    optional: Many[Text] = ()
    """Columns named here that a table may lack."""
    sections: Text | None = Field(default=None, examples=["architecture"])
    """Our column that rows with one cell alone hold for the rows below them; ``ignore`` leaves them out."""
    fill_down: Many[Text] = ()
    """Columns in which an empty cell says what the cell above it says."""
    left_open: Many[Text] = ()
    """Columns in which an empty cell says that the source leaves it open."""
    units: dict[Text, UnitName] = Field(default={}, examples=[{"params_removed": "percent"}])
    """The unit of a column's cells, by its name or ours, where its heading does not say it."""
    drops: Many[Text] = ()
    """Columns that print a loss of quality as a positive number."""
    brackets: dict[Text, Text] = Field(default={}, examples=[{"Top-1": "top1_change"}])
    """Our column for what stands in brackets, or lowered, behind the numbers of a column."""
    spread: SpreadKind = "unstated"
    """What a number behind ± is."""
    spread_level: Annotated[int, Field(ge=1, le=99)] | None = None
    """Level of a confidence interval behind ±, in percent."""
    constants: Cells = Field(default={}, examples=[{"origin": "own"}])
    """Cells that are the same in every row, by our names of their columns."""
    methods: dict[Text, Cells] = Field(default={}, examples=[{"SFP": {"origin": "copied"}}])
    """Cells of the rows of each method, by the name of the method in the table."""
    unpruned: Many[Text] | None = Field(default=None, examples=[["Baseline"]])
    """Names of the rows that hold unpruned models, in place of those that are known for it."""
    names: dict[Text, Text] = Field(default={}, examples=[{"resnet_50": "ResNet-50"}])
    """Our name for each dataset, architecture and metric that is called otherwise."""
