"""Rooms of the code and the direction of imports, read from the code itself."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from prunelit.explorer.documentation.build import ROOMS


@dataclass(frozen=True, slots=True)
class Room:
    """A folder of modules, with what their docstrings say and which other rooms they import."""

    name: str
    said: str
    modules: dict[str, str] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)


class Rooms(SphinxDirective):
    """The rooms, those first that import no other."""

    def run(self) -> list[nodes.Node]:
        """A section for each room."""
        top = Path(self.env.srcdir).parents[1]
        return self.parse_text_to_nodes("\n".join(_told(rooms(top))), allow_section_headings=True)


def rooms(top: Path) -> dict[str, Room]:
    """The rooms below the top folder of the repository: the folders of the code, and the packages in them."""
    folders = {
        file.parent.relative_to(top).as_posix(): file
        for name in ROOMS
        for file in sorted((top / name).rglob("__init__.py"))
    }
    return {name.replace("/", "."): _room(name.replace("/", "."), file, set(folders)) for name, file in folders.items()}


def _room(name: str, file: Path, folders: set[str]) -> Room:
    trees = {one.stem: ast.parse(one.read_text(encoding="utf-8")) for one in sorted(file.parent.glob("*.py"))}
    imports = {_holding(module, folders) for tree in trees.values() for module in _imported(tree)}
    said = {stem: _first_line(tree) for stem, tree in trees.items()}
    return Room(name, said.pop("__init__"), said, imports - {name})


def _first_line(tree: ast.Module) -> str:
    return " ".join((ast.get_docstring(tree) or "").partition("\n\n")[0].split())


def _imported(tree: ast.Module) -> Iterator[str]:
    """The modules of ours that a module imports anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [f"{node.module}.{one.name}" for one in node.names]
        else:
            continue
        yield from (one.partition(".")[2] for one in found if one.startswith("prunelit."))


def _holding(module: str, folders: set[str]) -> str:
    """The innermost room that holds a module, or something in one; names of no other room are public."""
    parts = module.split(".")
    places = ("/".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((place for place in places if place in folders), "public").replace("/", ".")


def _told(found: dict[str, Room]) -> Iterator[str]:
    for group, members in _by_folder(found).items():
        yield from (f"## `{_path(group)}`", "")
        for room in members:
            if room.name != group:
                yield from (f"### `{_path(room.name)}`", "")
            used = ", ".join(f"[`{one}`](#{_anchor(one)})" for one in sorted(room.imports))
            yield from (room.said, "", f"Imports {used or 'none of the others'}.", "")
            yield from (f"- `{name}`: {said}" for name, said in room.modules.items())
            yield ""


def _by_folder(found: dict[str, Room]) -> dict[str, list[Room]]:
    grouped = defaultdict(list)
    for room in found.values():
        grouped[room.name.partition(".")[0]].append(room)
    return grouped


def _path(room: str) -> str:
    return f"{room.replace('.', '/')}/"


def _anchor(room: str) -> str:
    """The anchor of the heading of a room: its letters and digits, in lower case."""
    return "".join(sign for sign in _path(room) if sign.isalnum() or sign in "_-").lower()
