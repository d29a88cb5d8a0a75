"""Results that exist already become a record, digit by digit."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import pytest

from prunelit.cli.entry import shrinkbench
from prunelit.cli.entry.columns import KNOWN
from prunelit.cli.entry.joining import join
from prunelit.cli.entry.names import meant
from prunelit.schema.canonical import canonical_text, parsed_tree
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Corrections
from prunelit.schema.correction_checks import guard
from prunelit.schema.reading import parse
from prunelit.schema.record import Paper
from prunelit.schema.rules import Names
from prunelit.schema.validation import read_document

Run = Callable[..., Any]

RECORD = """\
# yaml-language-server: $schema=../../schema/record.schema.json
schema_version: 2
id: doe2020pruning  # ours
title: Pruning
authors:
  - Doe, Jane
published: {year: 2020}
collections: [blalock2020-notes]
# before
experiments:
  # kept
  - dataset: MNIST
    architecture: LeNet-5
    collections: [blalock2020-notes]
    base_top1: 99.20  # as printed
"""

HEADER = "dataset,architecture,method,origin,proposed_by,base_top1,base_params,top1,params_kept,seeds,table,row,note"
SHEET = f'''\
{HEADER}
ImageNet,ResNet-50,Ours,own,,76.10,25.6M,75.0,0.30,3,2,"ours, 3x",
ImageNet,ResNet50,Ours,own,,76.10,25.6M,74.00,0.20,3,2,,"says: ""approximately"""
ImageNet,resnet 50,Magnitude,rerun,han2015learning,76.10,25.6M,71.3,0.2,,7a,,
CIFAR-10,VGG-16,Ours,own,,93.50,,93.4,0.1,1,3,,
'''

ADDED = """\
# yaml-language-server: $schema=../../schema/record.schema.json
schema_version: 2
id: doe2020pruning  # ours
title: Pruning
authors:
  - Doe, Jane
published: {year: 2020}
collections: [blalock2020-notes, contributed]
methods:
  - name: Ours
# before
experiments:
  # kept
  - dataset: MNIST
    architecture: LeNet-5
    collections: [blalock2020-notes]
    base_top1: 99.20  # as printed
  - dataset: ImageNet
    architecture: ResNet-50
    collections: [contributed]
    base_top1: 76.10
    base_params: 25.6M
    curves:
      - method: Ours
        origin: own
        points:
          - top1: 75.0
            params_kept: 0.30
            seeds: 3
            locator: {table: 2, row: "ours, 3x"}
          - top1: 74.00
            params_kept: 0.20
            seeds: 3
            locator: {table: 2}
            note: "says: \\"approximately\\""
      - method: Magnitude
        origin: rerun
        proposed_by: han2015learning
        points:
          - top1: 71.3
            params_kept: 0.2
            locator: {table: 7a}
  - dataset: CIFAR-10
    architecture: VGG-16
    collections: [contributed]
    base_top1: 93.50
    curves:
      - method: Ours
        origin: own
        points:
          - top1: 93.4
            params_kept: 0.1
            seeds: 1
            locator: {table: 3}
"""


PROPOSED = "Does the paper compare itself to these? Then add to compares_to: han2015learning"


@pytest.fixture
def record(papers: Path) -> Path:
    file = papers / "doe2020pruning.yaml"
    file.write_text(RECORD, encoding="utf-8")
    return file


@pytest.fixture
def entered(run: Run, record: Path) -> Callable[..., Any]:
    """Imports a sheet into the record, with the text of a mapping file if there is one."""

    def enter(sheet: str | bytes, mapping: str | None = None) -> Any:
        Path("sheet.csv").write_bytes(sheet.encode() if isinstance(sheet, str) else sheet)
        if mapping is None:
            return run("import", "csv", "sheet.csv", "--paper", "doe2020pruning")
        Path("mapping.yaml").write_text(mapping, encoding="utf-8")
        return run("import", "csv", "sheet.csv", "--paper", "doe2020pruning", "--mapping", "mapping.yaml")

    return enter


def point(file: Path) -> Any:
    """The first imported point of a record."""
    return parse(file.read_text(encoding="utf-8"), file.name)[0]["experiments"][1]["curves"][0]["points"][0]


def one(column: str, cell: str) -> str:
    """A sheet with one row, and one cell of interest."""
    return f"dataset,architecture,origin,top5,{column}\nMNIST,LeNet-5,own,99.0,{cell}\n"


def test_a_sheet_joins_a_record(entered: Callable[..., Any], record: Path, run: Run) -> None:
    assert entered(SHEET) == (0, "corpus/papers/doe2020pruning.yaml\n", f"2 experiments added {PROPOSED}")
    assert record.read_text(encoding="utf-8") == ADDED
    assert run("check", record).status == 0


def test_the_same_sheet_twice_adds_nothing(entered: Callable[..., Any], record: Path) -> None:
    entered(SHEET)
    assert entered(SHEET) == (0, "", f"0 experiments added; 2 that the record holds already left out {PROPOSED}")
    assert record.read_text(encoding="utf-8") == ADDED


def test_a_new_record_is_kept_and_says_what_is_missing(run: Run, papers: Path) -> None:
    Path("sheet.csv").write_text(SHEET)
    status, out, err = run("import", "csv", "sheet.csv", "--output", "corpus/papers/roe2021new.yaml")
    assert (status, out) == (1, "corpus/papers/roe2021new.yaml\n")
    told = run("check", "corpus/papers/roe2021new.yaml").out
    assert [line.split("'")[1] for line in told.splitlines()] == ["published", "title"]
    assert " ".join(told.split()) in err


def test_a_record_that_is_not_valid_is_told_even_where_nothing_joins_it(run: Run, papers: Path) -> None:
    Path("sheet.csv").write_text(SHEET)
    again = [run("import", "csv", "sheet.csv", "--output", "corpus/papers/roe2021new.yaml") for _ in range(2)][1]
    assert (again.status, again.out, "roe2021new.yaml:3:1: missing-key: key 'title'" in again.err) == (1, "", True)


def test_a_dry_run_leaves_no_record_to_be_mended(run: Run, papers: Path) -> None:
    Path("sheet.csv").write_text(SHEET)
    assert run("import", "csv", "sheet.csv", "--output", "roe2021new.yaml", "--dry-run").status == 0


def test_a_record_under_another_name_is_not_valid_in_a_corpus(entered: Callable[..., Any], record: Path) -> None:
    record.write_text(RECORD.replace("id: doe2020pruning", "id: doe2020other"))
    status, out, err = entered(SHEET)
    assert (status, out, "file-name-is-id" in err) == (1, "corpus/papers/doe2020pruning.yaml\n", True)


def test_a_broken_vocabulary_is_told_and_not_the_names_in_it(entered: Callable[..., Any], record: Path) -> None:
    Path("corpus/datasets.yaml").write_text("datasets: [")
    status, out, err = entered(SHEET)
    assert (status, out, record.read_text()) == (1, "", RECORD)
    assert err.startswith("corpus/datasets.yaml:2:1: not-yaml")
    assert "MNIST" not in err


def test_a_broken_record_beside_keeps_nothing_out(entered: Callable[..., Any], record: Path) -> None:
    record.with_name("li2016pruning.yaml").write_text("title: [")
    assert entered(SHEET).out == "corpus/papers/doe2020pruning.yaml\n"


def test_the_joined_record_can_go_elsewhere(run: Run, record: Path) -> None:
    Path("sheet.csv").write_text(SHEET)
    assert run("import", "csv", "sheet.csv", "--paper", "doe2020pruning", "--output", "x.yaml").out == "x.yaml\n"
    assert (record.read_text(), Path("x.yaml").read_text()) == (RECORD, ADDED)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators(entered: Callable[..., Any], record: Path, separator: str) -> None:
    lines = list(csv.reader(SHEET.splitlines()))
    sheet = "".join(
        separator.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) + "\r\n" for line in lines
    )
    assert entered(sheet).status == 0
    assert record.read_text(encoding="utf-8") == ADDED


def test_a_byte_order_mark_is_no_character(entered: Callable[..., Any], record: Path) -> None:
    assert entered(b"\xef\xbb\xbf" + SHEET.encode()).status == 0


def test_empty_lines_and_columns_are_nothing(entered: Callable[..., Any], record: Path) -> None:
    lines = "\n".join(f"{line},," if line else line for line in SHEET.splitlines())
    assert entered(f"\n{lines}\n,,,,,,,,,,,,,,\n").status == 0
    assert record.read_text(encoding="utf-8") == ADDED


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04rest", "an Excel or OpenDocument file"),
        (b"dataset\nCaf\xe9", "2:4: not-utf-8"),
        (b"", "empty-file"),
        (b'dataset,origin\n"MNIST,own\n', "this is not CSV"),
        (HEADER.encode(), "there is no row below the heading"),
    ],
)
def test_files_that_do_not_do_are_explained(entered: Callable[..., Any], record: Path, data: bytes, told: str) -> None:
    status, _, err = entered(data)
    assert (status, told in err, record.read_text()) == (1, True, RECORD)


@pytest.mark.parametrize(
    ("cell", "written"),
    [("76", "76"), ("76.0", "76.0"), ("76.10", "76.10"), ("76.1%", "76.1"), ("76.1 %", "76.1"), ("+76.1", "76.1")],
)
def test_digits_of_an_accuracy(entered: Callable[..., Any], record: Path, cell: str, written: str) -> None:
    assert entered(one("top1", cell)).status == 0
    assert str(point(record)["top1"]) == written


def test_a_typographic_minus_is_one(entered: Callable[..., Any], record: Path) -> None:
    assert entered(one("top1_change", "−0.50")).status == 0
    assert str(point(record)["top1_change"]) == "-0.50"


@pytest.mark.parametrize(
    ("column", "unit", "cell", "written"),
    [
        ("params_removed", "percent", "31.140", "0.31140"),
        ("params_removed", "percent", "31.14%", "0.3114"),
        ("params_removed", "percent", "100", "1.00"),
        ("top1", "fraction", "0.7610", "76.10"),
        ("top1", "fraction", "0.76", "76"),
    ],
)
def test_units_move_the_point(
    entered: Callable[..., Any], record: Path, column: str, unit: str, cell: str, written: str
) -> None:
    assert entered(one(column, cell), f"units: {{{column}: {unit}}}").status == 0
    assert str(point(record)[column]) == written


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("top1_change", "-0.5%", "percent of what? write percentage points"),
        ("speedup", "30%", "this column is not in percent"),
        ("top1", "0.761", "expected percent, found 0.761"),
        ("top1", "761", "expected at most 100"),
        ("top1", '"76,1"', "write a decimal point"),
        ("params_kept", "3×", "expected a share, found '3×'; a ratio belongs in 'compression_ratio' or 'speedup'"),
        ("top1", "7x", "expected a plain decimal number"),
        ("speedup", "0", "expected more than 0"),
        ("seeds", "three", "expected a whole number"),
        ("metric:perplexty", "5.6", "metric 'perplexty' is not known; did you mean 'perplexity'?"),
        (
            "metric:perplexity:std",
            "0.1",
            "column 'metric:perplexity': a measurement needs 'value', 'runs' or 'change'; found none of them",
        ),
        ("metric:latency", "5.6", "column 'metric:latency': 'latency' means nothing without the 'hardware'"),
        ("recipe:fine_tuning_epochs", "many", "expected a plain decimal number"),
        ("copied_from", "han2015learning", "only 'copied' numbers have 'copied_from'"),
        ("proposed_by", "han2015learning", "origin is 'own', but another paper proposed the method"),
        ("proposed_by", "han2015lerning", "has no record; did you mean 'han2015learning'?"),
        ("flop_convention", "macs", "expected 'multiply_adds' or 'multiplies_and_adds'"),
        ("read", "printed", "a locator says where"),
    ],
)
def test_one_wrong_cell_is_one_message(
    entered: Callable[..., Any], record: Path, column: str, cell: str, told: str
) -> None:
    status, out, err = entered(one(column, cell))
    assert (status, out, err.count("sheet.csv:2:1: "), told in err) == (1, "", 1, True)
    assert record.read_text() == RECORD


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        (one("accuracy", "1"), "sheet.csv:1:1: unknown-column: column 'accuracy' is not known"),
        (one("speed_up", "1"), "column 'speed_up' is not known; did you mean 'speedup'?"),
        (one("top5", "1"), "column 'top5' stands twice"),
        (one("", "1"), "column 5 has cells but no name"),
        (one("top1", "76,77"), "sheet.csv:2:1: columns: found 6 on line 2 cells; the heading on line 1 has 5"),
        ("dataset,top1\nMNIST,99.0\n", "column 'origin' is missing"),
        (
            one("top1", "99.0") + "MNIST,LeNet-5,,99.0,98.0\n",
            "sheet.csv:3:1: missing-key: column 'origin': the cell is empty",
        ),
        (one("top1", "99.0") + "MNIST,LeNet-5,own,99.0,99.0\n", "sheet.csv:3:1: duplicate-row: the same as line 2"),
        (
            one("base_top1", "99.0") + "MNIST,LeNet-5,own,98.0,\n",
            "sheet.csv:3:1: unpruned-model: base_top1: given here or on line 2, but not on both",
        ),
        (one("note", "x").replace("99.0", ""), "sheet.csv:2:1: empty-point: a point needs at least one number"),
        (
            one("note", "x").replace("MNIST", "MNISTT"),
            "column 'dataset': dataset 'MNISTT' is not known; did you mean 'MNIST'?",
        ),
    ],
)
def test_wrong_sheets_are_explained(entered: Callable[..., Any], record: Path, sheet: str, told: str) -> None:
    status, _, err = entered(sheet)
    assert (status, told in err, record.read_text()) == (1, True, RECORD)


def test_one_kind_of_mistake_is_one_message_with_its_cells(entered: Callable[..., Any], record: Path) -> None:
    rows = "".join(f"MNIST,LeNet-5,own,{cell},1.0\n" for cell in ("x1", "y", "z"))
    err = entered("dataset,architecture,origin,top1,top5\n" + rows).err
    told = "sheet.csv:2:1: number: column 'top1': expected a plain decimal number, found 'x1'; "
    assert f"{told}the same with 'y' (line 3), 'z' (line 4)" in err


def test_a_line_number_counts_lines_of_the_file(entered: Callable[..., Any], record: Path) -> None:
    sheet = 'dataset,origin,top1,note\n\nMNIST,own,99.0,"two\nlines"\nMNIST,own,x1,\n'
    assert "sheet.csv:5:1: number: column 'top1'" in entered(sheet).err


def test_a_mapping_translates(entered: Callable[..., Any], record: Path) -> None:
    mapping = """
columns: {Data: dataset, Net: architecture, Acc@1: top1, Pruned: params_removed}
ignore: [Date]
units: {params_removed: percent}
constants: {origin: own, table: 2, read: printed}
names: {our-lenet: LeNet-5}
"""
    assert entered("Data,Net,Acc@1,Pruned,Date\nMNIST,our-lenet,99.10,90.0%,today\n", mapping).status == 0
    assert {key: str(one) for key, one in point(record).items()} == {
        "top1": "99.10",
        "params_removed": "0.900",
        "locator": "{'table': 2, 'read': 'printed'}",
    }


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (
            "columns: {Top1: top1}",
            "mapping.yaml:1:11: mapping: the spreadsheet has no column 'Top1'; did you mean 'top1'?",
        ),
        ("columns: {top1: topp1}", "mapping.yaml:1:11: mapping: column 'topp1' is not known; did you mean 'top1'?"),
        ("ignore: [date]", "mapping.yaml:1:10: mapping: the spreadsheet has no column 'date'"),
        ("units: {seeds: percent}", "mapping.yaml:1:9: mapping: 'seeds' is no column of this table"),
        ("units: {top1: promille}", "mapping.yaml:1:9: choice: 'top1': expected 'percent'"),
        ("units: {top1: M}", "column 'top1': the mapping says that it is in M, which is no unit of 'top1'"),
        ("constants: {origin: own}", "mapping.yaml:1:13: mapping: column 'origin' is a column of the spreadsheet, too"),
        ("constant: {}", "mapping.yaml:1:1: unknown-key: key 'constant' is not known; did you mean 'constants'?"),
        ("[", "mapping.yaml:2:1: not-yaml"),
    ],
)
def test_wrong_mappings_are_explained(entered: Callable[..., Any], record: Path, mapping: str, told: str) -> None:
    status, _, err = entered(one("top1", "99.0"), mapping)
    assert (status, told in err, record.read_text()) == (1, True, RECORD)


def test_every_number_of_a_point_has_a_column() -> None:
    from prunelit.schema.fields import units
    from prunelit.schema.record import Experiment, Point

    assert {*Point.QUALITY, *Point.EFFICIENCY, "seeds", *units(Experiment)} - {"metrics"} <= set(KNOWN)


def test_other_metrics(entered: Callable[..., Any], record: Path) -> None:
    columns = "metric:perplexity,metric:perplexity:std,base_metric:latency,base_metric:latency:hardware"
    assert entered(f"origin,{columns}\nown,5.60,0.02,3.0,V100\n").status == 0
    held = parse(record.read_text(), "x")[0]["experiments"][1]
    assert point(record)["metrics"] == [{"metric": "perplexity", "value": Decimal("5.60"), "std": Decimal("0.02")}]
    assert held["base_metrics"] == [{"metric": "latency", "value": Decimal("3.0"), "hardware": "V100"}]


def test_runs_stand_in_one_cell(entered: Callable[..., Any], record: Path) -> None:
    assert entered("origin,top1_runs\nown,93.10 93.4\n").status == 0
    assert point(record)["top1_runs"] == [Decimal("93.10"), Decimal("93.4")]


def test_a_recipe_belongs_to_the_curve(entered: Callable[..., Any], record: Path) -> None:
    columns = "recipe:fine_tuning_epochs,recipe:distillation,recipe:learning_rate_schedule"
    assert entered(f"origin,top1,{columns}\nown,93.1,90,false,cosine\n").status == 0
    curve = parse(record.read_text(), "x")[0]["experiments"][1]["curves"][0]
    assert curve["recipe"] == {"fine_tuning_epochs": 90, "learning_rate_schedule": "cosine", "distillation": False}


def test_parts_of_a_record_have_columns_that_begin_with_their_names(entered: Callable[..., Any], record: Path) -> None:
    cells = {
        "origin": "own", "top1": "93.1", "params_removed": "0.5", "sparsity_scope": "pruned_layers", "n_of_m": "2:4",
        "experiment_conditions:split": "test", "curve_conditions:harness": "ours", "conditions:resolution": "1333x800",
        "conditions:tasks": "SST2; MNLI", "calibration:samples": "64", "recipe_calibration:dataset": "PTB",
        "top1_spread:kind": "standard_error", "top1_spread:half_width": "0.20", "bounds:about": "params_removed",
        "base_seeds": "3", "metric:f1:change": "-0.50", "metric:f1:spread:kind": "unstated",
        "metric:f1:spread:half_width": "0.1",
    }  # fmt: skip
    assert entered(f"{','.join(cells)}\n{','.join(cells.values())}\n").status == 0
    held = parse(record.read_text(), "x")[0]["experiments"][1]
    (curve,) = held["curves"]
    (one,) = curve["points"]
    assert (held["conditions"], held["base_seeds"]) == ({"split": "test"}, 3)
    assert (curve["conditions"], curve["recipe"]) == ({"harness": "ours"}, {"calibration": {"dataset": "PTB"}})
    assert one["conditions"] == {"resolution": "1333x800", "tasks": ["SST-2", "MNLI"]}
    assert (one["calibration"], one["sparsity_scope"], one["n_of_m"]) == ({"samples": 64}, "pruned_layers", "2:4")
    assert one["top1_spread"] == {"kind": "standard_error", "half_width": Decimal("0.20")}
    assert one["bounds"] == {"about": ["params_removed"]}
    spread = {"kind": "unstated", "half_width": Decimal("0.1")}
    assert one["metrics"] == [{"metric": "f1", "change": Decimal("-0.50"), "spread": spread}]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("conditions:split", "vali"), ("experiment_conditions:stride", "0"), ("calibration:dataset", "C5"),
        ("base_top1_spread:kind", "error"), ("recipe_calibration:samples", "0"), ("metric:f1:spread:level", "100"),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_a_part_is_told_by_its_column(entered: Callable[..., Any], column: str, cell: str) -> None:
    more = {"base_top1_spread:kind": "base_top1_spread:half_width", "metric:f1:spread:level": "metric:f1:spread:kind"}
    beside = {column: cell} | ({more[column]: "1"} if column in more else {})
    told = entered(f"origin,top1,{','.join(beside)}\nown,93.1,{','.join(beside.values())}\n")
    assert (told.status, f"column '{column}'" in told.err) == (1, True)


def test_billions_of_operations_are_giga(entered: Callable[..., Any], record: Path) -> None:
    assert entered("origin,params,flops\nown,1.50B,4.10B\n").status == 0
    assert "params: 1.50B" in record.read_text()
    assert "flops: 4.10G" in record.read_text()


def test_a_recipe_has_a_place_too(entered: Callable[..., Any], record: Path) -> None:
    columns = "recipe:fine_tuning_epochs,recipe_locator:section,recipe_locator:path"
    assert entered(f"origin,top1,{columns}\nown,93.1,90,Training,README.md\n").status == 0
    curve = parse(record.read_text(), "x")[0]["experiments"][1]["curves"][0]
    assert curve["recipe"] == {"fine_tuning_epochs": 90, "locator": {"section": "Training", "path": "README.md"}}


def test_a_wrong_place_of_a_recipe_is_told_by_its_column(entered: Callable[..., Any]) -> None:
    columns = "recipe:batch_size,recipe_locator:path,recipe_locator:read"
    assert "column 'recipe_locator:read'" in entered(f"origin,top1,{columns}\nown,93.1,64,a.py,seen\n").err


def test_the_unpruned_model_has_a_place_too(entered: Callable[..., Any], record: Path) -> None:
    columns = "base_top1,base_locator:table,base_locator:path,base_locator:read"
    assert entered(f"origin,top1,{columns}\nown,93.1,93.5,2,README.md,printed\n").status == 0
    held = parse(record.read_text(), "x")[0]["experiments"][1]
    assert held["base_locator"] == {"table": 2, "path": "README.md", "read": "printed"}


def test_a_wrong_place_is_told_by_its_column(entered: Callable[..., Any]) -> None:
    assert "column 'base_locator:read'" in entered("origin,top1,base_locator:read\nown,93.1,seen\n").err


def test_no_training_at_all_is_a_scheme(entered: Callable[..., Any], record: Path) -> None:
    assert entered("origin,top1,training_scheme\nown,93.1,none\n").status == 0
    assert parse(record.read_text(), "x")[0]["experiments"][1]["curves"][0]["training_scheme"] == "none"


def test_notes_belong_where_their_columns_say(entered: Callable[..., Any], record: Path) -> None:
    assert entered("origin,top1,note,curve_note,experiment_note\nown,93.1,one,two,three\n").status == 0
    held = parse(record.read_text(), "x")[0]["experiments"][1]
    assert (point(record)["note"], held["curves"][0]["note"], held["note"]) == ("one", "two", "three")


def test_a_place_that_all_points_share_is_the_curve_s(entered: Callable[..., Any], record: Path) -> None:
    assert entered("origin,method,top1,table\nown,A,93.1,2\nown,A,92.5,2\nown,B,91.0,2\nown,B,90.0,3\n").status == 0
    first, second = parse(record.read_text(), "x")[0]["experiments"][1]["curves"]
    assert first["locator"] == {"table": 2}
    assert [one.get("locator") for one in first["points"]] == [None, None]
    assert [one.get("locator") for one in second["points"]] == [{"table": 2}, {"table": 3}]


def test_copied_numbers_start_from_models_of_their_own(entered: Callable[..., Any], record: Path) -> None:
    rows = "dataset,origin,method,top1,base_top1\nMNIST,copied,A,99.0,\nMNIST,copied,B,99.1,99.3\n"
    assert entered(rows).status == 0


def test_a_label_tells_unpruned_models_apart(entered: Callable[..., Any], record: Path) -> None:
    rows = "dataset,origin,method,top1,base_top1,experiment\nMNIST,own,A,99.0,99.3,first\nMNIST,own,A,99.0,,second\n"
    assert entered(rows).status == 0
    held = parse(record.read_text(), "x")[0]["experiments"][1:]
    assert [(one.get("base_top1"), "experiment" in one) for one in held] == [(Decimal("99.3"), False), (None, False)]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("ResNet-50", "ResNet-50"),
        ("ResNet50", "ResNet-50"),
        ("resnet_50", "ResNet-50"),
        ("ResNet-51", None),
        ("", None),
    ],
)
def test_spellings(whole: Corpus, spelling: str, name: str | None) -> None:
    assert meant("architecture", spelling, Names(whole)) == name


@pytest.mark.parametrize(
    "arguments", [["sheet.csv"], ["sheet.csv", "--paper", "nobody2020"], ["sheet.csv", "--paper", "../doe2020pruning"]]
)
def test_the_record_must_be_named(run: Run, record: Path, arguments: list[str]) -> None:
    Path("sheet.csv").write_text(SHEET)
    assert run("import", "csv", *arguments).status == 2


def test_a_record_that_is_not_valid_is_left_alone(entered: Callable[..., Any], record: Path) -> None:
    bad = RECORD.replace("title:", "titel:")
    record.write_text(bad)
    status, _, err = entered(SHEET)
    assert (status, "unknown-key: key 'titel'" in err, record.read_text()) == (1, True, bad)


def test_adding_nothing_changes_nothing() -> None:
    record = parsed_tree(RECORD, "x")
    assert (join(record, []).anything, canonical_text(record, Paper)) == (False, RECORD)


Folder = Callable[..., Path]


@pytest.fixture
def folder(record: Path) -> Folder:
    """Writes the result folder of one run as ShrinkBench does."""

    def write(name: str, accuracy: float = 0.9, **settings: Any) -> Path:
        usual = {"dataset": "CIFAR10", "model": "resnet20", "strategy": "GlobalMagWeight", "compression": 4, "seed": 42}
        more = {"dl_kwargs": {"batch_size": 128}, "train_kwargs": {"optim": "SGD", "epochs": 2, "lr": 0.001}}
        params = usual | more | settings
        compression = params["compression"]
        where = Path("results") / name
        where.mkdir(parents=True)
        literal = f"{{'path': PosixPath('results'), {repr(params)[1:]}"
        (where / "params.json").write_text(json.dumps({"experiment": "'PruningExperiment'", "params": literal}))
        metrics = {
            "size": 270_000,
            "size_nz": 270_000 // compression,
            "compression_ratio": compression,
            "flops": 40_000_000,
            "flops_nz": 40_000_000 / compression,
            "val_acc1": accuracy if compression == 1 else 0.1,
            "val_acc5": 0.99 if compression == 1 else 0.5,
        }
        (where / "metrics.json").write_text(json.dumps(metrics))
        epochs = [] if compression == 1 else [(0, accuracy), (1, accuracy * 0.9)]
        lines = [f"{epoch},1.0,0.1,0.9,0.99,0.2,{top1},0.99" for epoch, top1 in epochs]
        header = "epoch,timestamp,train_loss,train_acc1,train_acc5,val_loss,val_acc1,val_acc5"
        first = f"-1,,,,,0.3,{metrics['val_acc1']},{metrics['val_acc5']}"
        (where / "logs.csv").write_text("\n".join([header, first, *lines, ""]))
        return where

    return write


@pytest.fixture
def benched(run: Run) -> Callable[..., Any]:
    """Imports the result folders into the record."""
    return lambda *options: run("import", "shrinkbench", "results", "--paper", "doe2020pruning", *options)


def experiment(file: Path) -> Any:
    return parse(file.read_text(encoding="utf-8"), file.name)[0]["experiments"][1]


def test_seeds_become_mean_and_deviation(folder: Folder, benched: Callable[..., Any], record: Path, run: Run) -> None:
    accuracies = [0.9012, 0.9101, 0.9055]
    for seed, accuracy in enumerate(accuracies):
        folder(f"run{seed}", accuracy, seed=seed)
    folder("unpruned", 0.9154, compression=1)
    told = f"1 experiment added 4 of 4 result folders used {UNTOLD.format(4)}"
    assert benched() == (0, "corpus/papers/doe2020pruning.yaml\n", told)
    assert experiment(record) == {
        "dataset": "CIFAR-10",
        "architecture": "ResNet-20",
        "collections": ["contributed"],
        "base_top1": Decimal("91.54"),
        "base_top5": Decimal("99.00"),
        "base_params": 270_000,
        "base_flops": 40_000_000,
        "flop_convention": "multiply_adds",
        "curves": [
            {
                "method": "GlobalMagWeight",
                "origin": "rerun",
                "locator": {"path": "results", "read": "data"},
                "note": "Accuracies are those of the best epoch, as ShrinkBench reports them.",
                "points": [
                    {
                        "top1": Decimal(f"{100 * mean(accuracies):.2f}"),
                        "top5": Decimal("99.00"),
                        "top1_std": Decimal(f"{100 * stdev(accuracies):.2f}"),
                        "params": 67_500,
                        "flops": 10_000_000,
                        "seeds": 3,
                    }
                ],
            }
        ],
    }
    assert run("check", record).status == 0


LOW = "ShrinkBench divides by full batches: accuracies are up to 1.11 % of their value low"
UNTOLD = "{} runs do not tell how low ShrinkBench has them: batch size or number of test images is unknown or wrong"


def per_batch(right: int, images: int = 10_000, batch: int = 128) -> float:
    """The accuracy that ShrinkBench takes as the mean over batches, where the first images are the right ones."""
    found = [max(0, min(right, start + batch, images) - start) / batch for start in range(0, images, batch)]
    return mean(found)


def test_what_full_batches_take_away_is_offered_back(
    folder: Folder, benched: Callable[..., Any], record: Path, whole: Corpus
) -> None:
    for seed, right in enumerate((9000, 9100)):
        logs = folder(f"run{seed}", per_batch(right), seed=seed) / "logs.csv"
        logs.write_text(logs.read_text().replace(",0.99\n", f",{per_batch(9950)}\n"))
    assert f"{LOW}; corrections are in right.yaml" in benched("--corrections", "right.yaml").err
    document, problems = read_document(Path("right.yaml"), Corrections)
    paper, _ = read_document(record, Paper)
    assert document, problems
    assert paper
    found = {one.field: (str(one.expect), str(one.correct)) for one in document.value.corrections}
    entered = 100 * mean(map(per_batch, (9000, 9100)))
    assert found["top1"] == (f"{entered:.2f}", "90.50")
    assert found["top5"][1] == "99.50"
    assert {one.status for one in document.value.corrections} == {"proposed"}
    shared = {**whole.shared, "corrections.yaml": document}
    corrected = replace(whole, papers=(paper.value,), corrections=document.value.corrections, shared=shared)
    assert list(guard(corrected)) == []


def test_accuracies_that_are_right_are_not_corrected(folder: Folder, benched: Callable[..., Any]) -> None:
    where = folder("run")
    metrics = where / "metrics.json"
    metrics.write_text(json.dumps(json.loads(metrics.read_text()) | {"test_acc1": 0.9}))
    folder("even", 0.8, dl_kwargs={"batch_size": 100})
    assert "full batches" not in benched().err


def test_a_run_without_batch_size_does_not_tell_how_low_it_is(folder: Folder, benched: Callable[..., Any]) -> None:
    folder("run", dl_kwargs={})
    assert benched().err.endswith(UNTOLD.format(1))


def test_one_seed_has_no_deviation(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    folder("run")
    benched()
    assert "top1_std" not in experiment(record)["curves"][0]["points"][0]


def test_strategies_are_curves_and_compressions_points(
    folder: Folder, benched: Callable[..., Any], record: Path
) -> None:
    for compression in (16, 2, 4):
        folder(f"a{compression}", compression=compression)
    folder("b", strategy="LayerMagWeight")
    benched("--own", "LayerMagWeight")
    curves = experiment(record)["curves"]
    assert [(one["method"], one["origin"]) for one in curves] == [
        ("GlobalMagWeight", "rerun"),
        ("LayerMagWeight", "own"),
    ]
    assert [one["params"] for one in curves[0]["points"]] == [135_000, 67_500, 16_875]
    assert "methods:\n  - name: LayerMagWeight\n" in record.read_text()


def test_a_strategy_of_no_run_is_not_the_papers_own(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    folder("run")
    before = record.read_bytes()
    status, _, err = benched("--own", "GlobalMagWeigth")
    assert status == 2
    assert "no strategy 'GlobalMagWeigth'; did you mean 'GlobalMagWeight'?" in err
    assert record.read_bytes() == before


def test_runs_with_other_training_are_other_points(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    folder("a", seed=1)
    folder("b", seed=2, train_kwargs={"epochs": 2, "lr": 0.1})
    benched()
    points = experiment(record)["curves"][0]["points"]
    assert [(one["seeds"], one["note"]) for one in points] == [
        (1, "Run with train_kwargs={'epochs': 2, 'lr': 0.1}."),
        (1, "Run with train_kwargs={'optim': 'SGD', 'epochs': 2, 'lr': 0.001}."),
    ]


def test_a_network_at_chance_is_marked(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    where = folder("run", 0.001)
    for name in ("metrics.json", "logs.csv"):
        text = (where / name).read_text()
        (where / name).write_text(
            text.replace('"val_acc1": 0.1', '"val_acc1": 0.001').replace("0.3,0.1,", "0.3,0.001,")
        )
    assert benched().status == 0
    assert experiment(record)["curves"][0]["points"][0]["collapsed"] is True


def test_one_run_is_a_folder_too(folder: Folder, run: Run, record: Path) -> None:
    where = folder("run")
    assert run("import", "shrinkbench", where, "--paper", "doe2020pruning").status == 0


def test_names_are_translated(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    folder("run", model="my_resnet")
    Path("mapping.yaml").write_text("names: {my_resnet: ResNet-20}")
    assert benched("--mapping", "mapping.yaml").status == 0
    assert experiment(record)["architecture"] == "ResNet-20"


def params(text: object) -> Callable[[Path], object]:
    return lambda where: (where / "params.json").write_text(json.dumps({"params": text}))


def edited(name: str, old: str, new: str) -> Callable[[Path], object]:
    return lambda where: (where / name).write_text((where / name).read_text().replace(old, new))


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no file": (lambda where: (where / "logs.csv").unlink(), "logs.csv:1:1: shrinkbench: No such file"),
    "a call": (params("__import__('os').mkdir('owned')"), "no dictionary of Python literals"),
    "a call within": (
        params("{'dataset': __import__('os').mkdir('owned'), 'train_kwargs': {'epochs': 1}}"),
        "expected a plain value",
    ),
    "a call as key": (params("{__import__('os').mkdir('owned'): 1}"), "params.json:1:1"),
    "no text": (params(3), "'params' is no text"),
    "long": (params("[" + "1," * 30_000 + "]"), "'params' is no text of at most 50,000 characters"),
    "deep": (params("[" * 1000 + "]" * 1000), "and 20 levels"),
    "a long chain": (params("-" * 40_000 + "1"), "no dictionary of Python literals"),
    "no JSON": (lambda where: (where / "params.json").write_text("{"), "params.json:1:1"),
    "no dictionary": (lambda where: (where / "params.json").write_text("[]"), "params.json:1:1"),
    "a null byte": (params("{'a': 1}\x00"), "params.json:1:1"),
    "no seed": (edited("params.json", "'seed'", "'seat'"), "'seed' is missing"),
    "true compression": (edited("params.json", "'compression': 4", "'compression': True"), "'compression' is 'True'"),
    "metrics": (edited("metrics.json", "270000", "NaN"), "metrics.json:1:1: shrinkbench: 'size'"),
    "no parameter left": (
        edited("metrics.json", "270000", "0.4"),
        "'size': input should be greater than or equal to 1",
    ),
    "more than all": (edited("metrics.json", "270000", "1000"), "'size_nz' is 67,500, more than 'size', 1,000"),
    "no metrics": (edited("metrics.json", "size_nz", "size_of"), "'size_nz': field required"),
    "percent": (edited("metrics.json", "0.5", "50"), "'val_acc5': input should be less than or equal to 1"),
    "accuracy": (edited("logs.csv", "0.9,0.99", "0.9,nan"), "accuracies are shares, 0 to 1"),
    "columns": (edited("logs.csv", "val_acc1", "acc"), "expected columns 'val_acc1' and 'val_acc5'"),
    "cut short": (lambda where: cut(where / "logs.csv"), "the run stopped after 1 of 2 epochs"),
    "not UTF-8": (lambda where: (where / "metrics.json").write_bytes(b"\xff"), "this is not UTF-8"),
    "dataset": (
        edited("params.json", "CIFAR10", "CIFER-10"),
        "dataset 'CIFER-10' is not known; did you mean 'CIFAR-10'?",
    ),
    "model": (edited("params.json", "resnet20", "mynet"), "architecture 'mynet' is not known"),
    "too large": (
        lambda where: os.truncate(where / "logs.csv", shrinkbench.MAX_BYTES + 1),
        "5,000,001 bytes; at most 5,000,000 are read",
    ),
    "a tiny share": (edited("logs.csv", "0.9,0.99", "1E-99999999,0.99"), "of at most 40 digits"),
    "a tiny metric": (edited("metrics.json", "0.5", "1E-99999999"), "'val_acc5': decimal input should have no more"),
    "a tiny count": (edited("metrics.json", "270000", "1E-99999999"), "'size': input should be greater than or equal"),
    "an endless compression": (
        edited("params.json", "'compression': 4", "'compression': 1e999"),
        "'compression' is not",
    ),
    "no compression": (edited("params.json", "'compression': 4", "'compression': 0"), "'compression' is not between 1"),
    "endless training": (edited("params.json", "'epochs': 2", "'epochs': 9999999999"), "'epochs' is not between 0"),
    "a lone surrogate": (edited("params.json", "GlobalMagWeight", "\\ud800"), "no dictionary of Python literals"),
    "an escaped surrogate": (
        edited("params.json", "GlobalMagWeight", "\\\\ud800"),
        "'strategy' is '\\ud800'; expected",
    ),
    "an escape": (edited("params.json", "GlobalMagWeight", "\\u001b[2J"), "'strategy' is '\\x1b[2J'; expected a name"),
    "an escaped escape": (edited("params.json", "GlobalMagWeight", "\\\\x1b[2J"), "'strategy' is '\\x1b[2J'; expected"),
    "a long name": (edited("params.json", "GlobalMagWeight", "x" * 201), "name of at most 200 visible characters"),
    "a pipe": (lambda where: in_place_of(where / "logs.csv", os.mkfifo), "this is not a file"),
    "a device": (
        lambda where: in_place_of(where / "logs.csv", lambda file: file.symlink_to("/dev/zero")),
        "this is not a file",
    ),
    "a loop": (
        lambda where: in_place_of(where / "logs.csv", lambda file: file.symlink_to(file.name)),
        "Too many levels of symbolic links",
    ),
}


def in_place_of(file: Path, make: Callable[[Path], object]) -> None:
    file.unlink()
    make(file)


def cut(file: Path) -> None:
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(("damage", "told"), BREAKS.values(), ids=BREAKS)
def test_a_broken_folder_is_named_and_skipped(
    folder: Folder, benched: Callable[..., Any], record: Path, damage: Callable[[Path], object], told: str
) -> None:
    damage(folder("broken"))
    folder("good", seed=7)
    status, out, err = benched()
    assert (status, out) == (1, "corpus/papers/doe2020pruning.yaml\n")
    assert "1 of 2 result folders used" in err
    assert "results/broken/" in err
    assert told in err
    assert experiment(record)["curves"][0]["points"][0]["seeds"] == 1
    assert not Path("owned").exists()


def test_the_same_run_twice_counts_once(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    folder("a")
    folder("b")
    status, _, err = benched()
    assert (status, "results/b/params.json:1:1: shrinkbench: the same run as results/a" in err) == (1, True)
    assert experiment(record)["curves"][0]["points"][0]["seeds"] == 1


def test_without_any_good_folder_nothing_is_written(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    (folder("broken") / "logs.csv").unlink()
    status, out, _ = benched()
    assert (status, out, record.read_text()) == (1, "", RECORD)


def test_a_folder_without_results_is_bad_usage(run: Run, record: Path) -> None:
    assert run("import", "shrinkbench", "corpus", "--paper", "doe2020pruning").status == 2


@pytest.mark.parametrize("source", ["csv", "xlsx", "markdown", "latex", "html", "shrinkbench"])
def test_help_has_examples(run: Run, source: str) -> None:
    status, out, _ = run("import", source, "--help")
    assert (status, out.count(f"prunelit import {source} ")) == (0, 3)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"pretrained": False}, "Run with pretrained=False."),
        ({"debug": True}, "Run with debug=True."),
        ({"resume": "checkpoints/a.pt"}, "Run with resume='checkpoints/a.pt'."),
        ({"dl_kwargs": {"batch_size": 256}}, "Run with dl_kwargs={'batch_size': 256}."),
    ],
    ids=["pretrained", "debug", "resume", "batch size"],
)
def test_runs_from_another_model_are_experiments_of_their_own(
    folder: Folder, benched: Callable[..., Any], record: Path, settings: dict[str, Any], told: str
) -> None:
    folder("a", 0.91, seed=1, pretrained=True, debug=False, resume=None)
    folder("b", 0.80, **{"seed": 2, "pretrained": True, "debug": False, "resume": None} | settings)
    assert benched().status == 0
    found = parse(record.read_text(), "x")[0]["experiments"][1:]
    assert [one["curves"][0]["points"][0]["seeds"] for one in found] == [1, 1]
    assert told in [one["note"] for one in found]


def test_runs_with_other_arguments_of_the_strategy_are_other_points(
    folder: Folder, benched: Callable[..., Any], record: Path
) -> None:
    folder("a", 0.91, seed=1, strategy_kwargs={"norm": 1})
    folder("b", 0.80, seed=2, strategy_kwargs={"norm": 2})
    assert benched().status == 0
    points = experiment(record)["curves"][0]["points"]
    assert [(one["seeds"], one["note"]) for one in points] == [
        (1, "Run with strategy_kwargs={'norm': 1}."),
        (1, "Run with strategy_kwargs={'norm': 2}."),
    ]


def test_where_results_were_written_is_no_setting(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    edited("params.json", "PosixPath('results')", "PosixPath('elsewhere')")(folder("a", 0.91, seed=1))
    folder("b", 0.90, seed=2)
    assert benched().status == 0
    assert experiment(record)["curves"][0]["points"][0]["seeds"] == 2


def test_unpruned_runs_that_differ_in_more_than_their_seed_are_no_baseline(
    folder: Folder, benched: Callable[..., Any], record: Path
) -> None:
    folder("run")
    folder("first", 0.92, compression=1, strategy_kwargs={"norm": 1})
    folder("second", 0.80, compression=1, strategy_kwargs={"norm": 2})
    status, _, err = benched()
    assert (status, "1 of 3 result folders used" in err, "base_top1" in experiment(record)) == (1, True, False)
    assert "results/first/params.json:1:1: shrinkbench: the unpruned model is not used" in err


def test_an_unpruned_run_of_nothing_that_was_pruned_is_told(
    folder: Folder, benched: Callable[..., Any], record: Path
) -> None:
    folder("run", pretrained=True)
    folder("unpruned", 0.92, compression=1, pretrained=False)
    status, _, err = benched()
    assert (status, "no pruned run starts from it; folder skipped" in err) == (1, True)


def test_folders_within_folders_are_found(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    folder("resnet20/first/a", seed=1)
    folder("b", seed=2)
    (Path("results") / "b" / "back").symlink_to(Path("results").absolute())
    assert benched().err.startswith("1 experiment added 2 of 2 result folders used")
    assert experiment(record)["curves"][0]["points"][0]["seeds"] == 2


def test_broken_folders_are_told_where_the_others_make_no_record(
    folder: Folder, run: Callable[..., Any], record: Path
) -> None:
    folder("a")
    (folder("b") / "logs.csv").unlink()
    status, _, err = run("import", "shrinkbench", "results", "--output", "No.yaml")
    assert (status, "'id': expected the id of a record" in err, "results/b/logs.csv:1:1: " in err) == (1, True, True)


def test_more_folders_than_any_experiment_has_are_refused(
    folder: Folder, benched: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder("a")
    monkeypatch.setattr(shrinkbench, "MAX_FOLDERS", 1)
    status, _, err = benched()
    assert (status, "more than 1 folders" in err) == (2, True)


def test_scalars_as_numpy_prints_them_are_read(folder: Folder, benched: Callable[..., Any], record: Path) -> None:
    where = folder("a", seed=1, pretrained=True)
    edited("params.json", "'compression': 4", "'compression': np.int64(4)")(where)
    edited("params.json", "'lr': 0.001", "'lr': np.float64(0.001)")(where)
    edited("params.json", "'pretrained': True", "'pretrained': np.True_")(where)
    edited("logs.csv", "0.9,0.99", "np.float64(0.9),np.float64(0.99)")(where)
    edited("metrics.json", '"val_acc5": 0.5', '"val_acc5": "np.float32(0.5)"')(where)
    folder("b", seed=2, pretrained=True)
    assert benched().status == 0
    (point,) = experiment(record)["curves"][0]["points"]
    assert (point["seeds"], point["top1"]) == (2, Decimal("90.00"))


def test_the_path_of_results_elsewhere_is_no_path_of_this_machine(
    folder: Folder, run: Run, record: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "our-results"
    shutil.copytree(folder("a").parent, elsewhere)
    assert run("import", "shrinkbench", elsewhere, "--paper", "doe2020pruning").status == 0
    assert experiment(record)["curves"][0]["locator"]["path"] == "our-results"


def test_a_setting_that_is_a_path_of_this_machine_is_refused(
    folder: Folder, benched: Callable[..., Any], record: Path
) -> None:
    folder("a", seed=1, resume="/home/jane/a.pt")
    folder("b", seed=2, resume="/home/jane/b.pt")
    status, _, err = benched()
    assert (status, "no-local-path" in err, record.read_text()) == (1, True, RECORD)


def test_a_new_record_is_valid_but_for_its_bibliography(folder: Folder, run: Run, record: Path) -> None:
    folder("a")
    status, out, err = run("import", "shrinkbench", "results", "--output", "new/doe2026new.yaml")
    assert (status, out, err.count("missing-key")) == (1, "new/doe2026new.yaml\n", 2)
    folder("b", remark="y" * 3000)
    status, _, err = run("import", "shrinkbench", "results", "--output", "new/doe2026other.yaml")
    assert (status, "expected at most 2000" in err, Path("new/doe2026other.yaml").exists()) == (1, True, False)
