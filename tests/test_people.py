"""Names of authors from what bibliographies hold."""

from __future__ import annotations

import pytest

from prunelit.cli.entry.people import author, authors_by_parts, authors_in, authors_of


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Song Han", "Han, Song"),
        ("Han, Song", "Han, Song"),
        ("Plato", "Plato"),
        ("Quoc V. Le", "Le, Quoc V."),
        ("王小明", "王小明"),
        ("Lovelace AK", "Lovelace, AK"),
        ("Van Berg J.-P.", "Van Berg, J.-P."),
        ("A. B. WEI", "WEI, A. B."),
        ("WEI LI", "LI, WEI"),
        # particles
        ("Jörg van den Berg", "van den Berg, Jörg"),
        ("Berg, Jörg van den", "van den Berg, Jörg"),
        ("de la Cruz, Ana", "de la Cruz, Ana"),
        ("Vincent {van Gogh}", "van Gogh, Vincent"),
        ("Jean d'Alembert", "d'Alembert, Jean"),
        ("family=Berg, given=Jörg, prefix=van den, useprefix=true", "van den Berg, Jörg"),
        # suffixes
        (r"M{\"u}ller, Jr., Karl-Heinz", "Müller Jr., Karl-Heinz"),
        ("Pat Smith Jr.", "Smith Jr., Pat"),
        ("Pat Smith, Jr.", "Smith Jr., Pat"),
        ("Smith, Pat, III", "Smith III, Pat"),
        ("Smith, {Jr.}, Pat", "Smith Jr., Pat"),
        ("Nguyen, Vi", "Nguyen, Vi"),
        # accents in every position
        (r"\v{C}apek, Josef", "Čapek, Josef"),
        (r"{\L}ukasz Kaiser", "Kaiser, Łukasz"),
        (r"\O yvind Tafjord", "Tafjord, Øyvind"),
        (r"Jos\'e Garc\'{\i}a", "García, José"),
        (r"\c{S}ahin, {\"O}zg{\"u}r", "Şahin, Özgür"),
        (r"Andr{\'e}", "André"),
        (r"\ifmmode \check{Z}\else \v{Z}\fi{}i\v{z}ek, Ana", "Žižek, Ana"),
        ("L&oacute;pez, Ana", "López, Ana"),
        ("Gri\ufb03n, Ana", "Griffin, Ana"),
        # groups
        ("{Google Brain}", "Google Brain"),
        ("{{Acme Corporation, Inc.}}", "Acme Corporation, Inc."),
        ("Acme Research", "Acme Research"),
        ("Team, Acme", "Acme Team"),
        ("The Pruning Collective", "The Pruning Collective"),
        ("OpenAI", "OpenAI"),
        # numbers, marks and what else does not belong to a name
        ("Wei Wang 0001", "Wang, Wei"),
        ("{Wei Wang 0012}", "Wang, Wei"),
        (r"Ada Lovelace$^{1,*}$", "Lovelace, Ada"),
        (r"Ada Lovelace\textsuperscript{1,2}", "Lovelace, Ada"),
        (r"Ada Lovelace\thanks{Equal contribution}", "Lovelace, Ada"),
        (r"Ada Lovelace$^\dagger$", "Lovelace, Ada"),
        ("Ada Lovelace1,2", "Lovelace, Ada"),
        ("Lovelace*, Ada", "Lovelace, Ada"),
        ("Ada Lovelace†", "Lovelace, Ada"),
        ("Ada Lovelace (London)", "Lovelace, Ada"),
    ],
)
def test_one_name(name: str, written: str) -> None:
    assert author(name) == written


@pytest.mark.parametrize(
    ("field", "authors"),
    [
        (r"Doe, Jane and \'{E}mile Roe and {\O}ystein Poe", ("Doe, Jane", "Roe, Émile", "Poe, Øystein")),
        ("Jane Doe AND Rob Roe", ("Doe, Jane", "Roe, Rob")),
        ("Jane Doe\n  and\tRob\n  Roe", ("Doe, Jane", "Roe, Rob")),
        ("Doe, Jane, and Roe, Rob", ("Doe, Jane", "Roe, Rob")),
        ("Doe, Jane and {Simon and Schuster}", ("Doe, Jane", "Simon and Schuster")),
        ("Doe, Jane; Roe, Rob and Poe, Pat", ("Doe, Jane", "Roe, Rob", "Poe, Pat")),
        ("Doe, Jane and others", ("Doe, Jane", "others")),
        ("Jane Doe et al.", ("Doe, Jane", "others")),
        ("Doe, Jane and and Roe, Rob", ("Doe, Jane", "Roe, Rob")),
        (r"Jane Doe\inst{1} \and Rob Roe\inst{2}", ("Doe, Jane", "Roe, Rob")),
        ("García López, María José and Pérez Ruiz, Juan Pablo", ("García López, María José", "Pérez Ruiz, Juan Pablo")),
    ],
)
def test_several_names(field: str, authors: tuple[str, ...]) -> None:
    assert (authors_of(field).authors, authors_of(field).faults) == (authors, ())


@pytest.mark.parametrize(
    "field",
    [
        "Jane Doe, Rob Roe",
        "Jane Doe, Rob Roe, Pat Poe",
        "Jane Doe, Rob Roe, and Pat Poe",
        "Doe, J., Roe, R.",
        "Doe J., Roe R.",
        "Doe JA, Roe R",
        "J. Doe, R. Roe",
        r"Jane Doe \& Rob Roe",
        "Jane Doe & Rob Roe",
        "Jane Doe / Rob Roe",
        "Jane Doe • Rob Roe",
        "Jane Doe und Rob Roe",
        "Jane Doe\nRob Roe\nPat Poe",
        "Doe, Jane\nRoe, Rob",
        "Doe, Jane|Roe, Rob",
        "Doe, PhD, Jane",
    ],
)
def test_names_joined_by_anything_else_are_told(field: str) -> None:
    read = authors_of(field)
    assert ["join authors with ' and '" in fault for fault in read.faults] == [True]


@pytest.mark.parametrize(
    ("field", "doubt"),
    [
        ("Wei Wang 0001", "taken out of the names: 0001"),
        ("Luc Van Gool", "does the family name begin earlier?"),
        ("Berg, Jo van den", "'van den' was moved"),
        ("Acme Research", "'Acme Research' is taken for the name of a group"),
        ("{Jane Doe and Rob Roe}", "holds more than one name"),
        ("García López, María José and Pérez, Juan", "may be two authors"),
        ("Doe, Jane and others", "replace 'others'"),
        ("Doe, Jane; Roe, Rob", "joined by ';'"),
        ("Doe, Jane and", "an 'and' has no name beside it"),
        ("e. e. cummings", "has no given name"),
        ("Lovelace AK", "initials after a family name"),
        ("B. Doe C. Roe and Pat Poe", "'B. Doe C. Roe' may be several authors"),
        ("Carlo, Aldo Di", "does the family name begin earlier?"),
        (r"J{\"o}\"rg Doe", "holds more than a name"),
        (r"Jane \person", r"the command \person is not known"),
        ("R2D2 Doe", "holds more than a name"),
    ],
)
def test_doubts(field: str, doubt: str) -> None:
    assert any(doubt in told for told in authors_of(field).doubts)


@pytest.mark.parametrize("field", ["Doe, Jane and Roe, Rob", "Jane Doe and {OpenAI}", "Doe, J. K. and Smith Jr., Pat"])
def test_plain_names_raise_no_doubt(field: str) -> None:
    assert authors_of(field).doubts == ()


def test_a_list_of_names_needs_no_latex() -> None:
    assert authors_in(["Doe, Jane", "Rob Roe*", "Poe, Pat; Lee, Ann"]).authors == (
        "Doe, Jane",
        "Roe, Rob",
        "Poe, Pat",
        "Lee, Ann",
    )


def test_an_author_of_a_list_is_never_lost() -> None:
    read = authors_in(["Doe, J., Roe, R.", ":", "Rob Roe"], one_each=True)
    assert (read.authors, len(read.doubts), read.faults) == (("Doe, J., Roe, R.", "Roe, Rob"), 1, ())


def test_names_by_parts() -> None:
    assert authors_by_parts([("van Berg", "Jo"), ("Acme", ""), ("Wang 0001", "Wei"), ("", "")]).authors == (
        "van Berg, Jo",
        "Acme",
        "Wang, Wei",
    )
