"""arXiv identifiers, DOIs and addresses in every form that people paste."""

from __future__ import annotations

import pytest

from prunelit.cli.entry.identifiers import addresses, arxiv_id, arxiv_within, doi, posted_year


@pytest.mark.parametrize("version", ["", "v1", "v12"])
@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "arXiv:{}",
        "arxiv: {}",
        "arXiv:{} [cs.LG]",
        "arXiv preprint arXiv:{}",
        "arxiv.org/abs/{}",
        "http://arxiv.org/abs/{}",
        "https://www.arxiv.org/abs/{}",
        "https://export.arxiv.org/abs/{}/",
        "https://arxiv.org/abs/{}?context=cs.LG",
        "https://arxiv.org/pdf/{}",
        "https://arxiv.org/pdf/{}.pdf",
        "https://arxiv.org/html/{}",
        "https://arxiv.org/html/{}#S3.T2",
        "https://arxiv.org/format/{}",
        "https://arxiv.org/e-print/{}",
        "https://ar5iv.org/abs/{}",
        "https://ar5iv.labs.arxiv.org/html/{}",
        "https://www.alphaxiv.org/abs/{}",
        "https://alphaxiv.org/overview/{}",
        "https://huggingface.co/papers/{}",
        "https://doi.org/10.48550/arXiv.{}",
        "10.48550/ARXIV.{}",
        "abs/{}",
        " <https://arxiv.org/abs/{}> ",
        r"\url{{https://arxiv.org/abs/{}}}",
    ],
)
def test_arxiv(form: str, version: str) -> None:
    assert arxiv_id(form.format("1506.02626" + version)) == "1506.02626"


@pytest.mark.parametrize(
    ("pasted", "identifier"),
    [
        ("cs/0309136", "cs/0309136"),
        ("math.GT/0309136v2", "math/0309136"),
        ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/pdf/cs.LG/0309136v1.pdf", "cs/0309136"),
        ("2413.00001", None),
        ("https://arxiv.org/list/cs.LG/2401", None),
        ("10.1109/5.2401.00001", None),
        ("Pruning", None),
    ],
)
def test_old_identifiers_and_none(pasted: str, identifier: str | None) -> None:
    assert arxiv_id(pasted) == identifier


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("See arXiv:1506.02626v2, and more", "1506.02626"),
        ("CoRR, abs/1506.02626", "1506.02626"),
        ("https://arxiv.org/pdf/1506.02626.pdf", "1506.02626"),
        ("volume 1506.02626", None),
    ],
)
def test_arxiv_within_text(text: str, identifier: str | None) -> None:
    assert arxiv_within(text) == identifier


@pytest.mark.parametrize(
    ("identifier", "year"), [("1506.02626", 2015), ("0704.0001", 2007), ("cs/9901001", 1999), ("cs/0001001", 2000)]
)
def test_the_year_of_an_identifier(identifier: str, year: int) -> None:
    assert posted_year(identifier) == year


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "{}.",
        "doi:{}",
        "DOI: {}",
        "doi {}",
        "info:doi/{}",
        "doi.org/{}",
        "https://doi.org/{}",
        "https://www.doi.org/{}",
        "http://dx.doi.org/{}",
        "https://doi.org/doi:{}",
        "doi: https://doi.org/{}",
        "https://doi-org.proxy.example.edu/{}",
        "https://dl.acm.org/doi/{}",
        "https://dl.acm.org/doi/abs/{}?download=true",
        "https://onlinelibrary.wiley.com/doi/full/{}",
        "https://link.springer.com/content/pdf/{}.pdf",
        "https://link.springer.com/article/{}#Sec1",
        "https://www.frontiersin.org/articles/{}/full",
        "<https://doi.org/{}>",
        r"\url{{https://doi.org/{}}}",
    ],
)
def test_dois(form: str) -> None:
    assert doi(form.format("10.1109/CVPR.2016.280")) == "10.1109/CVPR.2016.280"


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        (r"10.1007/978-3-030-1\_2", "10.1007/978-3-030-1_2"),
        (r"10.1007/978-3-030-1{\_}2", "10.1007/978-3-030-1_2"),
        ("https://doi.org/10.1109%2FCVPR.2016.280", "10.1109/CVPR.2016.280"),
        ("10.1002/(SICI)1097(19)17:15<16::AID>3.0.CO;2-2", "10.1002/(SICI)1097(19)17:15<16::AID>3.0.CO;2-2"),
        ("https://ieeexplore.ieee.org/document/7780454", None),
        ("Pruning", None),
    ],
)
def test_odd_dois_and_none(pasted: str, found: str | None) -> None:
    assert doi(pasted) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"https://example.com/x\_y\%20z", ["https://example.com/x_y%20z"]),
        (r"\url{https://example.com/x{\_}y}", ["https://example.com/x_y"]),
        (
            r"https://example.com/{\~{}}doe and \href{https://example.com/b}{b}.",
            ["https://example.com/~doe", "https://example.com/b"],
        ),
        (r"https://example.com/\textasciitilde doe", ["https://example.com/~doe"]),
        ("https://example.com/?a=1&amp;b=2", ["https://example.com/?a=1&b=2"]),
        ("www.example.com", []),
    ],
)
def test_addresses(text: str, found: list[str]) -> None:
    assert addresses(text) == found
