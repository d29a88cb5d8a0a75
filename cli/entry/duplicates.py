"""Papers that the corpus holds already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from unicodedata import normalize

from prunelit.schema.record import Identifiers, Paper


def same_paper(
    papers: Iterable[Paper], arxiv: str | None = None, doi: str | None = None, title: str | None = None
) -> tuple[Paper, str] | None:
    """The record of a paper with this arXiv identifier, DOI or title, and what is the same."""
    asked = dict(_keys(arxiv, doi, title))
    for paper in papers:
        known = paper.identifiers or Identifiers()
        for key, name in _keys(known.arxiv, known.doi, paper.title):
            if key in asked:
                return paper, name
    return None


def _keys(arxiv: str | None, doi: str | None, title: str | None) -> Iterator[tuple[tuple[str, str], str]]:
    if arxiv:
        yield ("arxiv", arxiv), f"arXiv identifier {arxiv}"
    if doi:
        yield ("doi", doi.casefold()), f"DOI {doi}"
    if letters := "".join(filter(str.isalnum, normalize("NFKD", title or "").casefold())):
        yield ("title", letters), f"title '{title}'"
