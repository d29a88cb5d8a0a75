"""Does reading YAML keep what is written, and only that, with the right positions?"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from prunelit.schema.corpus import read_corpus, shipped
from prunelit.schema.problems import MAX_SHOWN, Problem, nearest, printable, quoted
from prunelit.schema.reading import (
    MAX_BYTES,
    DefaultParser,
    PureParser,
    UnreadableError,
    contents,
    decode,
    parse,
    position,
)
from prunelit.schema.record import Paper, Point
from prunelit.schema.sweeps import names_in_sweep, read_sweep, read_sweep_bytes
from prunelit.schema.validation import read_document

PARSERS = [pytest.param(DefaultParser, id="libyaml"), pytest.param(PureParser, id="pure")]
MINIMAL = Path(__file__).parent / "records" / "valid" / "minimal.yaml"

SCALARS: dict[str, Any] = {
    "76.0": Decimal("76.0"),
    "76": 76,
    "-0.50": Decimal("-0.50"),
    "0": 0,
    "true": True,
    "false": False,
    "True": "True",
    "no": "no",
    "yes": "yes",
    "on": "on",
    "012": "012",
    "0o14": "0o14",
    "0x1F": "0x1F",
    "1_000": "1_000",
    "1e-3": "1e-3",
    "+5": "+5",
    ".5": ".5",
    "5.": "5.",
    "12:30": "12:30",
    "2015-12": "2015-12",
    "2015-12-01": "2015-12-01",
    ".nan": ".nan",
    "-.inf": "-.inf",
    "25.6M": "25.6M",
    "=": "=",
    "Null": "Null",
    '"76.0"': "76.0",
    "'true'": "true",
    '"null"': "null",
    "٣": "٣",
    "9" * 41: "9" * 41,
}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "text",
    ["a:\tb", "a: b\tc", "a\t: b", "a: 1\t# c", "a: [1,\t2]", "a: |\t\n  b", "a: |#c\n  b", "a: >-2#c\n   b", "- |#c"],
)
def test_what_parsers_read_differently_is_refused_by_both(text: str, parser: Any) -> None:
    with pytest.raises(UnreadableError) as raised:
        parse(f"{text}\n", "f", parser)
    (problem,) = raised.value.problems
    assert problem.rule == "not-yaml"
    assert ("a tab stands on this line" in problem.message) is ("\t" in text)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("text", "value"), [("a: 'b\t'", "b\t"), ("a: b # c\td", "b"), ("a: b>#c", "b>#c"), ("a: | # c\n  b", "b\n")]
)
def test_signs_that_parsers_read_differently_elsewhere_are_text(text: str, value: str, parser: Any) -> None:
    assert parse(f"{text}\n", "f", parser) == ({"a": value}, [])


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(("written", "value"), SCALARS.items(), ids=SCALARS)
def test_scalar_is_what_it_looks_like(written: str, value: Any, parser: Any) -> None:
    found, problems = parse(f"key: {written}\n", "f", parser)
    assert (found, problems) == ({"key": value}, [])
    assert type(found["key"]) is type(value)
    assert str(found["key"]) == str(value)


TEXT = """# comment
title: one
list:
  - first
  - {inner: second, other: 3}
twice: 1
twice: 2
"""
POSITIONS: dict[tuple[str | int, ...], tuple[int, int]] = {
    (): (2, 1),
    ("title",): (2, 1),
    ("list",): (3, 1),
    ("list", 0): (4, 5),
    ("list", 1): (5, 5),
    ("list", 1, "other"): (5, 21),
    ("list", 1, "absent"): (5, 5),
    ("list", 7): (3, 1),
    ("absent", "further"): (2, 1),
    ("twice",): (7, 1),
}


@pytest.mark.parametrize(("path", "place"), POSITIONS.items(), ids=str)
def test_position_is_that_of_the_key_or_item_else_of_the_parent(path: Any, place: tuple[int, int]) -> None:
    assert position(TEXT, path) == place


def test_column_counts_characters() -> None:
    assert position("{é: 1, key: 2}\n", ("key",)) == (1, 8)


def unreadable(read: Callable[[], Any]) -> Problem:
    with pytest.raises(UnreadableError) as caught:
        read()
    return caught.value.problems[0]


def test_carriage_returns_alone_end_lines() -> None:
    problem = unreadable(lambda: parse("a: 1\rb: [\r", "f"))
    assert problem.rule == "not-yaml"


def test_windows_line_ends_change_nothing() -> None:
    assert parse(TEXT.replace("\n", "\r\n"), "f")[0] == parse(TEXT, "f")[0]


def test_too_large_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(100_000_000)
    assert unreadable(lambda: contents(file, "f")).message.startswith("100,000,000 bytes; at most 400,000 are read")


def test_largest_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b" " * MAX_BYTES)
    assert len(contents(file, "f")) == MAX_BYTES


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert read_document(tmp_path / "absent.yaml", Paper, "f") == (
        None,
        [Problem("f", 1, 1, "unreadable", "No such file or directory")],
    )


def test_folder_is_no_record(tmp_path: Path) -> None:
    assert unreadable(lambda: contents(tmp_path, "f")).message == "this is not a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipe_does_not_hold_up_reading(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert unreadable(lambda: contents(tmp_path / "pipe.yaml", "f")).message == "this is not a file"


@pytest.mark.parametrize("character", ["\x1b", "\x7f", "\x85", "\u200b", "\u202e", "\u2066", "\u00ad", "\U000e0041"])
def test_hidden_character_is_refused(character: str) -> None:
    problem = unreadable(lambda: decode(f"a: 1\nb: x{character}y\n".encode(), "f"))
    assert (problem.line, problem.column, problem.rule) == (2, 5, "forbidden-character")


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("escape", ["\\e", "\\0", "\\u202e", "\\x85", "\\uFEFF"])
def test_hidden_character_is_refused_when_escaped(escape: str, parser: Any) -> None:
    assert unreadable(lambda: parse(f'a: "x{escape}y"\n', "f", parser)).rule == "forbidden-character"


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "escape", ["\\ud800", "\\U0000dfff", "\\U00110000", "\\U7FFFFFFF", "\\UFFFFFFFF", "\\q", "\\x4"]
)
def test_an_escape_that_is_no_character_is_no_yaml(escape: str, parser: Any) -> None:
    assert unreadable(lambda: parse(f'a: 1\nb: "x{escape}"\n', "f", parser)).rule == "not-yaml"


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "escape", ["\\t", '\\"', "\\\\", "\\/", "\\x41", "\\u00e9", "\\U0001F600", "\\_", "\\ "], ids=ascii
)
def test_escapes_mean_the_same_to_both_parsers(escape: str, parser: Any) -> None:
    meant = {"\\t": "\t", '\\"': '"', "\\\\": "\\", "\\/": "/", "\\x41": "A", "\\u00e9": "é", "\\U0001F600": "😀"}
    meant |= {"\\_": "\u00a0", "\\ ": " "}
    assert parse(f'a: "{escape}"\n', "f", parser)[0] == {"a": meant[escape]}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("directive", ["%YAML 1.1", "%YAML 1.2", "%YAML 1.3", "%TAG ! tag:x,2000:", "%FOO bar", "%"])
@pytest.mark.parametrize("above", ["", "# a comment\n\n", "# a\r\n"], ids=["top", "below", "windows"])
def test_directives_are_refused(above: str, directive: str, parser: Any) -> None:
    problem = unreadable(lambda: parse(f"{above}{directive}\n---\na: 1\n", "f", parser))
    assert (problem.rule, problem.line) == ("directive", above.count("\n") + 1)


@pytest.mark.parametrize("parser", PARSERS)
def test_a_percent_sign_within_a_value_is_no_directive(parser: Any) -> None:
    assert parse("a: x\nb: '%YAML 1.3'\n", "f", parser)[0] == {"a": "x", "b": "%YAML 1.3"}


@pytest.mark.parametrize("text", ["Łukasz Ångström", "μ, ∞, −", "中文", "naïve 😀", "a\tb"])
def test_visible_characters_are_kept(text: str) -> None:
    assert parse(decode(f"a: '{text}'\n".encode(), "f"), "f")[0] == {"a": text}


def corpus_with(tmp_path: Path) -> Path:
    for folder in ("papers", "sweeps"):
        (tmp_path / "corpus" / folder).mkdir(parents=True)
    for file in shipped().glob("*.yaml"):
        (tmp_path / "corpus" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "corpus" / "papers" / "minimal.yaml").write_bytes(MINIMAL.read_bytes())
    return tmp_path / "corpus"


def test_link_that_leaves_the_corpus_is_refused(tmp_path: Path) -> None:
    root = corpus_with(tmp_path)
    (tmp_path / "secret.yaml").write_text("password: swordfish\n", encoding="utf-8")
    (root / "papers" / "secret.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / "sweeps" / "secret.csv").symlink_to(tmp_path / "secret.yaml")
    corpus, problems = read_corpus(root)
    assert [paper.id for paper in corpus.papers] == ["minimal"]
    assert [(one.file, one.rule) for one in problems] == [
        ("corpus/papers/secret.yaml", "symbolic-link"),
        ("corpus/sweeps/secret.csv", "symbolic-link"),
    ]


def test_shared_file_that_is_a_link_out_of_the_corpus_is_refused(tmp_path: Path) -> None:
    root = corpus_with(tmp_path)
    (root / "venues.yaml").rename(tmp_path / "venues.yaml")
    (root / "venues.yaml").symlink_to(tmp_path / "venues.yaml")
    assert [one.rule for one in read_corpus(root)[1]] == ["symbolic-link"]


def test_folder_that_is_a_link_out_of_the_corpus_is_refused(tmp_path: Path) -> None:
    root = corpus_with(tmp_path)
    (root / "papers").rename(tmp_path / "papers")
    (root / "papers").symlink_to(tmp_path / "papers")
    assert [one.rule for one in read_corpus(root)[1]] == ["symbolic-link"]


def test_corpus_may_be_a_link_itself(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(corpus_with(tmp_path))
    assert read_corpus(tmp_path / "link")[1] == []


@pytest.mark.parametrize(
    "name", ["minimal2.yml", "Minimal2.yaml", "m.yaml", "mini mal.yaml", "mini\nmal.yaml", "x\x1b[2J.yaml"]
)
def test_file_that_cannot_be_named_after_an_id_is_a_problem(name: str, tmp_path: Path) -> None:
    root = corpus_with(tmp_path)
    (root / "papers" / name).write_bytes(MINIMAL.read_bytes())
    (problem,) = read_corpus(root)[1]
    assert problem.rule == "file-name"
    assert str(problem).isprintable()


def test_hidden_files_of_editors_are_ignored(tmp_path: Path) -> None:
    root = corpus_with(tmp_path)
    (root / "papers" / ".#minimal.yaml").symlink_to("somebody@somewhere.123")
    assert read_corpus(root)[1] == []


def test_foreign_text_in_messages_stays_on_one_line() -> None:
    assert quoted("a\n\x1b[2J\u202e") == r"'a\n\x1b[2J\u202e'"


def test_foreign_text_in_messages_is_cut() -> None:
    assert len(printable("x" * 1000)) == MAX_SHOWN


def test_nearest_name_ignores_case() -> None:
    assert nearest("vgg16", ["AlexNet", "VGG-16"]) == "; did you mean 'VGG-16'?"


def test_no_name_is_near() -> None:
    assert nearest("transformer", ["AlexNet", "VGG-16"]) == ""


SWEEPS = {
    "good": ("top1,params_kept,setting:seed\n75.0,0.50,1\n", []),
    "percent": (
        "top1,params_kept\n175,0.5\n",
        ["2: range: 'top1': expected at most 100 (top-1 accuracy of the pruned model on the evaluation set"],
    ),
    "notation": ("top1\n7.5e1\n", ["2: number: 'top1': expected a plain decimal number"]),
    "fraction": ("top1\n0.76\n", ["2: fraction-as-percent: 'top1': expected percent, found 0.76"]),
    "unknown column": ("top1,param_kept\n75,0.5\n", ["1: unknown-column: column 'param_kept' is no quantity"]),
    "column twice": ("top1,top1\n75,75\n", ["1: duplicate-column: column 'top1' stands twice"]),
    "cell too many": ("top1\n75\n75,1\n", ["3: columns: found 2 cells; the header has 1"]),
    "no numbers": ("top1,setting:seed\n,1\n", ["2: empty-point: a point needs at least one number"]),
    "metric without a name": ("top1,metric:\n75,3\n", ["1: unknown-column: column 'metric:' is no quantity"]),
    "one run": ("metric:bleu:runs\n26.8\n", ["2: length: 'runs': expected at least 2"]),
    "open quote": ('top1\n"75\n', ["2: not-csv: unexpected end of data"]),
    "empty": ("", ["1: empty-file: the file is empty"]),
    "hidden character": ("top1\n75\x1b\n", ["2: forbidden-character: character U+001B"]),
}


@pytest.mark.parametrize(("text", "pinned"), SWEEPS.values(), ids=SWEEPS)
def test_sweep_gets_the_messages_it_deserves(text: str, pinned: list[str], tmp_path: Path) -> None:
    (tmp_path / "sweep.csv").write_text(text, encoding="utf-8")
    points, problems = read_sweep(tmp_path / "sweep.csv", "f")
    found = [f"{one.line}: {one.rule}: {one.message}" for one in problems]
    assert [one[: len(pin)] for one, pin in zip(found, pinned, strict=True)] == pinned
    assert bool(points) == (not pinned)


def test_sweep_keeps_digits_and_settings(tmp_path: Path) -> None:
    (tmp_path / "sweep.csv").write_text(SWEEPS["good"][0], encoding="utf-8")
    ((point, *_), _) = read_sweep(tmp_path / "sweep.csv", "f")
    assert (str(point.point.top1), str(point.point.params_kept), point.settings, point.line) == (
        "75.0",
        "0.50",
        {"seed": "1"},
        2,
    )


def test_points_of_a_sweep_are_made_as_they_are_asked_for() -> None:
    sweep, _ = read_sweep_bytes(b"setting:seed,top1\n1,75.0\n1,76.0\n2,77.0\n", "f")
    made = list(sweep)
    assert [str(one.point.top1) for one in made] == ["75.0", "76.0", "77.0"]
    assert (sweep[-1], sweep[1:], len(sweep)) == (made[2], tuple(made[1:]), 3)


MIDST = {
    "fraction": ("top1,top5\n75,95\n74,94\n0.73,93\n72,0.92\n", ["4: fraction-as-percent", "5: fraction-as-percent"]),
    "fraction beside chance": ("top1,collapsed\n0.5,true\n75,\n0.7,\n0.1,true\n", ["4: fraction-as-percent"]),
    "nothing measured": ("top1,params_kept,note\n75,0.5,a\n,0.4,b\n,,c\n74,,d\n", ["4: empty-point"]),
    "pattern": ("top1,n_of_m\n75,2:4\n74,1:4\n73,4:2\n72,2:4\n", ["4: n-of-m"]),
    "metric without value": ("top1,metric:bleu,metric:bleu:std\n75,27,0.1\n74,,0.1\n", ["3: measurement"]),
    "metric twice": ("metric:bleu,metric:bleu:runs\n27,\n,26 27\n27,26 27\n", ["4: measurement"]),
    "rare cell": ("top1,seeds\n75,3\n75,3\n75,0\n75,3\n", ["4: range"]),
}


@pytest.mark.parametrize(("text", "expected"), MIDST.values(), ids=MIDST)
def test_a_fault_in_the_midst_of_a_sweep_is_told(text: str, expected: list[str]) -> None:
    _, problems = read_sweep_bytes(text.encode(), "f")
    assert [f"{one.line}: {one.rule}" for one in problems] == expected


@pytest.mark.parametrize("file", sorted((shipped() / "sweeps").glob("*.csv"))[::10], ids=lambda file: file.stem)
def test_points_of_a_sweep_are_what_each_line_says(file: Path) -> None:
    sweep, _ = read_sweep(file, "f")
    lines = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert len(sweep) == len(lines)
    for one, line in zip(sweep, lines, strict=True):
        stated = {name: cell for name, cell in line.items() if cell and ":" not in name}
        assert one.point == Point.model_validate(one.point.model_dump(exclude_unset=True))
        assert {*stated} | ({"metrics"} if one.point.metrics else set()) == one.point.model_fields_set
        assert all(_printed(getattr(one.point, name)) == cell for name, cell in stated.items())
        assert one.settings == {name[8:]: cell for name, cell in line.items() if cell and name.startswith("setting:")}


def _printed(value: object) -> str:
    """A value as a cell holds it."""
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "true" if value is True else f"{value:f}" if isinstance(value, Decimal) else str(value)


def test_a_sweep_knows_the_names_that_it_uses() -> None:
    sweep, _ = read_sweep_bytes(b"metric:bleu,metric:f1,top1\n27.1,,75.0\n27.2,,75.1\n", "f")
    assert sweep.names == tuple(names_in_sweep(list(sweep))) == (("metric", "bleu"),)


def test_sweep_holds_other_metrics(tmp_path: Path) -> None:
    (tmp_path / "sweep.csv").write_text(
        "metric:bleu:runs,metric:f1,metric:f1:std\n26.80 27.1,80.0,0.5\n", encoding="utf-8"
    )
    ((point,), _) = read_sweep(tmp_path / "sweep.csv", "f")
    bleu, f1 = point.point.metrics or ()
    assert (bleu.metric, list(map(str, bleu.runs or ()))) == ("bleu", ["26.80", "27.1"])
    assert (f1.metric, str(f1.value), str(f1.std)) == ("f1", "80.0", "0.5")
