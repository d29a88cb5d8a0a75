"""Data Package of a release, version 2 of the standard: types, constraints, keys, units and sources of all tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, TEXT, Column
from prunelit.analysis.release.identity import DATA_LICENCE, TITLE, ReleaseIdentity
from prunelit.analysis.release.keys import PRIMARY_KEYS, UNIQUE_KEYS, foreign_keys
from prunelit.analysis.release.released_table import ReleasedTable
from prunelit.schema.export import schemas

Descriptor = dict[str, Any]

_TYPES = {TEXT: "string", COUNT: "integer", NUMBER: "number", FLAG: "boolean"}
_BOUNDS = ("minimum", "maximum", "enum")
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"


def data_package(
    tables: Sequence[ReleasedTable], identity: ReleaseIdentity, sources: list[dict[str, str]]
) -> Descriptor:
    """The descriptor ``datapackage.json``: one resource a CSV file.

    Args:
        tables: The tables.
        identity: The release.
        sources: Where the data come from, as of :func:`prunelit.analysis.release.sources.credited_sources`.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "prunelit",
        "title": TITLE,
        "version": identity.data_version,
        "created": f"{identity.date}T00:00:00Z",
        "description": f"{identity.citation} Versions: {identity.versions}; commit {identity.commit}.",
        "licenses": [{"name": DATA_LICENCE, "path": LICENCE_URL, "title": "Creative Commons Attribution 4.0"}],
        "contributors": [{"title": "The prunelit contributors", "roles": ["creator"]}],
        "keywords": ["neural network pruning", "model compression", "meta-analysis"],
        "sources": sources,
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: ReleasedTable) -> Descriptor:
    return {
        "name": table.name,
        "type": "table",
        "path": f"csv/{table.name}.csv",
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(table),
    }


def _schema(table: ReleasedTable) -> Descriptor:
    keys: Descriptor = {}
    if table.name in PRIMARY_KEYS:
        keys["primaryKey"] = list(PRIMARY_KEYS[table.name])
    if table.name in UNIQUE_KEYS:
        keys["uniqueKeys"] = [list(UNIQUE_KEYS[table.name])]
    references = [
        {"fields": list(key.columns), "reference": {"resource": key.table, "fields": list(key.referenced)}}
        for key in foreign_keys(table.name, table.names)
    ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fieldsMatch": "exact",
        "fields": [_field(one, _constraints(one, table)) for one in table.columns],
        "missingValues": [""],
        **keys,
        **({"foreignKeys": references} if references else {}),
    }


def _field(column: Column, constraints: Descriptor) -> Descriptor:
    return {
        "name": column.name,
        "type": _TYPES[column.dtype],
        "description": column.meaning,
        **({"unit": column.unit} if column.unit else {}),
        **({"trueValues": ["True"], "falseValues": ["False"]} if column.dtype == FLAG else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def _constraints(column: Column, table: ReleasedTable) -> Descriptor:
    """Whether a key needs the column, and what the schema of records allows for the field that it comes from.

    A quantity beside which a rule stands is computed, and what is computed may lie outside of what may be reported.
    """
    needed = {"required": True} if column.name in PRIMARY_KEYS.get(table.name, ()) else {}
    model, _, field = column.source.partition(".")
    is_computed = f"{column.name}_rule" in table.names
    found = {} if is_computed else _models().get(model, {}).get("properties", {}).get(field, {})
    return {**needed, **{name: found[name] for name in _BOUNDS if name in found}}


@cache
def _models() -> dict[str, Any]:
    record = schemas()["record.schema.json"]
    return {"Paper": record, **record["$defs"]}
