"""Does the same corpus give the same tables and report, whatever the process, its hash seed, locale and time zone?

The same question about figures is in ``test_figures``, where they are drawn.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys
from inspect import signature
from pathlib import Path

import prunelit
from prunelit.analysis.dataset import SURVEY, dataset
from prunelit.analysis.pages.errata import find
from prunelit.cli.errata import errata_files

folder = Path(sys.argv[1])
for name in prunelit.__all__:
    public = getattr(prunelit, name)
    if isinstance(public, type) or signature(public).return_annotation != "pd.DataFrame":
        continue
    if all(one.default is not one.empty for one in signature(public).parameters.values()):
        public().to_csv(folder / f"{name}.csv", index=False)
for name, text in errata_files(find(dataset(collection=SURVEY))).items():
    (folder / f"report-{name}").write_bytes(text.encode())
"""
MACHINES = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Auckland", "COLUMNS": "40"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "America/Los_Angeles", "PYTHONOPTIMIZE": "1"},
)
"""What may differ from one machine to the next."""
LEAST = {".csv": 20, ".html": 1, ".md": 1}


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """The files of two builds, by name."""
    folders = [tmp_path_factory.mktemp(f"build{seed}") for seed in range(len(MACHINES))]
    processes = [
        subprocess.Popen([sys.executable, "-c", CODE, str(folder)], cwd=folder, env=os.environ | machine)
        for folder, machine in zip(folders, MACHINES, strict=True)
    ]
    assert [process.wait() for process in processes] == [0] * len(MACHINES)
    return [{file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())} for folder in folders]


def test_tables_and_report_are_the_same_bytes(builds: list[dict[str, bytes]]) -> None:
    one, other = builds
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_there_is_something_of_each_kind(builds: list[dict[str, bytes]]) -> None:
    kinds = [Path(name).suffix for name in builds[0]]
    assert {kind: kinds.count(kind) >= least for kind, least in LEAST.items()} == dict.fromkeys(LEAST, True)
    assert all(builds[0].values())
