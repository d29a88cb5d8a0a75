"""Bibliographies from BibTeX and biblatex."""

from __future__ import annotations

import re

import pytest

from prunelit.cli.entry.bibliography import Bibliography, SourceError
from prunelit.cli.entry.bibtex import from_bibtex

ENTRY = r"""
@string{cvpr = "Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition"}
@inproceedings{lebedev,
  title     = {Fast {C}onv{N}ets with $\ell_1$ at 95\% --- {\"U}ber-sparse},
  author    = "Lebedev, Vadim and {\'E}tienne van den Br{\ae}k and {Google Brain} and others",
  booktitle = cvpr,
  year      = 2021,
  month     = jun,
  pages     = {12--34},
  doi       = {https://doi.org/10.1109/CVPR.2021.280},
  keywords  = {pruning},
}
"""


def entry(kind: str = "misc", **fields: str) -> str:
    """An entry whose fields hold what is given, with its braces or quotes."""
    usual = {"title": "{Pruning}", "author": "{Doe, Jane}", "year": "2020"}
    return f"@{kind}{{key, {', '.join(f'{name} = {one}' for name, one in (usual | fields).items() if one)}}}"


def read(kind: str = "misc", **fields: str) -> Bibliography:
    return from_bibtex(entry(kind, **fields))


def remarks(paper: Bibliography, key: str) -> str:
    return "; ".join(told for at, told in paper.remarks if at == key)


def told(text: str) -> str:
    with pytest.raises(SourceError) as error:
        from_bibtex(text, "x.bib")
    return str(error.value)


def test_an_entry_becomes_real_text() -> None:
    assert from_bibtex(ENTRY) == Bibliography(
        source="BibTeX",
        title="Fast ConvNets with ℓ₁ at 95% — Über-sparse",
        authors=("Lebedev, Vadim", "van den Bræk, Étienne", "Google Brain", "others"),
        year=2021,
        month=6,
        container="Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition",
        doi="10.1109/CVPR.2021.280",
        citation={
            "type": "inproceedings",
            "year": 2021,
            "container": "Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition",
            "pages": "12-34",
        },
        remarks=(
            ("authors", "'Google Brain' stands in braces, so it is taken for the name of a group"),
            ("authors", "the source names no more authors than these: replace 'others' by their names"),
        ),
        unread=("keywords",),
    )


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ({"eprint": "{2101.00001v3}", "archivePrefix": "{arXiv}"}, "2101.00001"),
        ({"eprint": "{2101.00001}"}, "2101.00001"),
        ({"eprint": "{https://arxiv.org/abs/2101.00001}", "eprinttype": "{arxiv}"}, "2101.00001"),
        ({"journal": "{arXiv preprint arXiv:2101.00001}"}, "2101.00001"),
        ({"journal": "{CoRR}", "volume": "{abs/2101.00001}"}, "2101.00001"),
        ({"url": "{https://arxiv.org/abs/2101.00001v1}"}, "2101.00001"),
        ({"url": "{https://ar5iv.labs.arxiv.org/html/2101.00001}"}, "2101.00001"),
        ({"howpublished": r"{\url{https://arxiv.org/pdf/2101.00001.pdf}}"}, "2101.00001"),
        ({"note": "{arXiv: 2101.00001 [cs.LG]}"}, "2101.00001"),
        ({"number": "{arXiv:2101.00001}", "publisher": "{arXiv}"}, "2101.00001"),
        ({"arxivId": "{2101.00001}"}, "2101.00001"),
        ({"doi": "{10.48550/ARXIV.2101.00001}"}, "2101.00001"),
        ({"eprint": "{math/0309136}"}, "math/0309136"),
        ({"eprint": "{2101.00001}", "eprinttype": "{hal}"}, None),
        ({"doi": "{10.1109/5.2101.00001}"}, None),
        ({}, None),
    ],
)
def test_arxiv_is_known_by_many_fields(fields: dict[str, str], identifier: str | None) -> None:
    assert read(**fields).arxiv == identifier


def test_an_arxiv_export_has_its_venue_and_the_year_of_its_identifier() -> None:
    paper = read(eprint="{1912.00001}", archivePrefix="{arXiv}", primaryClass="{cs.LG}", year="{2021}", month="may")
    assert (paper.container, paper.year, paper.month, paper.citation["container"]) == ("arXiv", 2019, None, "arXiv")
    assert remarks(paper, "published").startswith("BibTeX says 2021-05")
    assert paper.unread == ("primaryclass",)


def test_a_preprint_without_a_year_has_that_of_its_identifier() -> None:
    paper = read(eprint="{1912.00001}", year="")
    assert (paper.year, "no year" in remarks(paper, "published")) == (2019, True)


@pytest.mark.parametrize("fields", [{"journal": "{Neurocomputing}"}, {"doi": "{10.1109/CVPR.2021.280}"}])
def test_a_published_paper_keeps_its_year_beside_an_identifier(fields: dict[str, str]) -> None:
    paper = read(eprint="{1912.00001}", year="2021", **fields)
    assert (paper.year, paper.arxiv, paper.container != "arXiv") == (2021, "1912.00001", True)


@pytest.mark.parametrize(
    ("fields", "year", "month"),
    [
        ({"date": "{2021-03-04}"}, 2021, 3),
        ({"date": "{2021-03-04/2021-03-10}"}, 2021, 3),
        ({"date": "{2021}"}, 2021, None),
        ({"date": "{2021~}"}, 2021, None),
        ({"year": "{2021}", "month": "jan"}, 2021, 1),
        ({"year": "2021", "month": "{June}"}, 2021, 6),
        ({"year": "2021", "month": "6"}, 2021, 6),
        ({"year": "2021", "month": "{06}"}, 2021, 6),
        ({"year": "2021", "month": "June"}, 2021, 6),
        ({"year": "2021", "month": 'dec # "~3"'}, 2021, 12),
        ({"year": "2021", "month": "{18--23 Jun}"}, 2021, 6),
        ({"year": "2021", "month": "{OCT 1}"}, 2021, 10),
    ],
)
def test_dates(fields: dict[str, str], year: int, month: int | None) -> None:
    paper = read(**({"year": ""} | fields))
    assert (paper.year, paper.month, remarks(paper, "published")) == (year, month, "")


@pytest.mark.parametrize(
    ("fields", "year", "month", "doubt"),
    [
        ({"month": "13"}, 2020, None, "the month '13' is none"),
        ({"month": "{Spring}"}, 2020, None, "the month 'Spring' is none"),
        ({"month": "{June/July}"}, 2020, 6, "several months"),
        ({"year": "{2019--2020}"}, 2019, None, "several years"),
        ({"date": "{2021-22}", "year": ""}, 2021, None, "names no month"),
        ({"date": "{2021-02}"}, 2021, 2, "'date' says 2021, 'year' 2020"),
    ],
)
def test_a_doubtful_date_is_told(fields: dict[str, str], year: int, month: int | None, doubt: str) -> None:
    paper = read(**fields)
    assert (paper.year, paper.month, doubt in remarks(paper, "published")) == (year, month, True)


@pytest.mark.parametrize(
    ("fields", "container"),
    [
        ({"journaltitle": "{Neurocomputing}"}, "Neurocomputing"),
        ({"journal": "{Neurocomputing}"}, "Neurocomputing"),
        ({"booktitle": r"{Learning \& Vision}", "booksubtitle": "{Part 2}"}, "Learning & Vision: Part 2"),
        ({"eventtitle": "{ICML}"}, "ICML"),
        ({}, None),
    ],
)
def test_containers(fields: dict[str, str], container: str | None) -> None:
    assert read("article", **fields).container == container


def test_the_subtitle_of_biblatex_belongs_to_the_title() -> None:
    assert read(subtitle="{An {ImageNet} Study}").title == "Pruning: An ImageNet Study"


def test_the_entry_itself_becomes_the_citation() -> None:
    paper = read(
        "article", journal="{Neural Computation}", volume="9", number="8", pages="{1735--1780}", publisher="{MIT}"
    )
    assert paper.citation == {
        "type": "article",
        "year": 2020,
        "container": "Neural Computation",
        "volume": "9",
        "number": "8",
        "pages": "1735-1780",
        "publisher": "MIT",
    }
    assert paper.unread == ()


def test_a_kind_of_entry_that_a_record_does_not_know_is_told() -> None:
    paper = read("incollection")
    assert (paper.citation["type"], "'incollection'" in remarks(paper, "citation")) == ("misc", True)


@pytest.mark.parametrize(
    ("fields", "links"),
    [
        ({"url": r"{https://example.com/x\_y}"}, ("https://example.com/x_y",)),
        ({"url": r"{\url{https://example.com/x}}"}, ("https://example.com/x",)),
        ({"howpublished": r"{\url{https://example.com/x}}"}, ("https://example.com/x",)),
        ({"note": r"{Code: \url{https://example.com/code}.}"}, ("https://example.com/code",)),
        ({"url": "{https://arxiv.org/abs/2101.00001}"}, ()),
        ({"url": "{https://doi.org/10.1109/5.1}"}, ()),
    ],
)
def test_links(fields: dict[str, str], links: tuple[str, ...]) -> None:
    assert read(**fields).links == links


def test_every_field_that_holds_the_identifier_counts_as_read() -> None:
    assert (
        read(eprint="{2101.00001}", archivePrefix="{arXiv}", arxivId="{2101.00001}", volume="{abs/2101.00001}").unread
        == ()
    )


def test_an_eprint_that_is_no_identifier_is_told() -> None:
    assert "is no arXiv identifier" in remarks(read(eprint="{soon}", archivePrefix="{arXiv}"), "identifiers")
    assert read(eprint="{soon}").unread == ("eprint",)


def test_an_address_that_is_none_is_told() -> None:
    assert "'www.example.com/x' is no web address" in remarks(read(url="{www.example.com/x}"), "links")


def test_the_doi_may_stand_in_the_address_alone() -> None:
    assert read(url="{https://dl.acm.org/doi/10.1145/3079856.3080254}").doi == "10.1145/3079856.3080254"


def test_a_doi_that_is_none_is_told() -> None:
    assert "'forthcoming' is no DOI" in remarks(read(doi="{forthcoming}"), "identifiers")


def test_a_note_is_told() -> None:
    assert remarks(read(note="{Oral presentation}"), "venue") == "BibTeX's note: Oral presentation"


def test_strings_are_joined() -> None:
    text = '@string{pre = "Deep "}' + entry(title='PRE # {Pru} # "ning"', publisher='pre # "Press"')
    assert (from_bibtex(text).title, from_bibtex(text).citation["publisher"]) == ("Deep Pruning", "Deep Press")


def test_a_string_that_is_not_there_matters_only_where_it_is_read() -> None:
    assert read(series="lncs # 42").unread == ("series",)
    assert "x.bib:1:1: bibtex: 'nips' is the name of no string" in told(entry(booktitle="nips"))


def test_commented_lines_are_no_fields() -> None:
    assert from_bibtex("@misc{k,\n title={A},\n % author={No, Body},\n author={Doe, Jane},\n year=2020}").authors == (
        "Doe, Jane",
    )


PARENT = "@proceedings{P1, title={Proceedings of Pruning}, year={2018}, month=may, publisher={Acme}, editor={Ed, Itor}}"


def test_a_parent_in_the_same_file_gives_what_is_missing() -> None:
    child = "@inproceedings{c, title={Child}, author={Doe, Jane}, crossref={p1}}"
    paper = from_bibtex(child + PARENT)
    assert (paper.title, paper.container, paper.year, paper.month) == ("Child", "Proceedings of Pruning", 2018, 5)
    assert (paper.citation["publisher"], paper.unread) == ("Acme", ("editor",))


def test_a_parent_that_is_not_there_is_told() -> None:
    assert "crossref" in read(crossref="{nowhere}").unread


def test_parents_that_name_each_other_end() -> None:
    assert "found none" in told("@misc{a, crossref={b}, title={A}} @misc{b, crossref={a}, title={B}}")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "@misc{k,\n title={A},\n year=2020\n author={Doe, Jane}}",
            ["3:11: bibtex: a comma is missing after the field 'year'"],
        ),
        (
            "@misc{k, title={A} author={Doe, Jane}, year=2020}",
            ["1:19: bibtex: a comma is missing after the field 'title'"],
        ),
        (
            '@misc{k,\n title="A, {B}"\n author={Doe, Jane}\n year=2020}',
            [
                "2:16: bibtex: a comma is missing after the field 'title'",
                "3:20: bibtex: a comma is missing after the field 'author'",
            ],
        ),
        ("@misc{k\n title={A}, year=2020}", ["1:1: bibtex: the entry needs a key and a comma after it"]),
        (
            "@misc{k,\n title={A}, journal=My Journal, year=2020}",
            ["2:23: bibtex: found 'Journal' after the value of 'journal'"],
        ),
        (
            "@misc{k,\n title={A {B},\n author={Doe, Jane},\n year=2020\n}",
            ["2:1: bibtex: the entry at line 1 does not end"],
        ),
        (
            '@misc{k,\n year=2020,\n title="A,\n author={Doe, Jane}\n}',
            ["3:1: bibtex: the entry at line 1 does not end"],
        ),
        ("@misc{k,\n title={A}},\n year=2020}", ["2:1: bibtex: these fields stand outside of the entry"]),
        ("@misc{k, title={A}, title={B}, year=2020, author={C}}", ["1:1: bibtex: 'title' stands twice"]),
        (
            "@misc{k,\n title={A},\n autor={Doe, Jane}, year=2020}",
            ["1:1: bibtex: the entry has no author; add what is missing; did you mean 'autor'?"],
        ),
    ],
)
def test_faults_are_told_at_their_lines(text: str, places: list[str]) -> None:
    lines = told(text).splitlines()
    assert [line.startswith(f"x.bib:{place}") for line, place in zip(lines, places, strict=True)] == [True] * len(
        places
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found none"),
        ("a paper that I like", "found none"),
        ("TY  - JOUR\nER  - ", "this is RIS: use --ris FILE"),
        ('[{"title": "x"}]', "this is JSON: use --csl FILE"),
        ("@misc{key, title = {", "does not end"),
        (entry() + entry().replace("key", "other"), "found 2: 'key' (line 1), 'other' (line 1)"),
        (entry(author=""), "no author"),
        (entry(author="{{}}"), "no authors that can be read"),
        (entry(title="{" * 5000 + "}" * 5000), "nested too deeply"),
        (entry(title="{" + "x" * 20_000 + "}"), "20,000 characters"),
        (entry(title="", year=""), "no title and no year"),
        (entry(year="{forthcoming}"), "'forthcoming' names no year"),
        (entry(author="{Jane Doe, Rob Roe, Pat Poe}"), "join authors with ' and '"),
        (entry(title=r"{\frac}"), "lacks the arguments of a command"),
    ],
)
def test_what_does_not_do_is_explained(text: str, message: str) -> None:
    assert message in told(text)


def test_all_faults_come_at_once() -> None:
    found = told(entry(author="{Jane Doe & Rob Roe}", year="{soon}", booktitle="nips"))
    assert len(re.findall("^x.bib:1:1: bibtex: ", found, re.M)) == 3
