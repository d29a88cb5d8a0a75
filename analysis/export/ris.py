"""References in RIS, which Zotero, EndNote and Mendeley read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prunelit.analysis.export.reference import PaperReference

_TYPES = {
    "article": "JOUR", "inproceedings": "CONF", "misc": "GEN", "phdthesis": "THES", "techreport": "RPRT",
    "book": "BOOK",
}  # fmt: skip


def as_ris(references: Iterable[PaperReference]) -> str:
    """RIS records, the ids of the papers as their labels.

    Example:
        >>> from prunelit import load_corpus
        >>> from prunelit.analysis.export.reference import reference
        >>> paper = next(one for one in load_corpus().papers if one.id == "lecun1990optimal")
        >>> as_ris([reference(paper, {})]).splitlines()[:2]
        ['TY  - CONF', 'ID  - lecun1990optimal']
    """
    return "\n".join("".join(f"{tag}  - {text}\n" for tag, text in _lines(one)) for one in references)


def _lines(one: PaperReference) -> Iterator[tuple[str, str]]:
    yield from (("TY", _TYPES[one.kind]), ("ID", one.key), ("TI", one.title))
    yield from (("AU", f"{family}, {own}" if own else family) for family, own in one.authors)
    first, last = one.pages or (None, None)
    texts = (
        ("PY", str(one.year)), ("DA", f"{one.year}/{one.month:02}//" if one.month else None),
        ("T2", one.container), ("VL", one.volume), ("IS", one.number), ("SP", first), ("EP", last),
        ("PB", one.publisher), ("DO", one.doi), ("UR", one.url), ("N1", one.note),
    )  # fmt: skip
    yield from ((tag, text) for tag, text in texts if text)
    yield "ER", ""
