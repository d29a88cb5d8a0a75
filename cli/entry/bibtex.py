"""What does a BibTeX entry say about a paper?"""

from __future__ import annotations

import logging
import re

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import split_multiple_persons_names

from prunelit.cli.entry.bibliography import Bibliography, SourceError, arxiv_id, doi
from prunelit.cli.entry.latex import in_unicode
from prunelit.cli.entry.people import author

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ARXIV_WITHIN = re.compile(r"arxiv(?:\.org/(?:abs|pdf)/|:)\s*([0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7})", re.I)

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # what it finds is told below, once


def from_bibtex(text: str) -> Bibliography:
    """The paper of a text with one BibTeX entry.

    Raises:
        SourceError: if there is not exactly one entry that can be read, with title, authors and year.
    """
    fields = _fields(text)
    missing = [name for name in ("title", "author", "year") if not fields.get(name)]
    if missing:
        raise SourceError(f"the entry has no {' and no '.join(missing)}; add what is missing")
    year = re.search(r"(?<!\d)(19[4-9]\d|20\d\d)(?!\d)", fields["year"])
    if not year:
        raise SourceError(f"the year '{in_unicode(fields['year'])}' is none; write four digits")
    names = [name for name in split_multiple_persons_names(fields["author"]) if name.lower() != "others"]
    link = fields.get("url", "")
    return Bibliography(
        source="BibTeX",
        title=in_unicode(fields["title"]),
        authors=tuple(filter(None, map(author, names))),
        year=int(year[0]),
        month=_month(fields.get("month", "")),
        container=in_unicode(fields.get("booktitle") or fields.get("journal") or "") or None,
        arxiv=_arxiv(fields),
        doi=doi(fields.get("doi", "").replace("\\_", "_")),
        link=link if re.fullmatch(r"https?://[^\s<>\"'`\\]+", link) and not _ARXIV_WITHIN.search(link) else None,
    )


def _fields(text: str) -> dict[str, str]:
    library = parse_string(text)
    if library.failed_blocks:
        line = library.failed_blocks[0].start_line
        raise SourceError(f"the entry at line {(line or 0) + 1} is not BibTeX; check its braces, commas and fields")
    if len(library.entries) != 1:
        keys = ", ".join(f"'{entry.key}'" for entry in library.entries[:5])
        found = f"found {len(library.entries)}: {keys}" if keys else "found none"
        raise SourceError(f"expected one BibTeX entry, such as '@inproceedings{{…}}'; {found}")
    fields = library.entries[0].fields
    joined = [field.key for field in fields if field.enclosing == "no-enclosing" and "#" in str(field.value)]
    if set(joined) - {"month"}:
        raise SourceError(f"the field '{joined[0]}' joins strings with '#'; write the whole text into one")
    return {field.key.lower(): str(field.value).strip() for field in fields}


def _month(text: str) -> int | None:
    """The month in ``jun``, ``June``, ``6``, ``06`` or ``{June 3}``."""
    word = text.strip("{} ").lower()
    if word.isdecimal():
        return int(word) if 1 <= int(word) <= 12 else None
    return _MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS else None


def _arxiv(fields: dict[str, str]) -> str | None:
    archive = fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv"
    if archive.lower() == "arxiv" and (found := arxiv_id(fields.get("eprint", ""))):
        return found
    where = " ".join(fields.get(name, "") for name in ("journal", "url", "note", "howpublished"))
    found_within = _ARXIV_WITHIN.search(where)
    return found_within[1] if found_within else arxiv_id(fields.get("doi", ""))
