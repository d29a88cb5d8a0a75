"""What does Crossref say about a paper?  Its interface answers in JSON (https://api.crossref.org/)."""

from __future__ import annotations

import os
import re
from html import unescape
from urllib.parse import quote

from pydantic import BaseModel, Field, ValidationError

from prunelit.cli.entry.bibliography import Bibliography, SourceError, tidy
from prunelit.cli.entry.network import NotFoundError, answer

VARIABLE = "PRUNELIT_CROSSREF_API"
"""Environment variable with the address of another interface that answers alike."""
_ADDRESS = "https://api.crossref.org/works"


class _Person(BaseModel):
    given: str = ""
    family: str = ""
    name: str = ""
    suffix: str = ""


class _Date(BaseModel):
    parts: list[list[int | None]] = Field(default=[], alias="date-parts")


class _Work(BaseModel):
    doi: str = Field(alias="DOI")
    title: list[str] = []
    author: list[_Person] = []
    issued: _Date = _Date()
    container: list[str] = Field(default=[], alias="container-title")


class _Answer(BaseModel):
    message: _Work


def from_crossref(identifier: str) -> Bibliography:
    """The paper of a DOI.

    Raises:
        SourceError: if Crossref cannot be reached, does not know the paper, or answers in another format.
    """
    try:
        body = answer(f"{os.environ.get(VARIABLE) or _ADDRESS}/{quote(identifier, safe='')}")
        work = _Answer.model_validate_json(body).message
    except NotFoundError:
        raise SourceError(
            f"Crossref does not know '{identifier}'; it may be registered elsewhere: use --bibtex FILE"
        ) from None
    except ValidationError:
        raise SourceError("the answer of Crossref is not in its format; use --bibtex FILE") from None
    authors = tuple(filter(None, map(_author, work.author)))
    year, month, *_ = [*(work.issued.parts[0] if work.issued.parts else []), None, None]
    if not year:
        raise SourceError("the answer of Crossref has no year; use --bibtex FILE")
    return Bibliography(
        source="Crossref",
        title=_unmarked(work.title[0] if work.title else ""),
        authors=authors,
        year=year,
        month=month,
        container=_unmarked(work.container[0]) if work.container else None,
        doi=work.doi,
    )


def _author(person: _Person) -> str:
    family = tidy(f"{person.family} {person.suffix}")
    given = tidy(person.given)
    return f"{family}, {given}" if family and given else family or given or tidy(person.name)


def _unmarked(text: str) -> str:
    """Text without the HTML and MathML that publishers put into titles."""
    return tidy(unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", text)))
