"""Locators: places of numbers in a source."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.model import Model, requires_one_of
from prunelit.schema.patterns import Commit, Repository, Text, Url
from prunelit.schema.values import Label


class Locator(Model):
    """Where in a source a number stands, and how it was read there."""

    PLACES: ClassVar[tuple[str, ...]] = ("table", "figure", "section", "page", "path", "url")
    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(requires_one_of(Locator.PLACES)))

    table: Label | None = Field(default=None, examples=[2])
    """Number of the table."""
    figure: Label | None = Field(default=None, examples=["7a"])
    """Number of the figure."""
    section: Label | None = Field(default=None, examples=["5.2"])
    """Number of the section, for numbers given in the text (in quotes where it has a point)."""
    page: Label | None = Field(default=None, examples=[8])
    """Page."""
    row: Label | None = Field(default=None, examples=["ThiNet-Conv"])
    """Row, series or phrase that picks the number out."""
    column: Label | None = Field(default=None, examples=["Top-1"])
    """Column of the table."""
    repository: Repository | None = Field(default=None, examples=["JJGO/shrinkbench"])
    """Public repository that holds the source, as owner/name."""
    commit: Commit | None = Field(default=None, examples=["b244974"])
    """Commit of the repository, in quotes."""
    path: Text | None = Field(default=None, examples=["README.md"])
    """File within the repository."""
    lines: Label | None = Field(default=None, examples=["12-14, 24"])
    """Lines of that file at that commit: a number, or first and last, or several such."""
    url: Url | None = Field(default=None, examples=["https://openreview.net/forum?id=rJl-b3RcF7"])
    """Address of a source that is neither the paper nor a repository."""
    version: Text | None = Field(default=None, examples=["arXiv v2"])
    """Version of the paper that the number stands in, where another version prints another one or none."""
    read: Literal["printed", "plot", "data"] | None = Field(default=None, examples=["printed"])
    """How the number was read: printed in the source, read off a plot, or taken from released data."""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.model_fields_set.intersection(self.PLACES):
            raise PydanticCustomError(
                "locator", "a locator says where: it needs 'table', 'figure', 'section', 'page', 'path' or 'url'"
            )
        return self
