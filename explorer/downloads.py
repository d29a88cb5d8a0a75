"""Tables to take away: CSV beside every table, and JSON that says what its columns mean and how to cite it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from gzip import compress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import PurePosixPath

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, Column
from prunelit.analysis.spreadsheet import as_csv
from prunelit.explorer.addresses import Address, relative

PACKED_FROM = 5
"""Rows from which files beside pages are compressed: as text they would be a twelfth of the site."""
EVIDENCE_FILE = Address("corpus/evidence.csv.gz")
"""All operating points, with everything beside; the page of downloads makes it."""
EVIDENCE_METADATA = Address("corpus/evidence.csv-metadata.json")
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"
CITE = (
    "The prunelit contributors: prunelit {version}, the neural-network-pruning literature as data (CC BY 4.0). "
    "Please cite the papers that report the numbers, too."
)
_TYPES = {NUMBER: "number", COUNT: "integer", FLAG: "boolean"}


@dataclass(frozen=True, slots=True, eq=False)
class Download:
    """A table as files: a CSV file, and its metadata in the format of CSV on the Web (W3C, 2015).

    Attributes:
        stem: Address of the files, without their suffixes.
        title: What the table holds.
        table: The rows.
        columns: What its columns mean; those that the table lacks are left out.  Those without any value are kept, so
            that tables of a kind share what is said of their columns, and can be put together.
        packed_from: Rows from which the table is compressed.
    """

    stem: str
    title: str
    table: pd.DataFrame
    columns: Sequence[Column]
    packed_from: int = sys.maxsize

    @property
    def packed(self) -> bool:
        """Whether the table is compressed."""
        return len(self.table) >= self.packed_from

    @property
    def csv(self) -> Address:
        """Address of the table."""
        return Address(f"{self.stem}.csv.gz" if self.packed else f"{self.stem}.csv")

    @property
    def metadata(self) -> Address:
        """Address of what is said about its columns."""
        return Address(f"{self.stem}.csv-metadata.json")

    def files(self) -> dict[Address, str | bytes]:
        """The text of both files, by their addresses."""
        said = {one.name: one for one in self.columns}
        kept = [name for name in self.table.columns if name in said]
        told = metadata_files(self.csv, self.metadata, self.title, [said[name] for name in kept])
        text = as_csv(self.table[kept])
        return {self.csv: packed(text) if self.packed else text, **told}


@cache
def _version() -> str:
    """The version of the package: to look it up takes longer than to write a small table."""
    return version("prunelit")


def packed(text: str) -> bytes:
    """A text compressed, the same in every build; more takes thrice the time and saves a hundredth."""
    return compress(text.encode(), 6, mtime=0)


def linked_dataset(description: str, base: str | None, files: Iterable[tuple[str, Address]]) -> dict[str, object]:
    """What schema.org says of the data of the site, for search engines of data sets.

    Args:
        description: What the data hold, in a sentence.
        base: Web address of the site; without one, no addresses are told, as they must be told in full.
        files: Titles and addresses of tables that can be taken away.
    """
    release = _version()
    told: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": "prunelit",
        "description": description,
        "license": LICENCE_ADDRESS,
        "version": release,
        "citation": CITE.format(version=release),
        "creator": {"@type": "Organization", "name": "The prunelit contributors"},
        "isAccessibleForFree": True,
        "keywords": ["neural network pruning", "model compression", "meta-analysis"],
    }
    return told | (_addressed(base.rstrip("/"), files) if base else {})


def _addressed(base: str, files: Iterable[tuple[str, Address]]) -> dict[str, object]:
    """Where the data are, and their files."""
    formats = {".csv": "text/csv", ".gz": "application/gzip"}
    found = [
        {
            "@type": "DataDownload",
            "name": title,
            "encodingFormat": formats[PurePosixPath(file).suffix],
            "contentUrl": f"{base}/{file}",
        }
        for title, file in files
    ]
    return {"url": f"{base}/", "distribution": found}


def metadata_files(
    file: Address, metadata: Address, title: str, columns: Iterable[Column]
) -> dict[Address, str | bytes]:
    """What is said about a CSV file, as JSON: the file itself, and its columns, which tables that have the same share.

    Args:
        file: Address of the table.
        metadata: Address of what is said about it.
        title: What it holds.
        columns: Its columns.
    """
    shared, schema = _schema(tuple(columns))
    return {metadata: _csv_metadata(file, title, relative(shared, metadata)), shared: schema}


@cache
def _schema(columns: tuple[Column, ...]) -> tuple[Address, str]:
    """What is said about columns, as JSON, and where: the same for hundreds of tables."""
    text = _as_json({"columns": [_column(one) for one in columns]})
    return Address(f"columns/{blake2b(text.encode(), digest_size=8).hexdigest()}.json"), text


def _csv_metadata(file: Address, title: str, schema: str) -> str:
    """What is said about a CSV file whose columns are described elsewhere."""
    release = _version()
    told = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file.rpartition("/")[2],
        "dc:title": title,
        "dc:license": LICENCE_ADDRESS,
        "dc:source": f"prunelit {release}",
        "dc:bibliographicCitation": CITE.format(version=release),
        "schema:version": release,
        "tableSchema": schema,
    }
    return _as_json(told)


def _as_json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def _column(column: Column) -> dict[str, str]:
    told = {
        "name": column.name,
        "dc:description": column.meaning,
    }
    kind = {"datatype": _TYPES[column.dtype]} if column.dtype in _TYPES else {}  # else it is a string, as by default
    return told | kind | ({"schema:unitText": column.unit} if column.unit else {})
