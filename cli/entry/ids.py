"""Id of a new record."""

from __future__ import annotations

import re
from collections.abc import Container
from string import ascii_lowercase
from unicodedata import normalize

from prunelit.cli.entry.bibliography import Bibliography, SourceError
from prunelit.cli.entry.personal_name import SUFFIX

_SKIPPED = {"a", "an", "the", "on", "of", "in", "for", "to", "and", "is", "do", "what", "whats"}
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "\u0131": "i", "ŋ": "n"}
)


def next_id(paper: Bibliography, taken: Container[str]) -> str:
    """First author's family name, year and first telling word of the title; a letter from b on where that is taken."""
    base = f"{_family(paper.authors[0])}{paper.year}{_first_word(paper.title)}"[:60]
    candidates = (base, *(base + letter for letter in ascii_lowercase[1:]))
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    raise SourceError(f"every id from '{base}' to '{base}z' is taken; name the record by hand")


def _family(author: str) -> str:
    """The first part of the family name in ASCII, without suffix; a name in another script gives nothing to read."""
    family = _without_suffix(author.partition(",")[0])
    letters = "".join(_words(family.partition("-")[0]))
    return letters.lstrip("0123456789") or "author"


def _without_suffix(family: str) -> str:
    name, _, last = family.rpartition(" ")
    return name if name and SUFFIX.fullmatch(last) else family


def _first_word(title: str) -> str:
    return next((word for word in _words(title) if word not in _SKIPPED and not word.isdigit()), "untitled")


def _words(text: str) -> list[str]:
    plain = normalize("NFKD", text.lower().translate(_LETTERS))
    return re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f'’]", "", plain))
