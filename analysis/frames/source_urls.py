"""Addresses that open the source of a number: a file at its commit, another page, or the page of the paper."""

from __future__ import annotations

from urllib.parse import quote

from prunelit.schema.locator import Locator
from prunelit.schema.record import Paper
from prunelit.schema.vocabulary import Collection

ARXIV_URL, DOI_URL = "https://arxiv.org/abs/", "https://doi.org/"
REPOSITORY_URL = "https://github.com/"
"""Where the repositories of locators are."""


def source_url(locator: Locator | None, paper: Paper, collection: Collection | None = None) -> str | None:
    """The address that opens the source of a number; None where nothing gives one.

    The file in its repository, at the commit where one is given; else the address that the locator gives; else the
    page of the paper; else that of the collection's own source, such as the data that the 2020 survey published; else
    the file of this repository that a locator names, as those of our own evaluations do.

    Example:
        >>> from prunelit import load_corpus
        >>> paper = next(one for one in load_corpus().papers if one.id == "fang2024isomorphic")
        >>> source_url(Locator(table=2), paper)
        'https://arxiv.org/abs/2407.04616'
    """
    if locator is not None and locator.repository is not None:
        return repository_url(locator.repository, locator.commit, locator.path) + _lines(locator)
    if locator is not None and locator.url is not None:
        return locator.url
    return paper_url(paper) or (collection.url if collection else None) or (locator.path if locator else None)


def _lines(locator: Locator) -> str:
    """The part of an address that opens a file at its first lines; empty where the locator gives none."""
    first, _, last = str(locator.lines or "").partition(",")[0].partition("-")
    return "" if not first or locator.path is None else f"#L{first}" + (f"-L{last}" if last else "")


def repository_url(repository: str, commit: str | None = None, path: str | None = None) -> str:
    """The address of a repository, or of a file in it, at a commit; without one, as it is today."""
    place = f"{REPOSITORY_URL}{repository}"
    if path is not None:
        return f"{place}/blob/{commit or 'HEAD'}/{quote(path)}"
    return f"{place}/tree/{commit}" if commit else place


def paper_url(paper: Paper) -> str | None:
    """The page of a paper: arXiv's, what its DOI resolves to, or the first link of its record."""
    identifiers = paper.identifiers
    if identifiers is not None and identifiers.arxiv is not None:
        return f"{ARXIV_URL}{identifiers.arxiv}"
    if identifiers is not None and identifiers.doi is not None:
        return f"{DOI_URL}{quote(identifiers.doi)}"
    return paper.links[0] if paper.links else None
