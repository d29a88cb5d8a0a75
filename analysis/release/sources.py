"""Sources of the data, each with its licence, as the README of the corpus credits them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SOURCE, _LICENCE = "source", "licence and credit"
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_MARKUP = re.compile(r"[*`]")


def credited_sources(readme: str) -> list[dict[str, str]]:
    r"""The sources that a README lists in tables: title, licence, and address where they are one repository.

    Args:
        readme: The README, in Markdown; tables with a column ``source`` and a column ``licence and credit`` count.

    Example:
        >>> table = "| source | licence and credit |\n|---|---|\n| mit-han-lab/amc | MIT |\n"
        >>> credited_sources(table)
        [{'title': 'mit-han-lab/amc', 'path': 'https://github.com/mit-han-lab/amc', 'licence': 'MIT'}]
    """
    return [
        {"title": row[_SOURCE], **_path(row[_SOURCE]), "licence": row[_LICENCE]}
        for row in _rows(readme)
        if {_SOURCE, _LICENCE} <= row.keys()
    ]


def _path(source: str) -> dict[str, str]:
    return {"path": f"https://github.com/{source}"} if _REPOSITORY.fullmatch(source) else {}


def _rows(text: str) -> Iterator[dict[str, str]]:
    """The rows of all tables, each by the names of its columns."""
    head: list[str] | None = None
    for line in text.splitlines():
        if not line.startswith("|"):
            head = None
        elif head is None:
            head = _cells(line)
        elif not line.startswith("|---"):
            yield dict(zip(head, _cells(line), strict=False))


def _cells(line: str) -> list[str]:
    return [_MARKUP.sub("", cell).strip() for cell in line.strip().strip("|").split("|")]
