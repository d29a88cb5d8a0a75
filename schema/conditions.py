"""Conditions of a measurement: on what, with what and on what device a quality was measured.

What is stated of an experiment holds for everything in it, its unpruned model included; what is stated of a curve, a
point or a single measurement takes its place there, condition by condition.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import Name, Text
from prunelit.schema.values import Resolution

Tokens = Annotated[int, Field(ge=1, le=100_000_000)]


class MeasurementConditions(Model):
    """How a quality was measured; measurements under different conditions are not compared with one another."""

    OF_DEVICE: ClassVar[tuple[str, ...]] = ("hardware", "device_class", "batch_size", "precision", "framework")
    """Conditions that matter to a measured time or size, and to no other quality."""

    split: Literal["training", "held_out", "validation", "test", "test_dev"] | None = Field(
        default=None, examples=["validation"]
    )
    """Part of the dataset: training, a part of it that the authors held out, validation, test, or COCO's test-dev."""
    selection: Literal["last_epoch", "best_epoch", "best_on_validation"] | None = Field(
        default=None, examples=["last_epoch"]
    )
    """Which state of the network: the last, the best on the evaluation set itself, or the best on validation data."""
    resolution: Resolution | None = Field(default=None, examples=[224])
    """Pixels of the input: the side of a square image, or width and height as 1333x800."""
    sequence_length: Tokens | None = Field(default=None, examples=[2048])
    """Tokens of one sequence of the evaluation."""
    stride: Tokens | None = Field(default=None, examples=[512])
    """Tokens by which the window of a perplexity moves on; absent where sequences do not overlap, or unknown."""
    shots: int | None = Field(default=None, ge=0, le=10_000, examples=[5])
    """Solved examples in a prompt; 0 for zero-shot."""
    variant: Text | None = Field(default=None, examples=["acc_norm"])
    """Variant of the metric, as its harness calls it."""
    tasks: Many[Annotated[Text, Name("dataset")]] | None = Field(
        default=None, min_length=2, examples=[["SST-2", "MNLI"]]
    )
    """Datasets that a mean over several tasks is taken over, by their names in the vocabulary."""
    prompt: Text | None = Field(default=None, examples=["Alpaca template"])
    """Prompt or template that a language model is given."""
    harness: Text | None = Field(default=None, examples=["lm-evaluation-harness"])
    """Program that evaluates."""
    harness_version: Text | None = Field(default=None, examples=["0.4.2"])
    """Version or commit of that program."""
    hardware: Text | None = Field(default=None, examples=["NVIDIA V100"])
    """Device that a time, size or energy was measured on."""
    device_class: Literal["gpu", "cpu", "mobile", "embedded", "accelerator", "simulator"] | None = Field(
        default=None, examples=["gpu"]
    )
    """Kind of that device."""
    batch_size: int | None = Field(default=None, ge=1, le=1_000_000, examples=[1])
    """Samples for one inference, for a time, size or energy."""
    precision: Text | None = Field(default=None, examples=["FP16"])
    """Format of the numbers that the device computed with."""
    framework: Text | None = Field(default=None, examples=["PyTorch 1.12"])
    """Software that ran the model."""


def conditions_in_force(*nearest_first: MeasurementConditions | None) -> dict[str, Any]:
    """The conditions that hold where several are stated around one another, in the order of the model.

    Example:
        >>> near, far = MeasurementConditions(split="test"), MeasurementConditions(split="validation", shots=0)
        >>> conditions_in_force(near, None, far)
        {'split': 'test', 'shots': 0}
    """
    found: dict[str, Any] = {}
    for one in filter(None, reversed(nearest_first)):
        # Few of so many conditions are stated; of the others there is nothing to ask.
        given = _NAMES & one.model_fields_set
        found |= {name: held for name in given if (held := getattr(one, name)) is not None}
    return dict(sorted(found.items(), key=_in_order)) if len(found) > 1 else found


def _in_order(item: tuple[str, Any]) -> int:
    return _PLACES[item[0]]


_PLACES = {name: place for place, name in enumerate(MeasurementConditions.model_fields)}
_NAMES = _PLACES.keys()
