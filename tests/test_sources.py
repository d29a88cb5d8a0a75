"""Does the README of the corpus credit every source, and none that nothing comes from?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest
from pydantic import BaseModel

from prunelit import methods
from prunelit.analysis.dataset import dataset
from prunelit.schema.corpus import SHARED, Corpus, shipped
from prunelit.schema.locator import Locator

README = (shipped() / "README.md").read_text(encoding="utf-8")
SHORT = 7
"""Digits of a commit in the README."""


class Source(NamedTuple):
    """A row of the table of repositories."""

    commits: set[str]
    files: set[str]
    records: set[str]
    credit: str


def section(title: str) -> str:
    return README.partition(f"### {title}\n")[2].partition("\n##")[0]


@cache
def credited() -> dict[str, Source]:
    rows = [line.strip("| ").split(" | ") for line in section("Repositories with results").splitlines() if "/" in line]
    return {
        name: Source(set(commits.split(", ")), quoted(files), quoted(records), credit)
        for name, commits, files, records, credit in rows
        if re.fullmatch(r"[\w.-]+/[\w.-]+", name)
    }


def quoted(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def locators(value: object) -> Iterator[Locator]:
    """Every locator in a record."""
    if isinstance(value, Locator):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from locators(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from locators(one)


@cache
def used() -> dict[str, Source]:
    """What the locators of all records say of each repository."""
    found: dict[str, Source] = {}
    for paper in dataset().corpus.papers:
        for one in locators(paper):
            if one.repository:
                source = found.setdefault(one.repository, Source(set(), set(), set(), ""))
                source.records.add(paper.id)
                source.commits.update([one.commit[:SHORT]] if one.commit else [])
                source.files.update([one.path] if one.path else [])
    return found


@pytest.mark.parametrize("repository", sorted(used()))
def test_repository_of_a_locator_is_credited(repository: str) -> None:
    assert repository in credited(), "give it a row in corpus/README.md, with its licence"


@pytest.mark.parametrize("repository", sorted(credited()))
def test_credited_repository_is_used(repository: str) -> None:
    assert repository in used(), "no locator names it"


@pytest.mark.parametrize("repository", sorted(credited().keys() & used().keys()))
def test_row_names_the_commits_and_records(repository: str) -> None:
    row, found = credited()[repository], used()[repository]
    assert (row.commits, row.records) == (found.commits, found.records)


@pytest.mark.parametrize("repository", sorted(credited().keys() & used().keys()))
def test_row_names_the_files_or_their_folders_and_no_others(repository: str) -> None:
    row, found = credited()[repository], used()[repository]
    assert [file for file in sorted(found.files) if not file.startswith(tuple(row.files))] == []
    assert [file for file in sorted(row.files) if not any(one.startswith(file) for one in found.files)] == []


def test_rows_are_in_the_order_of_the_alphabet() -> None:
    assert list(credited()) == sorted(credited(), key=str.casefold)


LICENCE = re.compile(
    r"(MIT|Apache-2\.0|BSD-[23]-Clause|GPL-3\.0|CreativeML Open RAIL-M|CC BY-NC 4\.0|NVIDIA License|"
    r"Software License Agreement|none stated|no licence)\b"
)
FORBIDS = re.compile(r"non-commercial|BY-NC|none stated(?! for the rest)|no licence file")


@pytest.mark.parametrize("repository", sorted(credited()))
def test_licence_is_told_and_what_it_means_for_reuse(repository: str) -> None:
    credit = credited()[repository].credit
    assert LICENCE.match(credit)
    assert bool(FORBIDS.search(credit)) == ("facts only, with the citation" in credit)


def test_source_of_a_class_is_credited(whole: Corpus) -> None:
    named = set(re.findall(r"([\w.-]+/[\w.-]+)@([0-9a-f]{7})\b", " ".join(methods(whole)["sources"].dropna())))
    told = section("Bibliography and classes")
    assert [name for name, commit in sorted(named) if name not in told or commit not in told] == []


@pytest.mark.parametrize("name", SHARED)
def test_every_shared_file_is_described_by_its_schema(name: str) -> None:
    told = SHARED[name].__doc__ or ""
    assert len(told.split()) > 4
    assert name not in told


def test_the_files_that_the_readme_describes_are_all_there() -> None:
    told = re.findall(r"`(\w+\.yaml)`", README.partition("## The protocol")[0])
    assert set(told) == {file.name for file in shipped().glob("*.yaml")} & set(told)


def test_every_collection_is_described(whole: Corpus) -> None:
    told = quoted("".join(line.split("|")[1] for line in README.splitlines() if line.startswith("| `")))
    assert {one.name for one in whole.collections} <= told


def test_every_paper_with_files_of_sweeps_is_named() -> None:
    told = README.partition("**Sweeps**")[2].partition("\n\n")[0]
    papers = {file.stem.partition("-")[0] for file in (shipped() / "sweeps").glob("*.csv")}
    assert [paper for paper in sorted(papers) if f"`{paper}`" not in told] == []
