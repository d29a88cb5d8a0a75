"""Is at most so much of each kind of mutation accepted as the table allows, in a sample of the records?"""

from __future__ import annotations

from copy import deepcopy
from random import Random

import pytest
from acceptance import Judge, accepted, as_new
from mutations import KINDS, Chance, Kind

from prunelit.schema.corpus import Corpus
from prunelit.schema.reading import parse
from prunelit.schema.record import Paper

SAMPLE = 2
"""Mutations of each kind; ``make mutations`` makes sixty."""
EVERY = 5
"""Of so many records, one is mutated."""
SLACK = 1
"""Of the sample, mutations that may be accepted beyond the share, where any may: so few say little of a share."""


@pytest.fixture(scope="module")
def judge(whole: Corpus) -> Judge:
    judge = Judge(whole)
    judge.records = {name: judge.records[name] for name in sorted(judge.records)[::EVERY]}
    return judge


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_more_is_accepted_than_the_table_allows(kind: Kind, judge: Judge) -> None:
    trials = judge.trials(kind, SAMPLE)
    assert len(trials) == SAMPLE
    most = kind.most / 100 * SAMPLE + (SLACK if kind.most else 0)
    assert accepted(trials) / 100 * SAMPLE <= most, trials


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_mutation_changes_the_record_as_it_says(kind: Kind, judge: Judge) -> None:
    for name in sorted(judge.records)[::5]:
        record = judge.records[name]
        mutated = deepcopy(record)
        what = kind.mutate(mutated, Chance(Random(name), judge.corpus))
        assert (mutated != record) == (what is not None)


def test_a_record_is_made_new(whole: Corpus) -> None:
    document = next(one for one in whole.documents if one.value.id == "han2015learning")
    new = Paper.model_validate(as_new(parse(document.text, document.file)[0], whole))
    assert new.survey_id is None
    assert "blalock2020" not in new.collections
    assert all(one.survey_row is None for one in new.experiments or ())


def test_collections_stand_once_in_a_new_record(whole: Corpus) -> None:
    record = {"collections": ["blalock2020", "contributed"], "experiments": []}
    assert as_new(record, whole)["collections"] == ["contributed"]


def test_a_record_that_is_not_mutated_is_accepted(judge: Judge) -> None:
    one = sorted(judge.records)[0]
    assert judge.told(judge.records[one]) == judge.told_before(one)
