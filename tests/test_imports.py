"""Do imports point one way, and does nothing happen on import?"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT: dict[str, set[str]] = {
    "schema": set(),
    "analysis": set(),
    "analysis.writing": {"schema"},
    "analysis.modules": set(),
    "analysis.spreadsheet": set(),
    "analysis.selection": {"schema"},
    "analysis.frames": {"schema", "analysis.writing"},
    "analysis.load": {"schema", "analysis.frames"},
    "analysis.compare": {"schema", "analysis.frames"},
    "analysis.synthesis": {"schema", "analysis.frames", "analysis.compare"},
    "analysis.dataset": {"schema", "analysis.load", "analysis.frames", "analysis.compare", "analysis.synthesis"},
    "analysis.claims": {"schema", "analysis.frames", "analysis.compare", "analysis.synthesis", "analysis.dataset"},
    "analysis.trends": {"schema", "analysis.frames", "analysis.compare", "analysis.dataset"},
    "analysis.planning": {
        "schema", "analysis.load", "analysis.frames", "analysis.compare", "analysis.dataset", "analysis.trends",
    },
    "analysis.audit": {
        "schema", "analysis.modules", "analysis.frames", "analysis.compare", "analysis.dataset", "analysis.claims",
    },
    "analysis.diff": {"schema", "analysis.frames", "analysis.compare", "analysis.dataset"},
    "analysis.export": {"schema", "analysis.frames"},
    "analysis.survey": {"schema", "analysis.frames", "analysis.compare", "analysis.dataset", "analysis.claims"},
    "analysis.pages": {
        "schema", "analysis.frames", "analysis.compare", "analysis.dataset", "analysis.claims", "analysis.trends",
        "analysis.planning", "analysis.diff", "analysis.survey", "analysis.synthesis",
    },
    "analysis.dictionary": {
        "analysis.synthesis",
        "analysis.frames", "analysis.compare", "analysis.claims", "analysis.trends", "analysis.planning",
        "analysis.pages",
    },
    "analysis.release": {
        "schema", "analysis.frames", "analysis.dataset", "analysis.spreadsheet", "analysis.pages",
        "analysis.dictionary",
    },
    "analysis.engines": {"schema", "analysis.writing", "analysis.frames", "analysis.release"},
    "public": {
        "schema", "analysis.load", "analysis.frames", "analysis.dataset", "analysis.claims", "analysis.trends",
        "analysis.planning", "analysis.audit", "analysis.survey", "analysis.synthesis", "analysis.dictionary",
        "analysis.release", "analysis.engines",
    },
    "figures": {
        "analysis.load", "analysis.frames", "analysis.compare", "analysis.dataset", "analysis.claims",
        "analysis.trends", "analysis.planning", "analysis.survey", "analysis.synthesis", "analysis.spreadsheet",
        "analysis.writing", "analysis.modules",
    },
    "explorer": {
        "schema", "analysis.modules", "analysis.frames", "analysis.compare", "analysis.synthesis", "analysis.dataset",
        "analysis.audit", "analysis.claims", "analysis.trends", "analysis.planning", "analysis.export",
        "analysis.pages", "analysis.dictionary", "analysis.spreadsheet", "analysis.writing", "figures",
    },
    "evaluation": {"schema"},
    "cli.tables": {"schema"},
    "cli.entry": {"schema", "cli.tables"},
    "cli": {
        "schema", "analysis.load", "analysis.selection", "analysis.synthesis", "analysis.dataset", "analysis.trends",
        "analysis.planning", "analysis.audit", "analysis.export", "analysis.pages", "analysis.spreadsheet",
        "analysis.writing", "analysis.dictionary", "analysis.release", "analysis.engines", "public", "figures",
        "explorer", "evaluation", "cli.tables", "cli.entry",
    },
    "public.__main__": {"cli"},
}  # fmt: skip
"""What each room imports beside itself: rooms further up, and no more of them than it needs."""
TRAINING = {"torch", "torch_pruning", "sklearn", "distributed", "dask", "onnx", "onnxruntime", "psutil"}
"""What the extra ``evaluation`` brings."""
HEAVY = {"pandas", "numpy", "networkx", "altair", "vl_convert", "rich", "typer", *TRAINING}
MAY_NOT_USE = {
    "schema": HEAVY,
    "cli.tables": HEAVY,
    "cli.entry": HEAVY,
    "analysis": {"altair", "vl_convert", "rich", "typer", *TRAINING - {"dask"}},
    "evaluation": {"pandas", "altair", "vl_convert", "rich", "typer"},
    "public": {"altair", "vl_convert", "rich", "typer", *TRAINING},
    "figures": {"typer", *TRAINING},
    "explorer": {"typer", "rich", *TRAINING},
    "cli": TRAINING - {"distributed"},
}
FILES = sorted({file for room in MAY_IMPORT for file in (ROOT / room.split(".")[0]).glob("**/*.py")})


def room_of(module: str) -> str:
    """The most particular room of MAY_IMPORT that holds a module; names of no other room are public."""
    return max((room for room in MAY_IMPORT if f"{module}.".startswith(f"{room}.")), key=len, default="public")


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


@cache
def imported(file: Path) -> tuple[str, ...]:
    """The modules that a file imports, absolutely, anywhere in it."""
    return tuple(_imported(file))


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file.name}: relative import"
            names = [f"prunelit.{alias.name}" for alias in node.names]
            yield from names if node.module == "prunelit" else [node.module or ""]


def rooms_imported(file: Path) -> set[str]:
    """The rooms other than its own that a file imports."""
    own = [name for name in imported(file) if name.split(".")[0] == "prunelit"]
    return {room_of(name.partition(".")[2]) for name in own} - {room_of(module_of(file))}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_import_only_those_above_them(room: str) -> None:
    rooms = list(MAY_IMPORT)
    assert MAY_IMPORT[room] <= set(rooms[: rooms.index(room)])


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_may_import_no_more_than_it_does(room: str) -> None:
    files = [file for file in FILES if room_of(module_of(file)) == room]
    assert set().union(*map(rooms_imported, files)) == MAY_IMPORT[room]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_imports_point_one_way(file: Path) -> None:
    assert rooms_imported(file) <= MAY_IMPORT[room_of(module_of(file))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_libraries_stay_where_they_belong(file: Path) -> None:
    forbidden = set().union(*(MAY_NOT_USE[one] for one in MAY_NOT_USE if f"{module_of(file)}.".startswith(f"{one}.")))
    assert {name.split(".")[0] for name in imported(file)} & forbidden == set()


def test_there_is_something_to_look_at() -> None:
    assert {room_of(module_of(file)) for file in FILES} == set(MAY_IMPORT)


def test_import_writes_and_prints_nothing(tmp_path: Path) -> None:
    names = [f"prunelit.{module_of(file).removeprefix('public.')}".removesuffix(".__init__") for file in FILES]
    names = [name for name in names if not name.endswith("__main__")]
    if not find_spec("torch"):  # the extra `evaluation`
        names = [name for name in names if not name.startswith("prunelit.evaluation.")]
    watch = "import sys; sys.addaudithook(lambda event, args: event == 'open' and isinstance(args[1], str) and "
    watch += "set(args[1]) & set('wax+') and print('opened', args[0]))\n"
    code = watch + "\n".join(f"import {name}" for name in names)
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", code],
        cwd=tmp_path,
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_schema_needs_no_heavy_library() -> None:
    code = "import prunelit.schema.rules, prunelit.schema.export, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(done.stdout.split())
