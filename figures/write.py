"""Writing of figures as files: SVG, PNG, HTML and CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from prunelit.analysis.spreadsheet import as_csv
from prunelit.analysis.writing import write_all as atomically
from prunelit.figures.captions import Caption, said
from prunelit.figures.convert import converter, libraries
from prunelit.figures.page import FORMATS, figure_page, gallery_page


def write_figures(
    output: Path,
    names: Sequence[str] = (),
    collection: str = "blalock2020",
    progress: Callable[[str], None] = lambda message: None,
    corrected: bool = True,
    corpus: Path | None = None,
) -> list[Path]:
    """Write figures as HTML, SVG, PNG and CSV, and a gallery of them if none is named.

    Figures without any data in the collection are left out, and ``progress`` is told so.

    Args:
        output: Folder to write to; created where it is missing.
        names: Which figures; by default all but those that are drawn only on request.
        collection: Name of the collection that the figures show.
        progress: Told what is being done.
        corrected: Whether to apply the corpus's corrections, or to draw the data as published.
        corpus: Folder of the corpus; by default the one that ships with the package.

    Returns:
        The files, figure by figure.

    Raises:
        UnknownNameError: if there is no such figure or collection.
        CorpusError: if the corpus is not valid; nothing is written then.
    """

    def draw(folder: Path) -> list[Path]:
        captions = _draw(folder, names, collection, progress, corrected, corpus)
        files = [folder / f"{name}.{suffix}" for name in captions for suffix in FORMATS]
        if names:
            return files
        index = folder / "index.html"
        index.write_text(gallery_page(captions, collection, corrected), encoding="utf-8", newline="")
        return [*files, index]

    return atomically(output, draw)


def _draw(
    folder: Path,
    names: Sequence[str],
    collection: str,
    progress: Callable[[str], None],
    corrected: bool,
    corpus: Path | None,
) -> dict[str, Caption]:
    """Write the files of each figure that has data, and return what is said about it."""
    captions: dict[str, Caption] = {}
    with converter() as convert:
        # The converter starts up while pandas and Altair are imported.
        from prunelit.analysis.dataset import dataset
        from prunelit.figures.draw import figure_named, specification
        from prunelit.figures.registry import FIGURES, unnamed

        wanted = {name: figure_named(name) for name in names or FIGURES if names or unnamed(name, collection)}
        drawn = dataset(corpus, collection, corrected)
        for name, one in wanted.items():
            progress(f"drawing {name}")
            data = one.data(drawn)
            if data.empty:
                progress(f"{name} has nothing to draw")
                continue
            captions[name] = said(one, data, drawn)
            spec = folder / f"{name}.json"
            spec.write_text(specification(one, data, captions[name]), encoding="utf-8", newline="")
            convert(spec)
            (folder / f"{name}.csv").write_text(as_csv(data), encoding="utf-8", newline="")
        progress("writing pages and images")
        scripts = libraries()
        for name, words in captions.items():
            page = figure_page(name, words, (folder / f"{name}.json").read_text(encoding="utf-8"), scripts)
            (folder / f"{name}.html").write_text(page, encoding="utf-8", newline="")
    return captions
