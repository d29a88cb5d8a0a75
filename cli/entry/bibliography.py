"""What does a bibliography say about a paper, in the words of a record?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

from prunelit.schema.reading import FORBIDDEN


class SourceError(Exception):
    """Raised when a source does not give what was asked of it; the message is for people."""


@dataclass(frozen=True)
class Bibliography:
    """What a source says about a paper.

    ``container`` is the journal, proceedings or archive that it names; ``later`` is where it says that a preprint
    appeared.
    """

    source: str
    title: str
    authors: tuple[str, ...]
    year: int
    month: int | None = None
    container: str | None = None
    arxiv: str | None = None
    doi: str | None = None
    link: str | None = None
    later: str | None = None

    def __post_init__(self) -> None:
        for what, given in (("title", self.title), ("authors", self.authors)):
            if not given:
                raise SourceError(f"{self.source} gives no {what} that can be read; write a BibTeX entry with them")


_PASTED_ARXIV = re.compile(
    r"(?:arxiv:|https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/|(?:https?://doi\.org/)?10\.48550/arxiv\.)?"
    r"([0-9]{4}\.[0-9]{4,5}|([a-z-]+)(?:\.[a-z]{2})?/([0-9]{7}))(?:v[0-9]+)?(?:\.pdf)?",
    re.IGNORECASE | re.ASCII,
)
_PASTED_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\S+)", re.IGNORECASE)


def arxiv_id(text: str) -> str | None:
    """The identifier without version in what people paste: an identifier, an address, or arXiv's own DOI."""
    found = _PASTED_ARXIV.fullmatch(text.strip())
    if not found:
        return None
    return f"{found[2].lower()}/{found[3]}" if found[2] else found[1]


def doi(text: str) -> str | None:
    """The DOI in what people paste: with or without the resolver's address."""
    found = _PASTED_DOI.fullmatch(text.strip())
    return found[1] if found else None


def tidy(text: str) -> str:
    """Foreign text on one line, composed, and without characters that are invisible or reorder it."""
    return " ".join(normalize("NFC", FORBIDDEN.sub("", " ".join(text.split()))).split())
