"""What is wrong in a published record, what is right, and does the record still say the wrong thing?

A correction never edits a record: the record keeps what was published, and the tables apply the correction on request.
The guard ``expect`` makes a correction fail once the record no longer holds the value that it corrects.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.record import Many, Model, PaperId, Text
from prunelit.schema.values import Number

IsoDate = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$(?!\n)")]
"""A day, in quotes: ``"2026-11-20"``."""


class Correction(Model):
    """One published value that is wrong."""

    paper: PaperId = Field(examples=["zhuang2018discrimination"])
    """Record that holds the value."""
    survey_row: int | None = Field(default=None, ge=1, examples=[525])
    """Row of the survey that the value belongs to; absent for a value of the paper itself."""
    field: Text = Field(examples=["top1_change"])
    """Name of the quantity, or of the paper's field."""
    expect: Number | Text | None = Field(default=None, examples=[-1.06])
    """What the record says, as it is written there; absent where it says nothing."""
    correct: Number | Text | None = Field(default=None, examples=[-3.26])
    """What is right, in the same unit; absent where nothing is known and the value must go."""
    reason: Text
    """What is wrong with the published value."""
    evidence: Text
    """What proves it: another source with its locator, or arithmetic on printed numbers."""
    date: IsoDate = Field(examples=["2026-11-20"])
    """Day of the correction."""
    status: Literal["applied", "proposed", "reported"] = Field(examples=["applied"])
    """``applied`` changes the corrected tables; ``proposed`` waits for review; ``reported`` is also known to the source."""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.expect == self.correct and type(self.expect) is type(self.correct):
            raise PydanticCustomError("no_change", "'expect' and 'correct' are the same")
        return self


class Corrections(Model):
    """The file ``corrections.yaml``."""

    corrections: Many[Correction]
    """All corrections, by paper and row."""

