"""Public tables and the errata, written by a process of its own, as on another machine.

``python another_process.py FOLDER NAME…`` writes the cells of tables, by their public names, and ``errata``.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import prunelit
from prunelit.analysis.dataset import SURVEY, dataset
from prunelit.analysis.frames.kept_files import OFF

_ANOTHER_MACHINE = {
    "PYTHONHASHSEED": "1",
    "LC_ALL": "C",
    "TZ": "Pacific/Auckland",
    "COLUMNS": "40",
    "PYTHONOPTIMIZE": "1",
}
"""What may differ from one machine to the next."""
ERRATA = "errata"


def another_machine(home: Path) -> dict[str, str]:
    """The environment of a process on another machine.

    Args:
        home: Folder of its user, where its processes keep tables for each other; none is of this process's making.
    """
    return os.environ | _ANOTHER_MACHINE | {OFF: "", "HOME": str(home), "XDG_CACHE_HOME": str(home)}


def tables_of_all() -> list[str]:
    """The public functions that return a table and need no argument."""
    functions = [(name, getattr(prunelit, name)) for name in prunelit.__all__]
    signatures = [(name, signature(one)) for name, one in functions if not isinstance(one, type)]
    return [
        name
        for name, one in signatures
        if one.return_annotation == "pd.DataFrame"
        and all(parameter.default is not parameter.empty for parameter in one.parameters.values())
    ]


def written_elsewhere(folder: Path, environment: dict[str, str], *names: str) -> dict[str, bytes]:
    """The files that another process writes, whose hash seed, locale and time zone are others."""
    subprocess.run([sys.executable, __file__, folder, *names], cwd=folder, env=environment, check=True)
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def cells(table: pd.DataFrame) -> list[tuple[str, str, object]]:
    """Name, type and cells of each column, numbers bit by bit: to write and compare that is faster than as CSV."""
    return [(str(name), str(column.dtype), _cells(column)) for name, column in table.items()]


def _cells(column: pd.Series[Any]) -> object:
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.to_numpy(dtype="float64", na_value=np.nan).tobytes()
    return column.tolist()


def _write(folder: Path, names: list[str]) -> None:
    for name in names:
        if name == ERRATA:
            from prunelit.analysis.pages.errata import find
            from prunelit.cli.errata import errata_files

            for file, text in errata_files(find(dataset(collection=SURVEY))).items():
                (folder / file).write_bytes(text.encode())
        else:
            (folder / name).write_bytes(pickle.dumps(cells(getattr(prunelit, name)())))


if __name__ == "__main__":
    _write(Path(sys.argv[1]), sys.argv[2:])
