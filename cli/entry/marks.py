"""What stands in a cell beside its number or name: emphasis, footnotes, arrows, brackets, spreads and bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MAX_CELL = 500
"""Characters of a cell beyond which it is a text, and no name or number with marks around it."""
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|___|__|`|~~|\$)(?=\S)(.+?)(?<=\S)\1")
_LONE_EMPHASIS = re.compile(r"^([*_])(?=\S)([^*_]+)(?<=\S)\1$")
_FOOTNOTE = re.compile(r"\s*(?:[†‡§¶‖#\u2217⋆★☆◇◆♦♠♣✓]+|\*+|\^[^\s{}]+|\^\{[^}]*\}|\[[^\]]*\])\s*$")
_FOOTNOTE_BEFORE = re.compile(r"^(?:[†‡§¶‖\u2217⋆★☆◇◆♦♠♣]+|\*+|\^\{[^}]*\})\s*")
_CITATION = re.compile(r"\s*(?:\[[^\]]*\]|\^\{[^}]*\}|[†‡§¶‖\u2217⋆★☆]+|\*+)\s*$")
_ARROW = re.compile(r"\s*([↑↓▲▼⬆⬇])\s*")
_BRACKET = re.compile(r"^(.*?[^\s(])\s*(?:\(([^()]*)\)|_\{([^{}]*)\}|_(\d[\d.]*))$")
_SPREAD = re.compile(r"^(.+?)\s*_?[{(]?\s*(?:±|\+\s*/\s*[-−–]|\+[-−])\s*([^{}()]+?)\s*[})]?(%?)$")
_BOUND = re.compile(r"^\s*(<=?|>=?|≤|≥|≲|≳|⩽|⩾|~|\u223c|≈|≃|ca\.?\s|about\s|approx\.?\s)\s*")
_BOUNDS = {"<": "at_most", "≤": "at_most", "≲": "at_most", "⩽": "at_most", ">": "at_least", "≥": "at_least",
           "≳": "at_least", "⩾": "at_least"}  # fmt: skip
_POWER = re.compile(r"10\s*\^\s*\{?-?\d+\}?$")


@dataclass
class Marked:
    """A cell without its marks, and the marks."""

    text: str
    taken: list[str] = field(default_factory=list)
    arrow: str = ""
    bracket: str = ""
    spread: str = ""
    bound: str = ""


def unmarked_number(cell: str) -> Marked:
    """The number of a cell, apart from everything that stands around it.

    Example:
        >>> unmarked_number("**82.54** (+0.70)†").bracket
        '+0.70'
    """
    found = Marked(plain(cell))
    if bound := _BOUND.match(found.text):
        found.bound = _BOUNDS.get(bound[1][:1], "about")
        found.text = found.text[bound.end() :]
    while _peeled(found):
        pass
    return found


def _peeled(found: Marked) -> bool:
    """Whether one more mark could be taken off the end, or the beginning."""
    text = found.text
    if not _POWER.search(text) and (note := _FOOTNOTE.search(text)) and note.start():
        found.taken.append(note[0].strip())
        found.text = text[: note.start()].strip()
    elif note := _FOOTNOTE_BEFORE.match(text):
        found.taken.append(note[0].strip())
        found.text = text[note.end() :]
    elif not found.spread and (spread := _SPREAD.match(text)):
        found.text, found.spread = plain(spread[1]) + spread[3], spread[2].strip()
    elif not found.bracket and (bracket := _BRACKET.match(text)):
        inner = next(one for one in bracket.groups()[1:] if one is not None).strip()
        found.text, found.bracket = bracket[1].strip(), inner
    elif not found.arrow and (arrow := _ARROW.search(text)):
        found.arrow = "↑" if arrow[1] in "↑▲⬆" else "↓"
        found.text = (text[: arrow.start()] + text[arrow.end() :]).strip()
    else:
        return False
    return bool(found.text)


def plain(cell: str) -> str:
    """The text of a cell without signs of emphasis.

    Example:
        >>> plain("**76.1**"), plain("*Ours*")
        ('76.1', 'Ours')
    """
    text, before = cell.strip(), ""
    while text != before and len(text) <= _MAX_CELL:
        before = text
        text = _EMPHASIS.sub(r"\2", text).strip()
    return _LONE_EMPHASIS.sub(r"\2", text).strip()


def unmarked_name(cell: str) -> Marked:
    """The name in a cell, apart from emphasis, footnotes and citations behind it."""
    found = Marked(plain(cell))
    while len(found.text) <= _MAX_CELL and (mark := _CITATION.search(found.text)) and mark.start():
        found.taken.append(mark[0].strip())
        found.text = plain(found.text[: mark.start()])
    return found
