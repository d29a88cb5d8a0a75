"""Do ids and locators on the page of a paper lead to where a reader finds what they name?"""

from __future__ import annotations

import re

import pytest

from prunelit import dataset
from prunelit.analysis.pages.addresses import locator_address, paper_address
from prunelit.analysis.pages.profile import profile
from prunelit.cli.page import as_html
from prunelit.schema.corpus import Corpus
from prunelit.schema.locator import Locator
from prunelit.schema.record import SCHEMA_VERSION, Date, Identifiers, Paper

PAPER = Paper(
    schema_version=SCHEMA_VERSION, id="doe2020pruning", title="T", published=Date(year=2020), collections=("c",)
)
PAPERS = {
    "arXiv": ({"identifiers": Identifiers(arxiv="2001.00001", doi="10.1000/1")}, "https://arxiv.org/abs/2001.00001"),
    "DOI": ({"identifiers": Identifiers(doi="10.1000/a<b")}, "https://doi.org/10.1000/a%3Cb"),
    "link": ({"links": ("https://a.org/1", "https://b.org")}, "https://a.org/1"),
    "nowhere": ({}, ""),
}


@pytest.mark.parametrize(("said", "address"), PAPERS.values(), ids=PAPERS)
def test_a_paper_is_read_where_its_record_says(said: dict[str, object], address: str) -> None:
    assert paper_address(PAPER.model_copy(update=said)) == address


LOCATORS = {
    "a file": (
        Locator(repository="o/r", commit="b244974", path="a b/#1.md", table=1),
        "https://github.com/o/r/blob/b244974/a%20b/%231.md",
    ),
    "the newest file": (Locator(repository="o/r", path="a.md"), "https://github.com/o/r/blob/HEAD/a.md"),
    "a repository": (Locator(repository="o/r", commit="b244974", table=1), "https://github.com/o/r/tree/b244974"),
    "an address": (Locator(url="https://openreview.net/forum?id=1"), "https://openreview.net/forum?id=1"),
    "the paper": (Locator(table=2), "https://a.org"),
    "a path of nothing": (Locator(path="a.md"), ""),
    "nothing": (None, ""),
}


@pytest.mark.parametrize(("locator", "address"), LOCATORS.values(), ids=LOCATORS)
def test_a_locator_leads_to_its_source(locator: Locator | None, address: str) -> None:
    assert locator_address(locator, PAPER.model_copy(update={"links": ("https://a.org",)})) == address


def test_every_locator_and_id_of_a_page_is_a_link(whole: Corpus) -> None:
    paper = whole.by_id["chang2022automatic"]
    html = as_html(paper.title, profile(paper, dataset(whole)))
    shown = re.findall(r"(<a href=\"[^\"]*\"[^>]*>)?Row [^<]*, repository ", html)
    assert len(shown) > 10
    assert all(shown)


def test_neighbours_are_linked_by_their_own_addresses(whole: Corpus) -> None:
    (section,) = (one for one in profile(whole.by_id["han2015learning"], dataset(whole)) if one.title == "Compares to")
    assert section.table is not None
    known = [paper_address(whole.by_id[name]) for name in section.table["record"]]
    assert section.links["record"] == known
