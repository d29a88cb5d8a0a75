"""Pages in a browser, without a network and without trust in what records say.

Everything is escaped, there is no script, and a content security policy would stop one.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from prunelit.analysis.pages.section import Fact, Section

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #6b6b6b; }
@media (prefers-color-scheme: dark) { :root { --soft: #a8a8a8; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .15rem 1.25rem; margin: 0 0 .75rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; max-width: 60rem; }
p.note { color: var(--soft); font-size: .9rem; margin-top: .5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: break-word; min-width: 3.5rem; max-width: 32rem; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(28rem, 1fr)); gap: 1rem; }
figure { margin: 0; }
figure img { width: 100%; height: auto; background: white; border: 1px solid var(--line); }
figcaption { color: var(--soft); font-size: .9rem; }
td.number { text-align: right; }
td.number, td.short { white-space: nowrap; }
nav ol { columns: 24rem 2; padding-left: 1.5rem; font-size: .9rem; }
"""

MAX_SHORT = 16
"""Longer cells may be broken over several lines."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def as_html(title: str, sections: Sequence[Section], more: str = "", contents: bool = False) -> str:
    """A page as one self-contained file.

    Args:
        title: Title of the page.
        sections: What it says.
        more: HTML that is put after the sections as it is.
        contents: Whether a table of contents comes first.
    """
    body = (_contents(sections) if contents else "") + "".join(map(_section, count(1), sections)) + more
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}</main>\n</body>\n</html>\n"
    )


def _contents(sections: Iterable[Section]) -> str:
    items = (f'<li><a href="#s{at}">{escape(one.title)}</a></li>\n' for at, one in enumerate(sections, start=1))
    return f'<nav aria-label="Contents">\n<ol>\n{"".join(items)}</ol>\n</nav>\n'


def drawing(title: str, said: str, svg: str) -> str:
    """A drawing with what is said about it, as HTML; ``title`` also stands in its place."""
    image = f"<figure>{_image(svg, title)}<figcaption>{escape(said)}</figcaption></figure>"
    return f"<section>\n<h2>{escape(title)}</h2>\n{image}\n</section>\n"


def side_by_side(title: str, before: str, after: str) -> str:
    """A drawing before and after a change, as HTML; drawings are SVG, in images that run no script."""
    sides = (("before", before), ("after", after))
    images = "".join(
        f"<figure>{_image(svg, f'{title}, {side}')}<figcaption>{side}</figcaption></figure>\n" for side, svg in sides
    )
    return f'<section>\n<h2>{escape(title)}</h2>\n<div class="sides">\n{images}</div>\n</section>\n'


def _image(svg: str, alt: str) -> str:
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}">'


def _section(at: int, section: Section) -> str:
    facts = f"<dl>\n{''.join(map(_fact, section.facts))}</dl>\n" if section.facts else ""
    text = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in section.text)
    table = "" if section.table is None else _table(section.title, section.table)
    notes = "".join(f'<p class="note">{escape(note)}</p>\n' for note in section.notes)
    return f'<section>\n<h2 id="s{at}">{escape(section.title)}</h2>\n{facts}{text}{table}{notes}</section>\n'


def _fact(fact: Fact) -> str:
    value = escape(fact.value)
    if fact.link.startswith(("https://", "http://")):
        value = f'<a href="{escape(fact.link)}" rel="noopener noreferrer">{value}</a>'
    return f"<dt>{escape(fact.label)}</dt><dd>{value}</dd>\n"


def _table(caption: str, frame: DataFrame) -> str:
    numeric = [_is_numeric(frame[name]) for name in frame.columns]
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in frame.columns)
    rows = "".join(
        f"<tr>{''.join(map(_cell, row, numeric))}</tr>\n" for row in frame.itertuples(index=False, name=None)
    )
    label = escape(caption)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{label}">\n<table aria-label="{label}">\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )


def _cell(text: str, numeric: bool) -> str:
    kind = ' class="number"' if numeric else ' class="short"' if len(text) <= MAX_SHORT else ""
    return f"<td{kind}>{escape(text)}</td>"


def _is_numeric(cells: Iterable[str]) -> bool:
    """Whether a column holds nothing but numbers, so that they line up at the right."""
    return all(text.lstrip("−-+")[:1].isdigit() for text in cells if text)
