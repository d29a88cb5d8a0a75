"""Are slips of every kind told by check or audit, in a few records that are new?"""

from __future__ import annotations

from copy import deepcopy
from random import Random

import pytest
from acceptance import Judge, as_new
from mutations import KINDS, Chance, Kind, Record

from prunelit.schema.corpus import Corpus
from prunelit.schema.reading import parse
from prunelit.schema.record import Paper

PAPERS = ("fang2023depgraph", "hou2022chex", "wang2021neural", "renda2020comparing", "han2015learning")
"""Records that have, together, what each kind needs."""
DRAWS = 2
"""Slips of each kind, in the first records that have what it needs; ``make mutations`` makes sixty, and says which
share of them is told."""
NARROW = 10
"""Percent up to which a share that may pass leaves none in so few draws; of other kinds, one may pass."""


@pytest.fixture(scope="module")
def judge(whole: Corpus) -> Judge:
    return Judge(whole)


def drawn(kind: Kind, judge: Judge) -> dict[str, Record]:
    """The first records that have what a kind needs, each with its slip."""
    found = {}
    for paper in PAPERS:
        record = deepcopy(judge.record(paper))
        what = kind.mutate(record, Chance(Random(kind.name + paper), judge.corpus))
        assert (record != judge.record(paper)) is (what is not None)
        if what is not None and len(found) < DRAWS:
            found[paper] = record
    return found


@pytest.fixture(scope="module")
def passed(judge: Judge) -> dict[str, list[bool]]:
    """Whether nothing tells the slips, by kind; all are judged together, which takes a fraction of the time."""
    slips = [(kind.name, paper, record) for kind in KINDS for paper, record in drawn(kind, judge).items()]
    before = judge.told_before(PAPERS)
    found: dict[str, list[bool]] = {}
    for (kind, paper, _), told in zip(slips, judge.told([record for *_, record in slips]), strict=True):
        found.setdefault(kind, []).append(not told - before[paper])
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_slips_are_told(kind: Kind, passed: dict[str, list[bool]]) -> None:
    assert sum(passed[kind.name]) <= (0 if kind.most <= NARROW else DRAWS - 1), passed[kind.name]


def test_records_tell_the_same_together_and_alone(judge: Judge) -> None:
    records = [judge.record(paper) for paper in PAPERS[:2]]
    assert judge.told(records) == [found for one in records for found in judge.told([one])]


def test_a_record_is_made_new(whole: Corpus) -> None:
    document = next(one for one in whole.documents if one.value.id == "han2015learning")
    new = Paper.model_validate(as_new(parse(document.text, document.file)[0], whole))
    assert new.survey_id is None
    assert "blalock2020" not in new.collections
    assert all(one.survey_row is None for one in new.experiments or ())


def test_collections_stand_once_in_a_new_record(whole: Corpus) -> None:
    record = {"collections": ["blalock2020", "contributed"], "experiments": []}
    assert as_new(record, whole)["collections"] == ["contributed"]
