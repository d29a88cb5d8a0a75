"""Are papers, methods and places called by short names that tell them apart?"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from prunelit.analysis.frames.labels import labelled, locator_text, paper_labels
from prunelit.schema.corpus import Corpus
from prunelit.schema.locator import Locator


def paper(key: str, author: str, year: int = 2015, month: int | None = None) -> str:
    published = f"{{year: {year}}}" if month is None else f"{{year: {year}, month: {month}}}"
    return f'{{id: {key}, authors: ["{author}", "Pool, Jeff"], published: {published}}}'


def test_label_is_family_name_and_year(made: Callable[..., Corpus]) -> None:
    assert paper_labels(made(paper("one", "Han, Song"))) == {"one": "Han 2015"}


def test_author_without_given_name_has_a_label(made: Callable[..., Corpus]) -> None:
    assert paper_labels(made(paper("one", "NVIDIA"))) == {"one": "NVIDIA 2015"}


def test_same_name_in_another_year_is_another_label(made: Callable[..., Corpus]) -> None:
    corpus = made(paper("one", "Han, Song"), paper("two", "Han, Song", 2016))
    assert paper_labels(corpus) == {"one": "Han 2015", "two": "Han 2016"}


def test_namesakes_are_told_apart_by_their_given_names(made: Callable[..., Corpus]) -> None:
    corpus = made(paper("one", "Molchanov, Dmitry"), paper("two", "Molchanov, Pavlo"))
    assert paper_labels(corpus) == {"one": "Molchanov, Dmitry 2015", "two": "Molchanov, Pavlo 2015"}


def test_papers_of_one_author_and_year_have_letters(made: Callable[..., Corpus]) -> None:
    corpus = made(paper("one", "Louizos, Christos"), paper("two", "Louizos, Christos"))
    assert paper_labels(corpus) == {"one": "Louizos 2015a", "two": "Louizos 2015b"}


def test_letters_follow_the_month(made: Callable[..., Corpus]) -> None:
    corpus = made(paper("one", "Han, Song", month=9), paper("two", "Han, Song", month=3), paper("zoo", "Han, Song"))
    assert paper_labels(corpus) == {"two": "Han 2015a", "one": "Han 2015b", "zoo": "Han 2015c"}


def test_namesake_with_two_papers_has_given_name_and_letters(made: Callable[..., Corpus]) -> None:
    corpus = made(paper("one", "Li, Ann"), paper("two", "Li, Ann"), paper("zoo", "Li, Bob"))
    assert paper_labels(corpus) == {"one": "Li, Ann 2015a", "two": "Li, Ann 2015b", "zoo": "Li, Bob 2015"}


@pytest.mark.parametrize("collection", ["survey", "whole", "grown"])
def test_no_two_papers_share_a_label(collection: str, request: pytest.FixtureRequest) -> None:
    corpus: Corpus = request.getfixturevalue(collection)
    labels = paper_labels(corpus)
    assert (len(labels), len(set(labels.values()))) == (len(corpus.papers), len(corpus.papers))


def test_labels_of_the_survey_stay_when_the_corpus_grows(grown: Corpus, survey: Corpus) -> None:
    assert paper_labels(grown)["han2015learning"] != paper_labels(survey)["han2015learning"]
    assert paper_labels(grown.only("blalock2020")) == paper_labels(survey)


def test_later_paper_takes_the_next_letter(made: Callable[..., Corpus]) -> None:
    before = made(paper("one", "Han, Song", month=3), paper("two", "Han, Song", month=4))
    after = made(
        paper("aaa", "Han, Song", month=5), paper("one", "Han, Song", month=3), paper("two", "Han, Song", month=4)
    )
    assert paper_labels(before).items() <= paper_labels(after).items()


def test_letters_go_on_after_z(made: Callable[..., Corpus]) -> None:
    labels = paper_labels(made(*(paper(f"paper{at:02}", "Han, Song") for at in range(54))))
    assert [labels[f"paper{at:02}"] for at in (0, 25, 26, 27, 52)] == [
        "Han 2015a", "Han 2015z", "Han 2015aa", "Han 2015ab", "Han 2015ba",
    ]  # fmt: skip


def test_labels_do_not_depend_on_the_order_of_records(made: Callable[..., Corpus]) -> None:
    records = [paper("one", "Han, Song"), paper("two", "Han, Song"), paper("zoo", "Li, Ann"), paper("zzz", "Li, Bob")]
    assert paper_labels(made(*records)) == paper_labels(made(*records[::-1]))


def test_method_has_the_label_of_its_paper() -> None:
    rows = pd.DataFrame({"paper_id": ["suau", "suau", "zoo"], "method_label": ["PFA-En", None, "M"]}, dtype="string")
    found = labelled(rows, {"suau": "Suau 2018", "zoo": "Zoo 2019"})
    assert found["method_label"].tolist() == ["Suau 2018, PFA-En", "Suau 2018", "Zoo 2019, M"]


@pytest.mark.parametrize(
    ("locator", "text"),
    [
        ({"table": 2, "row": "ThiNet-Conv", "read": "printed"}, "Table 2, row ThiNet-Conv"),
        ({"figure": "7a", "read": "plot"}, "Figure 7a (read off a plot)"),
        ({"section": "5.2", "page": 8}, "Section 5.2, page 8"),
        ({"table": 1, "row": "A", "column": "Top-1"}, "Table 1, row A, column Top-1"),
        (
            {"repository": "a/b", "commit": "b244974", "path": "x.csv", "read": "data"},
            "Repository a/b, path x.csv (released data)",
        ),
        ({"url": "https://a.org/b"}, "Url https://a.org/b"),
    ],
)
def test_locator_reads_as_a_reader_would_say_it(locator: dict[str, object], text: str) -> None:
    assert locator_text(Locator.model_validate(locator)) == text


def test_no_locator_has_no_text() -> None:
    assert locator_text(None) is None
