"""Problems as a person, a program and GitHub read them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from os.path import abspath
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from prunelit.schema.problems import Problem


def shown_path(path: Path) -> str:
    """The path as a person opens it: relative to the current folder when below it, and :func:`visible`."""
    absolute, here = Path(abspath(path)), Path.cwd()
    return visible(str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute))


def locator_path(path: Path) -> str:
    """The path of a source as a record names it: from the current folder, or its name alone where it is elsewhere."""
    absolute, here = path.resolve(), Path.cwd().resolve()
    below = absolute.is_relative_to(here) and absolute != here
    return visible(absolute.relative_to(here).as_posix() if below else absolute.name)


def visible(text: str) -> str:
    """The text with every character that a terminal would obey, or hide, and every order to GitHub, as an escape.

    This is the one way in which names and texts of strangers come into messages.
    """
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
    return _ORDER.sub(lambda found: rf"{found[1] or ''}\x{ord(found[0][-1]):x}", text)


_ORDER = re.compile(r"^( *):(?=:)|#(?=#\[)")
"""How a workflow command of GitHub begins: at the start of a line, or in its older form anywhere."""


def text_of(problem: Problem) -> str:
    """One line: ``file:line:column: rule: message``."""
    return visible(str(problem))


def coloured(problem: Problem) -> Text:
    """As :func:`text_of`, for a terminal with colours."""
    from rich.text import Text

    place = visible(f"{problem.file}:{problem.line}:{problem.column}")
    return Text.assemble((place, "bold"), ": ", (problem.rule, "red"), ": ", visible(problem.message))


def github(problem: Problem) -> str:
    """A workflow command that annotates the line on GitHub."""
    place = {"file": problem.file, "line": problem.line, "col": problem.column, "title": problem.rule}
    return annotation("error", place, problem.message)


def annotation(level: str, place: Mapping[str, object], message: str) -> str:
    """A workflow command: ``error``, ``warning`` or ``notice``, with its properties and what it says."""
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in place.items())
    return f"::{level} {properties}::{_data(visible(message))}"


def json_of(problems: Sequence[Problem], papers: int, survey_rows: int) -> str:
    """A JSON object with the problems and the size of what was checked."""
    found = [asdict(problem) for problem in problems]
    return json.dumps({"papers": papers, "survey_rows": survey_rows, "problems": found}, indent=2)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
