"""Measurements: qualities of a model in any metric of the vocabulary, each under its conditions."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import Name, Text
from prunelit.schema.spread import Bound, Spread
from prunelit.schema.values import Number


class MetricValue(Model):
    """A number in a metric, without the conditions that it was measured under."""

    metric: Annotated[Text, Name("metric")] = Field(examples=["perplexity"])
    """Name of the metric, from the vocabulary, which knows its direction and unit."""
    value: Number | None = Field(default=None, examples=[5.68])
    """Value in the metric's unit."""
    change: Number | None = Field(default=None, examples=[0.25])
    """Value of the pruned minus that of the unpruned model, in the metric's unit."""
    bound: Bound | None = Field(default=None, examples=["at_most"])
    """What the number is where the source prints >, < or ~ before it."""
    std: Annotated[Number, Field(ge=0)] | None = Field(default=None, examples=[0.02], json_schema_extra={"minimum": 0})
    """Standard deviation over the runs, in the metric's unit."""
    spread: Spread | None = None
    """Spread of another kind over the runs, in the metric's unit."""
    runs: Many[Number] | None = Field(default=None, min_length=2, examples=[[26.8, 27.1]])
    """Value of each run, in the metric's unit, where the runs are released but not their mean."""


class Measurement(MeasurementConditions, MetricValue):
    """The value of a metric other than top-1 and top-5 accuracy, with conditions of its own where it has any."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [name]} for name in ("value", "runs", "change")],
            "not": {"required": ["value", "runs"]},
        }
    )

    @model_validator(mode="after")
    def _one_number(self) -> Self:
        if self.value is not None and self.runs is not None:
            message = "a measurement needs either 'value' or 'runs'; found both"
            raise PydanticCustomError("measurement", message, {"key": "value"})
        if self.value is None and self.runs is None and self.change is None:
            message = "a measurement needs 'value', 'runs' or 'change'; found none of them"
            raise PydanticCustomError("measurement", message, {"key": "value"})
        if self.spread is not None and self.spread.kind == "standard_deviation" and self.spread.half_width is not None:
            raise PydanticCustomError("spread", "a standard deviation has a key of its own: 'std'", {"key": "spread"})
        return self
