"""References as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pylatexenc.latexencode import (
    RULE_DICT,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
)

from prunelit.analysis.export.reference import PaperReference

_CONTAINER = {"article": "journal", "inproceedings": "booktitle", "misc": "howpublished"}
_PUBLISHER = {"phdthesis": "school", "techreport": "institution"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BRACES = {ord("{"): r"\textbraceleft ", ord("}"): r"\textbraceright "}
"""Braces by name: BibTeX counts those that are escaped, too."""
_ENCODER = UnicodeToLatexEncoder(
    conversion_rules=[UnicodeToLatexConversionRule(RULE_DICT, _BRACES), "defaults"],
    replacement_latex_protection="braces-all",
    unknown_char_policy="keep",
)
_CAPITALS = re.compile(r"\S*(?<=\S)[A-Z]\S*")
"""A word with a capital that does not begin it, which a style must not make small."""


def as_bibtex(references: Iterable[PaperReference]) -> str:
    r"""BibTeX entries, by the ids of the papers as keys, with accents and signs in LaTeX.

    Example:
        >>> from prunelit import load_corpus
        >>> from prunelit.analysis.export.reference import reference
        >>> paper = next(one for one in load_corpus().papers if one.id == "lecun1990optimal")
        >>> print(as_bibtex([reference(paper, {})]).splitlines()[0])
        @inproceedings{lecun1990optimal,
    """
    return "\n".join(map(_entry, references))


def _entry(one: PaperReference) -> str:
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(one))
    return f"@{one.kind}{{{one.key},\n{fields}}}\n"


def _fields(one: PaperReference) -> Iterator[tuple[str, str]]:
    """The fields of an entry, each with its value as it stands there."""
    yield "title", f"{{{_title(one.title)}}}"
    if one.authors:
        yield "author", f"{{{' and '.join(map(_author, one.authors))}}}"
    texts = {
        _CONTAINER.get(one.kind, "series"): one.container,
        "volume": one.volume,
        "number": one.number,
        "pages": "--".join(filter(None, one.pages)) if one.pages else None,
        _PUBLISHER.get(one.kind, "publisher"): one.publisher,
    }
    yield from ((name, f"{{{_encoded(text)}}}") for name, text in texts.items() if text)
    yield "year", str(one.year)
    if one.month:
        yield "month", _MONTHS[one.month - 1]
    if one.arxiv:
        yield from (("eprint", f"{{{one.arxiv}}}"), ("eprinttype", "{arXiv}"))
    yield from ((name, f"{{{_verbatim(text)}}}") for name, text in (("doi", one.doi), ("url", one.url)) if text)
    if one.note:
        yield "note", f"{{{_encoded(one.note)}}}"


def _title(text: str) -> str:
    """A title whose words with capitals inside are in braces."""
    return " ".join(
        f"{{{_encoded(word)}}}" if _CAPITALS.fullmatch(word) else _encoded(word) for word in text.split(" ")
    )


def _author(name: tuple[str, str]) -> str:
    """A name in the form that leaves nothing to guess; that of a group, and one with 'and' in it, in braces."""
    family, own = (_encoded(part) for part in name)
    if re.search(r"\band\b", family):
        family = f"{{{family}}}"
    return f"{family}, {own}" if own else f"{{{family}}}"


def _encoded(text: str) -> str:
    return str(_ENCODER.unicode_to_latex(text))


def _verbatim(text: str) -> str:
    """An address or identifier as it is, but for braces and what would end the line."""
    return "".join(f"%{ord(one):02X}" if one in "{}\\" else one for one in text)
