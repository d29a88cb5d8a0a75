"""References as CSL-JSON, which citation processors (Zotero, pandoc) read.

The format is that of https://github.com/citation-style-language/schema (csl-data.json).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from prunelit.analysis.export.reference import PaperReference

_TYPES = {
    "article": "article-journal", "inproceedings": "paper-conference", "misc": "document", "phdthesis": "thesis",
    "techreport": "report", "book": "book",
}  # fmt: skip


def as_csl(references: Iterable[PaperReference]) -> str:
    """A list of items, the ids of the papers as theirs.

    Example:
        >>> from prunelit import load_corpus
        >>> from prunelit.analysis.export.reference import reference
        >>> paper = next(one for one in load_corpus().papers if one.id == "lecun1990optimal")
        >>> json.loads(as_csl([reference(paper, {})]))[0]["issued"]
        {'date-parts': [[1990]]}
    """
    return f"{json.dumps(list(map(_item, references)), ensure_ascii=False, indent=2)}\n"


def _item(one: PaperReference) -> dict[str, Any]:
    values = {
        "id": one.key,
        "type": _TYPES[one.kind],
        "title": one.title,
        "author": [{"family": family, "given": own} if own else {"literal": family} for family, own in one.authors],
        "issued": {"date-parts": [[one.year, *([one.month] if one.month else [])]]},
        "container-title": one.container,
        "volume": one.volume,
        "issue": one.number,
        "page": "-".join(filter(None, one.pages)) if one.pages else None,
        "publisher": one.publisher,
        "archive": "arXiv" if one.arxiv else None,
        "archive_location": one.arxiv,
        "DOI": one.doi,
        "URL": one.url,
        "note": one.note,
    }
    return {name: value for name, value in values.items() if value}
