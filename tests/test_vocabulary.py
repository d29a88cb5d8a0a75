"""Do the vocabularies hold what they must: bounds of metrics, variants that end, and methods under one name?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from prunelit.schema.canonical_methods import MethodNames
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Curve
from prunelit.schema.rules import check_corpus
from prunelit.schema.validation import Document, read_bytes
from prunelit.schema.vocabulary import (
    Architecture,
    Architectures,
    CanonicalMethod,
    DatasetEntry,
    Datasets,
    Methods,
    Metric,
    Metrics,
    Setups,
)

RECORD = """\
schema_version: 1
id: ada2015pruning
title: Pruning
authors: ["Lovelace, Ada"]
published: {year: 2015}
collections: [contributed]
methods:
  - name: METHOD
experiments:
  - collections: [contributed]
    dataset: COCO
    curves:
      - method: METHOD
        origin: own
        points:
          - {metrics: [METRIC]}
"""


def shared(value: Any, file: str) -> dict[str, Document[Any]]:
    return {file: Document(f"corpus/{file}", "{}", value)}


def told(whole: Corpus, metric: str = "{metric: map, value: 30}", method: str = "Sieve") -> list[str]:
    """The rules that a record with this quality and this method breaks beside the shipped vocabularies."""
    text = RECORD.replace("METRIC", metric).replace("METHOD", method)
    text = text.replace("schema_version: 1", f"schema_version: {whole.papers[0].schema_version}")
    document, problems = read_bytes(text.encode(), type(whole.papers[0]), "corpus/papers/ada2015pruning.yaml")
    assert document, problems
    alone = replace(whole, papers=(document.value,), documents=(document,), shared={}, unread=frozenset({"more"}))
    return [f"{one.line}:{one.column} {one.rule}: {one.message}" for one in check_corpus(alone)]


def measured(metric: str, value: str) -> str:
    return f"{{metric: {metric}, value: {value}}}"


@pytest.mark.parametrize(
    ("metric", "value", "bound"),
    [
        ("map", "-1.2", "at least 0 %"),
        ("map", "100.01", "at most 100 %"),
        ("f1", "188", "at most 100 %"),
        ("perplexity", "0.4", "at least 1"),
        ("perplexity", "0.999", "at least 1"),
        ("matthews_correlation", "-100.1", "at least -100"),
    ],
)
def test_a_quality_out_of_bounds_is_refused_at_its_value(whole: Corpus, metric: str, value: str, bound: str) -> None:
    [message] = told(whole, measured(metric, value))
    column = len(f"          - {{metrics: [{{metric: {metric}, ") + 1
    assert message == f"16:{column} metric-bounds: '{metric}' is {bound}; found {value}"


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("map", "0"),
        ("f1", "100"),
        ("f1", "100.0"),
        ("perplexity", "1"),
        ("matthews_correlation", "-100"),
        ("psnr", "-3"),
    ],
)
def test_a_quality_on_its_bound_or_without_one_is_accepted(whole: Corpus, metric: str, value: str) -> None:
    assert told(whole, measured(metric, value)) == []


def test_each_run_lies_between_the_bounds(whole: Corpus) -> None:
    assert ["101" in one for one in told(whole, "{metric: f1, runs: [99, 101]}")] == [True]


def test_the_printed_value_is_kept_in_the_message(whole: Corpus) -> None:
    assert told(whole, measured("f1", "188.50"))[0].endswith("found 188.50")


def test_metrics_can_be_told_by_the_names_that_tables_print(whole: Corpus) -> None:
    assert told(whole, measured("AP50", "50")) == [
        "16:25 known-names: metric 'AP50' is called 'map50' here; use that name"
    ]


def of_files(whole: Corpus, value: Any, file: str) -> list[str]:
    """The rules that a shared file breaks, and what is said of it."""
    alone = replace(whole, papers=(), documents=(), shared=shared(value, file), unread=frozenset({"more"}))
    return [f"{one.rule}: {one.message}" for one in check_corpus(alone)]


def test_bounds_leave_room_between_them(whole: Corpus) -> None:
    def metric(minimum: str, maximum: str) -> Metrics:
        bounds = {"minimum": Decimal(minimum), "maximum": Decimal(maximum)}
        metric = {"name": "m", "meaning": "m", "unit": "1", "direction": "lower", **bounds}
        return Metrics(metrics=(Metric.model_validate(metric),))

    assert of_files(whole, metric("1", "2"), "metrics.yaml") == []
    assert of_files(whole, metric("2", "2"), "metrics.yaml") == ["bounds: expected more than the minimum of 2, found 2"]


def variant(name: str, of: str | None) -> Architecture:
    more = {"variant_of": of, "differs": ["head"], "variant_source": "code"} if of else {}
    return Architecture.model_validate({"name": name, **more})


def test_variants_do_not_lead_back_to_where_they_began(whole: Corpus) -> None:
    chain = Architectures(architectures=(variant("A", "B"), variant("B", "C"), variant("C", None)))
    known = replace(whole, architectures=chain.architectures, unpruned=())
    assert of_files(known, chain, "architectures.yaml") == []
    circle = Architectures(architectures=(variant("A", "B"), variant("B", "A"), variant("C", "A")))
    known = replace(whole, architectures=circle.architectures, unpruned=())
    assert of_files(known, circle, "architectures.yaml") == [
        "circle: 'variant_of' leads back to where it began: 'A' of 'B' of 'A'",
        "circle: 'variant_of' leads back to where it began: 'B' of 'A' of 'B'",
    ]


def test_no_dataset_is_a_subset_of_itself(whole: Corpus) -> None:
    own = Datasets(datasets=(DatasetEntry(name="A", subset_of="A"),))
    found = of_files(replace(whole, datasets=own.datasets), own, "datasets.yaml")
    assert found == ["circle: 'subset_of' leads back to where it began: 'A' of 'A'"]


def test_setups_do_not_extend_each_other_in_a_circle(whole: Corpus) -> None:
    def setups(**extends: str) -> Setups:
        one = whole.setups[0].model_copy(update={"extends": None})
        return Setups(setups=tuple(one.model_copy(update={"name": n, "extends": extends.get(n)}) for n in "AB"))

    chain, circle = setups(A="B"), setups(A="B", B="A")
    assert of_files(replace(whole, setups=chain.setups), chain, "setups.yaml") == []
    assert of_files(replace(whole, setups=circle.setups), circle, "setups.yaml") == [
        "circle: 'extends' leads back to where it began: 'A' of 'B' of 'A'",
        "circle: 'extends' leads back to where it began: 'B' of 'A' of 'B'",
    ]


@pytest.mark.parametrize("key", Architecture.VARIANT)
def test_a_variant_says_of_what_in_what_and_why(key: str) -> None:
    said = {"name": "A", "variant_of": "B", "differs": ["head"], "variant_source": "code"}
    Architecture.model_validate(said)
    with pytest.raises(ValidationError, match=f"'{key}' is missing"):
        Architecture.model_validate({name: value for name, value in said.items() if name != key})


def test_a_variant_of_an_unknown_network_is_told(whole: Corpus) -> None:
    [message] = of_files(whole, Architectures(architectures=(variant("A", "VGG16"),)), "architectures.yaml")
    assert message == "known-names: architecture 'VGG16' is called 'VGG-16' here; use that name"


FILTERS = CanonicalMethod(name="Filters", proposed_by="li2016pruning", spellings=("L1", "PFEC"), unnamed=True)
WEIGHTS = CanonicalMethod(name="Weights", proposed_by="han2015learning", spellings=("L1",), aliases=("Weight L1",))
CONTROL = CanonicalMethod(name="Control", reported_by="ada2015pruning", spellings=("Random",))
NAMES = MethodNames([FILTERS, WEIGHTS, CONTROL])


def curve(method: str | None, proposed_by: str | None, **more: Any) -> Curve:
    points = ({"top1": 70},)
    known = {"method": method, "proposed_by": proposed_by, **more}
    return Curve.model_validate({"origin": "rerun", "points": points} | {k: v for k, v in known.items() if v})


@pytest.mark.parametrize(
    ("printed", "proposer", "wanted"),
    [
        ("L1", "li2016pruning", "Filters"),
        ("L1", "han2015learning", "Weights"),
        ("L1", None, None),
        ("PFEC", "li2016pruning", "Filters"),
        ("PFEC", "han2015learning", "PFEC"),
        (None, "li2016pruning", "Filters"),
        (None, "han2015learning", None),
        ("Weight L1", None, "Weights"),
        ("Random", None, "Control"),
        ("Random", "li2016pruning", "Random"),
        ("Filters", None, "Filters"),
        ("L2", "li2016pruning", "L2"),
    ],
)
def test_a_method_is_known_by_its_proposer_and_its_spelling(
    printed: str | None, proposer: str | None, wanted: str | None
) -> None:
    assert NAMES.of("ada2015pruning", printed, curve(printed, proposer)) == wanted


def test_what_the_curve_says_itself_comes_first() -> None:
    told_so = curve("L1", "li2016pruning", canonical_method="Weights")
    assert NAMES.of("ada2015pruning", "L1", told_so) == "Weights"


def test_an_own_method_is_known_by_its_own_paper() -> None:
    own = curve("L1", None, origin="own")
    assert [NAMES.of(paper, "L1", own) for paper in ("li2016pruning", "cia2017more")] == ["Filters", "L1"]


def test_a_spelling_that_only_another_paper_reports_says_nothing() -> None:
    assert NAMES.of("cia2017more", "Random", curve("Random", None)) is None


def test_a_paper_does_not_take_the_name_of_another_method(whole: Corpus) -> None:
    [message] = told(whole, method="SFP")
    assert message.startswith("8:5 unique-methods: 'SFP' is a method of 'he2018soft', too;")


def test_one_spelling_of_a_paper_does_not_mean_two_methods(whole: Corpus) -> None:
    both = Methods(methods=(FILTERS, FILTERS.model_copy(update={"name": "Other", "spellings": ("PFEC",)})))
    found = [one for one in of_files(whole, both, "methods.yaml") if not one.startswith("known-papers")]
    assert found == [
        "two-meanings: 'PFEC' of 'li2016pruning' is 'Filters' already",
        "two-meanings: the method without a name of 'li2016pruning' is 'Filters' already",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"proposed_by": "li2016pruning", "reported_by": "ada2015pruning"},
        {"spellings": ("L1",)},
        {"unnamed": True, "reported_by": "ada2015pruning"},
    ],
)
def test_an_entry_says_of_which_paper_it_is(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CanonicalMethod(name="Filters", **wrong)


def test_every_headline_point_of_the_shipped_corpus_has_a_canonical_method(whole: Corpus) -> None:
    from prunelit import completed
    from prunelit.analysis.frames.headline import headline

    assert headline(completed(whole))["canonical_method"].notna().mean() > 0.98


def test_spellings_of_one_method_of_the_shipped_corpus_are_one(whole: Corpus) -> None:
    from prunelit import results

    table = results(whole)
    spellings = table.loc[table["canonical_method"] == "L1-norm filter pruning", "method"].dropna().unique()
    assert {"L1", "L1-norm", "L1-norm pruning", "L1FilterPruner", "PFEC"} <= set(spellings)
    assert not table.loc[table["method"] == "MagnitudeL1", "canonical_method"].eq("L1-norm filter pruning").any()
