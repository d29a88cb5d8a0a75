"""Addresses on the web of papers, and of the places in them and in repositories that locators name."""

from __future__ import annotations

from urllib.parse import quote

from prunelit.schema.locator import Locator
from prunelit.schema.record import Paper

ARXIV_ADDRESS, DOI_ADDRESS, _REPOSITORIES = "https://arxiv.org/abs/", "https://doi.org/", "https://github.com/"


def paper_address(paper: Paper) -> str:
    """Where a paper can be read: on arXiv, by its DOI, or at the first link of its record; "" if nothing says where.

    Example:
        >>> from prunelit import load_corpus
        >>> paper_address(load_corpus().by_id["han2015learning"])
        'https://arxiv.org/abs/1506.02626'
    """
    names = paper.identifiers
    if names and names.arxiv:
        return f"{ARXIV_ADDRESS}{names.arxiv}"
    if names and names.doi:
        return f"{DOI_ADDRESS}{quote(names.doi)}"
    return next(iter(paper.links or ()), "")


def locator_address(locator: Locator | None, paper: Paper) -> str:
    """Where the source of a number can be read: the file at its commit, its address, or the paper itself.

    Args:
        locator: The locator of the number; "" comes back where there is none.
        paper: The paper whose record it stands in.
    """
    if locator is None:
        return ""
    if locator.repository:
        return _file(locator.repository, locator.commit or "HEAD", locator.path)
    if locator.url:
        return locator.url
    # A path without repository says of no file where it is.
    return "" if locator.path else paper_address(paper)


def _file(repository: str, commit: str, path: str | None) -> str:
    within = f"blob/{commit}/{quote(path)}" if path else f"tree/{commit}"
    return f"{_REPOSITORIES}{repository}/{within}"
