"""Pages, and how they are page_html: from what they show to HTML in which records are shown and never obeyed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from prunelit.analysis.pages.section import Fact, Section
from prunelit.explorer.addresses import Address, relative
from prunelit.explorer.card import CARD
from prunelit.explorer.downloads import Download
from prunelit.explorer.navigation import HOME_PAGE

UNBROKEN_LENGTH, NUMBER_LENGTH, LONG_LENGTH = 16, 24, 60
"""Longer cells may be broken over several lines; longer ones are no numbers; and longer ones still want room."""
EARLY, USUAL, LATE = range(3)
"""When pages are made."""


@dataclass(frozen=True, slots=True, eq=False)
class PagePart:
    """A section of a page, with a name that links lead to, and the table behind it as files."""

    section: Section
    name: str = ""
    download: Download | None = None
    marks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Classes of the cells of some columns, row by row."""
    links: tuple[Fact, ...] = ()
    """Where else to look, below the section: facts without a value."""

    @property
    def anchor(self) -> str:
        """What an address ends with that leads to the section."""
        return self.name or re.sub(r"[^a-z0-9]+", "-", self.section.title.lower()).strip("-") or "section"


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page shows: the values of its template, and files beside it, by their addresses."""

    values: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[Address, str | bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page of the site, which is made only when what it shows has changed.

    Attributes:
        address: Where it is.
        title: Its title, which is also the text of its heading.
        make: Makes what it shows; called only when the page is written.
        made_of: All that ``make`` looks at, see :func:`prunelit.explorer.digests.input_digest`.  What is forgotten here
            leads to pages that are stale.
        template: Name of its template in ``explorer/templates``, without ``.html.j2``.
        description: One sentence, for search engines and cards.
        kind: What it is about, such as ``paper``: the word above its heading.
        turn: When it is made: :data:`EARLY` if it takes long, :data:`LATE` if it shows what is computed meanwhile.
    """

    address: Address
    title: str
    make: Callable[[], PageContent]
    made_of: Sequence[object]
    template: str = "sections"
    description: str = ""
    kind: str = ""
    turn: int = USUAL


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around every page: the name of the site and its navigation, and where the project is at home."""

    navigation: tuple[tuple[str, Address], ...] = ()
    version: str = ""
    repository: str | None = None
    """Web address of the repository that holds the records."""
    base: str | None = None
    """Web address of the site, where it is known."""


def page_html(page: Page, content: PageContent, shell: Shell) -> str:
    """The HTML of a page."""

    def url(target: Address) -> str:
        return relative(target, page.address)

    template = _environment().get_template(f"{page.template}.html.j2")
    return without_optional_tags(template.render(page=page, shell=shell, url=url, **content.values))


def without_optional_tags(html: str) -> str:
    """HTML without what the standard lets go of tables, lists and links, which would be a twelfth of the site.

    That is end tags of cells, rows and items, and quotes of the first attribute where its value is one word; see HTML,
    section 13.1.2.4, "Optional tags", and section 13.1.2.3, "Attributes".  Nothing that a record says looks so, as its
    "<" and quotes are escaped.

    Example:
        >>> without_optional_tags('<tr><td class="number">1</td><td><a href="a.html#b">2</a></td></tr></table>')
        '<tr><td class=number>1<td><a href=a.html#b>2</a></table>'
    """
    return _QUOTED.sub(r"\1\2", _OPTIONAL.sub("", html))


_OPTIONAL = re.compile("</(?:td|th|tr|li|dt|dd)>")
_QUOTED = re.compile(
    r"""(<(?:td|th|tr|a|dl|ul|li|div|svg|path|polyline) (?:class|href|id|scope)=)"([^\s"'`=<>]+)"(?=[ >])"""
)


def fragment(template: str, macro: str, *arguments: object, **values: object) -> str:
    """What a macro of a template makes, as a file of its own."""
    made: Callable[..., str] = getattr(_environment().get_template(f"{template}.html.j2").make_module(values), macro)
    return str(made(*arguments)).strip() + "\n"


def files_of(content: PageContent) -> dict[Address, str | bytes]:
    """The files beside a page: its own, and those of the tables of its sections."""
    shown_parts: Sequence[PagePart] = content.values.get("parts", ())
    tables = {address: text for one in shown_parts if one.download for address, text in one.download.files().items()}
    return {**tables, **content.files}


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("prunelit.explorer"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_escaped,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.tests["address"] = lambda value: isinstance(value, Address)
    found.tests["web_address"] = is_web_address
    found.globals |= {"home": HOME_PAGE, "card": CARD, "asset": lambda name: Address(f"assets/{name}")}
    found.tests["numeric"] = is_numeric
    found.filters["rows"] = section_rows
    found.filters["data"] = data_block
    return found


def is_web_address(text: object) -> bool:
    """Whether text is an address that a link may lead to."""
    return isinstance(text, str) and not isinstance(text, Address) and text.startswith(("https://", "http://"))


def _escaped(value: Any) -> Any:
    """Text with everything escaped that HTML or the order of writing would obey."""
    return Markup(escape(visible_text(value))) if isinstance(value, str) and not isinstance(value, Markup) else value


def visible_text(text: str) -> str:
    r"""Text in which signs are shown that would turn the order of others round, or be seen by nobody.

    Example:
        >>> visible_text("abc\u202edef")
        'abc[U+202E]def'
    """
    return (
        text if text.isascii() and text.isprintable() else _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    )


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


def data_block(value: object) -> Markup:
    """JSON that stands in a script element and cannot end it."""
    return Markup(json.dumps(value, separators=(",", ":")).replace("<", "\\u003c"))


def section_rows(section: Section, marks: Mapping[str, Sequence[str]]) -> list[list[tuple[str, str, str]]]:
    """The rows of a section's table, each cell with its class, text and link, "" where it has none."""
    frame = section.table
    if frame is None:
        return []
    nothing = [""] * len(frame)
    columns = [
        _cells(list(map(str, frame[name])), marks.get(name) or nothing, section.links.get(name) or nothing)
        for name in frame.columns
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _cells(texts: list[str], marks: Sequence[str], links: Sequence[str]) -> list[tuple[str, str, str]]:
    """The cells of a column: numbers line up at the right, short text is not broken, and other text has room."""
    kinds = ["num"] * len(texts) if is_numeric(texts) else [_width(text) for text in texts]
    # Empty cells look all the same, and a mark says all that a class of its kind would.
    classes = (mark or kind if text else "" for kind, mark, text in zip(kinds, marks, texts, strict=True))
    return list(zip(classes, texts, links, strict=True))


def _width(text: str) -> str:
    """The class of a text; none of short ones, as they are most."""
    return "" if len(text) <= UNBROKEN_LENGTH else "long" if len(text) > LONG_LENGTH else "words"


def is_numeric(texts: Iterable[str]) -> bool:
    """Whether a column holds nothing but numbers, with no more beside them than what limits or counts them.

    Example:
        >>> is_numeric(["21 of 81 (25.9%)", ""]), is_numeric(["15 of 15 networks, and three more besides"])
        (True, False)
    """
    return all(text.lstrip("−-+~≥≤<>")[:1].isdigit() and len(text) <= NUMBER_LENGTH for text in texts if text)
