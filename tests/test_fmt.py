"""Does ``prunelit fmt`` change the layout of a record, and nothing else?"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from prunelit.cli.entry.bibliography import Bibliography
from prunelit.cli.entry.draft import draft
from prunelit.cli.entry.prompts import remove_answered
from prunelit.schema.canonical import MODELINE, canonical, canonical_text
from prunelit.schema.corpus import shipped
from prunelit.schema.reading import FORBIDDEN, UnreadableError, parse
from prunelit.schema.record import Paper
from prunelit.schema.tree import Node, tree_of

Run = Callable[..., Any]

FILES = sorted((shipped() / "papers").glob("*.yaml"))
TEXTS = [file.read_text(encoding="utf-8") for file in FILES if file.stat().st_size < 16_000]
"""Nine of ten records: what longer ones hold more of costs time and teaches nothing."""

MESSY = """\
# top
title: 'Pruning: a test'
id: doe2020pruning   # after its file
experiments:
- architecture: "ResNet-50"
  # the set
  dataset: ImageNet
  base_top1: 76.0

  curves:
  - points: [{top1: 75.10,   locator: {read: printed, table: 2}}]
    origin: own
  collections:
    - contributed
  # the end
schema_version: 2
note: This note is so long that it does not fit on one line of the record, and so it is folded into several lines.  # y
authors: [
  "Doe, Jane",  # the first
]
collections: [contributed]
published: {month: 2, year: 2020}
"""

NEAT = """\
# top
schema_version: 2
id: doe2020pruning  # after its file
title: "Pruning: a test"
# the first
authors:
  - Doe, Jane
published: {year: 2020, month: 2}
collections: [contributed]
note: >-  # y
  This note is so long that it does not fit on one line of the record, and so it is folded into several
  lines.
experiments:
  # the set
  - dataset: ImageNet
    architecture: ResNet-50
    collections: [contributed]
    base_top1: 76.0

    curves:
      - origin: own
        points:
          - top1: 75.10
            locator: {table: 2, read: printed}
    # the end
"""


def neat(text: str) -> str:
    return canonical(text, "record.yaml", Paper)


def exact(value: object) -> object:
    """A value for comparison: numbers with their digits, mappings without their order."""
    if isinstance(value, dict):
        return {key: exact(one) for key, one in value.items()}
    return [exact(one) for one in value] if isinstance(value, list) else repr(value)


def meaning(text: str) -> object:
    value, problems = parse(text, "record.yaml")
    assert not problems
    return exact(value)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_shipped_records_are_canonical(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert neat(text) == text


def test_the_canonical_form() -> None:
    assert neat(MESSY) == NEAT


def test_the_canonical_form_is_its_own() -> None:
    assert neat(NEAT) == NEAT


def test_line_ends_become_those_of_unix() -> None:
    assert neat(MESSY.replace("\n", "\r\n")) == NEAT


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("a: 'b'  # c", "a: b  # c"),
        ("a:  # c\n  b", "a: b  # c"),
        ("a:  # c\n  b  # d", "# c\na: b  # d"),
        ("a: >-  # c\n  b\n  d", "a: b d  # c"),
        ("a: |-\n  b # no comment", 'a: "b # no comment"'),
        ("a:\n- # c\n  b: 1", "a:\n  # c\n  - b: 1"),
        ("a:\n  - b: 1\n    # c\nd: 2", "a:\n  - b: 1\n    # c\nd: 2"),
        ("a:\n  - b: 1\n# c\nd: 2", "a:\n  - b: 1\n# c\nd: 2"),
        ("a: {b: 1}  # c", "a:  # c\n  b: 1"),
        ("a: [{b: 1}]  # c", "a:  # c\n  - b: 1"),
        ("a: 1\n\n\n\nb: 2\n\n", "a: 1\n\nb: 2"),
        ("---\na: 1\n...\n# c", "a: 1\n# c"),
        ("a: []\nb: {}", "a: []\nb: {}"),
        ("a: 'no'\nb: '1e3'\nc: '0x1f'\nd: ''", 'a: "no"\nb: "1e3"\nc: "0x1f"\nd: ""'),
        ("a: 'x\n\n  y'", 'a: "x\\ny"'),
    ],
)
def test_small_pieces(written: str, becomes: str) -> None:
    assert neat(written + "\n") == becomes + "\n"


def test_keys_that_the_schema_does_not_know_come_last() -> None:
    assert neat("titel: x\nid: y\n") == "id: y\ntitel: x\n"


lines = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["own", "end", "blank"]), st.integers(0, 12)), max_size=12
)


def with_comments(text: str, where: list[tuple[int, str, int]]) -> str:
    """The text with comments and blank lines at places where its values may or may not allow for them."""
    found = text.split("\n")
    for number, (place, kind, column) in enumerate(where):
        at = place % len(found)
        if kind == "end":
            found[at] += f"  # remark {number}"
        else:
            found.insert(at, "" if kind == "blank" else f"{' ' * column}# remark {number}")
    return "\n".join(found)


def shuffled(value: Any, chance: Any) -> Any:
    if isinstance(value, dict):
        return {key: shuffled(value[key], chance) for key in chance.sample(list(value), len(value))}
    return [shuffled(one, chance) for one in value] if isinstance(value, list) else value


class Dumper(yaml.SafeDumper):
    """Another writer of YAML, which has its own idea of layout."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_data(self, data: Any) -> Any:
        if type(data).__name__ == "Decimal":
            return self.represent_scalar("tag:yaml.org,2002:float", str(data))
        return super().represent_data(data)


@given(st.sampled_from(TEXTS), lines, st.randoms(use_true_random=False), st.sampled_from([None, True, False]))
def test_shuffled_and_remarked_records(
    text: str, where: list[tuple[int, str, int]], chance: Any, flow: bool | None
) -> None:
    value = shuffled(parse(text, "record.yaml")[0], chance)
    width = chance.choice([20, 80, 200])
    other = yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, default_flow_style=flow, width=width)
    damaged = with_comments(other, where)
    try:
        once = neat(damaged)
    except UnreadableError:  # a remark within text or between brackets may end them
        return
    assert meaning(once) == meaning(damaged)
    assert neat(once) == once


@given(st.sampled_from(TEXTS), lines)
def test_remarks_stay(text: str, where: list[tuple[int, str, int]]) -> None:
    damaged = with_comments(text, where)
    try:
        once = neat(damaged)
    except UnreadableError:
        return
    assert meaning(once) == meaning(damaged)
    if meaning(damaged) == meaning(text):  # none of the remarks became part of folded text
        assert Counter(word for word in once.split() if word == "remark") == Counter(
            word for word in damaged.split() if word == "remark"
        )


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300).filter(
        lambda text: not FORBIDDEN.search(text)
    )
)
def test_any_text_reads_back(text: str) -> None:
    written = canonical_text(
        Node({"title": tree_of(text), "experiments": tree_of([{"locator": {"row": text}}])}), Paper
    )
    for value in (parse(written, "record.yaml")[0], yaml.safe_load(written)):
        assert (value["title"], value["experiments"][0]["locator"]["row"]) == (text, text)


def test_files_are_rewritten(run: Run, papers: Path) -> None:
    file = papers / "doe2020pruning.yaml"
    file.write_text(MESSY)
    assert run("fmt", file) == (0, "corpus/papers/doe2020pruning.yaml\n", "1 records: 1 formatted")
    assert file.read_text() == NEAT


def test_the_corpus_here_is_the_default(run: Run, papers: Path) -> None:
    assert run("fmt", "--check") == (0, "", "2 records: 0 not formatted")


@pytest.mark.parametrize(("option", "told"), [("--check", ": not formatted"), ("--diff", "+schema_version: 2")])
def test_checking_writes_nothing(run: Run, papers: Path, option: str, told: str) -> None:
    file = papers / "doe2020pruning.yaml"
    file.write_text(MESSY)
    status, out, _ = run("fmt", option)
    assert (status, told in out, file.read_text()) == (1, True, MESSY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "2:1: not-yaml"),
        ("a: 1\na: 2", "2:1: duplicate-key"),
        ("- a", "1:1: not-a-mapping"),
        ("a:", "1:1: no-value"),
    ],
)
def test_bad_files_are_told_and_kept(run: Run, papers: Path, text: str, told: str) -> None:
    bad, messy = papers / "bad.yaml", papers / "doe2020pruning.yaml"
    bad.write_text(text)
    messy.write_text(MESSY)
    status, out, err = run("fmt", papers)
    assert (status, out) == (1, "corpus/papers/doe2020pruning.yaml\n")
    assert f"corpus/papers/bad.yaml:{told}" in err
    assert bad.read_text() == text


def test_a_symbolic_link_stays_one(run: Run, papers: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(MESSY)
    (papers / "link.yaml").symlink_to(tmp_path / "elsewhere")
    status, _, err = run("fmt", papers)
    assert (status, "symbolic-link" in err, (papers / "link.yaml").is_symlink()) == (1, True, True)


def test_a_full_disk_leaves_the_old_file(run: Run, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = papers / "doe2020pruning.yaml"
    file.write_text(MESSY)

    def full(self: Path, data: bytes) -> int:
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        status, _, err = run("fmt", papers)
    assert (status, "No space left" in err, file.read_text()) == (2, True, MESSY)
    assert sorted(one.name for one in papers.iterdir()) == [
        "doe2020pruning.yaml",
        "han2015learning.yaml",
        "li2016pruning.yaml",
    ]


@pytest.mark.parametrize("path", ["nowhere.yaml", "corpus/datasets.yaml", "corpus/papers/notes.txt"])
def test_what_is_no_record_is_bad_usage(run: Run, papers: Path, path: str) -> None:
    (papers / "notes.txt").touch()
    assert run("fmt", path).status == 2


FOUND = Bibliography(
    source="BibTeX", title="T", authors=("Doe, Jane",), year=2020, container="Proceedings of a long name " * 5,
    citation={"type": "article", "year": 2020}, remarks=(("venue", "a remark " * 20),), later="NeurIPS",
)  # fmt: skip
NEW = draft(FOUND, "doe2020t", None)
ANSWERS = """\
venue: ICLR
compares_to: [han2015learning]
contributors: [Ada Lovelace]
methods: [{name: M}]
experiments: [{dataset: MNIST, architecture: LeNet-5, collections: [contributed]}]
"""


def answered(text: str) -> str:
    return canonical(text, "record.yaml", Paper, remove_answered)


def test_a_new_record_keeps_every_comment_until_it_is_answered() -> None:
    assert answered(NEW) == NEW


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("venue: ICLR", ["# The venue, by its name", "# venue: ICLR"]),
        ("compares_to: [a1b]", ["# Papers whose pruning results", "# compares_to:", "#   - han2015learning"]),
        ("contributors: [Ada Lovelace]", ["# Who entered or checked", "# contributors:", "#   - Ada Lovelace"]),
        ("methods: [{name: M}]", ["# Methods that the paper proposes", "# methods:", "#   - name: Our Method"]),
        ("experiments: [{collections: [c]}]", ["# When the paper appeared at", "# New results count", "#   - dataset"]),
    ],
)
def test_a_comment_goes_when_its_key_is_there(answer: str, gone: list[str]) -> None:
    left = answered(f"{NEW}\n{answer}\n")
    assert [one for one in gone if one in left or one not in NEW] == []
    assert left.splitlines()[:3] == NEW.splitlines()[:3]


def test_where_an_example_is_filled_in_its_question_goes() -> None:
    text = NEW.replace("# compares_to:\n#   - han2015learning", "compares_to:\n  - han2015learning\n# all of Table 1")
    left = answered(text)
    assert "# Papers whose" not in left
    assert "# all of Table 1" in left


def test_what_is_doubtful_stays_and_so_does_the_head() -> None:
    left = answered(f"{NEW}\n{ANSWERS}")
    words = " ".join(left.replace("#   ", "").split())
    assert f"# Look here: {('a remark ' * 20).strip()}" in words
    assert left.splitlines()[1:3] == NEW.splitlines()[1:3]
    assert "# BibTeX says that it appeared later: NeurIPS" in left


def test_nothing_of_the_template_is_left_in_the_end() -> None:
    text = draft(replace(FOUND, remarks=(), later=None), "doe2020t", "ICLR")
    left = answered(f"{text}\n{ANSWERS.removeprefix('venue: ICLR')}# my own")
    assert [line for line in left.splitlines() if line.startswith("#")] == [MODELINE, "# my own"]


def test_a_comment_of_other_words_stays_beside_the_template() -> None:
    text = NEW.replace("# compares_to:\n", "# mine\n# compares_to:\n") + "\ncompares_to: [a1b]\n"
    assert ("# mine" in answered(text), "# Papers whose" in answered(text)) == (True, False)


def test_text_that_reads_like_a_prompt_stays() -> None:
    text = "id: a\ncontributors: [Ada]\nnote: |-\n  # Who entered or checked the record:\n  # contributors:\n"
    assert "# Who entered or checked the record:" in answered(text)


def test_fmt_removes_what_is_answered(run: Run, papers: Path) -> None:
    file = papers / "doe2020t.yaml"
    file.write_text(f"{NEW}\n{ANSWERS}")
    assert run("fmt", file).status == 0
    assert file.read_text() == answered(f"{NEW}\n{ANSWERS}") != canonical(f"{NEW}\n{ANSWERS}", "x", Paper)
