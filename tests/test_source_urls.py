"""Which address opens the source of a number?"""

from __future__ import annotations

from typing import Any

import pytest

from prunelit.analysis.frames.source_urls import paper_url, repository_url, source_url
from prunelit.schema.locator import Locator
from prunelit.schema.record import Paper
from prunelit.schema.vocabulary import Collection

COMMIT = "9f57bf51fa3e1c9158d9fc5f40e4a1fca75f3074"
ARXIV, DOI, LINK = {"arxiv": "1506.02626"}, {"doi": "10.1109/CVPR.2016.280"}, "https://example.org/paper"


def paper(**said: Any) -> Paper:
    usual = {"title": "T", "published": {"year": 2015}, "collections": ["living"]}
    version = Paper.model_fields["schema_version"].annotation.__args__[0]  # type: ignore[union-attr]
    return Paper.model_validate({"schema_version": version, "id": "doe2015x"} | usual | said)


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ({"identifiers": ARXIV | DOI, "links": [LINK]}, "https://arxiv.org/abs/1506.02626"),
        ({"identifiers": DOI, "links": [LINK]}, "https://doi.org/10.1109/CVPR.2016.280"),
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
