"""Croissant description of a release (version 1.1), for loaders of machine-learning data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, TEXT
from prunelit.analysis.release.datapackage import LICENCE_URL
from prunelit.analysis.release.identity import TITLE, ReleaseIdentity
from prunelit.analysis.release.keys import PRIMARY_KEYS
from prunelit.analysis.release.released_table import ReleasedTable, described

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The names of the format, as its specification lists them."""
_TYPES = {TEXT: "sc:Text", COUNT: "sc:Integer", NUMBER: "sc:Float", FLAG: "sc:Boolean"}


def croissant(tables: Sequence[ReleasedTable], identity: ReleaseIdentity, sums: Mapping[str, str]) -> dict[str, Any]:
    """The description ``croissant.json``: one file object and one record set a table, in Parquet, which has types.

    Args:
        tables: The tables.
        identity: The release.
        sums: SHA-256 sums of the files, by their paths in the release.
    """
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "prunelit",
        "description": f"{TITLE}. Versions: {identity.versions}; commit {identity.commit}.",
        "version": identity.data_version,
        "datePublished": identity.date,
        "license": LICENCE_URL,
        "creator": {"@type": "sc:Organization", "name": "The prunelit contributors"},
        "citeAs": identity.citation,
        "distribution": [_file(table.name, sums[f"parquet/{table.name}.parquet"]) for table in tables],
        "recordSet": [_record_set(table) for table in tables],
    }


def _file(name: str, digest: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{name}.parquet",
        "name": f"{name}.parquet",
        "contentUrl": f"parquet/{name}.parquet",
        "encodingFormat": "application/x-parquet",
        "sha256": digest,
    }


def _record_set(table: ReleasedTable) -> dict[str, Any]:
    key = [{"@id": f"{table.name}/{name}"} for name in PRIMARY_KEYS.get(table.name, ())]
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{table.name}/{one.name}",
            "name": one.name,
            "description": described(one),
            "dataType": _TYPES[one.dtype],
            "source": {"fileObject": {"@id": f"{table.name}.parquet"}, "extract": {"column": one.name}},
        }
        for one in table.columns
    ]
    found = {"@type": "cr:RecordSet", "@id": table.name, "name": table.name, "description": table.meaning}
    return {**found, **({"key": key} if key else {}), "field": fields}
