"""Pages of the figures: each drawn by Vega in the browser, with a picture in its place where there are no scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import astuple, replace
from functools import partial
from importlib.metadata import version
from itertools import chain

import pandas as pd

from prunelit.analysis.dataset import ALL, SURVEY
from prunelit.analysis.frames.kept_files import kept_text
from prunelit.analysis.spreadsheet import as_csv
from prunelit.explorer.addresses import Address, relative
from prunelit.explorer.digests import code_digest, input_digest, row_digests
from prunelit.explorer.downloads import CITE, LICENCE_ADDRESS, packed
from prunelit.explorer.navigation import FIGURES_PAGE
from prunelit.explorer.page import EARLY, LATE, Page, PageContent
from prunelit.explorer.pictures import jpeg_of, picture_of
from prunelit.explorer.shared import SiteData
from prunelit.figures.captions import caption, said
from prunelit.figures.convert import libraries
from prunelit.figures.draw import specification
from prunelit.figures.figure import Figure
from prunelit.figures.html import figure_name
from prunelit.figures.registry import DRAWN_ON_REQUEST, FIGURES, HOMES, OF_SYNTHESIS

PLACE = 80
_NOTHING = "The corpus holds nothing that it would show."
_EMPTY = json.dumps({"data": {"values": []}, "mark": "point", "width": 400, "height": 20})
_SCALE_OF_CARDS, _QUALITY_OF_CARDS = 0.5, 60
"""Size of the picture that others show with a link, and how exact it is; the page makes a large one when asked for."""
_OF_TABLES_MADE_AHEAD = ("progress",)
"""Figures of tables that take long, and are made while other pages are."""
VEGA = Address("assets/vega.js")
"""Vega, Vega-Lite and Vega-Embed, as the converter of figures brings them along; one file for all pages."""


def pages(data: SiteData) -> Iterator[Page]:
    """A page for each figure that is not one of a single network, and one that shows them all.

    There is none for a corpus without the survey: they show it, or what came after it; nor for a collection that holds
    no experiment.
    """
    if not any(one.name == SURVEY for one in data.dataset.corpus.collections):
        return
    experiments = (one for paper in data.dataset.corpus.papers for one in paper.experiments or ())
    held = {ALL, SURVEY, *chain.from_iterable(one.collections for one in experiments)}
    drawn = {name: one for name, one in FIGURES.items() if _is_shown(name) and HOMES.get(name, SURVEY) in held}
    classes = row_digests(data.dataset.methods())
    for name, figure in drawn.items():
        words = caption(figure.__doc__ or "")
        # A figure looks at the records of its collection, and of all others at no more than how they class methods.
        made_of = (classes, *data.made_of_records(data.dataset.of(HOMES.get(name, SURVEY)).corpus.papers))
        make = partial(_content, name, figure, data)
        turn = LATE if name in _OF_TABLES_MADE_AHEAD else EARLY
        yield Page(address_of(name), words.title, make, made_of, "figure", words.reading, turn=turn)
    titles = {name: caption(figure.__doc__ or "").title for name, figure in drawn.items()}
    made_of = (titles, version("vl-convert-python"))
    yield Page(FIGURES_PAGE, "Figures", partial(_gallery, titles), made_of, "figures")


def address_of(name: str) -> Address:
    """The address of the page of a figure."""
    return Address(f"figures/{name}.html")


def _is_shown(name: str) -> bool:
    """Whether a figure has a page: those of one network are on the pages of configurations."""
    return name not in OF_SYNTHESIS and (name not in DRAWN_ON_REQUEST or name in HOMES)


def _content(name: str, figure: Figure, data: SiteData) -> PageContent:
    shown = data.dataset.of(HOMES.get(name, SURVEY))
    rows = figure.data(shown)
    words = said(figure, rows, shown) if len(rows) else replace(caption(figure.__doc__ or ""), more=_NOTHING)
    made_of = f"specification {code_digest()} {input_digest(name, rows, astuple(words))}"
    # Altair takes far longer to build a chart than to find out that its rows are the same.
    spec = kept_text(made_of, lambda: specification(figure, rows, words)) if len(rows) else _EMPTY
    stem, picture = f"figures/{name}", picture_of(spec)
    card = Address(f"{stem}-card.jpg")
    files: dict[Address, str | bytes] = {
        Address(f"{stem}.svg"): picture,
        Address(f"{stem}.csv.gz"): packed(as_csv(rows)),
        Address(f"{stem}.json"): figure_metadata(name, words.title, words.reading, rows),
    }
    papers = sorted(set(rows["paper_id"].dropna())) if "paper_id" in rows else []
    values = {
        "words": words,
        "spec": json.loads(spec, parse_float=_as_drawn),
        "papers": {
            one: relative(page, address_of(name)) for one in papers if (page := data.addresses.of("paper", one))
        },
        "files": list(files),
        "image": card,
        "vega": VEGA,
        "gallery": FIGURES_PAGE,
    }
    if data.base:  # elsewhere, nobody can name it
        files[card] = jpeg_of(picture, _SCALE_OF_CARDS, _QUALITY_OF_CARDS)
    return PageContent(values, files)


def _as_drawn(number: str) -> float:
    """A number as exact as a drawing needs it; the CSV has all of its digits, which would be a third of the page."""
    return float(f"{float(number):.7g}")


def figure_metadata(name: str, title: str, reading: str, rows: pd.DataFrame) -> str:
    """What is said of a figure and its columns, as JSON."""
    release = version("prunelit")
    told = {
        "name": name,
        "title": title,
        "reading": reading,
        "version": release,
        "licence": LICENCE_ADDRESS,
        "citation": CITE.format(version=release),
        "rows": len(rows),
        "columns": {str(column): str(kind) for column, kind in rows.dtypes.items()},
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _gallery(titles: dict[str, str]) -> PageContent:
    entries = [
        (figure_name(name), title, address_of(name), Address(f"figures/{name}.svg")) for name, title in titles.items()
    ]
    return PageContent({"entries": entries}, {VEGA: libraries()})
