"""Digests: what tells whether a page would come out the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prunelit.schema.corpus import Corpus

_SIZE = 16
RowDigests: TypeAlias = NDArray[np.uint64]
"""A digest of each row of a table, by its place."""


def input_digest(*parts: object) -> str:
    """The digest of all that a page is made of.

    Tables count with every cell; text, numbers, lists and mappings with what they hold; anything else with its
    ``repr``, which must therefore say all that matters of it.

    Example:
        >>> input_digest("a", 1) == input_digest("a", 1), input_digest("a", 1) == input_digest("a", "1")
        (True, False)
    """
    found = blake2b(digest_size=_SIZE)
    for part in parts:
        data = _bytes(part)
        found.update(f"{type(part).__name__} {len(data)} ".encode())
        found.update(data)
    return found.hexdigest()


def _bytes(part: object) -> bytes:
    if isinstance(part, bytes):
        return part
    if isinstance(part, str):
        return part.encode(errors="surrogatepass")
    if isinstance(part, pd.DataFrame):
        return input_digest(*part.columns, row_digests(part)).encode()
    if isinstance(part, np.ndarray):
        return bytes(part.tobytes())
    if isinstance(part, Mapping):
        return input_digest(*part, *part.values()).encode()
    if isinstance(part, list | tuple):
        return input_digest(*part).encode()
    return repr(part).encode()


def row_digests(table: pd.DataFrame) -> RowDigests:
    """A digest of each row: parts of a large table are told apart by those of their rows, as hashing each is slow."""
    return np.asarray(pd.util.hash_pandas_object(table, index=False))


def grouped_digests(table: pd.DataFrame, *columns: str) -> dict[Any, RowDigests]:
    """The digests of the rows of each group of a table, by the name of the group, or the names where there are two."""
    found, groups = row_digests(table), table.groupby(list(columns) if len(columns) > 1 else columns[0]).indices
    return {name: found[places] for name, places in groups.items()}


def record_digests(corpus: Corpus) -> dict[str, str]:
    """A digest of each record: of its text where it was read from a file, else of its value; and of its sweeps."""
    texts = {one.value.id: one.text for one in corpus.documents}
    return {one.id: input_digest(texts.get(one.id) or one, corpus.sweeps_of(one)) for one in corpus.papers}


def vocabularies_digest(corpus: Corpus) -> str:
    """A digest of what records refer to: of everything in a corpus but its records and what is said of single ones."""
    fields = (one.name for one in dataclass_fields(corpus) if one.name not in _OF_RECORDS)
    return input_digest(*(getattr(corpus, name) for name in fields))


_OF_RECORDS = {
    "papers", "documents", "shared", "sweeps", "headers", "unread", "fingerprint", "corrections", "acknowledgements",
}  # fmt: skip


@cache
def code_digest() -> str:
    """The digest of the code, templates and assets that make pages, and of the versions of what they stand on."""
    root = Path(__file__).resolve().parents[1]
    files = sorted(
        file
        for folder in ("schema", "analysis", "figures", "explorer")
        for file in (root / folder).rglob("*")
        if file.suffix in (".py", ".j2", ".css", ".js", ".svg")
    )
    contents = (part for file in files for part in (file.relative_to(root).as_posix(), file.read_bytes()))
    return input_digest(*(version(one) for one in ("prunelit", "pandas", "altair", "vl-convert-python")), *contents)
