"""Pages of figures that work without a network."""

from __future__ import annotations

from markupsafe import Markup

from prunelit.analysis.load import EVERYTHING
from prunelit.figures import theme
from prunelit.figures.captions import Caption
from prunelit.figures.html import rendered

FORMATS = {"html": "interactive", "svg": "SVG", "png": "PNG", "csv": "data (CSV)"}


def figure_page(name: str, caption: Caption, spec: str, scripts: str) -> str:
    """The interactive page of one figure.

    Args:
        name: Name of the figure and of its files.
        caption: What is said about it.
        spec: Vega-Lite specification as JSON.
        scripts: JavaScript of Vega, Vega-Lite and Vega-Embed.
    """
    return rendered(
        "figure",
        name=name,
        title=caption.title,
        caption=caption,
        titles=FORMATS,
        theme=theme,
        # "<" cannot end a script early, whatever a title holds.
        data=Markup(spec.replace("<", "\\u003c")),
        scripts=Markup(scripts.replace("</script", "<\\/script")),
    )


def gallery_page(captions: dict[str, Caption], collection: str, corrected: bool) -> str:
    """The page that shows all figures, each with its caption and a link to each of its files."""
    return rendered(
        "gallery",
        title="prunelit: figures",
        captions=captions,
        scope="All collections" if collection in EVERYTHING else f"Collection {collection}",
        state="with the corrections of the corpus applied" if corrected else "as published, without any correction",
        titles=FORMATS,
        theme=theme,
    )
