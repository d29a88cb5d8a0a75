"""How is a paper or a method called in a legend?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Locator, Paper


def paper_labels(corpus: Corpus) -> dict[str, str]:
    """A short label for each paper: 'Han 2015', with the given name or a letter where two would share one.

    Letters follow the order of publication, so that the labels of a closed collection never change.
    """
    plain = {paper.id: f"{_family(paper)} {paper.published.year}" for paper in corpus.papers}
    named = {
        paper.id: f"{_family(paper)}, {_given(paper)} {paper.published.year}"
        if _shared(plain, paper.id) and not _same_author(corpus.papers, plain, paper)
        else plain[paper.id]
        for paper in corpus.papers
    }
    groups: dict[str, list[Paper]] = defaultdict(list)
    for paper in corpus.papers:
        groups[named[paper.id]].append(paper)
    return {
        paper.id: label if len(group) == 1 else f"{label}{'abcdefghijklmnopqrstuvwxyz'[index % 26]}"
        for label, group in groups.items()
        for index, paper in enumerate(sorted(group, key=_age))
    }


def method_label(paper: str, method: str | None) -> str:
    """A method's name in a legend: the paper's label, and the method's name where it has one."""
    return f"{paper}, {method}" if method else paper


def locator_text(locator: Locator | None) -> str | None:
    """A locator as a reader would say it: ``Table 2, row ThiNet-Conv``, ``Figure 7 (read off a plot)``."""
    if locator is None:
        return None
    parts = [
        f"{name.capitalize()} {value}" if index == 0 else f"{name} {value}"
        for index, (name, value) in enumerate(
            (name, getattr(locator, name))
            for name in ("table", "figure", "section", "page", "row", "column", "repository", "path", "url")
            if getattr(locator, name) is not None
        )
    ]
    read = {"plot": " (read off a plot)", "data": " (released data)", "printed": "", None: ""}[locator.read]
    return ", ".join(parts) + read


def _family(paper: Paper) -> str:
    return paper.authors[0].partition(",")[0]


def _given(paper: Paper) -> str:
    return paper.authors[0].partition(",")[2].strip() or "?"


def _shared(labels: dict[str, str], key: str) -> bool:
    return sum(label == labels[key] for label in labels.values()) > 1


def _same_author(papers: Iterable[Paper], labels: dict[str, str], paper: Paper) -> bool:
    return len({other.authors[0] for other in papers if labels[other.id] == labels[paper.id]}) == 1


def _age(paper: Paper) -> tuple[int, int, str]:
    return paper.published.year, paper.published.month or 13, paper.id
