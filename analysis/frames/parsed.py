"""Parsed texts of a corpus: the value of each YAML text, kept on disk from one process to the next.

A value stands under the digest of its text, as JSON, so that it is never stale; all values of a corpus are in one file
of the cache, which another process may replace meanwhile by its own.  What is read is validated as ever.
"""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path
from typing import Any

from prunelit.analysis.frames.kept_files import kept_file, kept_values, newest, write_kept
from prunelit.schema.fingerprint import digest
from prunelit.schema.problems import Problem
from prunelit.schema.reading import DefaultParser, parse


class ParsedTexts:
    """The values of texts that were parsed before, and of those that are parsed now."""

    def __init__(self, root: Path) -> None:
        """Take what is kept for the corpus in a folder."""
        self._file = kept_file("parsed", str(root.resolve()))
        self._known = kept_values(self._file)
        self._new: dict[str, str] = {}

    def parse(self, text: str, file: str, parser: Any = DefaultParser) -> tuple[Any, list[Problem]]:
        """As :func:`prunelit.schema.reading.parse`."""
        name = digest(text.encode()).hex()
        with suppress(Exception):  # whatever a broken file does, texts can be parsed anew
            return json.loads(self._known[name], parse_float=Decimal), []
        value, problems = parse(text, file, parser)
        if self._file and not problems:
            self._new[name] = exact_json(value)
        return value, problems

    def keep(self, texts: int) -> None:
        """Keep what is new, and of the rest what was new last; ``texts`` is how many the corpus has."""
        if self._new:
            write_kept(self._file, json.dumps(newest(self._known, self._new, texts)).encode)


def exact_json(value: Any) -> str:
    """A value of :func:`prunelit.schema.reading.parse` with its very digits.

    Example:
        >>> exact_json({"top1": Decimal("76.0"), "own": True})
        '{"top1":76.0,"own":true}'
    """
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return f"{{{','.join([f'{quoted(name)}:{exact_json(one)}' for name, one in value.items()])}}}"
    if isinstance(value, list):
        return f"[{','.join(map(exact_json, value))}]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)
