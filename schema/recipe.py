"""Recipes: how a pruned network came by its weights, and what was held equal.

The terms are those of Liu et al. 2019 (training from scratch), Renda et al. 2020 (rewinding) and Wang et al. 2023
(comparison setups).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.calibration import Calibration
from prunelit.schema.locator import Locator
from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import KnownPaper, Text
from prunelit.schema.values import Number

TrainingScheme = Literal[
    "fine_tuned",
    "learning_rate_rewinding",
    "weight_rewinding",
    "weight_rewinding_low_rate",
    "scratch_e",
    "scratch_b",
    "scratch",
    "reduced_network",
    "at_initialization",
    "during_training",
    "sparse_training",
    "none",
]
"""How a pruned network came by its weights.

- ``fine_tuned``: inherited and trained on.
- ``learning_rate_rewinding``, ``weight_rewinding``: trained again on the learning rates of the unpruned model, from the
  inherited or from earlier weights; ``weight_rewinding_low_rate``: from earlier weights, at the last learning rate
  (Renda et al. 2020).
- ``scratch_e``, ``scratch_b``: from random weights, for as many epochs or for as much computation as the unpruned model
  (Liu et al. 2019); ``scratch``: from random weights for another or an unstated time.
- ``reduced_network``: a smaller version of the network, trained from random weights (Crowley et al. 2018).
- ``at_initialization``: pruned first, then trained; ``during_training``: pruned while it was trained.
- ``sparse_training``: sparse from the start, with connections that change; ``none``: not trained after pruning.
"""

MOST_EPOCHS = 100_000
"""Epochs beyond which a number is another quantity, such as steps."""
MOST_RATE = 100
"""Learning rate beyond which a number is another quantity."""

Epochs = Annotated[Number, Field(ge=0, le=MOST_EPOCHS)]
_EPOCHS: dict[str, Any] = {"minimum": 0, "maximum": MOST_EPOCHS}


class Recipe(Model):
    """How a curve's networks were made, as far as a source says so (Wang et al. 2023, section 3)."""

    unpruned_checkpoint: Text | None = Field(default=None, examples=["torchvision ResNet-50"])
    """What identifies the unpruned model: equal text in two papers means the same weights."""
    pretraining_epochs: Epochs | None = Field(default=None, examples=[90], json_schema_extra=_EPOCHS)
    """Epochs of training before pruning."""
    pruning_schedule: Text | None = Field(default=None, examples=["one-shot"])
    """When and in how many steps weights are removed."""
    pruning_epochs: Epochs | None = Field(default=None, examples=[0], json_schema_extra=_EPOCHS)
    """Epochs of training that pruning itself takes; 0 where it takes none."""
    pruning_learning_rate_schedule: Text | None = Field(default=None, examples=["0.001, fixed"])
    """Learning rate during pruning, and how it changes."""
    fine_tuning_epochs: Epochs | None = Field(default=None, examples=[90], json_schema_extra=_EPOCHS)
    """Epochs of training after pruning."""
    learning_rate: Annotated[Number, Field(gt=0, le=MOST_RATE)] | None = Field(
        default=None, examples=[0.01], json_schema_extra={"exclusiveMinimum": 0, "maximum": MOST_RATE}
    )
    """Learning rate at the start of training after pruning."""
    learning_rate_schedule: Text | None = Field(default=None, examples=["steps at epochs 30, 60, 75"])
    """How the learning rate changes in training after pruning."""
    optimizer: Text | None = Field(default=None, examples=["SGD, momentum 0.9"])
    """Optimizer of training after pruning."""
    batch_size: int | None = Field(default=None, ge=1, le=1_000_000, examples=[256])
    """Samples in a step of training after pruning."""
    weight_decay: Annotated[Number, Field(ge=0)] | None = Field(
        default=None, examples=[0.0001], json_schema_extra={"minimum": 0}
    )
    """Weight decay of training after pruning."""
    data_augmentation: Text | None = Field(default=None, examples=["random crops and flips"])
    """Augmentation of the training data."""
    distillation: bool | None = Field(default=None, examples=[False])
    """Whether another network's outputs were a target of training after pruning."""
    calibration: Calibration | None = None
    """Data that the method looks at to prune, where it is not the training data."""
    stated_by: KnownPaper | None = Field(default=None, examples=["wang2023state"])
    """Paper that states the recipe, where it is another one."""
    defaults: Many[Text] | None = Field(default=None, min_length=1, examples=[["weight_decay"]])
    """Fields whose values are defaults of the code, which no command, file or log of these results overrides."""
    locator: Locator | None = None
    """Where the recipe is stated."""
    other_locators: Many[Locator] | None = Field(default=None, min_length=1)
    """Where parts of the recipe are stated that stand elsewhere."""

    @model_validator(mode="after")
    def _defaults_are_stated(self) -> Self:
        for name in self.defaults or ():
            if name not in self.model_fields_set - {"defaults", "locator", "other_locators", "stated_by"}:
                raise PydanticCustomError(
                    "defaults",
                    "names fields of this recipe that are defaults of the code, and it has no '{name}'",
                    {"key": "defaults", "name": name},
                )
        return self
