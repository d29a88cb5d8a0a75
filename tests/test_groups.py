"""Groups of methods in the corpus, and the structure of a method as the record of its proposer has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pandas as pd
import pytest

from prunelit import methods, results
from prunelit.analysis.frames.groups import belongs
from prunelit.analysis.frames.methods import classes_of, proposers, structures
from prunelit.schema.corpus import Corpus
from prunelit.schema.method import Method
from prunelit.schema.rules import check_corpus
from prunelit.schema.validation import Document
from prunelit.schema.vocabulary import GroupMember, GroupName

ROWS = pd.DataFrame(
    {"paper_id": ["one2015paper", "one2015paper", "one2015paper", "two2016paper"], "method": ["A", "B", None, "A"]},
    dtype="string",
)


def member(**parts: object) -> GroupMember:
    usual = {"paper": "one2015paper", "reason": "So it is.", "source": "their code"}
    return GroupMember.model_validate(usual | parts)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([], [False, False, False, False]),
        ([member()], [True, True, True, False]),
        ([member(methods=["A"])], [True, False, False, False]),
        ([member(methods=["A"]), member(paper="two2016paper")], [True, False, False, True]),
    ],
)
def test_rows_of_members(members: list[GroupMember], expected: list[bool]) -> None:
    assert belongs(ROWS, members).tolist() == expected


def test_the_corpus_has_every_group_once(whole: Corpus) -> None:
    assert sorted(one.name for one in whole.groups) == sorted(get_args(GroupName))


def test_a_corpus_without_a_group_has_no_members_of_it(whole: Corpus) -> None:
    assert replace(whole, groups=()).members("magnitude-pruning") == ()


def test_members_of_another_collection_do_not_count(whole: Corpus) -> None:
    survey, living = (whole.only(name).members("unstructured-magnitude") for name in ("blalock2020", "living"))
    assert {one.paper for one in living} == {"renda2020comparing"}
    assert {one.paper for one in survey} == {
        "gale2019state", "frankle2019lottery", "liu2018rethinking", "han2015learning", "han2015deep",
    }  # fmt: skip


def test_members_of_no_collection_count_in_all(whole: Corpus) -> None:
    names = ["blalock2020", "living", "scratch"]
    assert {one.paper for name in names for one in whole.only(name).members("magnitude-pruning")} == {"han2015learning"}


def test_every_named_method_of_a_group_has_results(whole: Corpus) -> None:
    used = set(results(whole)[["paper_id", "method"]].itertuples(index=False, name=None))
    named = [(one.paper, name) for group in whole.groups for one in group.members for name in one.methods or ()]
    assert named
    assert [pair for pair in named if pair not in used] == []


def test_what_renda_2020_lists_is_marked_as_magnitude_pruning(whole: Corpus) -> None:
    rows = results(whole, collection="living").query("paper_id == 'renda2020comparing'")
    listed = rows[belongs(rows, whole.only("living").members("unstructured-magnitude"))]
    assert listed["simple_method"].unique().tolist() == ["magnitude"]
    assert listed["locator"].str.contains("prune_method Unstructured").all()


@pytest.mark.parametrize(
    ("change", "rule", "message"),
    [
        (
            {"paper": "gale2019stat"},
            "known-papers",
            "paper 'gale2019stat' has no record; did you mean 'gale2019state'?",
        ),
        (
            {"collection": "blalock202"},
            "known-names",
            "collection 'blalock202' is not known; did you mean 'blalock2020-notes'?",
        ),
    ],
)
def test_a_misspelt_member_is_told_with_its_place(
    whole: Corpus, change: dict[str, str], rule: str, message: str
) -> None:
    document = whole.shared["groups.yaml"]
    first = whole.groups[0]
    members = (first.members[0].model_copy(update=change), *first.members[1:])
    groups = (first.model_copy(update={"members": members}), *whole.groups[1:])
    broken = Document(document.file, document.text, document.value.model_copy(update={"groups": groups}))
    problems = check_corpus(replace(whole, shared=whole.shared | {"groups.yaml": broken}))
    assert [(one.rule, one.message) for one in problems] == [(rule, message)]
    assert f"{next(iter(change))}: " in document.text.splitlines()[problems[0].line - 1]


PROPOSER = """
id: one2015paper
methods:
  - {name: A, structure: {value: unstructured, source: the paper}}
  - {name: B, structure: {value: structured, source: the paper}}
  - {name: C}
"""
UNNAMED = """
id: two2016paper
methods: [{structure: {value: unstructured, source: a list}}, {name: N}]
"""


@pytest.mark.parametrize(
    ("paper", "method", "expected"),
    [
        ("one2015paper", "A", "unstructured"),
        ("one2015paper", "B", "structured"),
        ("one2015paper", "C", None),
        ("one2015paper", "A (filters)", None),
        ("one2015paper", None, None),
        ("two2016paper", None, "unstructured"),
        ("two2016paper", "as others call it", "unstructured"),
        ("two2016paper", "N", None),
        (None, "A", None),
    ],
)
def test_structure_of_a_method(
    paper: str | None, method: str | None, expected: str | None, made: Callable[..., Corpus]
) -> None:
    known = methods(made(PROPOSER, UNNAMED))
    found = structures(pd.Series([paper], dtype="string"), pd.Series([method], dtype="string"), known)
    assert found.tolist() == [expected] if expected else found.isna().all()


def test_classes_are_also_found_under_the_reporter_and_the_canonical_name() -> None:
    known = pd.DataFrame(
        {
            "paper_id": ["proposer", "toolkit"],
            "method": ["Slim", "AGP (filters)"],
            "canonical_method": ["Slimming", "AGP (filters)"],
            **{axis: pd.Series([None, None], dtype="string") for axis in Method.AXES},
        }
    ).assign(structure=["structured", "unstructured"])
    asked = pd.DataFrame(
        {
            "proposer": ["proposer", "other", "other"],
            "method": ["SlimPruner", "AGP (filters)", None],
            "canonical": ["Slimming", "AGP (filters)", "Slimming"],
        },
        dtype="string",
    )
    reporter = pd.Series(["toolkit"] * 3, dtype="string")
    found = classes_of(asked["proposer"], asked["method"], known, reporter, asked["canonical"])["structure"]
    assert found.fillna("unknown").tolist() == ["structured", "unstructured", "unknown"]


def test_own_methods_are_proposed_by_their_paper() -> None:
    rows = pd.DataFrame(
        {"paper_id": ["a", "a", "a"], "origin": ["own", "rerun", "copied"], "proposed_by": [None, "b", None]},
        dtype="string",
    )
    assert proposers(rows).fillna("unknown").tolist() == ["a", "b", "unknown"]
