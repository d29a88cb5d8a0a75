"""Does each rule between records find its fault, at its line, and nothing where there is none?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Acknowledgements, Corrections
from prunelit.schema.problems import MAX_PROBLEMS
from prunelit.schema.record import Paper
from prunelit.schema.record_header import RecordHeader
from prunelit.schema.rules import ListedMethod, check_corpus, listed_methods, share_a_name
from prunelit.schema.validation import Document, read_bytes
from prunelit.schema.vocabulary import (
    Architecture,
    Architectures,
    CanonicalMethod,
    Collection,
    Collections,
    DatasetEntry,
    Datasets,
    Exclusions,
    Metric,
    Setup,
    Setups,
    Unpruned,
    Venue,
)
from prunelit.schema.walk import points

USUAL = {
    "schema_version": "2",
    "title": "Pruning",
    "authors": '["Lovelace, Ada"]',
    "published": "{year: 2015}",
    "collections": "[mine]",
}
NAMES: dict[str, Any] = {
    "datasets": (DatasetEntry(name="Digits", aliases=("Numerals",)), DatasetEntry(name="Letters")),
    "architectures": (Architecture(name="LargeNet", aliases=("LNet",)), Architecture(name="SmallNet")),
    "venues": (Venue(name="ICLR", aliases=("Representations",), peer_reviewed=True),),
    "metrics": (
        Metric(name="latency", meaning="time", unit="ms", direction="lower", hardware_dependent=True),
        Metric(name="perplexity", meaning="surprise", unit="1", direction="lower"),
    ),
    "setups": (Setup(name="S1", meaning="all", equal=("dataset",), source="made up"),),
    "collections": tuple(Collection(name=name, title=name, source="made up") for name in ("mine", "other")),
    **dict.fromkeys(("unions", "unpruned", "exclusions", "corrections", "acknowledgements", "papers"), ()),
    "sweeps": {"runs.csv": ()},
    "shared": {},
    "unread": frozenset(),
    "headers": (),
}


def parsed(text: str, model: type[BaseModel], file: str) -> Document[Any]:
    document, problems = read_bytes(text.encode(), model, file)
    assert document, [str(problem) for problem in problems]
    return document


def record(text: str) -> Document[Paper]:
    """A record in the file that its first line names, with something for every other key that must be there."""
    [file] = re.findall(r"^# (\S+)", text) or re.findall(r"^id: (\S+)", text)
    rest = "".join(f"\n{key}: {value}" for key, value in USUAL.items() if f"\n{key}:" not in text)
    return parsed(text.rstrip() + rest + "\n", Paper, f"corpus/papers/{file}.yaml")


@pytest.fixture(scope="session")
def corpus_of(whole: Corpus) -> Callable[..., Corpus]:
    """Makes a corpus of records, with few names in its vocabularies."""

    def make(*texts: str, **parts: Any) -> Corpus:
        documents = tuple(map(record, texts))
        papers = tuple(one.value for one in documents)
        others = whole.others | {"reference_corrections": ()}
        return replace(whole, **{**NAMES, "papers": papers, "documents": documents, "others": others, **parts})

    return make


@pytest.fixture(scope="session")
def told(corpus_of: Callable[..., Corpus]) -> Callable[..., list[str]]:
    """The problems of a corpus of such records: line, rule and message."""

    def tell(*texts: str, **parts: Any) -> list[str]:
        return [f"{one.line} {one.rule}: {one.message}" for one in check_corpus(corpus_of(*texts, **parts))]

    return tell


UNNAMED = "{structure: {value: structured, source: made up}}"
A, B, C = "id: ada2015pruning", "id: bob2016title", "id: cia2017more"
NO_RECORD = "has no record; add corpus/papers/<id>.yaml for it first"


def test_nothing_is_wrong_with_a_plain_corpus(told: Callable[..., list[str]]) -> None:
    assert told(A, B, C) == []


def experiment(text: str = "", head: str = A) -> str:
    """A record with an experiment that begins in line 3."""
    return f"{head}\nexperiments:\n  - collections: [mine]\n{text}"


def curve(text: str, head: str = A) -> str:
    """A record with a curve that begins in line 5."""
    return experiment(f"    curves:\n      - {text}\n        points: [{{top1: 70.0}}]", head)


# Each: the records, and what is told about them.
FAULTS: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "file name": (
        ("# ada2016pruning\ntitle: Pruning\nid: ada2015pruning",),
        ["3 file-name-is-id: the id 'ada2015pruning' differs from the file name 'ada2016pruning'; make them equal"],
    ),
    "id of another record": (
        (A, "# bob2016title\ntitle: Pruning\nid: ada2015pruning"),
        ["3 unique-id: the id 'ada2015pruning' belongs to another record; after its file this one is 'bob2016title'"],
    ),
    "survey id twice": (
        (f"{B}\nsurvey_id: Bob", f"{A}\nsurvey_id: Bob", f"{C}\nsurvey_id: Cia"),
        ["2 unique-id: the survey id 'Bob' is used by 'ada2015pruning' and 'bob2016title'"] * 2,
    ),
    "row twice": (
        (experiment("    survey_row: 7", A), experiment("    survey_row: 7", B), experiment("    survey_row: 8", C)),
        ["4 unique-survey-row: row 7 of the survey is entered 2 times, in 'ada2015pruning' and 'bob2016title'"] * 2,
    ),
    "row twice in one record": (
        (curve("origin: own\n        survey: 1").replace("        survey: 1\n", "").replace(
            "{top1: 70.0}", "{top1: 70.0, survey_row: 7}, {top1: 71.0, survey_row: 7}"),),
        ["6 unique-survey-row: row 7 of the survey is entered 2 times, in 'ada2015pruning'"] * 2,
    ),
    "alias of a dataset": (
        (experiment("    dataset: Numerals"),),
        ["4 known-names: dataset 'Numerals' is called 'Digits' here; use that name"],
    ),
    "alias of an architecture": (
        (experiment("    architecture: LNet"),),
        ["4 known-names: architecture 'LNet' is called 'LargeNet' here; use that name"],
    ),
    "alias of a venue": (
        (f"{A}\nvenue: Representations",),
        ["2 known-names: venue 'Representations' is called 'ICLR' here; use that name"],
    ),
    "nearly a dataset": (
        (experiment("    dataset: Digitz"),), ["4 known-names: dataset 'Digitz' is not known; did you mean 'Digits'?"],
    ),
    "no dataset": (
        (experiment("    dataset: Photos"),),
        ["4 known-names: dataset 'Photos' is not known; use a name from datasets.yaml in the corpus, or add it there"],
    ),
    "no architecture": (
        (experiment("    architecture: Photos"),),
        ["4 known-names: architecture 'Photos' is not known; use a name from architectures.yaml in the corpus, "
         "or add it there"],
    ),
    "no venue": (
        (f"{A}\nvenue: Salon",),
        ["2 known-names: venue 'Salon' is not known; use a name from venues.yaml in the corpus, or add it there"],
    ),
    "no collection": (
        (f"{A}\ncollections: [mine, zzz]",),
        ["2 known-names: collection 'zzz' is not known; use a name from collections.yaml in the corpus, "
         "or add it there"],
    ),
    "no collection of a comparison": (
        (f"{A}\nadded_comparisons:\n  - paper: bob2016title\n    collections: [mine, zzz]", B),
        ["4 known-names: collection 'zzz' is not known; use a name from collections.yaml in the corpus, "
         "or add it there"],
    ),
    "no collection of an experiment": (
        (f"{A}\nexperiments:\n  - dataset: Digits\n    collections: [zzz]",),
        ["4 known-names: collection 'zzz' is not known; use a name from collections.yaml in the corpus, "
         "or add it there"],
    ),
    "no metric": (
        (curve("origin: own").replace("{top1: 70.0}", "{metrics: [{metric: zzz, value: 1}]}"),),
        ["6 known-names: metric 'zzz' is not known; use a name from metrics.yaml in the corpus, or add it there"],
    ),
    "no setup": (
        (curve("origin: own\n        stated_setup: zzz"),),
        ["6 known-names: setup 'zzz' is not known; use a name from setups.yaml in the corpus, or add it there"],
    ),
    "compares to nobody": (
        (f"{A}\ncompares_to: [zoe1999nothing]",), [f"2 known-papers: paper 'zoe1999nothing' {NO_RECORD}"],
    ),
    "nearly a paper": (
        (f"{A}\ncites: [bob2016titel]", B),
        ["2 known-papers: paper 'bob2016titel' has no record; did you mean 'bob2016title'?"],
    ),
    "compares to itself": (
        (f"{A}\ncompares_to: [bob2016title, ada2015pruning]", B),
        ["2 known-papers: a paper does not compare to or cite itself"],
    ),
    "cites itself": (
        (f"{A}\ncites: [ada2015pruning]",), ["2 known-papers: a paper does not compare to or cite itself"],
    ),
    "compares to nobody later": (
        (f"{A}\nadded_comparisons:\n  - paper: zoe1999nothing\n    collections: [mine]",),
        [f"3 known-papers: paper 'zoe1999nothing' {NO_RECORD}"],
    ),
    "proposed by nobody": (
        (curve("origin: rerun\n        proposed_by: zoe1999nothing"),),
        [f"6 known-papers: paper 'zoe1999nothing' {NO_RECORD}"],
    ),
    "copied from nobody": (
        (curve("origin: copied\n        copied_from: zoe1999nothing"),),
        [f"6 known-papers: paper 'zoe1999nothing' {NO_RECORD}"],
    ),
    "stated by nobody": (
        (curve("origin: own\n        recipe: {learning_rate: 0.1, stated_by: zoe1999nothing}"),),
        [f"6 known-papers: paper 'zoe1999nothing' {NO_RECORD}"],
    ),
    "time without hardware": (
        (curve("origin: own").replace("{top1: 70.0}", "{metrics: [{metric: latency, value: 1}]}"),),
        ["6 times-on-hardware: 'latency' means nothing without the 'hardware' that it was measured on"],
    ),
    "hardware without time": (
        (curve("origin: own").replace("{top1: 70.0}", "{metrics: [{metric: perplexity, value: 1, hardware: PC}]}"),),
        ["6 times-on-hardware: 'perplexity' does not depend on hardware; leave it out"],
    ),
    "compares twice": (
        (f"{A}\ncompares_to: [bob2016title, bob2016title]", B),
        ["2 listed-once: 'bob2016title' stands already in 'compares_to'"],
    ),
    "cites twice": (
        (f"{A}\ncites: [bob2016title, bob2016title]", B), ["2 listed-once: 'bob2016title' stands already in 'cites'"],
    ),
    "collection twice": (
        (f"{A}\ncollections: [mine, mine]",), ["2 listed-once: 'mine' stands already in 'collections'"],
    ),
    "method twice": (
        (f"{A}\nmethods: [{{name: One}}, {{name: One}}]",), ["2 listed-once: 'One' stands already in 'methods'"],
    ),
    "comparison twice": (
        (f"{A}\nadded_comparisons:\n" + "  - {paper: bob2016title, collections: [mine]}\n" * 2, B),
        ["4 listed-once: 'bob2016title' stands already in 'added_comparisons'"],
    ),
    "comparison twice in two lists": (
        (
            f"{A}\ncompares_to: [bob2016title]\nadded_comparisons:\n"
            "  - collections: [mine]\n    paper: bob2016title", B,
        ),
        ["5 listed-once: 'bob2016title' stands already in 'compares_to'"],
    ),
    "collection of a comparison twice": (
        (f"{A}\nadded_comparisons: [{{paper: bob2016title, collections: [mine, mine]}}]", B),
        ["2 listed-once: 'mine' stands already in 'collections'"],
    ),
    "collection of an experiment twice": (
        (f"{A}\nexperiments:\n  - dataset: Digits\n    collections: [mine, mine]",),
        ["4 listed-once: 'mine' stands already in 'collections'"],
    ),
    "collection that the paper does not have": (
        (f"{A}\nexperiments:\n  - dataset: Digits\n    collections: [mine, other]",),
        ["4 collections-of-paper: the paper's own 'collections' do not list 'other'"],
    ),
    "own method of another": (
        (curve("origin: own\n        proposed_by: bob2016title"), B),
        ["6 origin-agrees: origin is 'own', but another paper proposed the method; "
         "use 'rerun', 'copied' or 'unclear'"],
    ),
    "copied though rerun": (
        (curve("origin: rerun\n        copied_from: bob2016title"), B),
        ["6 origin-agrees: origin is 'rerun'; only 'copied' numbers have 'copied_from'"],
    ),
    "copied from itself": (
        (curve("origin: copied\n        copied_from: ada2015pruning"),),
        ["6 origin-agrees: a paper does not copy from itself; name the paper that the numbers come from"],
    ),
    "unlisted method": (
        (curve("origin: own\n        method: One"),),
        ["6 known-methods: method 'One' is not in this paper's 'methods'; list it there"],
    ),
    "unlisted method beside one without a name": (
        (curve("origin: own\n        method: One", f"{A}\nmethods: [{UNNAMED}]"),),
        ["7 known-methods: method 'One' is not in this paper's 'methods'; list it there"],
    ),
    "nearly a listed method": (
        (curve("origin: own\n        method: Onee", f"{A}\nmethods: [{{name: One}}]"),),
        ["7 known-methods: method 'Onee' is not in this paper's 'methods'; did you mean 'One'?"],
    ),
    "second method without a name": (
        (f"{A}\nmethods:\n  - {UNNAMED}\n  - {{name: One}}\n  - {UNNAMED}",),
        ["5 one-without-name: a second method without a name; only one can do without"],
    ),
    "missing file": (
        (experiment("    curves:\n      - origin: own\n        sweep: true\n        points_file: zzz.csv"),),
        ["7 sweep-files: file 'zzz.csv' is not in corpus/sweeps"],
    ),
    "nearly a file": (
        (experiment("    curves:\n      - origin: own\n        sweep: true\n        points_file: run.csv"),),
        ["7 sweep-files: file 'run.csv' is not in corpus/sweeps; did you mean 'runs.csv'?"],
    ),
    "unmarked sweep": (
        (experiment("    curves:\n      - origin: own\n        points_file: runs.csv"),),
        ["6 sweep-files: points in a file are a sweep; add 'sweep: true'"],
    ),
    "path of a machine": (
        (f"{A}\nnote: Read from /home/ada/results.csv by hand",),
        ["2 no-local-path: 'Read from /home/ada/results.csv by hand' names a place on one machine; "
         "write the path within the source"],
    ),
    "path of a machine behind escapes": (
        (f'{A}\nnote: "See C:\\\\data\\\\ada"',),
        ["2 no-local-path: 'See C:\\data\\ada' names a place on one machine; write the path within the source"],
    ),
    "path above a source": (
        (curve("origin: own\n        locator: {path: ../results}"),),
        ["6 no-local-path: '../results' names a place on one machine; write the path within the source"],
    ),
    "path from the top": (
        (curve("origin: own\n        locator: {path: /results}"),),
        ["6 no-local-path: '/results' names a place on one machine; write the path within the source"],
    ),
}  # fmt: skip


ELSEWHERE = {
    "quoted": "{path: '../results'}",
    "above, in the middle": "{path: a/../../results}",
    "above, at the end": "{path: a/..}",
    "above alone": "{path: ..}",
    "of a user": "{path: ~/results}",
    "of another user": "{path: ~ada/results}",
    "of a drive": "{path: C:/results}",
    "on the next line": "\n          path:\n            /results",
    "folded": "\n          path: >-\n            ../results",
    "after a remark": "\n          path:  # as cloned\n            ~/results",
    "quoted key": """{"path" : '/results'}""",
    "escaped": """{path: "\\x2fresults"}""",
}
"""Locators with a path that leads out of its source, as YAML may spell it."""


@pytest.mark.parametrize("locator", ELSEWHERE.values(), ids=ELSEWHERE)
def test_path_out_of_its_source_is_told_however_it_is_spelt(locator: str, told: Callable[..., list[str]]) -> None:
    (problem,) = told(curve(f"origin: own\n        locator: {locator}"))
    assert "names a place on one machine; write the path within the source" in problem


@pytest.mark.parametrize(("records", "expected"), FAULTS.values(), ids=FAULTS)
def test_fault_is_told_at_its_line(
    records: tuple[str, ...], expected: list[str], told: Callable[..., list[str]]
) -> None:
    assert told(*records) == expected


FINE = {
    "authors unknown, and said so": A + "\nauthors: null\nnote: nobody is named",
    "canonical names": experiment("    dataset: Digits\n    architecture: LargeNet", f"{A}\nvenue: ICLR"),
    "a paper's numbers of itself": curve("origin: own\n        proposed_by: ada2015pruning"),
    "a paper's own recipe": curve("origin: own\n        recipe: {learning_rate: 0.1, stated_by: ada2015pruning}"),
    "another's method by its name": curve("origin: rerun\n        method: One"),
    "a listed method": curve("origin: own\n        method: One", f"{A}\nmethods: [{{name: One}}]"),
    "one method without a name": f"{A}\nmethods: [{{name: One}}, {UNNAMED}]",
    "a setup": curve("origin: own\n        stated_setup: S1"),
    "a time on hardware": curve("origin: own").replace(
        "{top1: 70.0}", "{metrics: [{metric: latency, value: 1, hardware: PC, batch_size: 1}]}"
    ),
    "paths that readers have": f"{A}\nnote: 1/2 of a/b and/or c (https://example.org/~ada/data/x.csv), ~3/4 at 1:/2",
    "a path in a source": curve("origin: own\n        locator: {path: results/a..b.csv}"),
    "a sweep": experiment("    curves: [{origin: own, sweep: true, points_file: runs.csv}]"),
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_nothing_is_told_where_nothing_is_wrong(text: str, told: Callable[..., list[str]]) -> None:
    assert told(text.replace("authors: null\n", ""), B) == []


def test_copies_name_their_source(told: Callable[..., list[str]]) -> None:
    assert told(curve("origin: copied\n        copied_from: bob2016title\n        proposed_by: bob2016title"), B) == []


def test_authors_or_a_note(corpus_of: Callable[..., Corpus]) -> None:
    def problems(**changes: object) -> list[str]:
        corpus = corpus_of(A)
        [document] = corpus.documents
        other = Document(document.file, document.text, document.value.model_copy(update=changes))
        return [one.rule for one in check_corpus(replace(corpus, documents=(other,)))]

    assert problems(authors=None) == ["authors-or-reason"]
    assert problems(authors=None, note="unsigned") == []
    assert problems(note="signed") == []


def test_at_most_five_papers_are_listed(told: Callable[..., list[str]]) -> None:
    texts = [experiment("    survey_row: 7", f"id: p{at}2015pruning") for at in range(7)]
    listed = " and ".join(f"'p{at}2015pruning'" for at in range(5))
    assert told(*texts)[0] == f"4 unique-survey-row: row 7 of the survey is entered 7 times, in {listed}"


def test_metrics_of_a_sweep_are_told_once(whole: Corpus, told: Callable[..., list[str]]) -> None:
    point = next(one for sweep in whole.sweeps.values() for one in sweep)
    document = record(curve("origin: own").replace("{top1: 70.0}", "{metrics: [{metric: zzz, value: 1}]}"))
    [measured] = (one for _, one in points(document.value))
    odd = replace(point, point=measured)
    sweep = experiment("    curves:\n      - origin: own\n        sweep: true\n        points_file: runs.csv")
    message = "metric 'zzz' is not known; use a name from metrics.yaml in the corpus, or add it there"
    assert told(sweep, sweeps={"runs.csv": (odd, odd)}) == [f"7 known-names: {message}"]


def test_only_the_last_suffix_is_no_part_of_the_name_of_a_file(told: Callable[..., list[str]]) -> None:
    message = "the id 'ada2015pruning' differs from the file name 'ada2015pruning.v2'; make them equal"
    assert told("# ada2015pruning.v2\nid: ada2015pruning") == [f"2 file-name-is-id: {message}"]


def test_a_reference_may_name_the_file_of_a_record_whose_id_is_wrong(told: Callable[..., list[str]]) -> None:
    found = told("# ada2016pruning\nid: ada2015pruning", f"{B}\ncompares_to: [ada2016pruning]\ncites: [ada2015pruning]")
    assert [one.split(":")[0] for one in found] == ["2 file-name-is-id"]


def test_a_record_that_could_not_be_read_counts_for_its_name(told: Callable[..., list[str]]) -> None:
    unread = frozenset({"papers/zoe1999nothing.yaml", "venues/joe1999nothing.yaml"})
    assert told(f"{A}\ncites: [zoe1999nothing]", unread=unread) == []
    assert len(told(f"{A}\ncites: [joe1999nothing]", unread=unread)) == 1


def test_a_record_whose_id_belongs_to_an_unread_one_is_misnamed(told: Callable[..., list[str]]) -> None:
    found = told("# bob2016title\nid: ada2015pruning", unread=frozenset({"papers/ada2015pruning.yaml"}))
    assert [one.split(":")[0] for one in found] == ["2 unique-id"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("datasets.yaml", experiment("    dataset: Photos")),
        ("architectures.yaml", experiment("    architecture: Photos")),
        ("venues.yaml", f"{A}\nvenue: Salon"),
        ("metrics.yaml", curve("origin: own").replace("{top1: 70.0}", "{metrics: [{metric: zzz, value: 1}]}")),
        ("setups.yaml", curve("origin: own\n        stated_setup: zzz")),
        ("collections.yaml", f"{A}\ncollections: [zzz]"),
    ],
)
def test_names_of_a_vocabulary_that_could_not_be_read_are_not_judged(
    file: str, text: str, told: Callable[..., list[str]]
) -> None:
    assert len(told(text)) == 1
    assert told(text, unread=frozenset({file})) == []


def test_a_misspelt_collection_of_the_paper_is_one_mistake(told: Callable[..., list[str]]) -> None:
    text = f"{A}\ncollections: [mein]\nexperiments:\n  - dataset: Digits\n    collections: [mine]"
    assert told(text) == ["2 known-names: collection 'mein' is not known; did you mean 'mine'?"]


def test_glimpses_take_ids_and_rows_for_themselves(told: Callable[..., list[str]]) -> None:
    headers = (RecordHeader("bob2016title", "Ada", (7,)), RecordHeader("cia2017more", None, (8,)))
    found = told(experiment("    survey_row: 7", f"{A}\nsurvey_id: Ada"), headers=headers)
    assert found == [
        "2 unique-id: the survey id 'Ada' is used by 'ada2015pruning' and 'bob2016title'",
        "5 unique-survey-row: row 7 of the survey is entered 2 times, in 'ada2015pruning' and 'bob2016title'",
    ]


@pytest.mark.parametrize(("count", "last"), [(MAX_PROBLEMS, "listed-once"), (MAX_PROBLEMS + 1, "too-many-problems")])
def test_a_file_has_at_most_so_many_problems(count: int, last: str, told: Callable[..., list[str]]) -> None:
    found = told(f"{A}\ncites: [{', '.join(['bob2016title'] * (count + 1))}]", B)
    assert len(found) == count
    assert sum(last in one for one in found) == (count if last == "listed-once" else 1)


def test_a_shared_file_has_at_most_so_many_problems(told: Callable[..., list[str]]) -> None:
    text = "datasets:\n" + "  - name: Digits\n" * (MAX_PROBLEMS + 3)
    found = told(A, shared={"datasets.yaml": parsed(text, Datasets, "corpus/datasets.yaml")})
    assert len(found) == MAX_PROBLEMS + 1


def test_problems_come_in_the_order_of_files_and_lines(corpus_of: Callable[..., Corpus]) -> None:
    found = check_corpus(corpus_of(f"{B}\nvenue: Salon", f"{A}\ncites: [zoe1999nothing]\nvenue: Salon"))
    assert [(one.file[-12:-5], one.line) for one in found] == [("pruning", 2), ("pruning", 3), ("16title", 2)]


SHARED: dict[str, tuple[str, type[BaseModel], str, list[str]]] = {
    "name twice": (
        "datasets.yaml", Datasets, "datasets:\n  - name: Digits\n  - note: more\n    name: Digits",
        ["4 unique-name: the name 'Digits' stands already in 'datasets'"],
    ),
    "alias of an earlier name": (
        "datasets.yaml", Datasets, "datasets:\n  - name: Digits\n  - {name: Letters, aliases: [Digits]}",
        ["3 unique-name: the name 'Digits' stands already in 'datasets'"],
    ),
    "alias twice": (
        "datasets.yaml", Datasets,
        "datasets:\n  - {name: Digits, aliases: [Numerals]}\n  - {name: Letters, aliases: [Numerals]}",
        ["3 unique-name: the name 'Numerals' stands already in 'datasets'"],
    ),
    "name of an earlier alias": (
        "datasets.yaml", Datasets, "datasets:\n  - {name: Digits, aliases: [Letters]}\n  - {name: Letters}",
        ["3 unique-name: the name 'Letters' stands already in 'datasets'"],
    ),
    "names all different": (
        "datasets.yaml", Datasets, "datasets:\n  - {name: Digits, aliases: [Numerals]}\n  - {name: Letters}", [],
    ),
    "no unions": ("architectures.yaml", Architectures, "architectures: [{name: LargeNet}]", []),
    "entries that have no names": (
        "acknowledgements.yaml", Acknowledgements,
        "acknowledgements: [{rule: a-rule, reason: r, excuses: [{values: [v]}]}, "
        "{rule: a-rule, reason: r, excuses: [{values: [v]}]}]", [],
    ),
    "reserved name": (
        "collections.yaml", Collections,
        "collections:\n  - {name: mine, title: A, source: B}\n  - title: A\n    name: all\n    source: B",
        ["4 reserved-name: 'all' means all collections; choose another name"],
    ),
    "reference models": (
        "unpruned.yaml", Unpruned,
        "sources:\n  - name: table\n    title: A table\n    dataset: Digitz\n    reference: true\n    models:\n"
        "      - architecture: LargeNet\n      - architecture: LargeNett",
        ["4 known-names: dataset 'Digitz' is not known; did you mean 'Digits'?",
         "8 known-names: architecture 'LargeNett' is not known; did you mean 'LargeNet'?"],
    ),
    "union of an alias": (
        "architectures.yaml", Architectures,
        "architectures: [{name: LargeNet}]\nunions:\n  - name: Both\n    of:\n      - LargeNet\n      - LNet",
        ["6 known-names: architecture 'LNet' is called 'LargeNet' here; use that name"],
    ),
    "setup of no setup": (
        "setups.yaml", Setups,
        "setups:\n  - {name: S1, meaning: m, equal: [dataset], source: s}\n"
        "  - {name: S2, meaning: m, equal: [dataset], source: s, extends: Z9}",
        ["3 known-names: setup 'Z9' is not known; use a name from setups.yaml in the corpus, or add it there"],
    ),
    "exclusion": (
        "exclusions.yaml", Exclusions,
        "exclusions:\n  - collection: mein\n    paper: zoe1999nothing\n    merged: true\n    reason: r\n    source: s",
        ["2 known-names: collection 'mein' is not known; did you mean 'mine'?",
         f"3 known-papers: paper 'zoe1999nothing' {NO_RECORD}"],
    ),
    "acknowledgement": (
        "acknowledgements.yaml", Acknowledgements,
        "acknowledgements:\n  - rule: change-disagrees\n    paper: zoe1999nothing\n    reason: r\n    excuses:\n"
        "      - dataset: Numerals\n        values: [v]",
        [
            f"3 known-papers: paper 'zoe1999nothing' {NO_RECORD}",
            "6 known-names: dataset 'Numerals' is called 'Digits' here; use that name",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "model", "text", "expected"), SHARED.values(), ids=SHARED)
def test_shared_files_use_each_name_once_and_names_that_exist(
    file: str, model: type[BaseModel], text: str, expected: list[str], told: Callable[..., list[str]]
) -> None:
    assert told(A, shared={file: parsed(text + "\n", model, f"corpus/{file}")}) == expected


def test_a_correction_names_a_paper_and_venues_that_exist(told: Callable[..., list[str]]) -> None:
    def faults(paper: str, field: str, correct: str | None = None) -> list[str]:
        text = f"corrections:\n  - paper: {paper}\n    field: {field}\n"
        text += f"    correct: {correct}\n" if correct else ""
        text += "    expect: x\n    reason: r\n    evidence: e\n    date: 2026-11-20\n    status: proposed\n"
        return told(A, B, shared={"corrections.yaml": parsed(text, Corrections, "corpus/corrections.yaml")})

    assert faults("ada2015pruning", "venue", "ICLR") == []
    assert faults("zoe1999nothing", "title", "Other") == [f"2 known-papers: paper 'zoe1999nothing' {NO_RECORD}"]
    assert faults("ada2015pruning", "venue", "ICLRR") == [
        "4 known-names: venue 'ICLRR' is not known; did you mean 'ICLR'?"
    ]
    assert faults("ada2015pruning", "compares_to", "bob2016title") == []
    assert faults("ada2015pruning", "compares_to", "zoe1999nothing") == [
        f"4 known-papers: paper 'zoe1999nothing' {NO_RECORD}"
    ]
    assert faults("ada2015pruning", "title", "Anything") == []
    assert faults("ada2015pruning", "venue") == []
    assert faults("ada2015pruning", "cites", "zoe1999nothing") == []


def runs_a_method(of: str) -> str:
    """A record of Ada's that lists a method One, which it only runs, as another paper's."""
    return curve(f"origin: rerun\n        method: One\n        proposed_by: {of}", f"{A}\nmethods: [{{name: One}}]")


PROPOSES = f"{B}\nmethods:\n  - structure: {{value: structured, source: made up}}\n    name: One"
GIVE_IT_A_NAME = "too; give this one a name of its own in methods.yaml"


def test_two_papers_propose_no_method_of_one_name(told: Callable[..., list[str]]) -> None:
    assert told(f"{A}\nmethods: [{{name: One}}]", PROPOSES) == [
        f"2 unique-methods: 'One' is a method of 'bob2016title', {GIVE_IT_A_NAME}",
        f"4 unique-methods: 'One' is a method of 'ada2015pruning', {GIVE_IT_A_NAME}",
    ]


def test_a_canonical_name_tells_methods_of_one_name_apart(told: Callable[..., list[str]]) -> None:
    entry = CanonicalMethod(name="One of Ada", proposed_by="ada2015pruning", spellings=("One",))
    assert told(f"{A}\nmethods: [{{name: One}}]", PROPOSES, methods=(entry,)) == []


def test_a_spelling_of_two_papers_proposes_nothing_by_itself(told: Callable[..., list[str]]) -> None:
    entry = CanonicalMethod(name="One", reported_by="cia2017more", spellings=("Eins",))
    assert told(f"{A}\nmethods: [{{name: One}}]", methods=(entry,)) == []


def test_who_runs_the_method_of_another_paper_may_list_it(told: Callable[..., list[str]]) -> None:
    assert told(runs_a_method(of="bob2016title"), PROPOSES) == []


def test_who_runs_the_method_of_a_third_paper_gives_it_another_name(told: Callable[..., list[str]]) -> None:
    assert told(runs_a_method(of="cia2017more"), PROPOSES, C) == [
        f"2 unique-methods: 'One' is a method of 'bob2016title', {GIVE_IT_A_NAME}"
    ]


@pytest.mark.parametrize(("of", "shared"), [("bob2016title", False), ("cia2017more", True)])
def test_listed_methods_share_a_name_with_those_of_the_corpus(
    of: str, shared: bool, corpus_of: Callable[..., Corpus]
) -> None:
    listed = list(listed_methods(corpus_of(runs_a_method(of))))
    assert listed == [ListedMethod("One", "ada2015pruning", True, of)]
    proposed = list(listed_methods(corpus_of(PROPOSES)))
    assert proposed == [ListedMethod("One", "bob2016title", False, None)]
    assert share_a_name(corpus_of(), [*listed, *proposed]) == shared


def test_a_former_id_is_that_of_no_record(told: Callable[..., list[str]]) -> None:
    found = told(f"{A}\nformer_ids:\n  - old2014title\n  - bob2016title", B)
    assert found == ["4 unique-id: 'bob2016title' is the id of another record"]


def test_a_former_id_is_that_of_one_record(told: Callable[..., list[str]]) -> None:
    found = told(*(f"{one}\nformer_ids: [old2014title]" for one in (A, B)))
    assert found == ["2 unique-id: 'old2014title' is the id of another record"]


def test_a_closed_collection_is_never_the_one_that_is_meant(told: Callable[..., list[str]]) -> None:
    closed = Collection(name="mine", title="Mine", source="made up", closed=True)
    other = Collection(name="other", title="Other", source="made up")
    text = f"{A}\ncollections: [mein]"
    assert told(text, collections=(closed, other)) == [
        "2 known-names: collection 'mein' is not known; use a name from collections.yaml in the corpus, or add it there"
    ]


def measured(text: str) -> str:
    """A record with measurements of a pruned model from line 6 on."""
    return curve("origin: own").replace("points: [{top1: 70.0}]", f"points: [{{metrics: [{text}]}}]")


def test_a_time_on_a_kind_of_device_needs_no_name_of_it(told: Callable[..., list[str]]) -> None:
    assert told(measured("{metric: latency, value: 1, device_class: gpu}")) == []


ACCURACY = {
    "metrics": tuple(
        Metric(name=name, meaning="share", unit="%", direction="higher", minimum=Decimal(0), maximum=Decimal(100))
        for name in ("top1", "top5")
    )
}
OWN_KEY = "only a value under other conditions stands here, with those conditions"


@pytest.mark.parametrize("name", ["top1", "top5"])
def test_an_accuracy_has_a_key_of_its_own(name: str, told: Callable[..., list[str]]) -> None:
    found = told(measured(f"{{metric: {name}, value: 70}}"), **ACCURACY)
    assert found == [f"6 measured-once: write it as '{name}'; {OWN_KEY}"]


def test_an_accuracy_of_the_unpruned_model_has_a_key_of_its_own(told: Callable[..., list[str]]) -> None:
    found = told(experiment("    base_metrics:\n      - metric: top1\n        value: 70"), **ACCURACY)
    assert found == [f"5 measured-once: write it as 'base_top1'; {OWN_KEY}"]


def test_an_accuracy_under_other_conditions_is_a_measurement(told: Callable[..., list[str]]) -> None:
    assert told(measured("{metric: top1, value: 70, split: test}"), **ACCURACY) == []


def test_each_run_lies_within_the_bounds_of_its_metric(told: Callable[..., list[str]]) -> None:
    text = "{metric: top1, split: test, runs:\n          [70,\n          100.1,\n          -0.5, 0, 100]}"
    assert told(measured(text), **ACCURACY) == [
        "8 metric-bounds: 'top1' is at most 100 %; found 100.1",
        "9 metric-bounds: 'top1' is at least 0 %; found -0.5",
    ]


def test_a_shared_file_tells_that_there_are_more_problems(told: Callable[..., list[str]]) -> None:
    text = "datasets:\n" + "  - name: Digits\n" * (MAX_PROBLEMS + 2)
    found = told(A, shared={"datasets.yaml": parsed(text, Datasets, "corpus/datasets.yaml")})
    assert [one for one in found if "unique-name" not in one] == [
        f"{MAX_PROBLEMS + 3} too-many-problems: there are more problems in this file than the {MAX_PROBLEMS} above; "
        "mend those first"
    ]


@pytest.mark.parametrize(("asked", "told"), [("corpus/datasets.yaml", 1), ("corpus/papers/ada2015pruning.yaml", 0)])
def test_a_shared_file_is_judged_where_it_is_asked_for(asked: str, told: int, corpus_of: Callable[..., Corpus]) -> None:
    text = "datasets: [{name: Digits}, {name: Digits}]\n"
    corpus = corpus_of(A, shared={"datasets.yaml": parsed(text, Datasets, "corpus/datasets.yaml")})
    assert len(check_corpus(corpus, asked.__eq__)) == told
