"""Synthetic copies of the corpus that ships, for measurements of what grows with it.

A copy of a record has an id, a title, identifiers and rows of its own, and refers to the copies of what its original
refers to; names from vocabularies and all numbers stay.  So a corpus of ``n`` papers holds as many results per paper as
ours, on the same networks.
"""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from prunelit.schema.corpus import shipped

COLLECTION = "synthetic"
"""The collection of copies of what a closed one holds."""


def write_copies(root: Path, papers: int) -> None:
    """Fill a folder with the corpus that ships and copies of its records.

    Args:
        root: The folder, which is empty or not there.
        papers: Records to write, at least as many as the corpus has.
    """
    shutil.copytree(shipped(), root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("papers", "manifest.yaml"))
    _open(root / "collections.yaml")
    (root / "papers").mkdir()
    for name, text in _records(papers):
        (root / "papers" / f"{name}.yaml").write_text(text, encoding="utf-8")
        for original, copy in _POINTS_OF_COPY.findall(text):
            shutil.copy(root / "sweeps" / f"{original}.csv", root / "sweeps" / f"{original}{copy}.csv")


def _open(collections: Path) -> None:
    """Let nothing be closed, as a manifest would have to list every copy; and add the collection of the copies."""
    known = re.sub(r"    closed: .*\n", "", collections.read_text(encoding="utf-8"))
    copies = f"  - name: {COLLECTION}\n    title: Copies\n    source: the records that ship\n"
    collections.write_text(known + copies, encoding="utf-8")


def _records(papers: int) -> Iterator[tuple[str, str]]:
    """The originals, then one copy of each after the other, with their ids."""
    originals = {file.stem: file.read_text(encoding="utf-8") for file in sorted((shipped() / "papers").glob("*.yaml"))}
    texts = "\n".join(originals.values())
    proposed = Counter(_PROPOSED.findall(texts))
    known = Known(
        _ids(originals), _methods(proposed), _methods(name for name, papers in proposed.items() if papers > 1)
    )
    for place in range(papers):
        number, at = divmod(place, len(originals))
        latest = {
            name: _id(name, number - (index + number * len(originals) >= papers))
            for index, name in enumerate(originals)
        }
        name = list(originals)[at]
        yield latest[name], copy_of(name, originals[name], number, known, latest)


def _id(name: str, number: int) -> str:
    return f"{name}-{number}" if number > 0 else name


class Known(NamedTuple):
    """What the names in records look like that copies have names of their own for."""

    ids: re.Pattern[str]
    methods: re.Pattern[str]
    namesakes: re.Pattern[str]
    """Names of methods that several papers propose."""


def _ids(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.-])(?:{'|'.join(map(re.escape, names))})(?![\w/-])")


def _methods(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"""\b((?:method|name): ["']?(?:{"|".join(map(re.escape, longest_first))}))(?=["']?[,}}\n])""")


def copy_of(own: str, text: str, number: int, known: Known, names: dict[str, str]) -> str:
    """The copy of that number of a record; 0 is the original.

    Args:
        own: The id of the original.
        text: The original.
        number: Of the copy.
        known: What ids and the names of methods look like.
        names: What each id is called in the copy.
    """
    if not number:
        return text
    letters = _cipher(number)
    text = _TITLE.sub(lambda found: found[1] + found[2].translate(letters), text)
    text = _SURVEY_ROW.sub(lambda found: f"{found[0]}{number:03}", text)
    text = _SURVEY_ID.sub(rf"\g<0>-{number}", text)
    text = _ARXIV.sub(lambda found: f"{found[1]}{_number(found[2], number)}", text)
    text = _DOI.sub(rf"\1.{number}", text)
    text = _POINTS.sub(rf"\1-copy{number}.csv", text)
    text = _CLOSED.sub(COLLECTION, text)
    text = known.namesakes.sub(rf"\1 of {own}", text)
    text = known.methods.sub(rf"\1 {number}", text)
    return known.ids.sub(lambda found: names[found[0]], text)


_PROPOSED = re.compile(r"""^  - \{?name: ["']?([^"'\n]+?)["']?(?:,.*)?$""", re.MULTILINE)
_TITLE = re.compile(r"^(title: *(?:>-\n)?)(.*(?:\n  .*)*)", re.MULTILINE)
_SURVEY_ROW = re.compile(r"survey_row: \d+")
_SURVEY_ID = re.compile(r"survey_id: [^\s,}]+")
_ARXIV = re.compile(r"""(arxiv: "?(?:\d{4}\.|[a-z-]+/\d{4}))(\d+)""")
_DOI = re.compile(r"""(doi: "?[^\s,}"]+)""")
_POINTS = re.compile(r"(points_file: \S+)\.csv")
_POINTS_OF_COPY = re.compile(r"points_file: (\S+)(-copy\d+)\.csv")
_CLOSED = re.compile(r"\bblalock2020(?=[,\]])")


def _cipher(number: int) -> dict[int, str]:
    """Letters for letters, so that titles of copies are no more alike than those of any two papers."""
    shuffled = "".join(random.Random(number).sample(ascii_lowercase, len(ascii_lowercase)))
    return str.maketrans(ascii_lowercase + ascii_uppercase, shuffled + shuffled.upper())


def _number(digits: str, number: int) -> str:
    """Another number of as many digits."""
    return str((int(digits) + 7919 * number) % 10 ** len(digits)).zfill(len(digits))
