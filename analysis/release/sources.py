"""Sources of the data, each with its licence, as the README of the corpus credits them, and that README released."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prunelit.analysis.release.identity import ReleaseIdentity

_SOURCE, _LICENCE = "source", "licence and credit"
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_MARKUP = re.compile(r"[*`]")


def released_sources(readme: str, identity: ReleaseIdentity) -> str:
    """The page ``SOURCES.md``: the README of the corpus, which speaks of its files, and where these are in a release.

    Args:
        readme: The README, in Markdown.
        identity: The release.
    """
    title, _, rest = readme.partition("\n")
    for name, here in _ELSEWHERE.items():
        rest = rest.replace(name, here)
    return f"{title}\n\n{_WHERE.format(identity=identity)}{rest}"


_ELSEWHERE = {"../schema": "schemas", "../LICENSE-DATA": "LICENSE-DATA"}
"""What the README names beside the folder of the corpus, and where a release has it."""
_WHERE = """> The README of the corpus, as of commit {identity.commit}, in the release {identity.name}:
> {identity.versions}. It names files as the repository has them. Here, a file `papers/<id>.yaml` is the line of
> `records/papers.jsonl` with that `id`, a file `sweeps/<name>.csv` the lines of `records/sweeps.jsonl` with that
> `points_file`, and any other `<name>.yaml` is `records/<name>.json`. The code, and what else it names, is not here.
"""


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
