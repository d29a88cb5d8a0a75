"""The option ``--comparability``: how much papers must share for their numbers to be compared."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class ComparabilityName(StrEnum):
    """How much two papers must share, from strict to lax."""

    same_network = "same_network"
    same_variants = "same_variants"
    raw_accuracy = "raw_accuracy"


ComparabilityOption = Annotated[
    ComparabilityName,
    typer.Option(
        "--comparability",
        help="What counts: points on the same network, on variants of one, or accuracies without unpruned model, too.",
    ),
]
