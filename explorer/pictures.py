"""Pictures: drawings of Vega as files that pages show as images, where each has a text in its place.

Drawing takes long, and records change more often than what a picture shows of them: each is kept on disk.
"""

from __future__ import annotations

import re

import vl_convert

from prunelit.analysis.frames.kept_files import kept_bytes, kept_text
from prunelit.explorer.digests import code_digest, input_digest

_TAG = re.compile("<[^>]+>")
_OF_MARKS = re.compile(r' (?:aria-(?:label|roledescription|hidden)|role|class|pointer-events)="[^"]*"')
_BY_DEFAULT = re.compile(
    r' (?:opacity="1"|stroke-width="1"|text-anchor="start"|font-weight="normal"|[xy]2="0"|transform="translate\(0,0\)")'
)
"""What holds anyway, as Vega states none of it for a group of marks (SVG 2, "Properties": initial values)."""
_PLACES = re.compile(r' (?:transform|d|points|[xy][12]?|c[xy]|r|width|height|stroke-width)="[^"]*"')
_LONG_NUMBER = re.compile(r"-?\d*\.\d{3,}(?:e-?\d+)?|-?\d+(?:\.\d+)?e-\d+")
_DECIMALS = 2
"""A hundredth of a pixel is less than any screen shows, even enlarged."""
_NUMBERED = re.compile(r'(?:(?<= id=")|(?<=url\(#))(clip|gradient_)\d+')
"""Names within a drawing: Vega counts them through all that a process draws."""
_FONT = re.compile(' font-family="[^"]*"')


def picture_of(specification: str) -> str:
    """The SVG of a Vega-Lite specification, see :func:`as_picture`."""
    return kept_text(_name("picture", specification), lambda: as_picture(vl_convert.vegalite_to_svg(specification)))


def jpeg_of(svg: str, scale: float, quality: int) -> bytes:
    """An SVG as JPEG."""
    return kept_bytes(_name("JPEG", svg, scale, quality), lambda: vl_convert.svg_to_jpeg(svg, scale, quality))


def png_of(svg: str) -> bytes:
    """An SVG as PNG."""
    return kept_bytes(_name("PNG", svg), lambda: vl_convert.svg_to_png(svg))


def _name(*made_of: object) -> str:
    return f"{code_digest()} {input_digest(*made_of)}"


def as_picture(svg: str) -> str:
    """An SVG without what nobody can see in an image, nearly two thirds of it.

    That is what it says of each mark, what holds by default, decimals of places, and a font that is named at each text.

    Example:
        >>> as_picture('<svg><path class="a" aria-label="x: 1" opacity="1" d="M0.1234,-5e-17"/></svg>')
        '<svg><path d="M0.12,0"/></svg>'
    """
    return _with_one_font(_numbered_anew(_TAG.sub(_plain, svg)))


def _plain(tag: re.Match[str]) -> str:
    return _PLACES.sub(_rounded, _BY_DEFAULT.sub("", _OF_MARKS.sub("", tag[0])))


def _rounded(place: re.Match[str]) -> str:
    return _LONG_NUMBER.sub(lambda number: f"{round(float(number[0]), _DECIMALS) + 0.0:g}", place[0])


def _numbered_anew(svg: str) -> str:
    """The SVG with names within it that depend on nothing drawn before."""
    names: dict[str, str] = {}
    return _NUMBERED.sub(lambda name: names.setdefault(name[0], f"{name[1]}{len(names)}"), svg)


def _with_one_font(svg: str) -> str:
    """The SVG with the font of its first text named once, for all that name no other."""
    found = _FONT.search(svg)
    return svg.replace(found[0], "").replace("<svg", f"<svg{found[0]}", 1) if found else svg
