"""Record of a paper: what it may say.

One record holds what one paper **reports**, never what was computed from it.  Unknown is absent.  Docstrings under the
fields are the one description of each field: they become the JSON Schema's text, the editor's hover and the data
dictionary.  Terms and units follow Blalock et al. 2020, section 2.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.calibration import Calibration
from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.fields import quantities, units
from prunelit.schema.locator import Locator
from prunelit.schema.measurement import Measurement
from prunelit.schema.method import Method, Structure
from prunelit.schema.model import Many, Model, requires_one_of
from prunelit.schema.patterns import BLOCK, N_OF_M, ArxivId, Doi, FileName, KnownPaper, Name, PaperId, Text, Url
from prunelit.schema.recipe import Recipe, TrainingScheme
from prunelit.schema.scope import CountScope
from prunelit.schema.spread import NO_DEVIATION, Bounds, Spread, check_bounds
from prunelit.schema.values import (
    Accuracy,
    Change,
    Deviation,
    Flag,
    Fraction,
    OperationCount,
    ParameterCount,
    Ratio,
    exactly,
)
from prunelit.schema.widths import Widths

SCHEMA_VERSION: Literal[2] = 2

Removed = Annotated[int, Field(ge=1, le=1_000_000)]

FlopConvention = Literal["multiply_adds", "multiplies_and_adds"]
"""Whether one multiply-add counts as one operation or as two."""


class Date(Model):
    """When a paper appeared."""

    year: int = Field(ge=1943, le=2100, examples=[2015])
    """Year of publication, or of the preprint where there is no publication."""
    month: int | None = Field(default=None, ge=1, le=12, examples=[12])
    """Month, 1 to 12."""


class Identifiers(Model):
    """Names under which registries know the paper."""

    arxiv: ArxivId | None = Field(default=None, examples=["1506.02626"])
    """arXiv identifier without version, in quotes."""
    doi: Doi | None = Field(default=None, examples=["10.1109/CVPR.2016.280"])
    """Digital object identifier, without the resolver's address."""


class Citation(Model):
    """What the bibliography entry of the paper says, even where the venue or the date above say otherwise."""

    type: Literal["article", "inproceedings", "misc", "phdthesis", "techreport", "book"] = Field(
        examples=["inproceedings"]
    )
    """Kind of the BibTeX entry."""
    year: int = Field(ge=1943, le=2100, examples=[2015])
    """Year in the entry."""
    container: Text | None = Field(default=None, examples=["Advances in neural information processing systems"])
    """Journal, proceedings or archive that the entry names."""
    volume: Text | None = Field(default=None, examples=["28"])
    """Volume."""
    number: Text | None = Field(default=None, examples=["10"])
    """Issue of the volume."""
    pages: Text | None = Field(default=None, examples=["1135-1143"])
    """Pages, first and last joined by a hyphen."""
    publisher: Text | None = Field(default=None, examples=["Elsevier"])
    """Publisher or organization."""


class Point(Model):
    """One operating point: what a paper reports of one pruned model."""

    QUALITY: ClassVar[tuple[str, ...]]
    EFFICIENCY: ClassVar[tuple[str, ...]]
    STRUCTURE: ClassVar[tuple[str, ...]] = ("widths",)
    ACCURACIES: ClassVar[tuple[str, ...]] = ("top1", "top5")
    model_config = ConfigDict(
        json_schema_extra=lambda schema: schema.update(
            requires_one_of(Point.QUALITY + Point.EFFICIENCY + Point.STRUCTURE)
            | {
                "if": {"properties": {"collapsed": {"const": True}}, "required": ["collapsed"]},
                "else": {"properties": {name: {"minimum": 1} for name in Point.ACCURACIES}},
            }
        )
    )

    survey_row: int | None = Field(default=None, ge=1, le=1_000_000, examples=[172])
    """Number of the row in the 2020 survey's published results."""
    pruned_model: Text | None = Field(default=None, examples=["ResNet-56-A"])
    """Name that the source gives to this pruned model or its setting."""
    n_of_m: Annotated[str, StringConstraints(pattern=N_OF_M)] | None = Field(default=None, examples=["2:4"])
    """Pattern of the weights that are left, in quotes: N of every M that follow one another."""
    block_shape: Annotated[str, StringConstraints(pattern=BLOCK)] | None = Field(default=None, examples=["4x1"])
    """Rows and columns of the blocks of weights that are kept or removed together."""
    layers_removed: Removed | None = Field(default=None, examples=[8])
    """Number of whole layers that are removed."""
    blocks_removed: Removed | None = Field(default=None, examples=[4])
    """Number of whole blocks of layers that are removed."""
    heads_removed: Removed | None = Field(default=None, examples=[48])
    """Number of attention heads that are removed."""
    conditions: MeasurementConditions | None = None
    """How the qualities of this point were measured, where it differs from the rest of its curve."""
    calibration: Calibration | None = None
    """Calibration data of this point, where they differ from those of the curve's recipe."""
    top1: Accuracy | None = Field(default=None, examples=[75.44])
    """Top-1 accuracy of the pruned model on the evaluation set, in percent."""
    top5: Accuracy | None = Field(default=None, examples=[92.61])
    """Top-5 accuracy of the pruned model on the evaluation set, in percent."""
    top1_error: Accuracy | None = Field(default=None, examples=[24.56])
    """Top-1 error of the pruned model on the evaluation set, in percent."""
    top5_error: Accuracy | None = Field(default=None, examples=[7.39])
    """Top-5 error of the pruned model on the evaluation set, in percent."""
    top1_change: Change | None = Field(default=None, examples=[-0.68])
    """Top-1 accuracy of the pruned minus that of the unpruned model, in percentage points."""
    top5_change: Change | None = Field(default=None, examples=[-0.07])
    """Top-5 accuracy of the pruned minus that of the unpruned model, in percentage points."""
    top1_std: Deviation | None = Field(default=None, examples=[0.31])
    """Standard deviation of the top-1 accuracy over the seeds, in percentage points."""
    top1_runs: Many[Accuracy] | None = Field(default=None, min_length=2, examples=[[93.1, 93.4]])
    """Top-1 accuracy of each run, in percent, where the runs are released but not their mean."""
    top1_max_deviation: Deviation | None = Field(default=None, examples=[0.2])
    """Largest distance of a run's top-1 accuracy from the mean of the runs, in percentage points."""
    top1_spread: Spread | None = Field(default=None, json_schema_extra=NO_DEVIATION)
    """Spread of the top-1 accuracy of another kind, in percentage points, or with its ends in percent."""
    top5_spread: Spread | None = None
    """Spread of the top-5 accuracy, in percentage points, or with its ends in percent."""
    metrics: Many[Measurement] | None = Field(default=None, min_length=1)
    """Quality in metrics other than top-1 and top-5 accuracy."""
    collapsed: Flag | None = None
    """True where the source shows the network at chance level: only then may an accuracy lie below 1 percent."""
    params: ParameterCount | None = Field(default=None, examples=["18.6M"])
    """Number of parameters after pruning."""
    params_kept: Fraction | None = Field(default=None, examples=[0.30])
    """Share of the parameters that is left, 0 to 1."""
    params_removed: Fraction | None = Field(default=None, examples=[0.70])
    """Share of the parameters that is pruned away, 0 to 1."""
    compression_ratio: Ratio | None = Field(default=None, examples=[9.0])
    """Parameters before over parameters after pruning."""
    params_scope: CountScope | None = Field(default=None, examples=["without_embeddings"])
    """What 'params' is counted over, where not over the whole model."""
    sparsity_scope: CountScope | None = Field(default=None, examples=["pruned_layers"])
    """What shares and ratios of parameters are taken over, where not over the whole model."""
    flops: OperationCount | None = Field(default=None, examples=["2.8G"])
    """Operations for one inference after pruning, as the paper counts them."""
    flops_kept: Fraction | None = Field(default=None, examples=[0.45])
    """Share of the operations that is left, 0 to 1."""
    flops_removed: Fraction | None = Field(default=None, examples=[0.55])
    """Share of the operations that is saved, 0 to 1."""
    speedup: Ratio | None = Field(default=None, examples=[4.0])
    """Theoretical speedup: operations before over operations after pruning."""
    flops_scope: CountScope | None = Field(default=None, examples=["convolutions"])
    """What operations, their shares and ratio are counted over, where not over the whole model."""
    bounds: Bounds | None = None
    """Numbers of this point that the source gives as bounds, or roughly."""
    widths: Widths | None = None
    """Channels that are left in each layer."""
    seeds: int | None = Field(default=None, ge=1, le=1_000_000, examples=[3])
    """Number of runs behind the numbers."""
    locator: Locator | None = None
    """Where in the paper the numbers stand."""
    note: Text | None = Field(default=None, examples=["the deviation is that of five runs"])
    """A caveat that a user of these numbers must know."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        given = self.model_fields_set
        if all(map(given.isdisjoint, (self.QUALITY, self.EFFICIENCY, self.STRUCTURE))):
            raise PydanticCustomError(
                "empty_point", "a point needs at least one number, such as 'top1' or 'params_kept'"
            )
        if self.n_of_m is not None and int(self.n_of_m.partition(":")[0]) > int(self.n_of_m.partition(":")[2]):
            raise PydanticCustomError("n_of_m", "more weights are left than there are", {"key": "n_of_m"})
        if self.bounds:
            check_bounds(self, self.bounds, tuple(quantities(Point)))
        _refuse_deviation(self, "top1")
        if not self.collapsed:
            for name in self.ACCURACIES:
                value: Decimal | None = getattr(self, name)
                if value is not None and value < 1:
                    raise PydanticCustomError(
                        "fraction_as_percent",
                        "expected percent, found {value}, which looks like a fraction: write {percent} "
                        "(or add 'collapsed: true' if the network really is at chance level)",
                        {"key": name, "value": str(value), "percent": f"{value.scaleb(2):f}"},
                    )
        return self


def _refuse_deviation(holder: Model, name: str) -> None:
    """Refuse a standard deviation that has a field of its own as a spread of another kind.

    Raises:
        PydanticCustomError: if there is one.
    """
    spread: Spread | None = getattr(holder, f"{name}_spread")
    if spread is not None and spread.kind == "standard_deviation" and spread.half_width is not None:
        raise PydanticCustomError(
            "spread",
            "a standard deviation has a key of its own: '{name}_std'",
            {"key": f"{name}_spread", "name": name},
        )


Point.QUALITY = (*(name for name, unit in units(Point).items() if unit.of == "quality"), "metrics")
Point.EFFICIENCY = tuple(name for name, unit in units(Point).items() if unit.of == "efficiency")


class Curve(Model):
    """The operating points of one method: its tradeoff between efficiency and quality."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["points"]}, {"required": ["points_file"]}]},
    )

    method: Text | None = Field(default=None, examples=["PFA-En"])
    """Name of the method; absent where the source gives the paper's one method no name."""
    canonical_method: Annotated[Text, Name("canonical_method")] | None = Field(
        default=None, examples=["L1-norm filter pruning"]
    )
    """Canonical name of the method, from the vocabulary, where its name and its proposer leave open which it is."""
    origin: Literal["own", "rerun", "copied", "unclear"] = Field(examples=["own"])
    """The paper's own method, its rerun of somebody else's, numbers copied from an earlier paper, or unclear which."""
    proposed_by: KnownPaper | None = Field(default=None, examples=["han2015learning"])
    """Paper that proposed the method; absent for the paper's own, and where it is unknown."""
    copied_from: KnownPaper | None = Field(default=None, examples=["li2016pruning"])
    """Paper that the numbers were copied from."""
    simple_method: Literal["random", "magnitude"] | None = Field(default=None, examples=["magnitude"])
    """Which of the two simple methods this is that Blalock et al. 2020 ask everyone to compare with."""
    training_scheme: TrainingScheme | None = Field(default=None, examples=["fine_tuned"])
    """How the pruned networks came by their weights."""
    target_architecture: Literal["predefined", "automatic"] | None = Field(default=None, examples=["predefined"])
    """Whether the user fixes the pruned architecture or the method finds it (Liu et al. 2019, Figure 2)."""
    structure: Structure | None = None
    """What is removed here, where the paper prunes both ways under one name of a method."""
    stated_setup: Annotated[Text, Name("setup")] | None = Field(default=None, examples=["S3.2"])
    """Comparison setup under which the source says that it compares the curve, from the vocabulary."""
    recipe: Recipe | None = None
    """How the pruned networks were made, as far as a source says so."""
    conditions: MeasurementConditions | None = None
    """How the qualities of all points were measured, where it differs from the rest of the experiment."""
    params_scope: CountScope | None = Field(default=None, examples=["without_embeddings"])
    """What 'params' of all points is counted over, where not over the whole model."""
    sparsity_scope: CountScope | None = Field(default=None, examples=["pruned_layers"])
    """What shares and ratios of parameters of all points are taken over, where not over the whole model."""
    flops_scope: CountScope | None = Field(default=None, examples=["convolutions"])
    """What operations of all points, their shares and ratio are counted over, where not over the whole model."""
    sweep: Flag | None = None
    """True for a released sweep: many settings of one method, kept out of the survey's statistics."""
    points: Many[Point] | None = Field(default=None, min_length=1)
    """The operating points."""
    points_file: FileName | None = Field(default=None, examples=["gale2019state-magnitude.csv"])
    """CSV file in ``corpus/sweeps`` with the points of a long sweep, one line a point."""
    locator: Locator | None = None
    """Where the points stand that have no locator of their own."""
    note: Text | None = None
    """A caveat on the whole curve."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.points is None) == (self.points_file is None):
            both = "; found both" if self.points else "; found neither"
            raise PydanticCustomError(
                "points", "a curve needs either 'points' or 'points_file'{found}", {"found": both}
            )
        return self


class Experiment(Model):
    """One architecture on one dataset, the paper's unpruned model, and the curves that start from it."""

    WITHOUT_CURVES: ClassVar[tuple[str, ...]] = ("survey_row", "method", "seeds", "locator")
    model_config = ConfigDict(
        json_schema_extra=lambda schema: schema.update(
            {
                "if": {"required": ["curves"]},
                "then": {"not": {"anyOf": [{"required": [name]} for name in Experiment.WITHOUT_CURVES]}},
            }
        )
    )

    dataset: Annotated[Text, Name("dataset")] | None = Field(default=None, examples=["ImageNet"])
    """Dataset, by its name in the vocabulary; absent where the source leaves it open."""
    architecture: Annotated[Text, Name("architecture")] | None = Field(default=None, examples=["ResNet-50"])
    """Architecture, by its name in the vocabulary; absent where the source leaves it open."""
    collections: Many[Annotated[Text, Name("collection")]] = Field(min_length=1, examples=[["contributed"]])
    """Collections in whose statistics this experiment counts."""
    survey_row: int | None = Field(default=None, ge=1, le=1_000_000, examples=[174])
    """Number of the row in the 2020 survey's published results, for an experiment that it lists without numbers."""
    method: Text | None = Field(default=None, examples=["AP+Coreset-S"])
    """Method that was evaluated, for an experiment without curves."""
    seeds: int | None = Field(default=None, ge=1, le=1_000_000, examples=[5])
    """Number of runs, for an experiment without curves."""
    locator: Locator | None = None
    """Where the experiment stands in the paper, for an experiment without curves."""
    conditions: MeasurementConditions | None = None
    """How the qualities of the unpruned model and of all points were measured."""
    base_top1: Annotated[Accuracy, Field(ge=1)] | None = Field(
        default=None, examples=[76.15], json_schema_extra={"minimum": 1}
    )
    """Top-1 accuracy of the unpruned model in the same paper, in percent."""
    base_top5: Annotated[Accuracy, Field(ge=1)] | None = Field(
        default=None, examples=[92.87], json_schema_extra={"minimum": 1}
    )
    """Top-5 accuracy of the unpruned model in the same paper, in percent."""
    base_top1_error: Accuracy | None = Field(default=None, examples=[23.85])
    """Top-1 error of the unpruned model in the same paper, in percent."""
    base_top5_error: Accuracy | None = Field(default=None, examples=[7.13])
    """Top-5 error of the unpruned model in the same paper, in percent."""
    base_top1_std: Deviation | None = Field(default=None, examples=[0.18])
    """Standard deviation of the unpruned model's top-1 accuracy, in percentage points."""
    base_top1_runs: Many[Accuracy] | None = Field(default=None, min_length=2, examples=[[76.67, 76.80]])
    """Top-1 accuracy of each run of the unpruned model, in percent, where the runs are released but not their mean."""
    base_top1_spread: Spread | None = Field(default=None, json_schema_extra=NO_DEVIATION)
    """Spread of the unpruned top-1 accuracy of another kind, in percentage points, or with its ends in percent."""
    base_top5_spread: Spread | None = None
    """Spread of the unpruned top-5 accuracy, in percentage points, or with its ends in percent."""
    base_seeds: int | None = Field(default=None, ge=1, le=1_000_000, examples=[3])
    """Number of runs behind the numbers of the unpruned model."""
    base_metrics: Many[Measurement] | None = Field(default=None, min_length=1)
    """Quality of the unpruned model in other metrics."""
    base_params: ParameterCount | None = Field(default=None, examples=["25.6M"])
    """Number of parameters before pruning."""
    base_params_scope: CountScope | None = Field(default=None, examples=["without_embeddings"])
    """What 'base_params' is counted over, where not over the whole model."""
    base_flops: OperationCount | None = Field(default=None, examples=["4.09G"])
    """Operations for one inference before pruning, as the paper counts them."""
    base_flops_scope: CountScope | None = Field(default=None, examples=["convolutions"])
    """What 'base_flops' is counted over, where not over the whole model."""
    bounds: Bounds | None = None
    """Numbers of the unpruned model that the source gives as bounds, or roughly."""
    base_widths: Widths | None = None
    """Channels of each layer before pruning."""
    flop_convention: FlopConvention | None = Field(default=None, examples=["multiply_adds"])
    """How the paper counts operations, where it says so or its counts prove it: multiply-adds as one, or as two."""
    base_locator: Locator | None = None
    """Where in the paper the numbers of the unpruned model stand."""
    curves: Many[Curve] | None = Field(default=None, min_length=1)
    """Results; absent for an experiment that is known to exist but whose numbers nobody has entered."""
    note: Text | None = None
    """A caveat on the experiment."""

    @model_validator(mode="after")
    def _row_or_curves(self) -> Self:
        for name in self.WITHOUT_CURVES:
            if self.curves is not None and getattr(self, name) is not None:
                raise PydanticCustomError(
                    "belongs_to_curve",
                    "beside 'curves', this belongs to them or to their points",
                    {"key": name},
                )
        if self.bounds:
            check_bounds(self, self.bounds, tuple(quantities(Experiment)))
        _refuse_deviation(self, "base_top1")
        return self


class Comparison(Model):
    """A comparison that a later source brings to a paper; it counts only in the collections it names."""

    paper: KnownPaper = Field(examples=["li2016pruning"])
    """The paper that is compared to."""
    collections: Many[Annotated[Text, Name("collection")]] = Field(min_length=1, examples=[["contributed"]])
    """Collections in whose graph the comparison counts."""
    locator: Locator | None = None
    """Where the comparison stands."""


class Paper(Model):
    """The record of one paper: its bibliography, what it compares to, and the results it reports."""

    model_config = ConfigDict(
        json_schema_extra={
            "dependentRequired": {
                "status": ["status_source"],
                "status_source": ["status"],
                "superseded_by": ["status"],
            },
            "if": {"properties": {"status": {"const": "superseded"}}, "required": ["status"]},
            "then": {"required": ["superseded_by"]},
            "else": {"not": {"required": ["superseded_by"]}},
        }
    )

    schema_version: Annotated[Literal[2], exactly(SCHEMA_VERSION)] = Field(examples=[SCHEMA_VERSION])
    """Version of this schema."""
    id: PaperId = Field(examples=["han2015learning"])
    """Id of the record, equal to its file name: first author's family name, year, first word of the title."""
    former_ids: Many[PaperId] | None = Field(default=None, min_length=1, examples=[["han2015both"]])
    """Ids that the record had before it was renamed, by which it is still found."""
    title: Text = Field(examples=["Learning both Weights and Connections for Efficient Neural Network"])
    """Title, in real Unicode and without markup."""
    authors: Many[Text] | None = Field(default=None, min_length=1, examples=[["Han, Song", "Pool, Jeff"]])
    """Authors in the order of the paper, each as 'Family, Given'; absent where no source at hand names them."""
    published: Date = Field(examples=[{"year": 2015, "month": 12}])
    """When the paper appeared at its venue."""
    venue: Annotated[Text, Name("venue")] | None = Field(default=None, examples=["NIPS"])
    """Venue, by its name in the vocabulary, which knows whether it is peer-reviewed."""
    identifiers: Identifiers | None = None
    """arXiv identifier and DOI."""
    links: Many[Url] | None = Field(default=None, min_length=1)
    """Addresses of the paper or of its code."""
    status: Literal["retracted", "superseded"] | None = Field(default=None, examples=["superseded"])
    """Whether the paper was retracted, or superseded by another one: its numbers then count in no statistics."""
    superseded_by: KnownPaper | None = Field(default=None, examples=["renda2020comparing"])
    """Paper that supersedes it."""
    status_source: Text | None = Field(default=None, examples=["retraction note at the publisher"])
    """The source that says so."""
    citation: Citation | None = None
    """The bibliography entry of the paper; for papers of the 2020 survey the one that it published."""
    survey_id: Text | None = Field(default=None, examples=["learning-both"])
    """Nickname of the paper in the 2020 survey's data."""
    collections: Many[Annotated[Text, Name("collection")]] = Field(min_length=1, examples=[["contributed"]])
    """Collections that the paper belongs to."""
    compares_to: Many[KnownPaper] | None = Field(default=None, min_length=1, examples=[["denton2014exploiting"]])
    """Papers whose pruning results this paper compares its own to; counts in all collections of the paper."""
    added_comparisons: Many[Comparison] | None = Field(default=None, min_length=1)
    """Comparisons found later, which must not move the statistics of a closed collection."""
    cites: Many[KnownPaper] | None = Field(default=None, min_length=1)
    """Papers that this paper cites without comparing to them; not counted in a closed collection."""
    methods: Many[Method] | None = Field(default=None, min_length=1)
    """Methods that the paper proposes, where they have names or a source classifies them; of toolkits and benchmarks,
    also those that they run."""
    experiments: Many[Experiment] | None = Field(default=None, min_length=1)
    """Everything the paper evaluates."""
    contributors: Many[Text] | None = Field(default=None, min_length=1, examples=[["Ada Lovelace"]])
    """Who entered or checked the record."""
    note: Text | None = None
    """A caveat on the paper or its bibliography."""

    @model_validator(mode="after")
    def _whole_status(self) -> Self:
        if self.superseded_by is not None and self.status != "superseded":
            message = "only a paper of status 'superseded' has it"
            raise PydanticCustomError("status", message, {"key": "superseded_by"})
        if self.status == "superseded" and self.superseded_by is None:
            raise PydanticCustomError("status", "name the paper in 'superseded_by'", {"key": "status"})
        if (self.status is None) != (self.status_source is None):
            key, other = ("status", "status_source") if self.status else ("status_source", "status")
            raise PydanticCustomError("status", "goes together with '{other}'", {"key": key, "other": other})
        return self
