"""Do imports point one way, and does nothing happen on import?"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT: dict[str, set[str]] = {
    "schema": {"schema"},
    "analysis": {"analysis", "schema"},
    "figures": {"figures", "analysis"},
    "evaluation": {"evaluation", "schema"},
    "cli.entry": {"cli.entry", "schema"},
    "cli": {"cli", "cli.entry", "evaluation", "figures", "analysis", "schema"},
}
TRAINING = {"torch", "torch_pruning", "sklearn", "distributed", "dask", "onnx", "onnxruntime", "psutil"}
"""What the extra ``evaluation`` brings."""
HEAVY = {"pandas", "numpy", "networkx", "altair", "vl_convert", "rich", "typer", *TRAINING}
MAY_NOT_USE = {
    "schema": HEAVY,
    "cli.entry": HEAVY,
    "analysis": {"altair", "vl_convert", "rich", "typer", *TRAINING},
    "figures": {"typer", *TRAINING},
    "evaluation": {"pandas", "altair", "vl_convert", "rich", "typer"},
    "cli": TRAINING,
}
FILES = sorted({file for package in MAY_IMPORT for file in (ROOT / package.split(".")[0]).glob("**/*.py")})


def package_of(module: str) -> str:
    """The most particular package of MAY_IMPORT that holds a module."""
    return max((package for package in MAY_IMPORT if f"{module}.".startswith(f"{package}.")), key=len, default="")


def package_of_file(file: Path) -> str:
    return package_of(".".join(file.relative_to(ROOT).with_suffix("").parts))


def imported(file: Path) -> Iterator[str]:
    """The modules that a file imports, absolutely, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file.name}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "prunelit")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_imports_point_one_way(file: Path) -> None:
    own = {package_of(name.removeprefix("prunelit.")) for name in imported(file) if name.startswith("prunelit.")}
    assert own - {""} <= MAY_IMPORT[package_of_file(file)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_libraries_stay_where_they_belong(file: Path) -> None:
    forbidden = MAY_NOT_USE.get(package_of_file(file), set())
    assert {name.split(".")[0] for name in imported(file)} & forbidden == set()


def test_there_is_something_to_look_at() -> None:
    assert {package_of_file(file) for file in FILES} == set(MAY_IMPORT)


def test_import_writes_and_prints_nothing(tmp_path: Path) -> None:
    names = [".".join(("prunelit", *file.relative_to(ROOT).with_suffix("").parts)) for file in FILES]
    names = [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]
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
