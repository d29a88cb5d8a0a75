"""Are long tables made beside the pages, each once, and only where that helps?"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.kept_files import OFF
from prunelit.analysis.trends.progress import progress_table
from prunelit.explorer import ahead
from prunelit.explorer.ahead import made_ahead
from prunelit.explorer.findings import OF_RECORDS, open_findings
from prunelit.explorer.verdicts import OF_TABLES, conclusions_judged, survey_judged


class Keyed:
    """As much of a dataset as is looked at."""

    def __init__(self, key: str | None = "key") -> None:
        self.key = key


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(OFF, raising=False)
    monkeypatch.setattr(ahead, "kept_file", lambda _: tmp_path)


def noted(file: Path, word: str, _: Dataset) -> None:
    with file.open("a") as told:
        told.write(f"{word} {os.getpid() == _OURS}\n")


def fails(_: Dataset) -> None:
    raise ValueError("no such table")


_OURS = os.getpid()


def made(folder: Path, tables: Any, processes: int = 2, key: str | None = "key") -> dict[str, str]:
    with made_ahead(cast("Dataset", Keyed(key)), processes, tables) as finish:
        finish()
    return {file.name: file.read_text() for file in folder.iterdir()}


def table(folder: Path, name: str, word: str) -> Callable[[Dataset], None]:
    return partial(noted, folder / name, word)


def test_a_process_makes_its_tables_in_their_order(tmp_path: Path) -> None:
    tables = table(tmp_path, "a", "one"), table(tmp_path, "a", "two"), table(tmp_path, "b", "three")
    assert made(tmp_path, tables) == {"a": "one False\ntwo False\n", "b": "three False\n"}


def test_a_table_that_fails_keeps_none_from_being_made(tmp_path: Path) -> None:
    assert made(tmp_path, (fails, table(tmp_path, "a", "next"))) == {"a": "next False\n"}


@pytest.mark.parametrize(("processes", "key"), [(1, "key"), (2, None)])
def test_nothing_is_made_where_there_is_no_processor_or_no_name(
    tmp_path: Path, processes: int, key: str | None
) -> None:
    assert made(tmp_path, (table(tmp_path, "a", "one"),), processes, key) == {}


def test_nothing_is_made_where_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "kept_file", lambda _: None)
    assert made(tmp_path, (table(tmp_path, "a", "one"),)) == {}


def test_what_nobody_waits_for_is_ended() -> None:
    start = time.monotonic()
    with made_ahead(cast("Dataset", Keyed()), 2, (lambda _: time.sleep(60),)):
        pass
    assert time.monotonic() - start < 20


def test_all_that_late_pages_show_is_made_ahead() -> None:
    assert {open_findings, survey_judged, conclusions_judged, progress_table} == {*OF_RECORDS, *OF_TABLES}
