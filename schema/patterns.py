r"""Forms of text that records hold, and what messages call them.

Each pattern reads alike in Python's ``re`` and in the regular expressions of JSON Schema: classes are spelt out, as
Python's ``\d`` and ``\w`` match digits and letters of other scripts too, and its ``$`` matches before a final newline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints


@dataclass(frozen=True, slots=True)
class Name:
    """What a text names, as part of its type: an entry of a vocabulary, or a paper.

    The rules hold that there is such an entry or record.
    """

    of: str
    """``paper``, or a kind of entry, see :func:`prunelit.schema.shared.vocabularies`."""


MAX_LENGTH = 2000
_END = r"$(?!\n)"

TEXT_PATTERN = rf"^\S([^\n\r]*\S)?{_END}"
_PAPER_ID = rf"^[a-z][a-z0-9-]{{2,63}}{_END}"
_KEY = rf"^[a-z][a-z0-9-]{{1,63}}{_END}"
_URL = rf"""^https?://[^\s<>"'`\\/?#@]+([/?#][^\s<>"'`\\]*)?{_END}"""
_FILE_NAME = rf"^[a-z0-9][a-z0-9-]*\.csv{_END}"
_ARXIV = rf"^([0-9]{{4}}\.[0-9]{{4,5}}|[a-z-]+/[0-9]{{7}}){_END}"
_DOI = rf"^10\.[0-9]{{4,9}}/\S+{_END}"
_REPOSITORY = rf"^[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_][A-Za-z0-9_.-]*{_END}"
_COMMIT = rf"^[0-9a-f]{{7,40}}{_END}"
N_OF_M = rf"^[1-9][0-9]{{0,3}}:[1-9][0-9]{{0,3}}{_END}"
BLOCK = rf"^[1-9][0-9]{{0,4}}(x[1-9][0-9]{{0,4}}){{1,3}}{_END}"
TAGGED = rf"^\S([^\n\r]*\S)? [0-9a-f]{{16}}{_END}"
_DAY = rf"^[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]){_END}"

FORMS = {
    TEXT_PATTERN: "text on one line, without space around it",
    _PAPER_ID: "the id of a record: 3 to 64 lower-case letters, digits and hyphens, a letter first",
    _KEY: "a short name: 2 to 64 lower-case letters, digits and hyphens, a letter first",
    _URL: "a web address that starts with https:// or http:// and has no space or quote, and no user or password",
    _FILE_NAME: "the name of a CSV file without any folder: lower-case letters, digits and hyphens, then .csv",
    _ARXIV: "an arXiv identifier without 'arXiv:' and without version, in quotes",
    _DOI: "a DOI without the resolver's address",
    _REPOSITORY: "a repository as owner/name",
    _COMMIT: "7 to 40 hexadecimal digits of a commit, in quotes",
    N_OF_M: "the numbers N and M as N:M, in quotes",
    BLOCK: "sizes joined by x",
    TAGGED: "a part of a record and its digest of 16 hexadecimal digits, as 'prunelit manifest' writes it",
    _DAY: "a day as year-month-day, in quotes",
}
"""What messages call the text that each pattern matches."""

Text = Annotated[str, StringConstraints(max_length=MAX_LENGTH, pattern=TEXT_PATTERN)]
"""Text on one line, without space around it."""
PaperId = Annotated[str, StringConstraints(pattern=_PAPER_ID)]
"""The id of a record: a citation key in lower-case letters, digits and hyphens."""
KnownPaper = Annotated[PaperId, Name("paper")]
"""The id of a paper that has a record."""
Key = Annotated[str, StringConstraints(pattern=_KEY)]
"""A short name for use within the corpus."""
Url = Annotated[str, StringConstraints(max_length=500, pattern=_URL)]
"""A web address."""
FileName = Annotated[str, StringConstraints(max_length=100, pattern=_FILE_NAME)]
"""The name of a CSV file, without any folder."""
ArxivId = Annotated[str, StringConstraints(pattern=_ARXIV)]
"""An arXiv identifier without version."""
Doi = Annotated[str, StringConstraints(max_length=500, pattern=_DOI)]
"""A digital object identifier, without the resolver's address."""
Repository = Annotated[str, StringConstraints(max_length=200, pattern=_REPOSITORY)]
"""A public repository, as owner/name."""
Commit = Annotated[str, StringConstraints(pattern=_COMMIT)]
"""The hash of a commit."""
IsoDate = Annotated[str, StringConstraints(pattern=_DAY)]
"""A day, in quotes: ``"2026-11-20"``."""
