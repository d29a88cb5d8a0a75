"""Does ``prunelit migrate`` say in today's schema what an older record said?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from prunelit.schema.canonical import canonical
from prunelit.schema.corpus import shipped
from prunelit.schema.migration import MIGRATIONS, migrated
from prunelit.schema.reading import UnreadableError, parse
from prunelit.schema.record import SCHEMA_VERSION, Paper
from prunelit.schema.validation import read_bytes

Run = Callable[..., Any]

FILES = sorted((shipped() / "papers").glob("*.yaml"))

OLD = """\
# yaml-language-server: $schema=../../schema/record.schema.json
schema_version: 0  # before the release
id: doe2015pruning
title: Pruning
authors: ["Doe, Jane"]
# as arXiv has it
date: 2015-12  # version 1
collections: [contributed]
experiments:
  - dataset: MNIST
    architecture: LeNet-5
    collections: [contributed]
    # their own training
    baseline:  # table 1
      top1: 99.20  # printed
      params: 431K
      # no operations
    curves:
      - origin: own
        points: [{top1: 99.10, params: 34K}]
"""

NEW = """\
# yaml-language-server: $schema=../../schema/record.schema.json
schema_version: 2  # before the release
id: doe2015pruning
title: Pruning
authors:
  - Doe, Jane
# as arXiv has it
published: {year: 2015, month: 12}  # version 1
collections: [contributed]
experiments:
  - dataset: MNIST
    architecture: LeNet-5
    collections: [contributed]
    # their own training
    # table 1
    # no operations
    base_top1: 99.20  # printed
    base_params: 431K
    curves:
      - origin: own
        points:
          - top1: 99.10
            params: 34K
"""


def test_a_record_of_version_0() -> None:
    assert migrated(OLD, "record.yaml") == NEW


def test_the_result_is_a_record_in_canonical_form() -> None:
    assert read_bytes(NEW.encode(), Paper, "record.yaml")[1] == []
    assert canonical(NEW, "record.yaml", Paper) == NEW


def test_a_year_alone_is_a_date() -> None:
    assert "published: {year: 2015}  # version 1" in migrated(OLD.replace("2015-12", "2015"), "record.yaml")


def test_a_record_of_today_is_not_touched() -> None:
    text = "title:   'x'\nschema_version: 2\n"
    assert migrated(text, "record.yaml") == text


def test_a_record_of_version_1_says_the_same_in_version_2() -> None:
    first = NEW.replace("schema_version: 2  #", "schema_version: 1  #")
    assert migrated(first, "record.yaml") == NEW


def test_from_every_earlier_version_there_is_a_step() -> None:
    assert list(MIGRATIONS) == list(range(SCHEMA_VERSION))


class Dumper(yaml.CSafeDumper):
    """Writes digits as they are, and no anchor for a number that stands twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


Dumper.add_representer(Decimal, lambda dumper, one: dumper.represent_scalar("tag:yaml.org,2002:float", str(one)))


def in_version_0(record: dict[str, Any]) -> dict[str, Any]:
    """A record of today as it would have been written before the first release."""

    def older(experiment: dict[str, Any]) -> dict[str, Any]:
        base = {key.removeprefix("base_"): one for key, one in experiment.items() if key.startswith("base_")}
        rest = {key: one for key, one in experiment.items() if not key.startswith("base_")}
        return rest | ({"baseline": base} if base else {})

    rest = {key: one for key, one in record.items() if key != "published"}
    date = "-".join(f"{part:02}" for part in record["published"].values())
    experiments = {"experiments": [older(one) for one in record["experiments"]]} if "experiments" in record else {}
    return rest | {"schema_version": 0, "date": date} | experiments


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_shipped_records_survive_the_way_back_and_forth(file: Path) -> None:
    record = parse(file.read_text(encoding="utf-8"), file.name)[0]
    old = yaml.dump(in_version_0(record), Dumper=Dumper, allow_unicode=True)
    new = parse(migrated(old, file.name), file.name)[0]
    assert new == record
    assert repr(sorted(map(repr, leaves(new)))) == repr(sorted(map(repr, leaves(record))))


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return [leaf for one in inside for leaf in leaves(one)]
    return [value]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2015-12", "December 2015", "record.yaml:7:1: cannot-migrate: expected a year"),
        ("2015-12", "2015-13", "record.yaml:7:1: cannot-migrate: expected a year"),
        ("date:", "published: {year: 2015}\ndate:", "record.yaml:8:1: cannot-migrate"),
        ("    baseline:", "    base_top1: 99.3\n    baseline:", "record.yaml:15:5: cannot-migrate: expected a mapping"),
        ("version: 0", "version: 7", "record.yaml:2:1: cannot-migrate: 'schema_version' says"),
        ("version: 0", "version: true", "record.yaml:2:1: cannot-migrate: 'schema_version' says"),
        ("schema_version: 0", "# none", "record.yaml:3:1: cannot-migrate: 'schema_version' says"),
        ("title: Pruning", "title: [", "not-yaml"),
    ],
)
def test_what_cannot_be_upgraded_is_told(old: str, new: str, told: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        migrated(OLD.replace(old, new, 1), "record.yaml")
    assert told in str(raised.value)


def test_check_leads_to_the_command(run: Run, papers: Path) -> None:
    (papers / "doe2015pruning.yaml").write_text(OLD)
    status, out, _ = run("check", "corpus/papers/doe2015pruning.yaml")
    assert (status, out) == (
        1,
        "corpus/papers/doe2015pruning.yaml:2:1: old-version: the record is in an earlier version of the schema: "
        "run 'prunelit migrate corpus/papers/doe2015pruning.yaml'\n",
    )


def test_files_are_upgraded(run: Run, papers: Path) -> None:
    file = papers / "doe2015pruning.yaml"
    file.write_text(OLD)
    assert run("migrate") == (0, "corpus/papers/doe2015pruning.yaml\n", "3 records: 1 upgraded")
    assert file.read_text() == NEW
    assert run("check", file).status == 0


def test_checking_writes_nothing(run: Run, papers: Path) -> None:
    file = papers / "doe2015pruning.yaml"
    file.write_text(OLD)
    status, out, _ = run("migrate", "--check")
    assert (status, out, file.read_text()) == (1, "corpus/papers/doe2015pruning.yaml: not up to date\n", OLD)


def test_a_record_that_cannot_be_upgraded_is_kept(run: Run, papers: Path) -> None:
    file = papers / "doe2015pruning.yaml"
    text = OLD.replace("2015-12", "December 2015")
    file.write_text(text)
    assert (run("migrate", papers).status, file.read_text()) == (1, text)
