"""The specification of an evaluation: which networks, data, strategies, schemes, ratios and seeds are run.

A specification is a small YAML file, read as strictly as a record: unknown keys, wrong types and impossible
combinations are problems with a line and a column.  Nothing here needs torch.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import Field

from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import Key, Text
from prunelit.schema.problems import Problem
from prunelit.schema.validation import Document, read_document
from prunelit.schema.values import Number

DatasetName: TypeAlias = Literal["Digits", "Fashion-MNIST", "MNIST", "CIFAR-10", "CIFAR-100", "ImageNet"]
PresetName: TypeAlias = Literal["shrinkbench", "liu2019", "crowley2018", "wang2023"]
SchemeName: TypeAlias = Literal[
    "none",
    "fine_tuned",
    "learning_rate_rewinding",
    "weight_rewinding",
    "scratch_e",
    "scratch_b",
    "reduced_network",
    "at_initialization",
    "during_training",
]
Scope: TypeAlias = Literal["global", "layerwise", "uniform"]
Device: TypeAlias = Literal["cpu", "cuda"]
DEVICES: tuple[Device, ...] = get_args(Device)
SpecFraction = Annotated[Number, Field(ge=0, le=1)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
EpochCount = Annotated[int, Field(ge=0, le=100_000)]


class Training(Model):
    """How weights are trained; what is left out comes from the preset, or else from the defaults."""

    epochs: EpochCount | None = Field(default=None, examples=[30])
    """Passes over the training set."""
    batch_size: int | None = Field(default=None, ge=1, le=1_000_000, examples=[64])
    """Images in a step."""
    optimizer: Literal["sgd", "adam"] | None = Field(default=None, examples=["sgd"])
    """Stochastic gradient descent with momentum, or Adam."""
    learning_rate: Positive | None = Field(default=None, examples=[0.1])
    """Learning rate at the start."""
    momentum: SpecFraction | None = Field(default=None, examples=[0.9])
    """Momentum of stochastic gradient descent."""
    nesterov: bool | None = Field(default=None, examples=[False])
    """Whether the momentum is Nesterov's."""
    weight_decay: NotNegative | None = Field(default=None, examples=[0.0001])
    """Weight decay."""
    schedule: Literal["constant", "steps", "cosine"] | None = Field(default=None, examples=["steps"])
    """How the learning rate falls: never, at ``steps``, or along half a cosine to zero."""
    steps: Many[SpecFraction] | None = Field(default=None, min_length=1, examples=[[0.5, 0.75]])
    """When the learning rate is multiplied by ``factor``, as shares of the epochs, so that they hold for any number."""
    factor: SpecFraction | None = Field(default=None, examples=[0.1])
    """What the learning rate is multiplied by at each of the steps."""
    augmentation: Literal["none", "crop_flip"] | None = Field(default=None, examples=["crop_flip"])
    """Random crops after padding, and horizontal flips, or nothing."""
    sparsity_penalty: NotNegative | None = Field(default=None, examples=[0.0001])
    """Weight of the L1 penalty on the scales of batch normalization (network slimming)."""


class Data(Model):
    """A dataset, and how much of it."""

    name: DatasetName = Field(examples=["Fashion-MNIST"])
    """Name in the vocabulary."""
    folder: Text | None = Field(default=None, examples=["/usr/share/datasets/fashion-mnist"])
    """Folder that holds its files; absent for what is installed with a package."""
    training_images: int | None = Field(default=None, ge=1, examples=[10_000])
    """How many of the training images are used, validation images aside; all where absent."""
    validation: Annotated[Number, Field(gt=0, lt=1)] = Field(default=Decimal("0.1"), examples=[0.1])
    """Share of the training images that are set apart for validation; the test set is never one of them."""


class NetworkSpec(Model):
    """A network, and what differs from its published form."""

    name: Text = Field(examples=["ResNet-20"])
    """Name in the catalogue, or 'module:function' for one of your own."""
    width: Positive | None = Field(default=None, examples=[0.5])
    """What the channels of each layer are multiplied by."""
    stem_stride: Literal[1, 2] | None = Field(default=None, examples=[2])
    """Stride of the first convolution of a ResNet for small images."""
    architecture: Text | None = Field(default=None, examples=["ResNet-20"])
    """What a record calls it, from the vocabulary of architectures; the name where absent."""
    only: Many[DatasetName] | None = Field(default=None, min_length=1, examples=[["Fashion-MNIST"]])
    """Datasets that it is run on, by their names; all of the evaluation where absent."""


class Strategy(Model):
    """What decides which weights or channels go."""

    name: Text = Field(examples=["magnitude"])
    """Name in the catalogue, or 'module:function' for one of your own."""
    scope: Scope | None = Field(default=None, examples=["global"])
    """Which scores are compared: all, those of a layer, or those of one filter or output unit (``uniform``)."""
    unit: Literal["weights", "channels"] | None = Field(default=None, examples=["weights"])
    """What a strategy of your own removes."""
    proposed_by: Text | None = Field(default=None, examples=["han2015learning"])
    """Id of the paper that proposed a strategy of your own, if it has a record."""


class Scheme(Model):
    """How pruned networks come by their weights."""

    name: SchemeName = Field(examples=["fine_tuned"])
    """Name, as records use it."""
    rounds: int = Field(default=1, ge=1, le=100, examples=[3])
    """In how many rounds of pruning and training the ratio is reached."""
    rewind_to: SpecFraction | None = Field(default=None, examples=[0.1])
    """Share of the training after which the weights were kept that are rewound to."""
    longest: Positive | None = Field(default=None, examples=[2])
    """How many times the epochs of the unpruned model Scratch-B may take at most."""
    only: Many[Text] | None = Field(default=None, min_length=1, examples=[["magnitude", "l1_channels"]])
    """Strategies that are run under it, by their names; all that suit it where absent."""
    training: Training | None = None
    """What differs from the recipe of the evaluation."""


class Evaluation(Model):
    """The file that describes an evaluation."""

    name: Key = Field(examples=["fashion"])
    """Short name of the evaluation."""
    preset: PresetName | None = Field(default=None, examples=["liu2019"])
    """Paper whose recipe is followed wherever this file says nothing."""
    data: Many[Data] = Field(min_length=1, examples=[[{"name": "Digits"}]])
    """Datasets."""
    models: Many[NetworkSpec] = Field(min_length=1, examples=[[{"name": "ResNet-20"}]])
    """Networks."""
    strategies: Many[Strategy] = Field(min_length=1, examples=[[{"name": "random"}]])
    """Strategies."""
    schemes: Many[Scheme] = Field(min_length=1, examples=[[{"name": "fine_tuned"}]])
    """Schemes; each strategy is run with all that suit it."""
    ratios: Many[Annotated[Number, Field(gt=1)]] = Field(min_length=1, examples=[[2, 4, 8]])
    """How many times smaller the pruned networks are."""
    ratio_of: Literal["parameters", "multiply_adds"] = Field(default="parameters", examples=["parameters"])
    """What is made smaller by the ratio; the other is measured."""
    seeds: Many[Annotated[int, Field(ge=0, le=2**31)]] = Field(min_length=1, examples=[[0, 1, 2]])
    """A run for each; fewer than three are refused unless the command is forced."""
    prune_classifier: bool = Field(default=False, examples=[False])
    """Whether the last layer is pruned too, single weights only; neither ShrinkBench nor Liu et al. 2019 do."""
    training: Training | None = None
    """Training of the unpruned networks, and of those from scratch."""
    fine_tuning: Training | None = None
    """Training after pruning, where it differs."""
    threads: int = Field(default=1, ge=1, le=256, examples=[1])
    """Threads of one run; results are bit-equal only for the same number."""
    device: Device = Field(default="cpu", examples=["cpu"])
    """Where networks run: the processor, or a GPU by CUDA."""


MIN_SEEDS = 3


def read_evaluation(path: Path) -> tuple[Document[Evaluation] | None, list[Problem]]:
    """The evaluation that a file describes, or every problem that keeps it from being one."""
    from prunelit.evaluation.combinations import spec_faults

    document, problems = read_document(path, Evaluation)
    if document is None:
        return None, problems
    found = [document.problem(place, rule, message) for place, rule, message in spec_faults(document.value)]
    return (None, sorted(found)) if found else (document, [])
