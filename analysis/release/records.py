"""Records of a release: JSON that keeps every digit which the records print.

A record is one line; a number stands there as in the record (``76.0`` is not ``76``), so that a reader who wants the
precision of a number takes it from its text.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from prunelit.schema.corpus import Corpus
from prunelit.schema.reading import parse


def paper_lines(corpus: Corpus) -> Iterator[str]:
    """The records of a corpus that was read from files, one line of JSON each, in the order of ids."""
    for document in corpus.documents:
        yield f"{with_digits(parse(document.text, document.file)[0])}\n"


def sweep_lines(root: Path) -> Iterator[str]:
    """The points of released sweeps, one line of JSON each: the file they stand in, and its cells as printed.

    Args:
        root: Folder of the corpus.
    """
    for file in sorted((root / "sweeps").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                cells = {name: cell for name, cell in row.items() if cell}
                yield f"{json.dumps({'points_file': file.name, **cells}, ensure_ascii=False)}\n"


def shared_file_texts(corpus: Corpus) -> dict[str, str]:
    """What records share, vocabularies and corrections among it: the JSON of each file, by its name without suffix."""
    return {
        Path(name).stem: f"{with_digits(parse(document.text, document.file)[0])}\n"
        for name, document in sorted(corpus.shared.items())
    }


def with_digits(value: Any) -> str:
    """A value of a record as JSON, its numbers with the digits that they have.

    Example:
        >>> with_digits({"top1": Decimal("76.0"), "seeds": 3})
        '{"top1": 76.0, "seeds": 3}'
    """
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(key)}: {with_digits(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(with_digits, value))}]"
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
