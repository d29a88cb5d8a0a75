"""Do the validators and loaders of others take a release, and refuse one that was altered?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import check_jsonschema
import mlcroissant
import pandas as pd
import pytest
from click.testing import CliRunner
from frictionless import Package

from prunelit.analysis.dictionary import TABLES
from prunelit.analysis.release.reading import load_release
from prunelit.schema.export import MODELS

GUIDE = Path(__file__).parents[1] / "explorer" / "docs" / "how-to" / "take-a-release.md"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the validators' own dependencies


@pytest.fixture
def altered(release: Path, tmp_path: Path) -> Path:
    """The descriptions and CSV files of the release, to be altered."""
    shutil.copytree(release / "csv", tmp_path / "csv")
    shutil.copy(release / "datapackage.json", tmp_path)
    return tmp_path


def faults(release: Path, name: str) -> list[str]:
    """What Frictionless finds wrong with a table."""
    report = Package(str(release / "datapackage.json")).get_resource(name).validate()
    return [error for (error,) in report.flatten(["type"])]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_frictionless_takes_the_description(release: Path) -> None:
    report = Package.validate_descriptor(str(release / "datapackage.json"))
    assert (report.valid, report.errors) == (True, [])


@pytest.mark.parametrize("name", [name for name in TABLES if name != "claims"])
def test_frictionless_takes_every_table(release: Path, name: str) -> None:
    assert faults(release, name) == []


@pytest.mark.parametrize(
    ("table", "old", "new", "fault"),
    [
        ("papers", ",2015,", ",two thousand,", "type-error"),
        ("papers", "second2016paper", "first2015paper", "primary-key"),
        ("papers", "second2016paper", "", "primary-key"),
        ("comparisons", "first2015paper", "third2017paper", "foreign-key"),
        ("results", ",71.0,", ",171.0,", "constraint-error"),
        ("results", ",own,", ",owned,", "constraint-error"),
        ("baselines", "dataset,", "data,", "incorrect-label"),
    ],
)
def test_frictionless_refuses_altered_tables(altered: Path, table: str, old: str, new: str, fault: str) -> None:
    edit(altered / "csv" / f"{table}.csv", old, new)
    assert fault in faults(altered, table)


def test_the_description_has_units_keys_and_sources(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    results = next(one for one in package["resources"] if one["name"] == "results")["schema"]
    assert package["version"] == "2026.11.0"
    assert all(one["title"] and one["licence"] for one in package["sources"])
    assert {one["name"]: one.get("unit") for one in results["fields"]}["top1_change"] == "pp"
    assert results["uniqueKeys"] == [["paper_id", "experiment", "curve", "point"]]
    assert {"fields": ["paper_id"], "reference": {"resource": "papers", "fields": ["paper_id"]}} in results[
        "foreignKeys"
    ]


def python_blocks(text: str) -> list[str]:
    return [part.partition("```")[0] for part in text.split("```python\n")[1:]]


@pytest.mark.parametrize(("page", "number"), [("README.md", 7), (GUIDE, 4)], ids=["readme", "guide"])
def test_lines_that_are_shown_read_the_papers(
    release: Path, page: str | Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(release)
    blocks = python_blocks(Path(page).read_text(encoding="utf-8"))
    assert len(blocks) == number
    for block in blocks:
        names: dict[str, Any] = {}
        exec(block, names)
        assert names["papers"]["arxiv"][0] == "1503.01230", block


def test_croissant_is_valid_and_loads_a_table(release: Path) -> None:
    loaded = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    rows = pd.DataFrame(list(loaded.records("papers"))).rename(columns=lambda name: name.removeprefix("papers/"))
    papers = load_release(release)["papers"]
    assert (loaded.metadata.issues.errors, loaded.metadata.issues.warnings) == (set(), set())
    assert list(rows) == list(papers)
    for name in ("paper_id", "title", "arxiv", "year"):
        found = [None if pd.isna(one) else one.decode() if isinstance(one, bytes) else one for one in rows[name]]
        assert found == [None if pd.isna(one) else one for one in papers[name]]


def test_croissant_refuses_an_altered_table(release: Path, tmp_path: Path) -> None:
    shutil.copytree(release / "parquet", tmp_path / "parquet")
    shutil.copy(release / "croissant.json", tmp_path)
    shutil.copy(release / "parquet" / "methods.parquet", tmp_path / "parquet" / "papers.parquet")
    loaded = mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"))
    with pytest.raises(Exception, match=r"operation Download\(papers\.parquet\)"):
        list(loaded.records("papers"))


@pytest.mark.parametrize("name", sorted(MODELS.keys() - {"record", "manifest"}))
def test_check_jsonschema_takes_the_shared_files(release: Path, name: str) -> None:
    assert checked("--schemafile", release / "schemas" / f"{name}.schema.json", release / "records" / f"{name}.json")


def test_check_jsonschema_refuses_what_fits_another_schema(release: Path) -> None:
    assert not checked("--schemafile", release / "schemas/venues.schema.json", release / "records/metrics.json")


def test_check_jsonschema_takes_the_schemas_and_the_citation(release: Path) -> None:
    assert checked("--check-metaschema", *sorted((release / "schemas").iterdir()))
    assert checked("--builtin-schema", "vendor.citation-file-format", release / "CITATION.cff")


def checked(*arguments: object) -> bool:
    """Whether check-jsonschema finds nothing wrong."""
    return CliRunner().invoke(check_jsonschema.main, [*map(str, arguments)]).exit_code == 0
