"""Card of the site: the picture that other sites show beside a link to one of its pages."""

from __future__ import annotations

from markupsafe import escape

from prunelit.explorer.addresses import Address
from prunelit.explorer.pictures import png_of
from prunelit.figures.theme import SERIES

CARD = Address("card.png")
"""The card of all pages that have no picture of their own."""
_WIDTH, _HEIGHT = 1200, 630
_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


def card(title: str, count: str) -> bytes:
    """The card as PNG: the name of the site, its title, and how much there is.

    Args:
        title: Title of the site, broken at its spaces.
        count: How much there is, such as ``16,161 operating points``.
    """
    lines = "".join(
        f'<text x="90" y="{310 + 78 * at}" font-size="64" font-weight="bold" fill="#1d1f21">{escape(line)}</text>'
        for at, line in enumerate(_lines(title))
    )
    dots = "".join(
        f'<circle cx="{780 + 54 * at}" cy="{100 + 9 * at * at}" r="{26 - 2.4 * at}" fill="{colour}"/>'
        for at, colour in enumerate(SERIES[:7])
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" font-family="{_FONT}">'
        f'<rect width="100%" height="100%" fill="#fdfdfc"/>{dots}'
        f'<text x="90" y="150" font-size="44" fill="#0b5394">prunelit</text>{lines}'
        f'<text x="90" y="560" font-size="36" fill="#5b6066">{escape(count)}</text></svg>'
    )
    return png_of(svg)


def _lines(title: str, most: int = 30) -> list[str]:
    """Words in lines that are no longer than they may be."""
    lines = [""]
    for word in title.split():
        fits = len(lines[-1]) + len(word) < most
        lines[-1:] = [f"{lines[-1]} {word}".strip()] if fits else [lines[-1], word]
    return [one for one in lines if one]
