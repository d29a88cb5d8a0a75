"""Does the same corpus give the same tables and report, whatever the process, its hash seed, locale and time zone?

The same question about figures is in ``test_figures``, where they are drawn.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tables_and_errata

ANOTHER_MACHINE = {
    "PYTHONHASHSEED": "1",
    "LC_ALL": "C",
    "TZ": "Pacific/Auckland",
    "COLUMNS": "40",
    "PYTHONOPTIMIZE": "1",
}
"""What may differ from one machine to the next."""
PROGRAM = Path(tables_and_errata.__file__)
LEAST = {".csv": 20, ".html": 1, ".md": 1}


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """The files of two builds, by name: of this process, after whatever it did before, and of one of its own."""
    here, elsewhere = (tmp_path_factory.mktemp(name) for name in ("here", "elsewhere"))
    command = [sys.executable, str(PROGRAM), str(elsewhere)]
    with subprocess.Popen(command, cwd=elsewhere, env=os.environ | ANOTHER_MACHINE) as process:
        tables_and_errata.write_all(here)
    assert process.returncode == 0
    return [{file.name: file.read_bytes() for file in sorted(folder.iterdir())} for folder in (here, elsewhere)]


def test_tables_and_report_are_the_same_bytes(builds: list[dict[str, bytes]]) -> None:
    one, other = builds
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_there_is_something_of_each_kind(builds: list[dict[str, bytes]]) -> None:
    kinds = [Path(name).suffix for name in builds[0]]
    assert {kind: kinds.count(kind) >= least for kind, least in LEAST.items()} == dict.fromkeys(LEAST, True)
    assert all(builds[0].values())
