"""Mapping of somebody's column names and values to ours."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import Text
from prunelit.schema.values import Value


class Mapping(Model):
    """A mapping file; everything in it may be absent."""

    columns: dict[Text, Text] = Field(default={}, examples=[{"Top-1 (%)": "top1"}])
    """Our name for each column that is called otherwise."""
    ignore: Many[Text] = ()
    """Columns that are left out."""
    units: dict[Text, Literal["percent", "fraction"]] = Field(default={}, examples=[{"params_removed": "percent"}])
    """The unit of a column of ours whose cells are in the other one of percent and fraction."""
    constants: dict[Text, Value] = Field(default={}, examples=[{"origin": "own"}])
    """Cells that are the same in every row, by our names of their columns."""
    names: dict[Text, Text] = Field(default={}, examples=[{"resnet_50": "ResNet-50"}])
    """Our name for each dataset, architecture and metric that is called otherwise."""
