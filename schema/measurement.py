"""Measurements in metrics other than top-1 and top-5 accuracy, and their conditions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import Name, Text
from prunelit.schema.values import Number


class Measurement(Model):
    """The value of a quality metric other than top-1 and top-5 accuracy."""

    CONDITIONS: ClassVar[tuple[str, ...]] = ("hardware", "batch_size", "precision", "framework")
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["value"]}, {"required": ["runs"]}]})

    metric: Annotated[Text, Name("metric")] = Field(examples=["perplexity"])
    """Name of the metric, from the vocabulary, which knows its direction and unit."""
    value: Number | None = Field(default=None, examples=[5.68])
    """Value in the metric's unit."""
    std: Annotated[Number, Field(ge=0)] | None = Field(default=None, examples=[0.02], json_schema_extra={"minimum": 0})
    """Standard deviation over the runs, in the metric's unit."""
    runs: Many[Number] | None = Field(default=None, min_length=2, examples=[[26.8, 27.1]])
    """Value of each run, in the metric's unit, where the runs are released but not their mean."""
    hardware: Text | None = Field(default=None, examples=["NVIDIA V100"])
    """Device that a time was measured on."""
    batch_size: int | None = Field(default=None, ge=1, le=1_000_000, examples=[1])
    """Samples for one inference, for a time."""
    precision: Text | None = Field(default=None, examples=["FP16"])
    """Format of the numbers that the device computed with, for a time."""
    framework: Text | None = Field(default=None, examples=["PyTorch 1.12"])
    """Software that ran the model, for a time."""

    @model_validator(mode="after")
    def _value_or_runs(self) -> Self:
        if (self.value is None) == (self.runs is None):
            found = "both" if self.runs else "neither"
            raise PydanticCustomError(
                "measurement",
                "a measurement needs either 'value' or 'runs'; found {found}",
                {"key": "value", "found": found},
            )
        return self
