"""Vocabularies and other shared files of the corpus: names, collections, reference models, exclusions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import Key, KnownPaper, Name, Text, Url
from prunelit.schema.record import FlopConvention
from prunelit.schema.shared import SharedFile
from prunelit.schema.values import Accuracy, Flag, Number, OperationCount, ParameterCount


class DatasetEntry(Model):
    """A dataset that papers evaluate on."""

    name: Text = Field(examples=["CIFAR-10"])
    """Canonical name."""
    aliases: Many[Text] | None = Field(default=None, min_length=1, examples=[["CIFAR10"]])
    """Other spellings, which a record must not use."""
    subset_of: Annotated[Text, Name("dataset")] | None = Field(default=None, examples=["ImageNet"])
    """The dataset that its samples are taken from."""
    source: Text | None = Field(default=None, examples=["arXiv:2009.03300"])
    """Where what is said of it comes from."""
    note: Text | None = None
    """What a reader must know about it."""


class CanonicalMethod(Model):
    """A pruning method under one name, however papers spell it.

    Records keep what their sources print.  A method that its own record lists under ``methods``, and that everybody
    spells alike, needs no entry.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "not": {"required": ["proposed_by", "reported_by"]},
            "dependentRequired": {"unnamed": ["proposed_by"]},
            "if": {"required": ["spellings"]},
            "then": {"anyOf": [{"required": ["proposed_by"]}, {"required": ["reported_by"]}]},
        }
    )

    name: Text = Field(examples=["L1-norm filter pruning"])
    """Canonical name, which no other method has."""
    aliases: Many[Text] | None = Field(default=None, min_length=1, examples=[["AutoML for model compression"]])
    """Other names that mean this method whoever prints them."""
    proposed_by: KnownPaper | None = Field(default=None, examples=["li2016pruning"])
    """Paper that proposed it; absent where it is unknown."""
    reported_by: KnownPaper | None = Field(default=None, examples=["gale2019state"])
    """Paper that prints the spellings, where nobody is known to have proposed the method."""
    spellings: Many[Text] | None = Field(default=None, min_length=1, examples=[["L1-norm", "PFEC"]])
    """How curves print it that say who proposed it, or that stand in the paper that reports it."""
    unnamed: Flag | None = None
    """True if it is the method of ``proposed_by`` that some source gives no name."""
    source: Text | None = Field(default=None, examples=["the title of the paper"])
    """Where the name comes from, if not from a record."""
    note: Text | None = None
    """What a reader must know about it."""

    @model_validator(mode="after")
    def _of_one_paper(self) -> Self:
        if self.proposed_by and self.reported_by:
            message = "expected one of 'proposed_by' and 'reported_by'; who proposed it is known"
            raise PydanticCustomError("canonical_method", message, {"key": "reported_by"})
        if self.spellings and not (self.proposed_by or self.reported_by):
            message = "spellings mean a method of a paper; give its 'proposed_by' or 'reported_by', or use 'aliases'"
            raise PydanticCustomError("canonical_method", message, {"key": "spellings"})
        if self.unnamed and not self.proposed_by:
            message = "the method of which paper? Give its 'proposed_by'"
            raise PydanticCustomError("canonical_method", message, {"key": "unnamed"})
        return self


Difference = Literal[
    "head",
    "dropout",
    "normalization",
    "pre_activation",
    "backbone",
    "width",
    "depth",
    "convolutions",
    "downsampling",
    "input",
    "distillation_token",
]
"""In what an architecture differs from the one that it is a variant of; ``head`` is what follows the feature layers."""


class Architecture(Model):
    """A network architecture."""

    VARIANT: ClassVar[tuple[str, ...]] = ("variant_of", "differs", "variant_source")
    model_config = ConfigDict(
        json_schema_extra=lambda schema: schema.update(
            {"dependentRequired": {one: [*Architecture.VARIANT] for one in Architecture.VARIANT}}
        )
    )

    name: Text = Field(examples=["ResNet-50"])
    """Canonical name."""
    aliases: Many[Text] | None = Field(default=None, min_length=1, examples=[["ResNet50"]])
    """Other spellings, which a record must not use."""
    family: Text | None = Field(default=None, examples=["ResNet"])
    """Family of architectures that it belongs to; absent for one-off networks."""
    variant_of: Annotated[Text, Name("architecture")] | None = Field(default=None, examples=["VGG-16"])
    """The architecture that it is the same as but for the parts in ``differs``; that one may be a variant, too."""
    differs: Many[Difference] | None = Field(default=None, min_length=1, examples=[["normalization", "head"]])
    """In what it differs from the architecture that it is a variant of."""
    variant_source: Text | None = Field(default=None, examples=["Eric-mingjie/network-slimming@e42ddc2, models/vgg.py"])
    """The code, or the numbers of parameters, that prove what it is a variant of and in what it differs."""
    input: Text | None = Field(default=None, examples=["224x224"])
    """What its size and its operations are for: images of that many pixels, where its source says so."""
    year: int | None = Field(default=None, ge=1943, le=2100, examples=[2016])
    """Year in which it was published, where the survey's list or another source gives it."""
    params: ParameterCount | None = Field(default=None, examples=["22.1M"])
    """Number of parameters of the unpruned model, as its source prints it."""
    multiply_adds: OperationCount | None = Field(default=None, examples=["4.6G"])
    """Multiply-adds of the unpruned model for one inference, as its source prints them."""
    source: Text | None = Field(default=None, examples=["fang2024isomorphic, README"])
    """Where the size, the operations and the year come from, if not from the survey's list."""
    note: Text | None = None
    """What a reader must know about it."""

    @model_validator(mode="after")
    def _whole_variant(self) -> Self:
        told = [name for name in self.VARIANT if getattr(self, name) is not None]
        missing = next((name for name in self.VARIANT if name not in told), None)
        if told and missing:
            raise PydanticCustomError(
                "variant",
                "a variant says of what, in what it differs, and what proves it; '{missing}' is missing",
                {"key": told[0], "missing": missing},
            )
        return self


class Venue(Model):
    """A place where papers appear."""

    name: Text = Field(examples=["ICLR"])
    """Canonical name, as the survey abbreviates it."""
    full_name: Text | None = Field(default=None, examples=["British Machine Vision Conference"])
    """Full name."""
    aliases: Many[Text] | None = Field(default=None, min_length=1, examples=[["NeurIPS"]])
    """Other names, which a record must not use."""
    peer_reviewed: bool = Field(examples=[True])
    """Whether the survey counts its papers as peer-reviewed; of later venues, whether they review papers."""
    source: Text | None = Field(default=None, examples=["jmlr.org/tmlr/editorial-policies.html"])
    """Where what is said of it comes from, if not from the survey."""


class Metric(Model):
    """A measure of a model's quality."""

    name: Text = Field(examples=["perplexity"])
    """Name, as records use it."""
    aliases: Many[Text] | None = Field(default=None, min_length=1, examples=[["AP50", "mAP@0.5"]])
    """Other spellings, which a record must not use."""
    meaning: Text = Field(examples=["exponential of the mean cross-entropy per token"])
    """What it measures."""
    unit: Text = Field(examples=["%"])
    """Unit of its values."""
    direction: Literal["higher", "lower"] = Field(examples=["lower"])
    """Whether higher or lower values are better."""
    minimum: Number | None = Field(default=None, examples=[0])
    """The smallest value that it can have, in its unit."""
    maximum: Number | None = Field(default=None, examples=[100])
    """The largest value that it can have, in its unit."""
    hardware_dependent: Flag | None = None
    """True for what is measured on a device, such as a time, and means nothing without the hardware."""
    source: Text | None = Field(default=None, examples=["cocodataset.org, Detection Evaluation"])
    """Where its definition comes from."""


Condition = Literal[
    "dataset",
    "architecture",
    "ratio",
    "unpruned_model",
    "fine_tuning_epochs",
    "learning_rate_schedule",
    "pruning_epochs",
    "pruning_learning_rate_schedule",
    "total_epochs",
    "total_flops",
]
"""What two results must share in a comparison setup; ``ratio`` is the compression ratio or the theoretical speedup."""


class Setup(Model):
    """A comparison setup: what is held equal when the results of two methods are compared."""

    name: Text = Field(examples=["S3.1"])
    """Name, as its source gives it."""
    meaning: Text = Field(examples=["fine-tuned for the same number of epochs"])
    """What it asks for, in our own words."""
    extends: Annotated[Text, Name("setup")] | None = Field(default=None, examples=["S2"])
    """The less strict setup whose conditions it includes."""
    equal: Many[Condition] = Field(min_length=1, examples=[["fine_tuning_epochs"]])
    """What it holds equal beyond the setup that it extends."""
    source: Text = Field(examples=["wang2023why, Table 2"])
    """Where it is defined."""


class ChecklistItem(Model):
    """One thing that a complete evaluation reports."""

    name: Key = Field(examples=["operating-points"])
    """Short name."""
    asks: Text = Field(examples=["number of runs"])
    """What is asked for."""
    source: Text = Field(examples=["Blalock et al. 2020, section 2.4"])
    """The source that asks for it, or the reason why this project does."""


class Checklist(SharedFile):
    """What a complete evaluation reports, item by item, with the source that asks for it."""

    items: Many[ChecklistItem]
    """Everything that is asked for, in the order in which it is told."""


ALL = "all"
"""What commands and functions take for all papers and experiments, so that no collection may be called so."""

SURVEY = "blalock2020"
"""The closed collection of the 2020 survey, whose figures are drawn as it drew them."""
EVALUATIONS = "evaluations"
"""The collection of what prunelit ran itself."""


class Collection(Model):
    """A set of papers and experiments that statistics are taken over."""

    name: Key = Field(examples=["blalock2020"])
    """Name, as records use it."""
    title: Text
    """What the collection holds."""
    source: Text
    """Where its facts come from."""
    url: Url | None = None
    """Address of the source."""
    licence: Text | None = None
    """Licence of the source."""
    padded: bool = Field(default=False)
    """True where the source pads numbers with zeros, so that trailing zeros say nothing about precision."""
    closed: Flag | None = None
    """True for a collection that must not change any more; manifest.yaml says what it holds."""


class UnprunedModel(Model):
    """What a source reports of an unpruned model, for use as a reference."""

    architecture: Annotated[Text, Name("architecture")] = Field(examples=["ResNet-50"])
    """Architecture, by its name in the vocabulary."""
    printed_name: Text | None = Field(default=None, examples=["MobileNet-v1"])
    """Name in the source, where it differs."""
    port: Text | None = Field(default=None, examples=["Tensorflow"])
    """Implementation or weights that the numbers belong to, where the source lists several."""
    top1: Accuracy | None = None
    """Top-1 accuracy in percent."""
    top5: Accuracy | None = None
    """Top-5 accuracy in percent."""
    params: ParameterCount | None = None
    """Number of parameters."""
    flops: OperationCount | None = None
    """Operations for one inference, in the convention of the source."""


class UnprunedSource(Model):
    """A table of unpruned models."""

    name: Key = Field(examples=["tan2019efficientnet"])
    """Short name of the source."""
    title: Text
    """What the table is."""
    url: Url | None = None
    """Address of the table."""
    licence: Text | None = None
    """Licence of the table."""
    dataset: Annotated[Text, Name("dataset")] = Field(examples=["ImageNet"])
    """Dataset of the accuracies."""
    flop_convention: FlopConvention | None = None
    """How the source counts operations."""
    reference: bool
    """True where the survey takes its unpruned models from this table (its footnote 2)."""
    models: Many[UnprunedModel] = Field(min_length=1)
    """The rows of the table."""


SurveyPart = Literal["counts", "figure1", "figure3", "figure4", "figure5", "beats"]
"""A part of the survey's analysis: its counts of datasets, architectures and pairs, a figure, or who beats whom."""


class Exclusion(Model):
    """Results that the survey leaves out of parts of its analysis, or draws as one method, and why."""

    collection: Annotated[Key, Name("collection")] = Field(examples=["blalock2020"])
    """Collection that the decision belongs to."""
    paper: KnownPaper = Field(examples=["suzuki2018spectral"])
    """Paper concerned."""
    methods: Many[Text] | None = Field(default=None, min_length=1, examples=[["Spec-Tiny"]])
    """Methods concerned; absent for all of the paper."""
    left_out_of: Many[SurveyPart] | None = Field(default=None, min_length=1, examples=[["figure3", "beats"]])
    """Parts of the analysis that leave the results out."""
    merged: Flag | None = None
    """True where the methods are drawn as one."""
    reason: Text = Field(examples=["These variants change the architecture."])
    """Why, as the survey's authors explain it."""
    source: Text = Field(examples=["the survey's analysis code"])
    """Where they do."""


GroupName = Literal["unstructured-magnitude", "left-out-beside-magnitude", "magnitude-pruning"]
"""A group of methods that an analysis treats alike."""


class GroupMember(Model):
    """Methods of a paper that belong to a group, and why."""

    collection: Annotated[Key, Name("collection")] | None = Field(default=None, examples=["blalock2020"])
    """Collection that the decision belongs to; absent where it holds in all of them."""
    paper: KnownPaper = Field(examples=["gale2019state"])
    """Paper concerned."""
    methods: Many[Text] | None = Field(default=None, min_length=1, examples=[["Magnitude", "Magnitude-v2"]])
    """Methods concerned; absent for all of the paper."""
    reason: Text = Field(examples=["Prunes single weights by their magnitude."])
    """Why they belong to the group."""
    source: Text = Field(examples=["the survey's analysis code"])
    """Where that is stated."""


class MethodGroup(Model):
    """Methods that an analysis treats alike, where no other field of the records says so."""

    name: GroupName = Field(examples=["unstructured-magnitude"])
    """Name, by which the analysis asks for the group."""
    meaning: Text = Field(examples=["unstructured magnitude pruning, in all its variants"])
    """What its members have in common, and which analysis asks for it."""
    members: Many[GroupMember] = Field(min_length=1)
    """The methods."""

    def within(self, collection: str) -> MethodGroup:
        """The group with the members that count in a collection."""
        members = tuple(one for one in self.members if one.collection in (None, collection))
        return self.model_copy(update={"members": members})


class Datasets(SharedFile):
    """Datasets that papers evaluate on, with their other spellings."""

    datasets: Many[DatasetEntry]
    """Datasets in alphabetical order."""


class Architectures(SharedFile):
    """Network architectures, with their other spellings, families, years and sizes."""

    architectures: Many[Architecture]
    """Architectures in alphabetical order."""
    unions: Many[ArchitectureUnion] | None = None
    """Architectures that figures show as one."""


class ArchitectureUnion(Model):
    """Architectures that the survey's figures show as one."""

    name: Text = Field(examples=["Alex/CaffeNet"])
    """Name of the union."""
    of: Many[Annotated[Text, Name("architecture")]] = Field(min_length=2)
    """Its members."""


class Methods(SharedFile):
    """Pruning methods with their other spellings, where a name alone does not tell which method it is."""

    methods: Many[CanonicalMethod]
    """Methods in alphabetical order."""


class Venues(SharedFile):
    """Places where papers appear, with their other names, and whether they are peer-reviewed."""

    venues: Many[Venue]
    """Venues in alphabetical order."""


class Metrics(SharedFile):
    """Measures of a model's quality beyond top-1 and top-5 accuracy, with their units and directions."""

    metrics: Many[Metric]
    """Metrics in alphabetical order."""


class Setups(SharedFile):
    """Comparison setups: what two results must share to be compared, from lax to strict."""

    setups: Many[Setup]
    """Comparison setups; those that extend each other from the least to the most strict."""


class Collections(SharedFile):
    """Sets of papers and experiments that statistics are taken over."""

    collections: Many[Collection]
    """All collections."""


class Unpruned(SharedFile):
    """What tables of unpruned models report."""

    sources: Many[UnprunedSource]
    """Tables of unpruned models."""


class Exclusions(SharedFile):
    """What the 2020 survey leaves out of parts of its analysis, and why."""

    ABOUT_RECORDS: ClassVar[bool] = True

    exclusions: Many[Exclusion]
    """Decisions of the survey's analysis."""


class Groups(SharedFile):
    """Methods that an analysis treats alike, where no other field says so, each with reason and source."""

    ABOUT_RECORDS: ClassVar[bool] = True

    groups: Many[MethodGroup]
    """Groups of methods that an analysis treats alike."""
