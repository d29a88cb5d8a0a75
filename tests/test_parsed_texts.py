"""Is a text that was parsed before what it would be if it were parsed again?"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from prunelit.analysis.frames import kept_files, parsed
from prunelit.analysis.frames.parsed import ParsedTexts, exact_json
from prunelit.schema.corpus import shipped
from prunelit.schema.problems import Problem
from prunelit.schema.reading import parse

TEXT = (
    "top1: 76.0\nnames: [no, 012, 'true', \"\\U0001F600 \\\\\"]\nown: true\nseeds: -3\nsmall: 0.00000010\nempty: {}\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.delenv(kept_files.OFF, raising=False)
    monkeypatch.setattr(kept_files, "user_cache_path", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "prunelit"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are parsed."""
    seen: list[str] = []

    def noted(text: str, file: str, parser: Any) -> tuple[Any, list[Problem]]:
        seen.append(text)
        return parse(text, file, parser)

    monkeypatch.setattr(parsed, "parse", noted)
    return seen


def read(root: Path, *texts: str, size: int = 1) -> list[Any]:
    """What a process makes of texts."""
    known = ParsedTexts(root)
    found = [known.parse(text, "a.yaml")[0] for text in texts]
    known.keep(size)
    return found


def test_digits_and_types_survive() -> None:
    value, _ = parse(TEXT, "a.yaml")
    assert repr(json.loads(exact_json(value), parse_float=Decimal)) == repr(value)


def test_records_survive() -> None:
    for file in sorted((shipped() / "papers").glob("*.yaml"))[::20]:
        value, _ = parse(file.read_text(encoding="utf-8"), file.name)
        assert repr(json.loads(exact_json(value), parse_float=Decimal)) == repr(value)


def test_a_text_is_parsed_once(folder: Path, tmp_path: Path, counted: list[str]) -> None:
    assert repr(read(tmp_path, TEXT)) == repr(read(tmp_path, TEXT))
    assert counted == [TEXT]


def test_another_text_is_parsed(folder: Path, tmp_path: Path, counted: list[str]) -> None:
    assert read(tmp_path, "a: 1.0") != read(tmp_path, "a: 1.1")
    assert counted == ["a: 1.0", "a: 1.1"]


def test_what_is_wrong_with_a_text_is_told_each_time(folder: Path, tmp_path: Path) -> None:
    told = []
    for _ in range(2):
        known = ParsedTexts(tmp_path)
        told.append(known.parse("a: 1\na: 2\n", "a.yaml")[1])
        known.keep(1)
    assert told[0] == told[1] != []


def test_old_texts_make_room(folder: Path, tmp_path: Path, counted: list[str]) -> None:
    for text in ("a: 1", "a: 2", "a: 3", "a: 3", "a: 2", "a: 1"):
        read(tmp_path, text)
    assert counted == ["a: 1", "a: 2", "a: 3", "a: 1"]


def test_code_that_is_another_parses_anew(
    folder: Path, tmp_path: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read(tmp_path, TEXT)
    monkeypatch.setattr(kept_files, "_code", lambda: "other code")
    read(tmp_path, TEXT)
    assert counted == [TEXT, TEXT]


def crafted(content: bytes) -> bytes:
    """A whole file of the cache with another content."""
    return kept_files.blake2b(content, digest_size=16).digest() + content


@pytest.mark.parametrize(
    "content",
    [b"", b"[1]", b"{", b"\xff", json.dumps({parsed.digest(TEXT.encode()).hex(): "{"}).encode()],
)
def test_a_file_with_anything_else_in_it_is_replaced(
    content: bytes, folder: Path, tmp_path: Path, counted: list[str]
) -> None:
    expected = read(tmp_path, TEXT)
    (file,) = folder.glob("*.kept")
    for harmed in (content, crafted(content)):
        file.write_bytes(harmed)
        assert repr(read(tmp_path, TEXT)) == repr(expected)
    read(tmp_path, TEXT)
    assert len(counted) == 3


def test_a_file_that_others_can_write_is_not_trusted(folder: Path, tmp_path: Path, counted: list[str]) -> None:
    read(tmp_path, TEXT)
    (file,) = folder.glob("*.kept")
    file.chmod(0o666)
    read(tmp_path, TEXT)
    assert counted == [TEXT, TEXT]


def test_nothing_is_kept_where_the_cache_is_off(
    folder: Path, tmp_path: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept_files.OFF, "1")
    read(tmp_path, TEXT, TEXT)
    assert counted == [TEXT, TEXT]
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_no_error(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    assert repr(read(tmp_path, TEXT)) == repr(read(tmp_path, TEXT))
