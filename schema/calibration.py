"""Calibration data: the few samples that a method looks at to prune a trained model."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.model import Model, requires_one_of
from prunelit.schema.patterns import Name, Text


class Calibration(Model):
    """Calibration data of a pruning."""

    model_config = ConfigDict(json_schema_extra=requires_one_of(("dataset", "samples", "sequence_length")))

    dataset: Annotated[Text, Name("dataset")] | None = Field(default=None, examples=["WikiText-2"])
    """Dataset that the samples come from, by its name in the vocabulary."""
    samples: int | None = Field(default=None, ge=1, le=1_000_000_000, examples=[128])
    """Number of samples."""
    sequence_length: int | None = Field(default=None, ge=1, le=100_000_000, examples=[2048])
    """Tokens of one sample."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError(
                "calibration", "calibration data need a 'dataset', 'samples' or 'sequence_length'"
            )
        return self

    def __str__(self) -> str:
        samples = f"{self.samples} samples" if self.samples else ""
        origin = f"of {self.dataset}" if samples and self.dataset else self.dataset or ""
        length = f"of {self.sequence_length} tokens" if self.sequence_length else ""
        return " ".join(part for part in (samples, origin, length) if part)
