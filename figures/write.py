"""How do figures become files?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import vl_convert
from altair.utils.schemapi import debug_mode

from prunelit.figures.captions import Caption, caption
from prunelit.figures.page import figure_page, gallery
from prunelit.figures.registry import FIGURES, Figure
from prunelit.figures.rows import NAME, records
from prunelit.figures.tables import Tables
from prunelit.figures.theme import CONFIG

PNG_SCALE = 2
"""Pixels of the PNG per unit of length of the SVG."""


def write_all(
    output: Path,
    names: Sequence[str] = (),
    collection: str = "blalock2020",
    progress: Callable[[str], None] = lambda message: None,
) -> list[Path]:
    """Write figures as SVG, PNG, HTML and CSV, and a gallery if all of them are asked for.

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
    captions = {name: caption(figure.__doc__ or "") for name, figure in figures.items()}
    tables = Tables(collection)
    contents: dict[str, bytes] = {}
    specs: dict[str, str] = {}
    with _libraries() as libraries:
        for name, figure in figures.items():
            data = figure.data(tables)
            if data.empty:
                progress(f"{name}: nothing to draw in {collection}")
                continue
            progress(f"drawing {name}")
            specs[name] = specification(figure, data, captions[name])
            svg = vl_convert.vegalite_to_svg(specs[name])
            contents[f"{name}.svg"] = svg.encode()
            contents[f"{name}.png"] = vl_convert.svg_to_png(svg, scale=PNG_SCALE)
            contents[f"{name}.csv"] = data.to_csv(index=False, lineterminator="\n").encode()
        progress("writing files")
        scripts = _read(libraries)
    for name, spec in specs.items():
        contents[f"{name}.html"] = figure_page(name, captions[name], spec, scripts).encode()
    if not names:
        contents["index.html"] = gallery({name: captions[name] for name in specs}, collection).encode()
    return _replace_all(output, contents)


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


def _libraries() -> subprocess.Popen[bytes]:
    """A process that bundles Vega, Vega-Lite and Vega-Embed; that takes a second, in which this one draws."""
    code = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _read(process: subprocess.Popen[bytes]) -> str:
    output, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"cannot bundle the libraries of interactive figures: {errors.decode()}")
    return output.decode()


def _replace_all(output: Path, contents: dict[str, bytes]) -> list[Path]:
    """Write all files before the first replaces an old one, so that a full disk leaves the old ones as they were."""
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".figures-", dir=output) as folder:
        for name, content in contents.items():
            Path(folder, name).write_bytes(content)
        for name in contents:
            os.replace(Path(folder, name), output / name)
    return [output / name for name in contents]
