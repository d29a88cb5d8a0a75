"""Which address opens the source of a number?"""

from __future__ import annotations

import re
from typing import Any

import pytest

from prunelit import dataset
from prunelit.analysis.frames.source_urls import paper_url, repository_url, source_url
from prunelit.analysis.pages.profile import profile
from prunelit.cli.page import as_html
from prunelit.schema.corpus import Corpus
from prunelit.schema.locator import Locator
from prunelit.schema.record import SCHEMA_VERSION, Paper
from prunelit.schema.vocabulary import Collection

COMMIT = "9f57bf51fa3e1c9158d9fc5f40e4a1fca75f3074"
ARXIV, DOI, LINK = {"arxiv": "1506.02626"}, {"doi": "10.1109/CVPR.2016.280"}, "https://example.org/paper"


def paper(**said: Any) -> Paper:
    usual = {"title": "T", "published": {"year": 2015}, "collections": ["living"]}
    return Paper.model_validate({"schema_version": SCHEMA_VERSION, "id": "doe2015x"} | usual | said)


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ({"identifiers": ARXIV | DOI, "links": [LINK]}, "https://arxiv.org/abs/1506.02626"),
        ({"identifiers": DOI, "links": [LINK]}, "https://doi.org/10.1109/CVPR.2016.280"),
        ({"identifiers": {"doi": "10.1000/a<b"}}, "https://doi.org/10.1000/a%3Cb"),
        ({"links": [LINK]}, LINK),
        ({}, None),
    ],
)
def test_page_of_a_paper(said: dict[str, Any], address: str | None) -> None:
    assert paper_url(paper(**said)) == address


@pytest.mark.parametrize(
    ("place", "address"),
    [
        (("o/n", COMMIT, "a b/R#1.md"), f"https://github.com/o/n/blob/{COMMIT}/a%20b/R%231.md"),
        (("o/n", None, "README.md"), "https://github.com/o/n/blob/HEAD/README.md"),
        (("o/n", COMMIT, None), f"https://github.com/o/n/tree/{COMMIT}"),
        (("o/n",), "https://github.com/o/n"),
    ],
)
def test_address_of_a_repository_and_of_a_file_in_it(place: tuple[str | None, ...], address: str) -> None:
    assert repository_url(*place) == address  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("locator", "address"),
    [
        ({"table": 1, "repository": "o/n", "commit": COMMIT, "path": "p"}, f"https://github.com/o/n/blob/{COMMIT}/p"),
        ({"repository": "o/n", "path": "p", "lines": "12-14, 24"}, "https://github.com/o/n/blob/HEAD/p#L12-L14"),
        ({"repository": "o/n", "path": "p", "lines": 24}, "https://github.com/o/n/blob/HEAD/p#L24"),
        ({"table": 1, "url": "https://example.org/x"}, "https://example.org/x"),
        ({"table": 1}, "https://arxiv.org/abs/1506.02626"),
        (None, "https://arxiv.org/abs/1506.02626"),
    ],
)
def test_a_locator_comes_before_the_page_of_the_paper(locator: dict[str, Any] | None, address: str) -> None:
    place = None if locator is None else Locator.model_validate(locator)
    assert source_url(place, paper(identifiers=ARXIV)) == address


def test_the_source_of_the_collection_comes_last() -> None:
    survey = Collection(name="survey", title="X", source="X", url=LINK)
    assert source_url(Locator(table=1), paper(), survey) == LINK
    assert source_url(Locator(table=1), paper(identifiers=ARXIV), survey) == "https://arxiv.org/abs/1506.02626"
    assert source_url(None, paper()) is None


def test_every_locator_and_id_of_a_page_is_a_link(whole: Corpus) -> None:
    paper = whole.by_id["chang2022automatic"]
    html = as_html(paper.title, profile(paper, dataset(whole)))
    shown = re.findall(r"(<a href=\"[^\"]*\"[^>]*>)?Row [^<]*, repository ", html)
    assert len(shown) > 10
    assert all(shown)


def test_neighbours_are_linked_by_their_own_addresses(whole: Corpus) -> None:
    (section,) = (one for one in profile(whole.by_id["han2015learning"], dataset(whole)) if one.title == "Compares to")
    assert section.table is not None
    known = [paper_url(whole.by_id[name]) or "" for name in section.table["record"]]
    assert section.links["record"] == known
