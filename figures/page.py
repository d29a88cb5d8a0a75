"""Pages of figures that work without a network."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from string import Template

from prunelit.analysis.load import EVERYTHING
from prunelit.figures.captions import Caption
from prunelit.figures.theme import FONT, GREY, INK

FORMATS = {"html": "interactive", "svg": "SVG", "png": "PNG", "csv": "data (CSV)"}

_PAGE = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body { font: 15px/1.5 $font; color: $ink; background: #fafafa; margin: 0 auto; padding: 1.5rem; max-width: 72rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
figure { background: white; border: 1px solid #e2e2e2; border-radius: 6px; margin: 0 0 2rem; padding: 1rem; }
figure { overflow-x: auto; }
figure img { display: block; max-width: 100%; height: auto; }
figcaption { margin-top: .75rem; max-width: 52rem; }
.links, .lead { color: $grey; }
a { color: #0a58a6; }
#vg-tooltip-element { font-family: $font; font-size: 13px; max-width: 34rem; }
#vg-tooltip-element table tr td.value { max-width: 26rem; max-height: none; }
</style>
$head</head>
<body>
$body
</body>
</html>
""")

# Vega writes "null" for what a row does not have; a tooltip is shorter without it.
_EMBED = """\
const row = (name, value) => `<tr><td class="key">${name}</td><td class="value">${value}</td></tr>`;
const formatTooltip = (values, sanitize) => {
  const known = Object.entries(values).filter(([, value]) => value !== null && value !== "null");
  return "<table>" + known.map((entry) => row(...entry.map((part) => sanitize(part)))).join("") + "</table>";
};
const options = { mode: "vega-lite", renderer: "svg", actions: false, tooltip: { formatTooltip } };"""


def figure_page(name: str, caption: Caption, spec: str, scripts: str) -> str:
    """The interactive page of one figure.

    Args:
        name: Name of the figure and of its files.
        caption: What is said about it.
        spec: Vega-Lite specification as JSON.
        scripts: JavaScript of Vega, Vega-Lite and Vega-Embed.
    """
    # "<" cannot end the script early, whatever a title holds.
    data = spec.replace("<", "\\u003c")
    body = f"""\
<figure>
<div id="chart" role="img" aria-label="{escape(caption.alt)}"></div>
<figcaption>{_text(caption)}</figcaption>
</figure>
<p class="links">{_links(name, "svg", "png", "csv")}</p>
<script>
{_EMBED}
vegaEmbed("#chart", {data}, options);
</script>"""
    inline = scripts.replace("</script", "<\\/script")
    return _page(caption.title, body, f"<script>{inline}</script>\n")


def gallery(captions: dict[str, Caption], collection: str, corrected: bool) -> str:
    """The page that shows all figures, each with its caption and a link to each of its files."""
    state = "with the corrections of the corpus applied" if corrected else "as published, without any correction"
    lead = f"""\
<h1>The neural-network-pruning literature in figures</h1>
<p class="lead">{escape(_scope(collection))}, {state}. In the interactive version
of a figure each mark leads to its paper, method and source.</p>"""
    links = "\n".join(
        f'<li><a href="#{name}">{_name(name)}</a>: {escape(one.title)}</li>' for name, one in captions.items()
    )
    return _page("prunelit: figures", "\n".join([lead, f"<ul>\n{links}\n</ul>", *_entries(captions)]))


def _scope(collection: str) -> str:
    return "All collections" if collection in EVERYTHING else f"Collection {collection}"


def _entries(captions: dict[str, Caption]) -> Iterable[str]:
    for name, caption in captions.items():
        yield f"""\
<figure id="{name}">
<h2>{_name(name)}</h2>
<a href="{name}.html"><img src="{name}.svg" alt="{escape(caption.alt)}"></a>
<figcaption>{_text(caption)} <span class="links">{_links(name, *FORMATS)}</span></figcaption>
</figure>"""


def _name(name: str) -> str:
    """The name as text has it: Figure 1 for figure1."""
    word = name.rstrip("0123456789")
    return f"{word} {name.removeprefix(word)}".strip().capitalize()


def _text(caption: Caption) -> str:
    return f"<p>{escape(caption.reading)} {escape(caption.more)}</p>"


def _links(name: str, *formats: str) -> str:
    return " · ".join(f'<a href="{name}.{one}">{FORMATS[one]}</a>' for one in formats)


def _page(title: str, body: str, head: str = "") -> str:
    return _PAGE.substitute(title=escape(title), body=body, head=head, font=FONT, ink=INK, grey=GREY)
