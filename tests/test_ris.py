"""Bibliographies from RIS."""

from __future__ import annotations

import pytest

from prunelit.cli.entry.bibliography import Bibliography, SourceError
from prunelit.cli.entry.ris import from_ris

RECORD = """\
TY  - CONF
AU  - Doe, Jane
AU  - Smith, Pat, Jr.
TI  - Pruning &amp; <i>more</i>:
  a study
T2  - International Conference on Machine Learning
PY  - 2021
DA  - 2021/07/18/
VL  - 139
SP  - 100
EP  - 110
PB  - PMLR
DO  - https://doi.org/10.1109/5.771073
UR  - https://example.com/paper
KW  - pruning
KW  - sparsity
ER  -
"""


def read(**changed: str | None) -> Bibliography:
    lines = [line for line in RECORD.splitlines() if line[:2] not in changed]
    extra = [f"{tag}  - {text}" for tag, text in changed.items() if text is not None]
    return from_ris("\n".join([*lines[:1], *extra, *lines[1:]]))


def test_a_record_is_read() -> None:
    assert from_ris(RECORD) == Bibliography(
        source="RIS",
        title="Pruning & more: a study",
        authors=("Doe, Jane", "Smith Jr., Pat"),
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
            "publisher": "PMLR",
        },
        unread=("KW",),
    )


@pytest.mark.parametrize(
    ("tag", "text"),
    [("UR", "https://arxiv.org/abs/2007.00001v2"), ("M1", "arXiv:2007.00001"), ("DO", "10.48550/arXiv.2007.00001")],
)
def test_a_preprint(tag: str, text: str) -> None:
    paper = read(**{"T2": None, "DO": None, tag: text})
    assert (paper.arxiv, paper.container, paper.year) == ("2007.00001", "arXiv", 2020)


def test_a_record_without_its_last_line_is_read() -> None:
    assert from_ris(RECORD.replace("ER  -\n", "")) == from_ris(RECORD)


def test_other_tags_for_the_same() -> None:
    text = "TY  - JOUR\nA1  - Doe, Jane\nT1  - Pruning\nY1  - 2019/03//\nJO  - Neurocomputing\nIS  - 4\nSP  - 1-9\n"
    paper = from_ris(text)
    assert (paper.title, paper.authors, paper.year, paper.month) == ("Pruning", ("Doe, Jane",), 2019, 3)
    assert (paper.container, paper.citation["number"], paper.citation["pages"]) == ("Neurocomputing", "4", "1-9")


def test_contradicting_years_are_told() -> None:
    assert ("published", "the record names the years 2020 and 2021") in read(PY="2020").remarks


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found none"),
        ("@misc{k, title={A}}", "this is BibTeX: use --bibtex FILE"),
        (RECORD + RECORD, "found 2, at the lines 1, 18"),
        ("AU  - Doe, Jane\nTY  - JOUR\n", "x.ris:1:1: ris: a record begins with its type"),
        ("some text\nTY  - JOUR\n", "x.ris:1:1: ris: expected a tag and a value"),
        ("TY  - JOUR\nTI  - A\n", "no author (AU) and no year (PY)"),
        ("TY  - JOUR\nTI  - A\nPY  - 2020\nAU  - Doe, J., Roe, R.\n", "x.ris:4:1: ris: 'Doe, J., Roe, R.' has 4 parts"),
    ],
)
def test_what_does_not_do_is_explained(text: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        from_ris(text, "x.ris")
    assert message in str(error.value)
