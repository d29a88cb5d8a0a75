"""Corrections of records and acknowledgements of findings: what is wrong, what is right, and the evidence.

A correction never edits a record: the record keeps what was published, and the tables apply the correction on request.
The guard ``expect`` makes a correction fail once the record no longer holds the value that it corrects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.model import Many, Model, requires_one_of
from prunelit.schema.patterns import IsoDate, Key, KnownPaper, Name, Text
from prunelit.schema.shared import SharedFile
from prunelit.schema.values import Value


class NamedResult(Model):
    """Which result of a record is meant, where the survey has no row for it: the one that all these names fit."""

    NAMES: ClassVar[tuple[str, ...]] = ("dataset", "architecture", "method", "pruned_model")
    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(requires_one_of(NamedResult.NAMES)))

    dataset: Text | None = Field(default=None, examples=["ImageNet"])
    """Dataset, as in the record."""
    architecture: Text | None = Field(default=None, examples=["ResNet-50"])
    """Architecture, as in the record."""
    method: Text | None = Field(default=None, examples=["ThiNet"])
    """Method, as in the record."""
    pruned_model: Text | None = Field(default=None, examples=["ResNet-56-A"])
    """Pruned model, as in the record."""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("result", "a result is named by dataset, architecture, method or pruned_model")
        return self

    @property
    def names(self) -> dict[str, str]:
        """The names that are given."""
        return {name: value for name in self.NAMES if (value := getattr(self, name)) is not None}

    def fits(self, said: Mapping[str, object]) -> bool:
        """Whether all the names are those of a result."""
        return all(said.get(name) == value for name, value in self.names.items())


class Correction(Model):
    """One published value that is wrong."""

    model_config = ConfigDict(json_schema_extra=requires_one_of(("expect", "correct")))

    paper: KnownPaper = Field(examples=["zhuang2018discrimination"])
    """Record that holds the value."""
    survey_row: int | None = Field(default=None, ge=1, examples=[525])
    """Row of the survey that the value belongs to; absent for a value of the paper itself."""
    result: NamedResult | None = None
    """Result that the value belongs to, where the survey has no row for it; ``expect`` helps to tell it from others."""
    field: Text = Field(examples=["top1_change"])
    """Name of the quantity, or of the paper's field."""
    expect: Value | None = Field(default=None, examples=[-1.06])
    """What the record says, as it is written there; absent where it says nothing."""
    correct: Value | None = Field(default=None, examples=[-3.26])
    """What is right, in the same unit; absent where nothing is known and the value must go."""
    reason: Text
    """What is wrong with the published value."""
    evidence: Text
    """What proves it: another source with its locator, or arithmetic on printed numbers."""
    date: IsoDate = Field(examples=["2026-11-20"])
    """Day of the correction."""
    status: Literal["applied", "proposed", "reported"] = Field(examples=["applied"])
    """``applied`` changes the corrected tables; ``proposed`` waits for review; ``reported`` is known to its source."""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.expect == self.correct and type(self.expect) is type(self.correct):
            raise PydanticCustomError("no_change", "'expect' and 'correct' are the same")
        if self.survey_row is not None and self.result is not None:
            raise PydanticCustomError("two_places", "either a row of the survey or a result, not both")
        return self

    @property
    def of_paper(self) -> bool:
        """Whether it concerns the paper itself, not one of its results."""
        return self.survey_row is None and self.result is None

    @property
    def place(self) -> str:
        """The result that it concerns, for people; empty where it concerns the paper itself."""
        if self.result is not None:
            return ", ".join(self.result.names.values())
        return "" if self.survey_row is None else f"row {self.survey_row}"


class ReferenceCorrection(Model):
    """One value in a table of unpruned models that is wrong."""

    source: Key = Field(examples=["bianco2018benchmark"])
    """Table that holds the value, by its short name in ``unpruned.yaml``."""
    architecture: Annotated[Text, Name("architecture")] = Field(examples=["VGG-16"])
    """Row of the table."""
    field: Literal["top1", "top5", "params", "flops"] = Field(examples=["flops"])
    """Name of the quantity."""
    expect: Value = Field(examples=["15.35G"])
    """What the table says, as it is written there."""
    correct: Value = Field(examples=["15.47G"])
    """What is right, in the same unit and convention."""
    reason: Text
    """What is wrong with the published value."""
    evidence: Text
    """What proves it."""
    date: IsoDate = Field(examples=["2026-11-27"])
    """Day of the correction."""
    status: Literal["applied", "proposed"] = Field(examples=["applied"])
    """``applied`` changes the corrected tables, those of the survey excepted; ``proposed`` waits for review."""


class Corrections(SharedFile):
    """Published values that are wrong, what is right, and what proves it."""

    ABOUT_RECORDS: ClassVar[bool] = True

    corrections: Many[Correction]
    """All corrections, by paper and row."""
    reference_corrections: Many[ReferenceCorrection] | None = None
    """Corrections of tables of unpruned models, by table and row."""


class Excused(Model):
    """What findings of a rule are about, and the values that may stand there."""

    dataset: Annotated[Text, Name("dataset")] | None = Field(default=None, examples=["ImageNet"])
    """Dataset, as in the record; absent where the finding is about no experiment."""
    architecture: Annotated[Text, Name("architecture")] | None = Field(default=None, examples=["ResNet-50"])
    """Architecture, as in the record."""
    method: Text | None = Field(default=None, examples=["ThiNet"])
    """Method, as in the record; absent where it has no name, and for the unpruned model."""
    field: Text | None = Field(default=None, examples=["published"])
    """What the finding is about, as the audit calls it, where that is no result."""
    values: Many[Text] = Field(min_length=1, examples=[["top1_change -0.68; top1 75.44, base_top1 76.15"]])
    """What the record prints there, the field of the finding first, once for each; another value is another finding."""


class Acknowledgement(Model):
    """Findings of the audit that somebody has looked at and lets stand, and why."""

    rule: Key = Field(examples=["preprint-cited-for-published"])
    """Rule that makes the findings."""
    paper: KnownPaper | None = Field(default=None, examples=["zhuang2018discrimination"])
    """Paper concerned; absent for findings about the corpus as a whole."""
    reason: Text = Field(examples=["The source gives only the change."])
    """Why the findings may stand."""
    excuses: Many[Excused] = Field(min_length=1)
    """What exactly may stand."""


class Acknowledgements(SharedFile):
    """Findings of the audit that stand, and why."""

    ABOUT_RECORDS: ClassVar[bool] = True
    READ_UP_TO: ClassVar[int] = 2_000_000

    acknowledgements: Many[Acknowledgement]
    """All acknowledgements, by rule and paper, as `prunelit audit --acknowledge` writes them."""
