"""Does the page of a network tell what a reader of a network meta-analysis needs?"""

from __future__ import annotations

import pandas as pd
import pytest

from evidence_rows import points, study
from prunelit.analysis.pages.one_network import ITEMS, ahead, asked_for, page, refused
from prunelit.analysis.pages.section import Section
from prunelit.analysis.synthesis.connectivity import synthesis_networks_table
from prunelit.analysis.synthesis.field import Synthesis, synthesize
from prunelit.analysis.synthesis.question import Question
from prunelit.figures.of_synthesis import figures_of

ROWS = [*study("x", A=-1.0, B=-2.0), *study("y", A=-1.4, C=-2.0), *study("z", B=-2.2, C=-0.6)]
PLACES = {"locator": "Table 1", "source_url": "https://example.org/x"}
TABLE = points(*({**row, **PLACES} for row in ROWS)).assign(std=float("nan"))
WEAK = points(*ROWS, *({**row, "architecture": "ResNet-18"} for row in study("x", A=-1.0, B=-2.0)))


@pytest.fixture(scope="module")
def found() -> Synthesis:
    question = Question("ImageNet", "ResNet-50", through_unpruned=False)
    return synthesize(TABLE, None, question, reference="B", assumed_std=0.01, method_tau="DL")


@pytest.fixture(scope="module")
def networks() -> pd.DataFrame:
    return synthesis_networks_table(WEAK, "top1", "speedup", 2.0, through_unpruned=False)


@pytest.fixture(scope="module")
def sections(found: Synthesis, networks: pd.DataFrame) -> dict[str, Section]:
    return {one.title.split(" (")[0]: one for one in page(found, networks)}


def table_of(section: Section) -> pd.DataFrame:
    assert section.table is not None
    return section.table


def test_title_names_the_network_and_the_ratio(found: Synthesis) -> None:
    assert asked_for(found.question).startswith("ResNet-50 on ImageNet at 2x theoretical speedup")


def test_results_stand_under_every_assumption(sections: dict[str, Section]) -> None:
    table = table_of(sections["Results under every assumption"])
    assert table.columns.tolist()[4:] == ["half", "as assumed", "twice", "four times"]
    assert set(table["method"]) == {"A", "B", "C"}


def test_contrasts_keep_both_places(sections: dict[str, Section]) -> None:
    section = sections["Contrasts, with the place of both numbers"]
    assert table_of(section)[["source of the one", "source of the other"]].values.tolist() == [["Table 1"] * 2] * 3
    assert all(addresses == ["https://example.org/x"] * 3 for addresses in section.links.values())
    assert set(table_of(section)["deviation"]) == {"assumed"}


def test_refused_networks_are_told_with_their_counts(networks: pd.DataFrame) -> None:
    section = refused(networks)
    assert table_of(section)[["architecture", "studies", "methods", "freedom"]].values.tolist() == [
        ["ResNet-18", "1", "2", "0"]
    ]
    assert "1 of 2 networks" in section.text[0]


def test_first_method_and_those_told_from_it(found: Synthesis) -> None:
    first, told, others = ahead(found)
    pairs = found.network.league.loc[("random", first)]
    assert first == found.network.p_scores["random"].idxmax()
    assert (told, others) == (int(((pairs["lower"] > 0) | (pairs["upper"] < 0)).sum()), 2)


def test_every_item_of_prisma_nma_has_its_place() -> None:
    numbers = [name.split()[0] for name in ITEMS]
    assert sorted(numbers, key=lambda one: (one[0] == "S", int(one.strip("S")))) == [
        *(str(number) for number in range(1, 28)),
        *(f"S{number}" for number in range(1, 6)),
    ]


def test_figures_are_drawn_with_the_name_of_the_network(found: Synthesis) -> None:
    drawn = list(figures_of(found))
    assert len(drawn) == 6
    assert all("ResNet-50 (ImageNet)" in words.title and svg.startswith("<svg") for words, svg in drawn)
