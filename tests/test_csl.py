"""Bibliographies from CSL-JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prunelit.cli.entry.bibliography import Bibliography, SourceError
from prunelit.cli.entry.csl import from_csl

ITEM: dict[str, Any] = {
    "id": "doe2021",
    "type": "paper-conference",
    "title": "Pruning &amp; <i>more</i>",
    "author": [
        {"family": "Berg", "non-dropping-particle": "van den", "given": "Jo", "suffix": "Jr."},
        {"literal": "Acme Research"},
    ],
    "issued": {"date-parts": [["2021", 7, 18]]},
    "container-title": "International Conference on Machine Learning",
    "volume": 139,
    "page": "100–110",
    "DOI": "10.1109/5.771073",
    "URL": "https://example.com/paper",
    "abstract": "We prune.",
}


def read(**changed: Any) -> Bibliography:
    return from_csl(json.dumps([{key: one for key, one in (ITEM | changed).items() if one is not None}]))


def test_an_item_is_read() -> None:
    assert from_csl(json.dumps(ITEM)) == Bibliography(
        source="CSL-JSON",
        title="Pruning & more",
        authors=("van den Berg Jr., Jo", "Acme Research"),
        year=2021,
        month=7,
        container="International Conference on Machine Learning",
        doi="10.1109/5.771073",
        links=("https://example.com/paper",),
        citation={
            "type": "inproceedings",
            "year": 2021,
            "container": "International Conference on Machine Learning",
            "volume": "139",
            "pages": "100-110",
        },
        unread=("abstract",),
    )


@pytest.mark.parametrize(
    ("issued", "year", "month"),
    [
        ({"date-parts": [[2021]]}, 2021, None),
        ({"date-parts": [[2021, 3], [2021, 4]]}, 2021, 3),
        ({"raw": "2021-03-04"}, 2021, 3),
        ({"literal": "March 2021"}, 2021, 3),
        ("2021-03", 2021, 3),
    ],
)
def test_dates(issued: Any, year: int, month: int | None) -> None:
    assert (read(issued=issued).year, read(issued=issued).month) == (year, month)


@pytest.mark.parametrize(
    "changed",
    [{"URL": "https://arxiv.org/abs/2007.00001"}, {"number": "arXiv:2007.00001"}, {"DOI": "10.48550/arXiv.2007.00001"}],
)
def test_a_preprint(changed: dict[str, str]) -> None:
    paper = read(**{"container-title": None, "DOI": None, "type": "article"} | changed)
    assert (paper.arxiv, paper.container, paper.year) == ("2007.00001", "arXiv", 2020)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "x.json:1:2: csl: this is not JSON"),
        ("@misc{k, title={A}}", "this is BibTeX: use --bibtex FILE"),
        ("[" * 100_000, "x.json"),
        ("[]", "expected one item of CSL-JSON, found 0"),
        ("[1]", "one of something else"),
        (json.dumps([ITEM, ITEM]), "found 2: 'Pruning &amp; <i>more</i>'"),
        (json.dumps({"type": "book"}), "no title and no author and no year"),
        (json.dumps(ITEM | {"author": "me"}), "'author' is no list of names"),
        (json.dumps(ITEM | {"author": [{}]}), "an author has no name"),
        (json.dumps(ITEM | {"issued": {"date-parts": [[None]]}}), "no year"),
        (json.dumps(ITEM | {"issued": {"date-parts": [[1942]]}}), "no year"),
    ],
)
def test_what_does_not_do_is_explained(text: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        from_csl(text, "x.json")
    assert message in str(error.value)
