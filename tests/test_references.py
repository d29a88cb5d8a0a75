"""Are all names found that records and shared files hold, and is there an entry for what each is of?"""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel

from prunelit.schema.corpus import SHARED, VOCABULARIES, Corpus
from prunelit.schema.fields import names, within
from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import KnownPaper, Name, Text
from prunelit.schema.record import Paper
from prunelit.schema.references import PAPER_REFERENCE, names_used, papers_used
from prunelit.schema.shared import SharedFile


class Chapter(Model):
    set: Annotated[Text, Name("dataset")] | None = None
    of: KnownPaper | None = None
    note: Text | None = None


class Book(Model):
    places: Many[Annotated[Text, Name("venue")]] | None = None
    chapters: Many[Chapter] | None = None
    last: Chapter | None = None
    like: Many[KnownPaper] | None = None


BOOK = Book(
    places=("Rome", "Turin"),
    chapters=(Chapter(note="x"), Chapter(set="Digits", of="ada1843notes")),
    last=Chapter(of="zeno0450race"),
    like=("ada1843notes",),
)


def test_names_come_with_their_paths_in_the_order_of_the_model() -> None:
    assert names_used(BOOK) == [
        ("venue", ("places", 0), "Rome"),
        ("venue", ("places", 1), "Turin"),
        ("dataset", ("chapters", 1, "set"), "Digits"),
    ]


def test_papers_come_with_their_paths_in_the_order_of_the_model() -> None:
    assert papers_used(BOOK) == [
        ("paper", ("chapters", 1, "of"), "ada1843notes"),
        ("paper", ("last", "of"), "zeno0450race"),
        ("paper", ("like", 0), "ada1843notes"),
    ]


def test_paths_begin_anew_for_each_of_several_values() -> None:
    assert [path for _, path, _ in papers_used(Chapter(of="ada1843notes"), Chapter(of="zeno0450race"))] == [("of",)] * 2


def test_nothing_is_used_where_nothing_is_said() -> None:
    assert names_used(Book()) == papers_used(Chapter(note="x")) == []


@pytest.mark.parametrize("model", [Paper, *SHARED.values()], ids=lambda model: model.__name__)
def test_names_are_of_papers_or_of_entries_of_a_vocabulary(model: type[BaseModel]) -> None:
    found = {of for one in within(model) for of in names(one).values()}
    assert found <= {PAPER_REFERENCE, *VOCABULARIES}


def test_vocabularies_are_called_after_their_entries() -> None:
    told = {"dataset", "architecture", "venue", "metric", "setup", "collection"}
    assert told <= set(VOCABULARIES)
    assert {VOCABULARIES[one] for one in told} == {f"{one}s.yaml" for one in told}


class Word(Model):
    name: Text


class LongWords(SharedFile):
    words: Many[Word]
    further: Many[Word] | None = None


def test_a_shared_file_is_called_after_its_model_and_its_first_part_after_it() -> None:
    assert (LongWords.stem(), LongWords.parts()) == ("long_words", {"long_words": "words", "further": "further"})
    assert LongWords.entry() == "word"


def test_a_file_whose_entries_have_no_name_is_no_vocabulary() -> None:
    assert SHARED["corrections.yaml"].entry() is None
    assert SHARED["exclusions.yaml"].entry() is None


def test_every_part_of_a_shared_file_is_a_part_of_the_corpus(whole: Corpus) -> None:
    for name, model in SHARED.items():
        for part, field in model.parts().items():
            assert whole.part(part) == (getattr(whole.shared[name].value, field) or ())
