"""How many files does a change touch?  One of each kind is made in a copy of the project, and used there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FOLDERS = ("schema", "analysis", "figures", "explorer", "cli", "corpus")
WITH_PAPERS = ("acknowledgements", "corrections", "exclusions", "groups", "methods")
"""Shared files whose entries are about papers, of which the copy has one of its own alone."""

FIGURE = '''"""How many results there are of each pruned network.

Bars count the operating points of each architecture.

Counted are all operating points that the records hold, with those of released sweeps.

Alt: A bar for each architecture, as long as there are operating points of it.
"""

from __future__ import annotations

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.figures.rows import DRAWN_ROWS


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a network."""
    return dataset.completed().groupby("architecture", as_index=False).agg(points=("point", "size"))


def chart(data: pd.DataFrame) -> alt.Chart:
    """A bar each."""
    found: alt.Chart = alt.Chart(DRAWN_ROWS).mark_bar().encode(x="points:Q", y="architecture:N")
    return found
'''
RULE = '''

@rule("note", why="Accuracies are printed with digits behind the point.", settle="The table.")
def accuracy_without_digits(dataset: Dataset) -> Iterator[Suspicion]:
    """An accuracy is a whole number."""
    for row in evidence.audit_points(dataset):
        if row.has("top1") and row.unit("top1") >= 1:
            yield at(row, "top1", f"{row.get('top1')}")
'''
PAGES = '''"""Pages of how large the corpus is."""

from __future__ import annotations

from collections.abc import Iterator

from prunelit.explorer.addresses import Address
from prunelit.explorer.page import Page, PageContent
from prunelit.explorer.shared import SiteData


def pages(data: SiteData) -> Iterator[Page]:
    """One page, which tells how many papers there are."""
    size = len(data.dataset.corpus.papers)
    yield Page(Address("sizes.html"), "Sizes", lambda: PageContent({"size": size}), (size,), "sizes")
'''
TEMPLATE = """{% extends "base.html.j2" %}
{% block main %}
{{ macros.heading() }}
<p>Papers in all: {{ size }}</p>
{% endblock %}
"""
VOCABULARY = '''

class Device(Model):
    """A device that models run on."""

    name: Text = Field(examples=["NVIDIA V100"])
    """Canonical name."""
    aliases: Many[Text] | None = Field(default=None, min_length=1, examples=[["V100"]])
    """Other spellings, which a record must not use."""


class Devices(SharedFile):
    """Devices that models run on, with their other spellings."""

    devices: Many[Device]
    """Devices in alphabetical order."""
'''
DEVICES = """# yaml-language-server: $schema=../schema/devices.schema.json
devices:
  - name: Abacus
  - name: NVIDIA V100
    aliases: [V100]
"""
ENTRY = "  - name: Zebrafish\n"
OF_POINT = '''    memory_kept: Fraction | None = Field(default=None, examples=[0.25])
    """Share of the memory that is left, 0 to 1."""
'''
OF_CURVE = '''    library: Text | None = Field(default=None, examples=["ShrinkBench"])
    """Software that pruned the networks."""
'''
OF_EXPERIMENT = '''    base_memory: OperationCount | None = Field(default=None, examples=["1.5G"])
    """Bytes that one inference takes before pruning."""
'''
RECORD = """# yaml-language-server: $schema=../../schema/record.schema.json
schema_version: 2
id: lovelace2025zebras
title: Zebras
authors:
  - Lovelace, Ada
published: {year: 2025}
collections: [contributed]
experiments:
  - dataset: Zebrafish
    architecture: ResNet-50
    collections: [contributed]
    base_memory: 1.50G
    curves:
      - method: Stripes
        origin: unclear
        library: ShrinkBench
        points:
          - top1: 75
            metrics:
              - {metric: latency, value: 3.0, hardware: NVIDIA V100}
            memory_kept: 0.250
"""
SHEET = "origin,dataset,architecture,method,library,base_memory,top1,memory_kept\n" + (
    "rerun,Zebrafish,ResNet-50,Spots,Tool,2.0G,70.10,0.500\n"
)


class Copy:
    """A copy of the project, laid out as the package that it installs, and what changes of it have touched."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.top = folder, folder / "prunelit"
        shutil.copytree(ROOT / "public", self.top)
        for name in FOLDERS:
            shutil.copytree(
                ROOT / name, self.top / name, ignore=shutil.ignore_patterns("papers", "sweeps", "manifest.yaml")
            )
        self._empty_corpus()
        self._before = self._digests()
        self.touched: dict[str, set[str]] = {}

    def _empty_corpus(self) -> None:
        corpus = self.top / "corpus"
        (corpus / "papers").mkdir()
        for name in WITH_PAPERS:
            (corpus / f"{name}.yaml").write_text(f"{name}: []\n")
        open_ones = re.sub(r"    closed: .*\n", "", (corpus / "collections.yaml").read_text(encoding="utf-8"))
        (corpus / "collections.yaml").write_text(open_ones, encoding="utf-8")

    def _digests(self) -> dict[str, bytes]:
        files = (file for file in self.top.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
        return {file.relative_to(self.top).as_posix(): sha256(file.read_bytes()).digest() for file in files}

    def note(self, change: str) -> None:
        """Note what was touched since the last time as what a change touches."""
        now = self._digests()
        self.touched[change] = {
            name for name in now.keys() | self._before.keys() if now.get(name) != self._before.get(name)
        }
        self._before = now

    def write(self, name: str, text: str) -> None:
        (self.top / name).write_text(text, encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        self.write(name, (self.top / name).read_text(encoding="utf-8") + text)

    def insert(self, name: str, before: str, text: str) -> None:
        old = (self.top / name).read_text(encoding="utf-8")
        assert old.count(before) == 1, f"{name} has not one {before!r}"
        self.write(name, old.replace(before, text + before))

    def run(self, *arguments: str) -> str:
        """What Python prints with the copy in place of the installed package."""
        environment = os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-W", "error", *arguments],
            cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


def add_figure(copy: Copy) -> None:
    copy.write("figures/gallery/networks.py", FIGURE)


def add_pages(copy: Copy) -> None:
    copy.write("explorer/pages/sizes.py", PAGES)
    copy.write("explorer/templates/sizes.html.j2", TEMPLATE)


def add_rule(copy: Copy) -> None:
    copy.append("analysis/audit/rules/closure.py", RULE)


def add_entry(copy: Copy) -> None:
    copy.append("corpus/datasets.yaml", ENTRY)


def add_vocabulary(copy: Copy) -> None:
    module = "schema/conditions.py"
    copy.write("corpus/devices.yaml", DEVICES)
    copy.insert(module, "\n\nclass MeasurementConditions(Model)", VOCABULARY)
    copy.insert(module, "from prunelit.schema.values", "from prunelit.schema.shared import SharedFile\n")
    text = (copy.top / module).read_text(encoding="utf-8")
    copy.write(module, text.replace("hardware: Text |", 'hardware: Annotated[Text, Name("device")] |'))
    copy.run("-m", "prunelit", "schema", "--output", "prunelit/schema")


def add_fields(copy: Copy) -> None:
    module = "schema/record.py"
    copy.insert(module, "    compression_ratio: Ratio", OF_POINT)
    copy.insert(module, "    stated_setup: ", OF_CURVE)
    copy.insert(module, "    base_flops: OperationCount", OF_EXPERIMENT)
    copy.run("-m", "prunelit", "schema", "--output", "prunelit/schema")
    copy.write("analysis/DATA_DICTIONARY.md", copy.run("-m", "prunelit.analysis.dictionary"))


CHANGES = {
    "a figure": add_figure,
    "a rule of the audit": add_rule,
    "an entry of a vocabulary": add_entry,
    "a vocabulary": add_vocabulary,
    "a field of a record": add_fields,
    "a kind of pages of the site": add_pages,
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the project with one change of each kind."""
    found = Copy(tmp_path_factory.mktemp("copy"))
    for name, change in CHANGES.items():
        change(found)
        found.note(name)
    return found


@pytest.fixture(scope="module")
def used(copy: Copy) -> dict[str, Any]:
    """What the copy does with a record and a spreadsheet that use all that is new."""
    copy.write("corpus/papers/lovelace2025zebras.yaml", RECORD)
    (copy.folder / "sheet.csv").write_text(SHEET)
    found: dict[str, Any] = json.loads(copy.run(str(Path(__file__).with_name("use_of_changes.py"))))
    return found


TOUCHED = {
    "a figure": {"figures/gallery/networks.py"},
    "a rule of the audit": {"analysis/audit/rules/closure.py"},
    "an entry of a vocabulary": {"corpus/datasets.yaml"},
    "a vocabulary": {"corpus/devices.yaml", "schema/conditions.py", "schema/devices.schema.json"},
    "a field of a record": {"schema/record.py", "schema/record.schema.json", "analysis/DATA_DICTIONARY.md"},
    "a kind of pages of the site": {"explorer/pages/sizes.py", "explorer/templates/sizes.html.j2"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_touches_these_files_and_no_others(change: str, copy: Copy) -> None:
    assert copy.touched[change] == TOUCHED[change]


def test_the_page_for_contributors_counts_the_files() -> None:
    told = PAGE.partition("### Files that a change touches")[2].partition("\n#")[0]
    counts = {change: int(count) for change, count in re.findall(r"^\| (an? [^|]+) \| (\d)[^|]*\|", told, re.MULTILINE)}
    assert counts == {change: len(files) for change, files in TOUCHED.items()}


def test_a_record_that_uses_all_of_them_is_in_order(used: dict[str, Any]) -> None:
    assert used["check"] == [0, "1 papers, 0 rows of the survey: no problems"]
    assert used["format"][0] == 0


def test_names_are_held_against_the_new_vocabulary(used: dict[str, Any]) -> None:
    status, told = used["alias"]
    assert status == 1
    assert "known-names: device 'V100' is called 'NVIDIA V100' here; use that name" in told
    assert "known-names: device 'NVIDA V100' is not known; did you mean 'NVIDIA V100'?" in used["misspelt"][1]


def test_a_shared_file_is_held_against_the_new_schema(used: dict[str, Any]) -> None:
    assert "unknown-key: key 'alias' is not known; did you mean 'aliases'?" in used["entry"][1]


def test_new_keys_have_their_place_in_the_canonical_form(used: dict[str, Any]) -> None:
    assert used["in order"]


def test_new_fields_are_columns_of_the_tables(used: dict[str, Any]) -> None:
    assert used["results"] == used["normalized"] == [[0.25, "ShrinkBench", 1.5e9]]


def test_new_fields_are_in_the_data_dictionary(used: dict[str, Any]) -> None:
    assert used["dictionary"] == [
        ["float64", "fraction", "Share of the memory that is left, 0 to 1.", "Point.memory_kept"],
        ["string", "", "Software that pruned the networks.", "Curve.library"],
        ["float64", "count", "Bytes that one inference takes before pruning.", "Experiment.base_memory"],
    ]


def test_diff_sees_new_fields_change_and_guards_their_numbers(used: dict[str, Any]) -> None:
    assert used["diff"] == [
        ["experiment", "base_memory", "1.50G", "2.0G", True],
        ["curve", "library", "ShrinkBench", "Other", False],
        ["result", "memory_kept", "0.250", "0.50", True],
    ]


def test_a_correction_can_change_a_new_number(used: dict[str, Any]) -> None:
    assert used["corrected"] == [[0.5, "ShrinkBench", 1.5e9]]


def test_the_page_of_a_paper_shows_new_fields_as_printed(used: dict[str, Any]) -> None:
    assert [one for one in ("memory 1.50G", "ShrinkBench", "0.250") if one not in used["show"][1]] == []


def test_a_sweep_may_have_a_column_of_a_new_number(used: dict[str, Any]) -> None:
    assert used["sweep"] == ["0.250", 0]


def test_a_spreadsheet_may_have_columns_of_new_fields(used: dict[str, Any]) -> None:
    status, told, text = used["import"]
    assert (status, told.count("missing-key: "), told.count("yaml:")) == (1, 2, 2)  # but for title and date
    assert [one for one in ("base_memory: 2.0G", "library: Tool", "memory_kept: 0.500") if one not in text] == []


def test_the_new_rule_finds_what_it_is_for(used: dict[str, Any]) -> None:
    told = "19: note: accuracy-without-digits: lovelace2025zebras: experiment 0, curve 0, point 0: top1: 75"
    assert told in used["audit"][1]


def test_the_new_figure_is_drawn_last_in_the_gallery(used: dict[str, Any]) -> None:
    assert used["gallery"] == ["networks", True]
    assert used["figure"] == "<svg"


def test_the_new_page_is_one_of_the_site(used: dict[str, Any]) -> None:
    assert "<p>Papers in all: 1</p>" in used["page"]
