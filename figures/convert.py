"""Conversion of specifications to images, in a process of its own: Vega keeps Python's lock while it works.

The process reads lines, each the path of a Vega-Lite specification, and writes SVG and PNG beside it.  What it drew
before it finds in the cache.  It imports next to nothing of this package, so that it starts at once.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import vl_convert

from prunelit.analysis.frames.kept_files import kept_bytes, kept_text

SCALE = 2
"""Pixels of the PNG per unit of length of the SVG."""


@contextmanager
def converter() -> Iterator[Callable[[Path], None]]:
    """What takes paths of specifications to convert; at the end all are converted.

    Raises:
        RuntimeError: at the end, if a specification cannot be converted.
    """
    command = [sys.executable, "-P", __file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:

        def convert(spec: Path) -> None:
            # A process that has failed says why at the end.
            with suppress(BrokenPipeError):
                print(spec, file=process.stdin, flush=True)

        yield convert
        _, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"cannot convert a figure: {errors}")


@cache
def libraries() -> str:
    """The JavaScript that draws a specification in a page without any network; it takes a second to put together."""
    return kept_text(
        f"JavaScript of {_version()}", lambda: vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    )


def svg_of(specification: str) -> str:
    """A Vega-Lite specification as SVG, drawn once: it depends on nothing but the converter, which brings its fonts."""
    return kept_text(f"SVG by {_version()}: {specification}", lambda: vl_convert.vegalite_to_svg(specification))


def scaled_png(svg: str) -> bytes:
    """An SVG as PNG, drawn once."""
    return kept_bytes(f"PNG by {_version()}, {SCALE}: {svg}", lambda: vl_convert.svg_to_png(svg, scale=SCALE))


@cache
def _version() -> str:
    return f"vl-convert-python {version('vl-convert-python')}"


def _convert(spec: Path) -> None:
    svg = svg_of(spec.read_text(encoding="utf-8"))
    spec.with_suffix(".svg").write_text(svg, encoding="utf-8", newline="")
    spec.with_suffix(".png").write_bytes(scaled_png(svg))


if __name__ == "__main__":
    for line in sys.stdin:
        _convert(Path(line.rstrip("\n")))
