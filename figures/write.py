"""How do figures become files?"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from altair.utils.schemapi import debug_mode

from prunelit.figures.captions import Caption, caption
from prunelit.figures.convert import converter
from prunelit.figures.page import FORMATS, figure_page, gallery
from prunelit.figures.registry import FIGURES, Figure
from prunelit.figures.rows import NAME, records
from prunelit.figures.tables import Tables
from prunelit.figures.theme import CONFIG


def write_all(
    output: Path,
    names: Sequence[str] = (),
    collection: str = "blalock2020",
    progress: Callable[[str], None] = lambda message: None,
) -> list[Path]:
    """Write figures as HTML, SVG, PNG and CSV, and a gallery if all of them are asked for.

    Figures without any data in the collection are left out, and ``progress`` is told so.

    Args:
        output: Folder to write to; created where it is missing.
        names: Which figures; all by default.
        collection: Name of the collection that the figures show.
        progress: Told what is being done.

    Returns:
        The files, figure by figure.

    Raises:
        ValueError: if there is no such figure or collection.
        CorpusError: if the corpus is not valid; nothing is written then.
    """
    figures = {name: _figure(name) for name in names or FIGURES}
    tables = Tables(collection)
    output.mkdir(parents=True, exist_ok=True)
    # Files move to their places once all are written, so that a failure leaves the old ones as they were.
    with TemporaryDirectory(prefix=".figures-", dir=output) as folder:
        captions = _write(Path(folder), figures, tables, progress)
        files = [f"{name}.{suffix}" for name in captions for suffix in FORMATS]
        if not names:
            files.append("index.html")
            Path(folder, "index.html").write_text(gallery(captions, collection), encoding="utf-8", newline="")
        for file in files:
            os.replace(Path(folder, file), output / file)
    return [output / file for file in files]


def _write(
    folder: Path, figures: dict[str, Figure], tables: Tables, progress: Callable[[str], None]
) -> dict[str, Caption]:
    """Write the files of each figure that has data, and return what is said about it."""
    libraries = folder / "libraries.js"
    captions: dict[str, Caption] = {}
    with converter(libraries) as convert:
        for name, figure in figures.items():
            progress(f"drawing {name}")
            data = figure.data(tables)
            if data.empty:
                progress(f"{name} has nothing to draw")
                continue
            captions[name] = caption(figure.__doc__ or "")
            spec = folder / f"{name}.json"
            spec.write_text(specification(figure, data, captions[name]), encoding="utf-8", newline="")
            convert(spec)
            data.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        progress("converting to SVG and PNG")
    scripts = libraries.read_text(encoding="utf-8")
    for name, said in captions.items():
        page = figure_page(name, said, (folder / f"{name}.json").read_text(encoding="utf-8"), scripts)
        (folder / f"{name}.html").write_text(page, encoding="utf-8", newline="")
    return captions


def specification(figure: Figure, data: pd.DataFrame, said: Caption) -> str:
    """A figure as Vega-Lite in JSON: its chart, its rows, its title and the text in its place."""
    # Altair's own checks take longer than the drawing; the tests make them instead.
    with debug_mode(False):
        chart: dict[str, Any] = figure.chart(data).to_dict(validate=False)
    spec = chart | {
        "config": CONFIG,
        "title": {"text": said.title, "subtitle": said.reading},
        "description": said.alt,
        "datasets": {NAME: records(data)},
    }
    return json.dumps(spec, ensure_ascii=False, allow_nan=False)


def _figure(name: str) -> Figure:
    if name in FIGURES:
        return FIGURES[name]
    near = get_close_matches(name, FIGURES, n=1)
    hint = f", did you mean '{near[0]}'?" if near else ""
    raise ValueError(f"no figure '{name}'{hint}; there are {', '.join(FIGURES)}")
