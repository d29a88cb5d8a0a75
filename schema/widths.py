"""Widths of the layers of a network."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.model import Many, Model
from prunelit.schema.values import Number

MOST_CHANNELS = 100_000
"""Channels of a layer beyond which a number is another quantity."""


def _bounded(most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "title": "channels", "minimum": 0, "maximum": most})


Width = Annotated[Number, Field(ge=0, le=MOST_CHANNELS), _bounded(MOST_CHANNELS)]
Total = Annotated[Number, Field(ge=0, le=1000 * MOST_CHANNELS), _bounded(1000 * MOST_CHANNELS)]


class Widths(Model):
    """Channels of the convolutional layers, in order from the input to the output."""

    channels: Many[Width] = Field(min_length=1, examples=[[64, 64, 128]])
    """Channels of each layer; the mean over the seeds where there are several."""
    std: Many[Width] | None = Field(default=None, min_length=1, examples=[[3.7, 0.0, 0.4]])
    """Standard deviation of each layer's channels over the seeds."""
    total: Total | None = Field(default=None, examples=[256])
    """Channels of all layers, where the source prints their sum."""

    @model_validator(mode="after")
    def _one_deviation_a_layer(self) -> Self:
        if self.std is not None and len(self.std) != len(self.channels):
            raise PydanticCustomError(
                "widths",
                "expected a deviation for each of the {layers} layers, found {deviations}",
                {"key": "std", "layers": len(self.channels), "deviations": len(self.std)},
            )
        return self

    def __str__(self) -> str:
        deviations: tuple[Decimal | None, ...] = self.std or (None,) * len(self.channels)
        pairs = zip(self.channels, deviations, strict=True)
        layers = (f"{width}" if std is None else f"{width} ± {std}" for width, std in pairs)
        return ", ".join(layers) + (f"; {self.total} in all" if self.total is not None else "")
