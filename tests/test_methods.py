"""Does the table of methods say what the records say of them, and from whom?"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pandas as pd
import pytest

from prunelit import dataset, methods
from prunelit.analysis.pages.profile import profile
from prunelit.schema.corpus import Corpus
from prunelit.schema.method import Method
from prunelit.schema.model import descriptions

DESIGNED = """\
methods:
  - name: A
    structure: {value: structured, source: "one list, another list"}
    scoring_scope: {value: global, source: "section 2"}
  - name: B
"""
UNNAMED = """\
methods:
  - scheduling: {value: one_shot, source: "section 3"}
"""


@pytest.fixture
def corpus(made: Callable[..., Corpus]) -> Corpus:
    return made(
        f"id: doe2026a\n{DESIGNED}",
        f"id: doe2026b\ncollections: [scratch]\n{UNNAMED}",
        "id: doe2026c",
    )


def cells(table: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    picked = table[list(columns)].astype(object)
    return list(picked.where(picked.notna(), None).itertuples(index=False, name=None))


def test_each_method_of_a_record_is_a_row(corpus: Corpus) -> None:
    assert cells(methods(corpus), "paper_id", "method") == [("doe2026a", "A"), ("doe2026a", "B"), ("doe2026b", None)]


def test_a_class_stands_in_the_column_of_its_axis(corpus: Corpus) -> None:
    assert cells(methods(corpus), *Method.AXES) == [
        ("structured", None, "global", None, None, None),
        (None,) * 6,
        (None, None, None, "one_shot", None, None),
    ]


def test_each_class_names_its_source(corpus: Corpus) -> None:
    assert cells(methods(corpus), "sources") == [
        ("structure: one list, another list; scoring_scope: section 2",),
        (None,),
        ("scheduling: section 3",),
    ]


def test_a_collection_leaves_out_the_papers_of_others(corpus: Corpus) -> None:
    assert set(methods(corpus, collection="scratch")["paper_id"]) == {"doe2026b"}


def test_a_page_tells_the_classes_of_a_method_without_a_name(corpus: Corpus) -> None:
    section = next(one for one in profile(corpus.by_id["doe2026b"], dataset(corpus)) if one.title == "Methods")
    assert [(fact.label, fact.value) for fact in section.facts] == [
        ("Without a name", "scheduling: one shot (section 3)")
    ]


def values(axis: str) -> set[str]:
    """The vocabulary of an axis."""
    model = get_args(Method.model_fields[axis].annotation)[0]
    return set(get_args(model.model_fields["value"].annotation))


@pytest.mark.parametrize("axis", Method.AXES)
def test_every_class_is_described_where_it_is_defined(axis: str) -> None:
    model = get_args(Method.model_fields[axis].annotation)[0]
    described = descriptions(model)["value"]
    assert [value for value in sorted(values(axis)) if value not in described] == []


SURVEY = "Blalock et al. 2020, section 2.3"
STATED_BY_THE_SURVEY = {
    ("han2015learning", "scheduling", "iterative"),
    ("han2015learning", "scoring_scope", "local"),
    ("he2017channel", "structure", "structured"),
    ("frankle2018lottery", "scoring_scope", "global"),
    ("frankle2019lottery", "fine_tuning", "rewinding"),
    ("gale2019state", "scheduling", "gradual"),
    ("lee2018snip", "scoring_scope", "global"),
    ("li2016pruning", "structure", "structured"),
    ("liu2018rethinking", "fine_tuning", "reinitialization"),
    ("liu2018rethinking", "scheduling", "one_shot"),
}
"""Everything that the survey's section says of a paper by name."""


def test_records_hold_what_the_survey_says_of_methods_and_nothing_else_in_its_name(whole: Corpus) -> None:
    classes = [
        (paper.id, axis, getattr(method, axis))
        for paper in whole.papers
        for method in paper.methods or ()
        for axis in Method.AXES
    ]
    assert {(paper, axis, one.value) for paper, axis, one in classes if one and SURVEY in one.source} == (
        STATED_BY_THE_SURVEY
    )
