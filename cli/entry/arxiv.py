"""What arXiv says about a paper: its interface answers in Atom (https://info.arxiv.org/help/api/)."""

from __future__ import annotations

import os
import re
from urllib.parse import urlencode
from xml.etree import ElementTree

from prunelit.cli.entry.bibliography import ARXIV, Bibliography, SourceError
from prunelit.cli.entry.identifiers import arxiv_id, doi
from prunelit.cli.entry.latex import decoded, in_unicode
from prunelit.cli.entry.markup import tidy
from prunelit.cli.entry.network import NotFoundError, answer
from prunelit.cli.entry.people import authors_in

ARXIV_VARIABLE = "PRUNELIT_ARXIV_API"
"""Environment variable with the address of another interface that answers alike."""
_ADDRESS = "https://export.arxiv.org/api/query"
_NAMES = {"atom": "http://www.w3.org/2005/Atom", "arxiv": "http://arxiv.org/schemas/atom"}


def from_arxiv(identifier: str) -> Bibliography:
    """The paper of an arXiv identifier, with the date of its first version.

    Raises:
        SourceError: if arXiv cannot be reached, does not know the paper, or answers in another format.
    """
    unknown = f"arXiv does not know '{identifier}'; check the identifier on the paper's page"
    try:
        body = answer(f"{os.environ.get(ARXIV_VARIABLE) or _ADDRESS}?{urlencode({'id_list': identifier})}")
    except NotFoundError:
        raise SourceError(unknown) from None
    entry = _entry(body)
    if entry is None or "/api/errors" in _text(entry, "atom:id"):
        raise SourceError(unknown)
    date = re.match(r"(\d{4})-(\d\d)", _text(entry, "atom:published"))
    title = decoded(_text(entry, "atom:title"))
    names = [tidy(one.text or "") for one in entry.findall("atom:author/atom:name", _NAMES)]
    authors = authors_in(names, one_each=True)
    comment = in_unicode(_text(entry, "arxiv:comment"))
    if not date:
        raise SourceError("the answer of arXiv has no date; use --bibtex FILE")
    return Bibliography(
        source="arXiv",
        title=title.text,
        authors=authors.authors,
        year=int(date[1]),
        month=int(date[2]),
        container=ARXIV,
        arxiv=arxiv_id(identifier),
        doi=doi(_text(entry, "arxiv:doi")),
        later=in_unicode(_text(entry, "arxiv:journal_ref")) or None,
        remarks=(
            *(("title", told) for told in title.doubts),
            *(("authors", told) for told in authors.doubts),
            *((("venue", f"the comment on arXiv: {comment}"),) if comment else ()),
        ),
    )


def _entry(body: bytes) -> ElementTree.Element | None:
    if b"<!DOCTYPE" in body:  # no feed has one, and entities expand without limit
        raise SourceError("the answer of arXiv is no feed; use --bibtex FILE")
    try:
        return ElementTree.fromstring(body).find("atom:entry", _NAMES)
    except ElementTree.ParseError:
        raise SourceError("the answer of arXiv cannot be read as XML; use --bibtex FILE") from None


def _text(entry: ElementTree.Element, name: str) -> str:
    return tidy(entry.findtext(name, "", _NAMES))
