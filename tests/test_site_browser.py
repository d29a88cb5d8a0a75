"""Does the site work as people use it: in a browser, from a folder, by keyboard, on a phone, whatever records say?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import LARGE, PHONE, barriers, browser_of_the_system, kinds_of_pages, scrolls_sideways, window
from playwright.sync_api import Browser, Page

from prunelit.analysis.dataset import Dataset, dataset
from prunelit.explorer.site import build_site
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Paper

PAPERS = {
    "frantar2023sparsegpt", "han2015learning", "he2017channel", "he2018soft", "he2019filter", "li2016pruning",
    "li2020group", "lin2020hrank", "peng2019collaborative", "wang2023trainability", "zhuang2018discrimination",
    "zhuang2020neuron",
}  # fmt: skip
"""Enough of the corpus for a page of each kind, and for a synthesis."""
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TITLE = f"{MARKUP} =HYPERLINK(1) \u202egnorts\u202c {{{{ 7*7 }}}} `a` [b](javascript:alert(3))"


def hostile(paper: Paper) -> Paper:
    """A record that no check has seen: markup, scripts, links that are programs, and text that turns itself round."""
    first, *others = paper.experiments or ()
    curve, *curves = first.curves or ()
    curve = curve.model_copy(update={"method": MARKUP, "note": MARKUP})
    return paper.model_copy(
        update={
            "id": "zzz2021hostile", "title": TITLE, "authors": (MARKUP, "=1+1", "Lovelace, Ada"), "survey_id": None,
            "links": ("javascript:alert(4)", "https://example.org/\"onclick=alert(5)"), "identifiers": None,
            "venue": None, "contributors": (MARKUP,), "methods": None, "former_ids": None,
            "experiments": (first.model_copy(update={"curves": (curve, *curves)}), *others),
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def few(whole: Corpus) -> Dataset:
    """A dozen papers, and a hostile one."""
    kept = tuple(
        one.model_copy(update={"compares_to": tuple(sorted({*(one.compares_to or ())} & PAPERS)) or None})
        for one in whole.papers
        if one.id in PAPERS
    )
    evil = hostile(next(one for one in kept if one.id == "he2018soft"))
    return dataset(replace(whole, papers=(*kept, evil), documents=(), corrections=(), exclusions=(), shared={}))


@pytest.fixture(scope="module")
def site(few: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of these papers."""
    folder = tmp_path_factory.mktemp("site")
    build_site(few, folder, processes=1)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browser_of_the_system() as found:
        yield found


def go(page: Page, site: Path, name: str) -> None:
    """Open a page of the site, with what an address may end with."""
    page.goto(f"{site.as_uri()}/{name}")


@pytest.mark.parametrize("size", [LARGE, PHONE])
def test_every_kind_of_page_opens_without_a_complaint(browser: Browser, site: Path, size: tuple[int, int]) -> None:
    wide = []
    with window(browser, size) as page:
        for kind, file in kinds_of_pages(site).items():
            page.goto(file.as_uri())
            wide += [kind] if scrolls_sideways(page) else []
    assert wide == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_kind_of_page_keeps_people_out(browser: Browser, site: Path, theme: str) -> None:
    found = {}
    with window(browser, theme=theme) as page:
        for kind, file in kinds_of_pages(site).items():
            page.goto(file.as_uri())
            found[kind] = barriers(page)
    assert {kind: one for kind, one in found.items() if one} == {}


def test_pages_can_be_read_without_scripts(browser: Browser, site: Path) -> None:
    with window(browser, java_script_enabled=False) as page:
        for kind, file in kinds_of_pages(site).items():
            page.goto(file.as_uri())
            assert page.locator("main h1").inner_text(), kind
            assert len(page.locator("main").inner_text()) > 40, kind


def test_a_hostile_record_is_shown_and_not_obeyed(browser: Browser, site: Path) -> None:
    with window(browser) as page:
        go(page, site, "papers/zzz2021hostile.html")
        shown = page.locator("body").inner_text()
        assert MARKUP in page.locator("h1").inner_text()
        assert "{{ 7*7 }}" in shown
        assert "\u202e" not in shown
        assert page.locator("main img[src=x], main script, [onclick]").count() == 0
        assert page.locator('a[href^="javascript:"]').count() == 0
