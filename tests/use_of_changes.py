"""What a changed copy of the project does with its changes, as JSON; see test_touched_files.

Run in a folder that holds the copy as ``prunelit``, and a spreadsheet ``sheet.csv``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

import prunelit
from prunelit.analysis.dataset import dataset
from prunelit.analysis.pages.changes import Changes
from prunelit.cli.app import app
from prunelit.explorer.page import Shell, page_html
from prunelit.explorer.shared import SiteData
from prunelit.explorer.site import collected
from prunelit.figures.captions import said
from prunelit.figures.draw import figure_named, svg
from prunelit.figures.registry import FIGURES, unnamed
from prunelit.schema.canonical import canonical
from prunelit.schema.record import Paper
from prunelit.schema.sweeps import read_sweep_bytes

CORPUS = Path("prunelit/corpus")
RECORD = CORPUS / "papers" / "lovelace2025zebras.yaml"
TEXT = RECORD.read_text(encoding="utf-8")
NEW = ["memory_kept", "library", "base_memory"]


def said_by(*arguments: str) -> list[object]:
    """The exit status of a command, and what it prints."""
    done = CliRunner().invoke(app, arguments)
    return [int(done.exit_code), " ".join(done.output.split())]


def changed(name: str, *words: str) -> Path:
    """A corpus whose record has each second word in place of the one before."""
    root = Path(name)
    shutil.copytree(CORPUS, root)
    text = TEXT
    for old, new in zip(words[::2], words[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    (root / "papers" / RECORD.name).write_text(text, encoding="utf-8")
    return root


def corrected() -> Path:
    """A corpus with a correction of a new number."""
    root = Path("corrected")
    shutil.copytree(CORPUS, root)
    (root / "corrections.yaml").write_text(CORRECTION, encoding="utf-8")
    return root


CORRECTION = """corrections:
  - paper: lovelace2025zebras
    result: {dataset: Zebrafish}
    field: memory_kept
    expect: 0.250
    correct: 0.5
    reason: Made up.
    evidence: Made up.
    date: "2026-11-20"
    status: applied
"""


def with_entry() -> Path:
    """A corpus whose new vocabulary has a key that there is not."""
    root = Path("entry")
    shutil.copytree(CORPUS, root)
    devices = root / "devices.yaml"
    devices.write_text(devices.read_text(encoding="utf-8").replace("aliases:", "alias:"), encoding="utf-8")
    return root


def page(address: str) -> str:
    """A page of the site."""
    asked = next(one for one in collected(SiteData(here)) if one.address == address)
    return page_html(asked, asked.make(), Shell())


def values(table: pd.DataFrame) -> list[list[object]]:
    """The cells of the new columns."""
    return table[NEW].astype(object).values.tolist()  # type: ignore[no-any-return]


def cells(found: Changes) -> list[list[object]]:
    """The changed cells: entry, field, before, after, and whether the change is an error."""
    return found.rows[["entry", "field", "before", "after", "silent"]].astype(object).values.tolist()  # type: ignore[no-any-return]


here = dataset(CORPUS)
networks = figure_named("networks")
rows = networks.data(here)
shuffled = TEXT.replace("            memory_kept: 0.250\n", "").replace(
    "- top1", "- memory_kept: 0.250\n            top1"
)
points, problems = read_sweep_bytes(b"top1,memory_kept\n75,0.250\n", "sweep.csv")
dictionary = prunelit.data_dictionary().query("table == 'results'").set_index("column")
other = changed("other", "memory_kept: 0.250", "memory_kept: 0.50", "ShrinkBench", "Other", "1.50G", "2.0G")
found = {
    "check": said_by("check", str(CORPUS)),
    "alias": said_by("check", str(changed("alias", "hardware: NVIDIA V100", "hardware: V100"))),
    "misspelt": said_by("check", str(changed("misspelt", "hardware: NVIDIA V100", "hardware: NVIDA V100"))),
    "entry": said_by("check", str(with_entry())),
    "format": said_by("fmt", "--check", str(RECORD)),
    "in order": shuffled != TEXT and canonical(shuffled, "x", Paper) == TEXT,
    "results": values(here.results()),
    "normalized": values(here.normalized()),
    "corrected": values(dataset(corrected()).results()),
    "dictionary": dictionary.loc[NEW, ["type", "unit", "meaning", "source"]].values.tolist(),
    "show": said_by("show", "lovelace2025zebras"),
    "diff": cells(Changes(here, dataset(other))),
    "sweep": [str(points[0].point.memory_kept), len(problems)],  # type: ignore[attr-defined]
    "import": [*said_by("import", "csv", "sheet.csv", "--output", "new.yaml"), Path("new.yaml").read_text()],
    "audit": said_by("audit", str(CORPUS)),
    "gallery": [list(FIGURES)[-1], unnamed("networks", "blalock2020")],
    "figure": svg(networks, rows, said(networks, rows, here))[:4],
    "page": page("sizes.html"),
}
print(json.dumps(found))
