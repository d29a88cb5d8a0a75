"""Every public table and the errata, written as files: ``python tables_and_errata.py FOLDER``."""

from __future__ import annotations

import sys
from inspect import signature
from pathlib import Path

import prunelit
from prunelit.analysis.dataset import SURVEY, dataset
from prunelit.analysis.pages.errata import find
from prunelit.cli.errata import errata_files


def write_all(folder: Path) -> None:
    """Write the tables that need no argument as CSV, and the files of the errata."""
    for name in prunelit.__all__:
        public = getattr(prunelit, name)
        if isinstance(public, type) or signature(public).return_annotation != "pd.DataFrame":
            continue
        if all(one.default is not one.empty for one in signature(public).parameters.values()):
            public().to_csv(folder / f"{name}.csv", index=False)
    for name, text in errata_files(find(dataset(collection=SURVEY))).items():
        (folder / f"report-{name}").write_bytes(text.encode())


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
