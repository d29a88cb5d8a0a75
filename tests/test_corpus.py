"""Does the shipped corpus hold what the survey published, each fact once and clean?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from prunelit.schema.corpus import Corpus, read_corpus, shipped
from prunelit.schema.locator import Locator
from prunelit.schema.record import Point
from prunelit.schema.rules import check_corpus
from prunelit.schema.walk import curves, experiments, points, survey_rows

SURVEY = "blalock2020"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(shipped())[0]


@pytest.fixture(scope="module")
def survey(corpus: Corpus) -> Corpus:
    return corpus.only(SURVEY)


def rows_with_numbers(corpus: Corpus) -> Iterator[tuple[Point, Locator | None]]:
    """The survey's rows that have numbers, each with the locator that holds for it."""
    for paper in corpus.papers:
        of_curve = dict(curves(paper))
        for path, point in points(paper):
            if point.survey_row is not None:
                yield point, point.locator or of_curve[path[:-2]].locator


def test_corpus_is_in_order() -> None:
    corpus, problems = read_corpus(shipped())
    assert problems + check_corpus(corpus) == []


def test_survey_has_81_papers(survey: Corpus) -> None:
    assert len(survey.papers) == 81


def test_survey_has_173_comparisons(survey: Corpus) -> None:
    assert sum(other in survey.by_id for paper in survey.papers for other in paper.compares_to or ()) == 173


def test_survey_has_551_rows_each_once(survey: Corpus) -> None:
    rows = Counter(row for paper in survey.papers for _, row in survey_rows(paper))
    assert (len(rows), set(rows.values())) == (551, {1})


def test_survey_has_at_least_276_rows_with_numbers(survey: Corpus) -> None:
    assert len(list(rows_with_numbers(survey))) >= 276


def test_most_rows_with_numbers_say_where_they_stand(survey: Corpus) -> None:
    assert sum(locator is not None for _, locator in rows_with_numbers(survey)) >= 150


def test_survey_ids_are_complete(survey: Corpus) -> None:
    assert [paper.id for paper in survey.papers if not paper.survey_id] == []


def test_papers_are_in_the_order_of_their_ids(corpus: Corpus) -> None:
    assert list(corpus.by_id) == sorted(corpus.by_id)


def test_titles_and_names_hold_no_markup(corpus: Corpus) -> None:
    texts = [text for paper in corpus.papers for text in (paper.title, *(paper.authors or ()))]
    assert [text for text in texts if re.search(r"[{}\\$~]|--|``|''", text)] == []


def test_authors_are_family_then_given(corpus: Corpus) -> None:
    names = [name for paper in corpus.papers for name in paper.authors or ()]
    assert [name for name in names if not re.fullmatch(r"[^,]+(, [^,]+)?", name)] == []


def test_every_paper_of_the_survey_has_a_venue(survey: Corpus) -> None:
    known = {venue.name for venue in survey.venues}
    assert [paper.id for paper in survey.papers if paper.venue not in known] == []


def test_every_name_of_a_vocabulary_has_one_spelling(corpus: Corpus) -> None:
    for entries in (corpus.datasets, corpus.architectures, corpus.venues):
        names = Counter(name for one in entries for name in {it.casefold() for it in (one.name, *(one.aliases or ()))})
        assert set(names.values()) == {1}


def test_sweeps_hold_points_and_are_marked(corpus: Corpus) -> None:
    files = [curve.points_file for paper in corpus.papers for _, curve in curves(paper) if curve.sweep]
    assert set(filter(None, files)) == set(corpus.sweeps)
    assert all(corpus.sweeps.values())


def test_sweeps_hold_no_rows_of_the_survey(corpus: Corpus) -> None:
    in_sweeps = (
        point for paper in corpus.papers for _, curve in curves(paper) if curve.sweep for point in curve.points or ()
    )
    assert [point for point in in_sweeps if point.survey_row is not None] == []


def test_experiment_counts_in_its_own_collections_only(corpus: Corpus) -> None:
    paper = next(paper for paper in corpus.papers if paper.experiments)
    elsewhere = paper.experiments[0].model_copy(update={"collections": ("blalock2020-notes",)})  # type: ignore[index]
    grown = paper.model_copy(update={"experiments": (*(paper.experiments or ()), elsewhere)})
    papers = tuple(grown if one is paper else one for one in corpus.papers)
    assert replace(corpus, papers=papers).only(SURVEY).papers == corpus.only(SURVEY).papers


def test_unknown_collection_is_an_error(corpus: Corpus) -> None:
    with pytest.raises(LookupError, match="blalock1920"):
        corpus.only("blalock1920")


def test_closed_collection_must_not_shrink(corpus: Corpus) -> None:
    first = next(paper.id for paper in corpus.papers if SURVEY in paper.collections)
    papers = tuple(paper for paper in corpus.papers if paper.id != first)
    fewer = replace(corpus, papers=papers, documents=tuple(one for one in corpus.documents if one.value in papers))
    problem = next(one for one in check_corpus(fewer) if one.rule == "closed-collection")
    assert f"'blalock2020' is closed and holds the paper '{first}', whose record is gone" in problem.message
    assert problem.line > 1


def broken(corpus: Corpus, file: str, field: str, index: int, **change: Any) -> list[tuple[str, str]]:
    """The rules and messages about a shared file in which one entry is changed."""
    document = corpus.shared[file]
    entries = list(getattr(document.value, field))
    entries[index] = entries[index].model_copy(update=change)
    changed = type(document)(document.file, document.text, document.value.model_copy(update={field: tuple(entries)}))
    problems = check_corpus(replace(corpus, shared=corpus.shared | {file: changed}))
    assert all(one.file.endswith(file) for one in problems)
    return [(one.rule, one.message) for one in problems]


def test_exclusion_of_an_unknown_paper(corpus: Corpus) -> None:
    assert broken(corpus, "exclusions.yaml", "exclusions", 0, paper="suzuki2018spectrall") == [
        ("known-papers", "paper 'suzuki2018spectrall' has no record; did you mean 'suzuki2018spectral'?")
    ]


def test_unpruned_models_of_an_unknown_dataset(corpus: Corpus) -> None:
    assert broken(corpus, "unpruned.yaml", "sources", 0, dataset="ImageNette") == [
        ("known-names", "dataset 'ImageNette' is not known; did you mean 'ImageNet'?")
    ]


def test_name_that_is_defined_twice(corpus: Corpus) -> None:
    first = corpus.datasets[0].name
    assert broken(corpus, "datasets.yaml", "datasets", 1, name=first)[0] == (
        "unique-name",
        f"the name '{first}' stands already in 'datasets'",
    )


def test_no_collection_takes_the_name_of_all(corpus: Corpus) -> None:
    assert ("reserved-name", "'all' means all collections; choose another name") in broken(
        corpus, "collections.yaml", "collections", -1, name="all"
    )


def test_records_without_experiments_are_of_collections_that_hold_bibliography(corpus: Corpus) -> None:
    without = [paper for paper in corpus.papers if not list(experiments(paper))]
    assert [paper.id for paper in without if not {"bibliography", "related"} & set(paper.collections)] == []
