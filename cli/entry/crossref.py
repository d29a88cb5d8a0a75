"""What Crossref says about a paper: its interface answers in JSON (https://api.crossref.org/)."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from urllib.parse import quote

from prunelit.cli.entry import csl
from prunelit.cli.entry.bibliography import Bibliography, SourceError
from prunelit.cli.entry.network import NotFoundError, answer

CROSSREF_VARIABLE = "PRUNELIT_CROSSREF_API"
"""Environment variable with the address of another interface that answers alike."""
_ADDRESS = "https://api.crossref.org/works"


def from_crossref(identifier: str) -> Bibliography:
    """The paper of a DOI.

    Raises:
        SourceError: if Crossref cannot be reached, does not know the paper, or answers in another format.
    """
    try:
        body = answer(f"{os.environ.get(CROSSREF_VARIABLE) or _ADDRESS}/{quote(identifier, safe='')}")
    except NotFoundError:
        raise SourceError(
            f"Crossref does not know '{identifier}'; it may be registered elsewhere: use --bibtex FILE"
        ) from None
    work = _work(body)
    try:
        paper = csl.csl_bibliography(work, "Crossref", "the answer of Crossref")
    except SourceError as error:
        raise SourceError(f"{error}\nUse --bibtex FILE with what is missing.") from None
    return replace(paper, unread=(), links=())


def _work(body: bytes) -> csl.Item:
    try:
        work = json.loads(body)["message"]
    except (ValueError, KeyError, TypeError, RecursionError):
        work = None
    if not isinstance(work, dict) or not isinstance(work.get("DOI"), str):
        raise SourceError("the answer of Crossref is not in its format; use --bibtex FILE")
    return work
