"""Plain text of foreign text: HTML taken out, ligatures resolved, one line."""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize

from prunelit.schema.reading import FORBIDDEN

LOWERED = dict(zip("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋", strict=True))
RAISED = dict(zip("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", strict=True))

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.I)
_INDEX = re.compile(r"<(sub|sup|inf)>\s*([0-9]+)\s*</\1>", re.I)
_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|italic|bold|tt|sc|scp|sub|sup|inf|span|p|br|title|(?:jats|mml):[a-z-]+"
    r"|math|m(?:row|i|n|o|text|style|sub|sup|subsup|over|under|frac|space|fenced))(?:\s[^<>]*)?/?>",
    re.I,
)
_LIGATURES = {sign: normalize("NFKC", chr(sign)) for sign in range(0xFB00, 0xFB07)}


def tidy(text: str) -> str:
    r"""Foreign text on one line, composed, without ligatures and characters that are invisible or reorder it.

    Example:
        >>> tidy("E\ufb03cient\n filters")
        'Efficient filters'
    """
    visible = FORBIDDEN.sub("", " ".join(text.split())).translate(_LIGATURES)
    return " ".join(normalize("NFC", visible).split())


def unescaped(text: str) -> str:
    """The text with the characters that its HTML entities stand for; an entity ends with a semicolon."""
    return _ENTITY.sub(lambda entity: unescape(entity[0]), text)


def unmarked(text: str) -> str:
    """The text without HTML entities and tags; digits that are set low or high keep their place.

    Example:
        >>> unmarked("CO<sub>2</sub> &amp; <i>more</i>")
        'CO₂ & more'
    """
    return _TAG.sub("", _INDEX.sub(_set, unescaped(text)))


def _set(index: re.Match[str]) -> str:
    return script_digits(index[2], raised=index[1].lower() == "sup")


def script_digits(plain: str, raised: bool) -> str:
    """Digits set high, as exponents are, or low."""
    return "".join((RAISED if raised else LOWERED)[digit] for digit in plain)
