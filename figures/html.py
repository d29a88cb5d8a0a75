"""HTML templates, in which everything is escaped that is not markup of ours."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from html import escape
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("prunelit.figures"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_escaped,
        keep_trailing_newline=True,
    )
    found.filters["figure_name"] = figure_name
    found.filters["base64"] = lambda text: b64encode(text.encode()).decode()
    found.tests["web_address"] = lambda text: text.startswith(("https://", "http://"))
    return found


def _escaped(value: Any) -> Any:
    """Text with the names of entities that every reader of HTML knows, ``&quot;`` among them."""
    return Markup(escape(value)) if type(value) is str else value


def rendered(template: str, **values: Any) -> str:
    """A page of a template of ``figures/templates``.

    Args:
        template: Name of the template, without ``.html.j2``.
        values: What it shows; text is escaped, unless it is :class:`markupsafe.Markup`.
    """
    return _environment().get_template(f"{template}.html.j2").render(**values)


def figure_name(name: str) -> str:
    """The name of a figure as text has it: Figure 1 for figure1."""
    word = name.rstrip("0123456789")
    return f"{word} {name.removeprefix(word)}".strip().capitalize().replace("_", " ")
