"""Labels of papers, methods and locators, for legends and readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pandas as pd

from prunelit.analysis.frames.columns import TEXT, stored
from prunelit.schema.canonical_methods import run_of
from prunelit.schema.conditions import MeasurementConditions, conditions_in_force
from prunelit.schema.corpus import Corpus
from prunelit.schema.locator import Locator
from prunelit.schema.record import Paper

K = TypeVar("K")


def paper_labels(corpus: Corpus) -> dict[str, str]:
    """A short label for each paper: 'Han 2015', with the given name or a letter where two would share one.

    Letters follow the order of publication.  Labels are told apart within the corpus at hand, so that those of a closed
    collection never change.
    """
    labels: dict[str, str] = {}
    for (family, year), namesakes in _grouped(corpus.papers, _family_and_year).items():
        of_authors = _grouped(namesakes, _given)
        for given, papers in of_authors.items():
            label = f"{family} {year}" if len(of_authors) == 1 else f"{family}, {given} {year}"
            for index, paper in enumerate(sorted(papers, key=_age)):
                labels[paper.id] = label if len(papers) == 1 else label + _letters(index)
    return labels


def labelled(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Rows with the labels of their papers, which depend on other papers.

    Args:
        table: Rows with ``paper_id``; ``label``, if there, is filled, and what ``method_label`` says of the method
            alone is put behind the label of the paper.
        labels: The label of each paper.
    """
    if "label" not in table and "method_label" not in table:
        return table
    of_paper = table["paper_id"].map(labels).astype(stored(TEXT))
    if "label" in table:
        table = table.assign(label=of_paper)
    if "method_label" in table:
        named = of_paper.str.cat(table["method_label"], sep=", ")
        table = table.assign(method_label=named.fillna(of_paper).astype(stored(TEXT)))
    return table


def locator_text(locator: Locator | None) -> str | None:
    """A locator as a reader would say it: ``Table 2, row ThiNet-Conv``, ``Figure 7 (read off a plot)``."""
    if locator is None:
        return None
    given = locator.model_fields_set
    said = ", ".join(f"{name} {getattr(locator, name)}" for name in _PLACES if name in given)
    read = {"plot": " (read off a plot)", "data": " (released data)", "printed": "", None: ""}[locator.read]
    return f"{said[:1].upper()}{said[1:]}{read}"


_PLACES = ("table", "figure", "section", "page", "row", "column", "repository", "path", "lines", "url", "version")
"""What a locator may name, the widest place first."""


def conditions_text(conditions: MeasurementConditions | None) -> str:
    """Conditions as a reader would say them: ``split test, sequence length 2048``."""
    found = conditions_in_force(conditions).items()
    said = ((name, ", ".join(value) if isinstance(value, tuple) else value) for name, value in found)
    return ", ".join(f"{name.replace('_', ' ')} {str(value).replace('_', ' ')}" for name, value in said)


def _family_and_year(paper: Paper) -> tuple[str, int]:
    return _first_name(paper).partition(",")[0], paper.published.year


def _first_name(paper: Paper) -> str:
    """The first author, or what else the paper is known by: its method, or how its title begins."""
    if paper.authors:
        return paper.authors[0]
    named = (one.name for one in paper.methods or () if one.name and not run_of(paper, one.name))
    return next(named, paper.title.partition(":")[0].partition(" ")[0])


def _given(paper: Paper) -> str:
    return _first_name(paper).partition(",")[2].strip() or "?"


def _age(paper: Paper) -> tuple[int, int, str]:
    return paper.published.year, paper.published.month or 13, paper.id


def _grouped(papers: Iterable[Paper], key: Callable[[Paper], K]) -> dict[K, list[Paper]]:
    groups: dict[K, list[Paper]] = defaultdict(list)
    for paper in papers:
        groups[key(paper)].append(paper)
    return groups


def _letters(index: int) -> str:
    """The letters of the papers of one author and year: a to z, aa, ab and so on."""
    return (_letters(index // 26 - 1) if index >= 26 else "") + chr(ord("a") + index % 26)
