"""Rules on text: markup, several names in one, what cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.dataset import Dataset
from prunelit.schema.problems import Path
from prunelit.schema.record import Paper

PLACE = 24

_MARKUP = re.compile(r"""\\[a-zA-Z'"`^~=.{&%$_#]|\$[^$\s][^$]*\$|[{}]|&#?[a-zA-Z0-9]{2,8};|</?[a-zA-Z][^<>]*>""")
"""LaTeX commands, mathematics and braces; entities and elements of HTML."""
_SEVERAL = re.compile(r";|\band\b|&| et al|\bothers\b", re.IGNORECASE)


def _texts(paper: Paper) -> Iterator[tuple[str, Path, str]]:
    """The texts that bibliographies print, each with its name and path."""
    yield "title", ("title",), paper.title
    yield from ((f"authors: {name}", ("authors", at), name) for at, name in enumerate(paper.authors or ()))
    for at, method in enumerate(paper.methods or ()):
        if method.name:
            yield f"methods: {method.name}", ("methods", at, "name"), method.name
    if paper.citation and paper.citation.container:
        yield "citation: container", ("citation", "container"), paper.citation.container


@rule("warning", why="Records hold real Unicode without markup.", settle="The paper's first page.", of_record=True)
def markup_in_text(dataset: Dataset) -> Iterator[Suspicion]:
    """A title, author, method or container holds LaTeX, an element or entity of HTML, or a ligature."""
    for paper in dataset.records.papers:
        for subject, path, text in _texts(paper):
            odd = [*_MARKUP.findall(text), *(sign for sign in text if "\ufb00" <= sign <= "\ufb06")]
            if odd:
                yield Suspicion(paper.id, subject, f"{', '.join(odd)} in: {text}", path)


@rule(
    "error", why="Nobody can read or look up a text without letters.", settle="The paper's first page.", of_record=True
)
def text_without_letters(dataset: Dataset) -> Iterator[Suspicion]:
    """A title, author or container shows no letter or digit."""
    for paper in dataset.records.papers:
        for subject, path, text in _texts(paper):
            if not any(unicodedata.category(sign)[0] in "LN" for sign in text):
                yield Suspicion(paper.id, subject, f"only {' '.join(f'U+{ord(sign):04X}' for sign in text[:8])}", path)


@rule("warning", why="Each author has an item of their own.", settle="The paper's first page.", of_record=True)
def several_authors_in_one(dataset: Dataset) -> Iterator[Suspicion]:
    """An author's item holds more than one name: a semicolon, 'and', or more than one comma."""
    for paper in dataset.records.papers:
        for index, name in enumerate(paper.authors or ()):
            if _SEVERAL.search(name) or name.count(",") > (2 if re.search(r"\b(Jr|Sr|I{2,3}|IV)\b", name) else 1):
                yield Suspicion(paper.id, f"authors: {name}", "more than one name", ("authors", index))


@rule("warning", why="Bibliographies number homonyms; papers do not.", settle="The paper's first page.", of_record=True)
def number_in_author(dataset: Dataset) -> Iterator[Suspicion]:
    """An author's name holds a digit or the mark of a footnote."""
    for paper in dataset.records.papers:
        for index, name in enumerate(paper.authors or ()):
            marks = [sign for sign in name if sign in "*†‡§¶" or unicodedata.category(sign) in ("Nd", "No")]
            if marks:
                yield Suspicion(paper.id, f"authors: {name}", f"{''.join(marks)} in a name", ("authors", index))


@rule(
    "warning",
    why="Nobody is an author of one paper twice, save two people of one name.",
    settle="The first page.",
    of_record=True,
)
def author_twice(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper names an author twice."""
    for paper in dataset.records.papers:
        seen: set[str] = set()
        for index, name in enumerate(paper.authors or ()):
            if name.casefold() in seen:
                yield Suspicion(paper.id, f"authors: {name}", "named already", ("authors", index))
            seen.add(name.casefold())
