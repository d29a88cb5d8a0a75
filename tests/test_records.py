"""Is each bad record refused with one clear message, and each good one accepted, whichever parser reads it?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from prunelit.schema.corpus import Corpus, read_corpus, shipped
from prunelit.schema.fields import within
from prunelit.schema.problems import MAX_PROBLEMS, Problem
from prunelit.schema.reading import DefaultParser, PureParser, parse
from prunelit.schema.record import Paper, Point
from prunelit.schema.rules import check_corpus
from prunelit.schema.sweeps import SweepPoint
from prunelit.schema.validation import read_bytes

RECORDS = Path(__file__).parent / "records"
INVALID = sorted((RECORDS / "invalid").glob("*.yaml"))
VALID = sorted((RECORDS / "valid").glob("*.yaml"))
PARSERS = [pytest.param(DefaultParser, id="libyaml"), pytest.param(PureParser, id="pure")]
JARGON = re.compile(r"Input should|pydantic|tuple|dictionary|NoneType|Decimal\(|\{\w+\}|function-")
FILE = "corpus/papers/doe2026pruning.yaml"


def expected(data: bytes) -> list[str]:
    """The messages that the comments at the top of a bad record pin; without a message, only line and rule."""
    return [line.decode() for line in re.findall(rb"^(?:\xef\xbb\xbf)?# expect: (.*)$", data, re.MULTILINE)]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(shipped())[0]


def problems_of(data: bytes, corpus: Corpus, parser: Any, file: str = FILE) -> list[Problem]:
    """The problems of one record that is added to a corpus."""
    document, problems = read_bytes(data, Paper, file, parser)
    if document is None:
        return problems
    papers, documents = (*corpus.papers, document.value), (*corpus.documents, document)
    return check_corpus(replace(corpus, papers=papers, documents=documents), file.__eq__)


def told(problem: Problem, as_in: str) -> str:
    """A problem as a comment pins it: in full, or only line and rule."""
    if re.fullmatch(r"\d+: [a-z-]+", as_in):
        return f"{problem.line}: {problem.rule}"
    return f"{problem.line}:{problem.column}: {problem.rule}: {problem.message}"


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_bad_record_gets_the_message_it_pins(file: Path, parser: Any, corpus: Corpus) -> None:
    pinned = expected(file.read_bytes())
    found = problems_of(file.read_bytes(), corpus, parser)
    assert [told(one, pin) for one, pin in zip(found, pinned, strict=True)] == pinned


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_bad_record_has_one_fault(file: Path) -> None:
    assert len(expected(file.read_bytes())) == (3 if file.stem == "alias-bomb" else 1)


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_message_is_one_short_printable_line_without_jargon(file: Path, corpus: Corpus) -> None:
    for problem in problems_of(file.read_bytes(), corpus, DefaultParser):
        text = str(problem)
        assert text.isprintable()
        assert len(text) < 600
        assert not JARGON.search(problem.message)


def test_there_are_enough_bad_records() -> None:
    assert len(INVALID) >= 80


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_good_record_is_accepted(file: Path, parser: Any, corpus: Corpus) -> None:
    assert problems_of(file.read_bytes(), corpus, parser, f"corpus/papers/{file.name}") == []


def models_in(model: BaseModel) -> Iterator[BaseModel]:
    yield model
    for name in model.model_fields_set:
        value = getattr(model, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, BaseModel):
                yield from models_in(one)


def test_one_good_record_uses_every_model_with_each_of_its_fields_or_the_example_of_one() -> None:
    document, _ = read_bytes((RECORDS / "valid" / "everything.yaml").read_bytes(), Paper, "everything.yaml")
    assert document is not None
    used = list(models_in(document.value))
    assert {type(one) for one in used} == within(Paper)
    for model in within(Paper):
        first, *_ = alike = [one for one in used if type(one) is model]
        for name in set(model.model_fields).difference(*(one.model_fields_set for one in alike)):
            said = {key: getattr(first, key) for key in first.model_fields_set}
            for example in model.model_fields[name].examples or [None]:
                model.model_validate(said | parse(json.dumps({name: example}), "")[0])


GENERATED = {
    "empty": (b"", "1:1: empty-file: the file is empty; expected a mapping"),
    "blank": (b" \n\n", "1:1: empty-file: the file is empty; expected a mapping"),
    "flow-10000-deep": (b"[" * 10_000, "1:16: too-deep: nested more than 15 levels deep"),
    "mapping-10000-deep": (b"{a: " * 10_000, "1:61: too-deep: nested more than 15 levels deep"),
    "list-10000-deep": (b"- " * 10_000, "1:31: too-deep: nested more than 15 levels deep"),
    "nul": (b"title: a\0b\n", "1:9: forbidden-character: character U+0000 is invisible or reorders text; remove it"),
}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(("data", "pinned"), GENERATED.values(), ids=GENERATED)
def test_hostile_file_gets_the_message_it_pins(data: bytes, pinned: str, parser: Any) -> None:
    document, (problem,) = read_bytes(data, Paper, FILE, parser)
    assert document is None
    assert told(problem, pinned) == pinned


WIDE = {
    "unknown keys": "".join(f"key{n}: 1\n" for n in range(15_000)),
    "unknown keys in points": "experiments:\n" + "- {a: 1, b: 2, c: 3}\n" * 9_000,
    "equal keys": "a: 1\n" * 40_000,
    "keys without value": "".join(f"k{n}:\n" for n in range(20_000)),
    "bad ids": "compares_to:\n" + "- A\n" * 50_000,
    "one long key": "k" * 190_000 + ": 1\n",
    "one long text": "id: " + "x" * 190_000 + "\n",
    "long number": "schema_version: " + "9" * 190_000 + "\n",
}


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
def test_file_full_of_mistakes_gets_a_bounded_answer(text: str) -> None:
    document, problems = read_bytes(text.encode(), Paper, FILE)
    assert document is None
    assert 0 < len(problems) <= MAX_PROBLEMS + 1
    assert max(len(str(one)) for one in problems) < 1000


def test_record_full_of_unknown_papers_gets_a_bounded_answer(corpus: Corpus) -> None:
    data = (RECORDS / "valid" / "minimal.yaml").read_bytes() + b"compares_to:\n"
    data += b"".join(f"- han20{n}learning\n".encode() for n in range(10_000))
    assert len(problems_of(data, corpus, DefaultParser, "corpus/papers/minimal.yaml")) == MAX_PROBLEMS + 1


def test_a_metric_in_a_file_of_points_is_known(corpus: Corpus) -> None:
    curve = b"curves: [{origin: own, sweep: true, points_file: runs.csv}]"
    data = (RECORDS / "valid" / "minimal.yaml").read_bytes().replace(b"id: minimal", b"id: doe2026pruning")
    data += b"experiments: [{collections: [blalock2020-notes], " + curve + b"}]\n"
    point = Point.model_validate({"metrics": [{"metric": "bleuu", "value": 27}]})
    sweeps = {"runs.csv": (SweepPoint(point, {}, 2),)}
    (problem,) = problems_of(data, replace(corpus, sweeps=sweeps), DefaultParser)
    assert problem.message == "metric 'bleuu' is not known; did you mean 'bleu'?"
