"""Does the page about a paper say what its record says?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pandas as pd
import pytest

from prunelit import dataset
from prunelit.analysis.frames.printed import printed
from prunelit.analysis.load import find_paper
from prunelit.analysis.pages.profile import profile
from prunelit.analysis.pages.section import Section, computed, filled, headed
from prunelit.schema.corpus import Corpus


def page(whole: Corpus, name: str) -> dict[str, Section]:
    return {section.title: section for section in profile(find_paper(whole, name), dataset(whole))}


@pytest.mark.parametrize("name", ["han2015learning", "learning-both", "han2015l", "BOTH Weights and connections"])
def test_a_paper_is_found_by_id_nickname_and_part(whole: Corpus, name: str) -> None:
    assert find_paper(whole, name).id == "han2015learning"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("he2018", "2 papers match 'he2018': 'he2018amc', 'he2018soft'; name one"),
        ("han2015learnin9", "no paper 'han2015learnin9'; did you mean 'han2015learning'?"),
        ("", "no paper ''"),
        ("2018", "and"),
    ],
)
def test_what_is_not_one_paper_is_explained(whole: Corpus, name: str, told: str) -> None:
    with pytest.raises(LookupError, match=re.escape(told)):
        find_paper(whole, name)


def test_results_keep_their_digits(whole: Corpus) -> None:
    table = page(whole, "han2015learning")["VGG-16 on ImageNet"].table
    assert table is not None
    assert table.to_dict("records") == [
        {
            "method": "own",
            "params_removed": "0.9250",
            "flops_removed": "0.8900",
            "locator": "Table 5",
            "survey's row": "173",
        }
    ]


def test_the_unpruned_model_has_units(whole: Corpus) -> None:
    facts = {fact.label: fact.value for fact in page(whole, "he2018soft")["ResNet-20 on CIFAR-10"].facts}
    assert facts["Unpruned"] == "top1 92.20 %, top1_std 0.18 pp"


def test_a_sweep_is_counted_not_listed(survey: Corpus) -> None:
    text = page(survey, "gale2019state")["ResNet-50 on ImageNet"].text
    assert (
        "Magnitude (rerun): a released sweep of 236 points, in corpus/sweeps/gale2019state-magnitude-pruning.csv."
        in (text)
    )


def test_neighbours_stand_in_both_directions(whole: Corpus) -> None:
    found = page(whole, "han2015learning")
    assert "denton2014exploiting" in cells(found["Compares to"])
    assert "gale2019state" in cells(found["Compared to by"])


def test_a_paper_without_neighbours_says_so(survey: Corpus) -> None:
    assert page(survey, "gale2019state")["Compared to by"].text == ("No paper of the corpus.",)


def test_normalized_values_are_those_of_the_table(whole: Corpus) -> None:
    table = page(whole, "han2015learning")["Normalized"].table
    assert table is not None
    assert table["normalized_top1 (%)"].iloc[0] == "57.29"


def test_corrections_of_the_paper_are_told(whole: Corpus) -> None:
    assert "ICCV" in cells(page(whole, "he2017channel")["Corrections"])


def test_every_paper_has_a_page(whole: Corpus) -> None:
    assert all(len(profile(paper, dataset(whole))) >= 3 for paper in whole.papers[:10])


def cells(section: Section) -> Iterator[str]:
    assert section.table is not None
    return (cell for row in section.table.itertuples(index=False) for cell in row)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("76.0"), "76.0"),
        (Decimal("25.6E6"), "25.6M"),
        (Decimal("61.000E6"), "61.000M"),
        (Decimal("1.500E9"), "1.500G"),
        (Decimal("2.67E5"), "267K"),
        (Decimal(431000), "431,000"),
        (Decimal("0.0001"), "0.0001"),
        (Decimal(0), "0"),
        (7, "7"),
        (None, ""),
    ],
)
def test_printed_values_keep_their_digits(value: object, text: str) -> None:
    assert printed(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (76.126, "%", "76.13"),
        (25_557_032.0, "count", "25.56M"),
        (999_999.0, "count", "1000K"),
        (12.0, "count", "12"),
        (0.123456, "fraction", "0.1235"),
        (float("nan"), "%", ""),
    ],
)
def test_computed_values_are_short(value: float, unit: str, text: str) -> None:
    assert computed(value, unit) == text


def test_headings_name_units_that_numbers_lack() -> None:
    assert [headed("top1", "%"), headed("params", "count"), headed("kind", "")] == ["top1 (%)", "params", "kind"]


def test_tables_lose_empty_columns() -> None:
    frame = pd.DataFrame({"a": [1, None], "b": [None, None]}, dtype=object)
    assert filled(frame).to_dict("list") == {"a": ["1", ""]}
