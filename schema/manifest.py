"""Manifest of closed collections: the digest of everything that each of their records holds of them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import MAX_LENGTH, TAGGED, Key, PaperId
from prunelit.schema.shared import SharedFile

Tagged = Annotated[str, StringConstraints(max_length=MAX_LENGTH, pattern=TAGGED)]
"""A part of a record and its digest: ``row 172 0f3a9c5d7e1b2846``."""


class ClosedRecord(Model):
    """What a closed collection holds of one record."""

    paper: PaperId = Field(examples=["han2015learning"])
    """Id of the record."""
    parts: Many[Tagged] = Field(min_length=1, examples=[["row 172 0f3a9c5d7e1b2846"]])
    """What of the record belongs to the collection, part by part, each with the digest of its values."""

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each part, by its name."""
        return {name: digest for name, _, digest in (one.rpartition(" ") for one in self.parts)}


class ClosedCollection(Model):
    """A collection that must not change any more, record by record."""

    collection: Key = Field(examples=["blalock2020"])
    """Name of the collection."""
    records: Many[ClosedRecord] = Field(min_length=1)
    """Its records, by their ids."""


class Manifest(SharedFile):
    """What the closed collections hold, as digests; made by `prunelit manifest`, never by hand."""

    OPTIONAL: ClassVar[bool] = True

    manifest: Many[ClosedCollection]
    """All closed collections."""
