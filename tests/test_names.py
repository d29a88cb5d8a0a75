"""Does every public name mean one thing?"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("schema", "analysis", "figures", "explorer", "evaluation", "cli", "public")
_COMMAND = "a command and the function behind it, which do the same"
_FIGURE = "what the modules of figures offer: figures/figure.py says what it is"
_CONCLUSIONS = "what the modules of conclusions offer: analysis/claims/sources.py says what it is"
SHARED = {
    "chart": _FIGURE,
    "data": _FIGURE,
    "worded": _FIGURE,
    "rows": _FIGURE,
    "PAGE": _FIGURE,
    "HOME": _FIGURE,
    "ON_REQUEST": _FIGURE,
    "PLACE": "where a figure stands in the gallery, a family of rules among the others, or a kind of pages in the site",
    "CLAIMS": _CONCLUSIONS,
    "COLLECTION": _CONCLUSIONS,
    "PAPER": "the paper whose conclusions a module holds",
    "facts": _CONCLUSIONS,
    "audit": _COMMAND,
    "best": "what is best: a choice of experiments, or the methods on a network as a function and a command",
    "checklist": _COMMAND,
    "normalize": _COMMAND,
    "claims": _COMMAND,
    "plan": _COMMAND,
    "progress": _COMMAND,
    "synthesis": _COMMAND,
    "run": _COMMAND,
    "add_to": "each command joins the command line by it",
    "page": "the sections of each page",
    "pages": "what the modules of pages of the site offer: explorer/pages/__init__.py says what it is",
    "TITLE": "the title of each page",
    "comparable_pairs": "pairs of papers whose numbers can be compared: those of configurations, and the table of them",
    "measurements": "qualities in the metrics of the vocabulary: of a record, and the table of them",
    "release": "the command, and what Sphinx calls the version that it documents",
    "read_folder": "images and labels in a folder, for each format of files",
    "MAX_BYTES": "the size up to which a module reads what it reads",
    "K": "a key, as type variables are called",
    "M": "a model, as type variables are called",
    "T": "any type, as type variables are called",
}
"""Names that several modules define, and what each means in all of them."""


def defined(tree: ast.Module) -> Iterator[str]:
    """The functions, classes and constants of a module, without those that are its own affair."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (one for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))
            yield from (one.id for one in names if isinstance(one.ctx, ast.Store))


@pytest.fixture(scope="module")
def modules_by_name() -> dict[str, set[str]]:
    """The modules that define each public name."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in (file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))):
        for name in defined(ast.parse(file.read_text(encoding="utf-8"))):
            if not name.startswith("_"):
                found[name].add(file.relative_to(ROOT).as_posix())
    return found


def test_a_name_is_defined_once_or_listed_with_its_meaning(modules_by_name: dict[str, set[str]]) -> None:
    twice = {name: sorted(files) for name, files in modules_by_name.items() if len(files) > 1}
    assert {name: files for name, files in twice.items() if name not in SHARED} == {}


def test_a_listed_name_is_defined_more_than_once(modules_by_name: dict[str, set[str]]) -> None:
    assert [name for name in SHARED if len(modules_by_name.get(name, ())) < 2] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def one(): ...\nclass Two: ...", ["one", "Two"]),
        ("ONE, (TWO, *THREE) = 1, (2, 3)", ["ONE", "TWO", "THREE"]),
        ("ONE = TWO = 1\nTHREE: int = 3", ["ONE", "TWO", "THREE"]),
        ("held[KEY] = 1\ndef one():\n    two = 2", ["one"]),
    ],
)
def test_definitions_are_found(text: str, names: list[str]) -> None:
    assert sorted(defined(ast.parse(text))) == sorted(names)
