"""Does the site work as people use it: in a browser, from a folder, by keyboard, on a phone, whatever records say?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import LARGE, PHONE, barriers, browser_of_the_system, kinds_of_pages, scrolls_sideways, window
from prunelit.analysis.dataset import Dataset, dataset
from prunelit.explorer.site import build_site
from prunelit.figures.theme import SERIES
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Paper

PAPERS = {
    "han2015learning", "he2017channel", "he2018soft", "he2019filter", "li2016pruning", "li2020group", "lin2020hrank",
    "peng2019collaborative", "sun2024simple", "wang2023trainability", "zhuang2018discrimination", "zhuang2020neuron",
}  # fmt: skip
NETWORKS = {("CIFAR-10", "ResNet-56"), ("ImageNet", "CaffeNet"), ("WikiText-2", "Llama-2-7B")}
"""Enough of the corpus for a page of each kind, and for a synthesis."""
CONFIGURATION = "configurations/cifar-10/resnet-56.html"
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


def smaller(paper: Paper) -> Paper:
    """A record with what it reports of these networks alone; only the papers themselves keep that."""
    reported = paper.experiments if paper.id in PAPERS and paper.experiments else ()
    kept = tuple(one for one in reported if (one.dataset, one.architecture) in NETWORKS)
    compared = tuple(one for one in paper.compares_to or () if paper.id in PAPERS and one in PAPERS)
    changed = {"experiments": kept or None, "compares_to": compared or None, "added_comparisons": None}
    return paper.model_copy(update=changed)


@pytest.fixture(scope="module")
def few(whole: Corpus) -> Dataset:
    """A dozen papers, a hostile one, and those that they name, without what these report."""
    chosen = tuple(smaller(whole.by_id[name]) for name in PAPERS)
    told = "".join(one.model_dump_json() for one in chosen)
    named = tuple(smaller(one) for one in whole.papers if one.id in PAPERS or f'"{one.id}"' in told)
    known = {one.id for one in named} | {None}
    methods = tuple(one for one in whole.methods if {one.proposed_by, one.reported_by} <= known)
    papers = (*named, hostile(next(one for one in named if one.id == "he2018soft")))
    empty = {"documents": (), "corrections": (), "acknowledgements": (), "exclusions": (), "groups": (), "shared": {}}
    return dataset(replace(whole, papers=papers, methods=methods, **empty))  # type: ignore[arg-type]


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
            found[kind] = barriers(page, of_colours=theme == "dark")
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


def choose(page: Page, facet: str, word: str) -> None:
    """Keep only the rows with a word, by the filter of its column."""
    box = page.locator("details.facet", has=page.locator("summary", has_text=re.compile(rf"^{facet}\b")))
    box.locator("summary").click()
    box.get_by_role("checkbox", name=re.compile(rf"^{re.escape(word)}\b")).check()


def rows_left(page: Page) -> list[str]:
    """The rows that the table of a page shows, by their ids, in its order."""
    page.wait_for_selector("#results.enhanced")
    return list(page.locator("#results tbody tr:visible").evaluate_all("rows => rows.map(row => row.id)"))


@pytest.fixture(scope="module")
def printed(few: Dataset) -> pd.DataFrame:
    """What a configuration's page must show: its results, by the ids of their rows."""
    rows = few.evidence_long().query("dataset == 'CIFAR-10' and architecture == 'ResNet-56' and not sweep")
    # All are of top-1, of which more is better; a stable order keeps those of one change as they are in the frame.
    assert set(rows["metric"]) == {"top1"}
    rows = rows.sort_values("change", ascending=False, kind="stable", na_position="last")
    parts = ["paper_id", "experiment", "curve", "point", "metric"]
    return rows.set_axis(["-".join(map(str, one)) for one in rows[parts].itertuples(index=False)], axis=0)


def test_filters_are_kept_in_the_address(browser: Browser, site: Path, printed: pd.DataFrame) -> None:
    wanted = printed[printed["origin"] == "copied"].index.tolist()
    with window(browser) as page:
        go(page, site, CONFIGURATION)
        assert rows_left(page) == printed.index.tolist()
        choose(page, "Origin", "copied")
        assert rows_left(page) == wanted
        page.reload()
        assert rows_left(page) == wanted
        address = page.url
        page.go_back()
        assert rows_left(page) == printed.index.tolist()
    with window(browser) as page:
        page.goto(address)
        assert rows_left(page) == wanted


def test_a_box_in_the_plot_filters_the_table(browser: Browser, site: Path, printed: pd.DataFrame) -> None:
    with window(browser) as page:
        go(page, site, CONFIGURATION)
        drawing = page.locator("svg.drawing:visible").first
        drawing.scroll_into_view_if_needed()
        box = drawing.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"], steps=4)
        page.mouse.up()
        told = dict(parse_qsl(page.url.partition("#?")[2]))
        left = rows_left(page)
    ends = {name: [float(end) for end in told[name].split("..")] for name in told if ".." in told[name]}
    across, up = (printed[name].between(*both).fillna(False) for name, both in ends.items())
    assert left == printed.index[across & up].tolist()
    assert 0 < len(left) < len(printed)


def test_a_link_keeps_what_is_pruned_about_as_much(browser: Browser, site: Path, printed: pd.DataFrame) -> None:
    with window(browser) as page:
        go(page, site, CONFIGURATION)
        page.get_by_role("link", name="2× fewer operations", exact=True).click()
        assert rows_left(page) == printed.index[printed["speedup"].between(1.8, 2.2)].tolist()


def test_a_mark_leads_to_its_row_and_the_row_to_its_source(browser: Browser, site: Path, printed: pd.DataFrame) -> None:
    with window(browser) as page:
        go(page, site, CONFIGURATION)
        mark = page.locator("svg.drawing:visible .marks a").first
        row = mark.get_attribute("data-row")
        assert row is not None
        mark.focus()
        page.keyboard.press("Enter")
        chosen = page.locator("#results tr.chosen")
        assert chosen.get_attribute("id") == row
        assert f"row={row}" in page.url
        source = printed.loc[row, "source_url"]
        assert chosen.locator("a").last.get_attribute("href") == source
        assert page.evaluate("document.activeElement.href") == source
        assert page.locator("figure:visible .readout a").first.get_attribute("href") == source


def test_a_long_legend_is_searched_and_filters_by_method(browser: Browser, site: Path, printed: pd.DataFrame) -> None:
    method = "HRank"
    with window(browser) as page:
        go(page, site, CONFIGURATION)
        figure = page.locator("figure[data-plot]:visible")
        figure.get_by_role("searchbox").fill(method.lower())
        named = figure.locator(".legend li:visible")
        assert all(method.lower() in one.lower() for one in named.all_inner_texts())
        named.get_by_role("button", name=method, exact=True).click()
        assert rows_left(page) == printed.index[printed["canonical_method"] == method].tolist()


def test_a_former_name_of_a_network_leads_to_its_configuration(browser: Browser, site: Path) -> None:
    with window(browser) as page:
        go(page, site, "configurations/cifar10/resnet56.html")
        page.wait_for_url(f"**/{CONFIGURATION}")


def test_a_paper_in_the_graph_leads_to_its_neighbours(browser: Browser, site: Path, few: Dataset) -> None:
    edges = few.comparisons().query("kind == 'comparison'")
    paper = str(edges["paper_id"].mode()[0])
    compared = set(edges.loc[edges["paper_id"] == paper, "compared_id"])
    near = {paper, *compared, *edges.loc[edges["compared_id"] == paper, "paper_id"]}
    with window(browser) as page:
        go(page, site, "graph.html")
        page.locator(f".nodes [data-row={paper}]").click()
        assert f"row={paper}" in page.url
        shown = page.locator(".nodes .near").evaluate_all("nodes => nodes.map(node => node.dataset.row)")
        assert set(shown) == near
        assert page.locator(".readout h3 a").get_attribute("href") == f"papers/{paper}.html"
        page.locator(".readout ul").first.get_by_role("button").first.click()
        chosen = page.locator(".nodes .chosen").get_attribute("data-row")
        assert chosen in compared
        page.go_back()
        assert page.locator(".nodes .chosen").get_attribute("data-row") == paper


def test_years_of_the_graph_are_whole_on_a_phone(browser: Browser, site: Path) -> None:
    with window(browser, PHONE) as page:
        page.goto((site / "graph.html").as_uri())
        drawing = page.locator("svg.drawing").evaluate("(one) => one.getBoundingClientRect().top")
        tops = page.locator("svg.drawing .years text:visible").evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect().top)"
        )
        assert tops
        assert min(tops) >= drawing


def test_filters_of_the_graph_hold_for_drawing_and_table(browser: Browser, site: Path, few: Dataset) -> None:
    papers = few.papers()
    wanted = set(papers.loc[papers["year"] == 2020, "paper_id"])
    with window(browser) as page:
        go(page, site, "graph.html#?year=2020")
        rows = page.locator("#papers tbody tr:visible").evaluate_all("rows => rows.map(row => row.id)")
        drawn = page.locator(".nodes a:not(.away)").evaluate_all("nodes => nodes.map(node => node.dataset.row)")
        whole = page.locator("svg.drawing").get_attribute("viewBox")
        page.get_by_role("button", name="Zoom in").click()
        assert page.locator("svg.drawing").get_attribute("viewBox") != whole
    assert set(rows) == wanted
    assert set(drawn) <= wanted
    assert drawn


def test_a_mark_of_a_figure_leads_to_its_paper(browser: Browser, site: Path) -> None:
    with window(browser) as page:
        go(page, site, "figures/figure3.html")
        page.locator("figure.drawn .mark-symbol path").first.click(force=True)
        page.locator(".readout a").click()
        page.wait_for_url("**/papers/*.html")


def test_the_choice_of_dark_holds_on_other_pages_and_in_the_documentation(browser: Browser, site: Path) -> None:
    with window(browser) as page:
        go(page, site, "index.html")
        page.get_by_role("button", name="Dark theme").click()
        go(page, site, CONFIGURATION)
        assert page.locator("html").get_attribute("data-theme") == "dark"
        assert page.evaluate("localStorage.getItem('theme')") == "dark"


def test_a_drawing_is_saved_in_its_printed_colours(browser: Browser, site: Path, tmp_path: Path) -> None:
    with window(browser, theme="dark") as page:
        go(page, site, CONFIGURATION)
        shown = page.locator("svg.drawing:visible .marks path").count()
        with page.expect_download() as downloading:
            page.locator("figure:visible .downloads button", has_text="SVG").click()
        downloading.value.save_as(tmp_path / "drawing.svg")
    marks = (tmp_path / "drawing.svg").read_text(encoding="utf-8").partition('class="marks"')[2].partition("</g>")[0]
    colours = re.findall(r'<path [^>]*stroke="(#[0-9A-Za-z]{6})"', marks)
    assert 0 < len(colours) == shown
    assert set(colours) <= set(SERIES)


def test_the_rows_that_are_left_come_as_csv(
    browser: Browser, site: Path, printed: pd.DataFrame, tmp_path: Path
) -> None:
    with window(browser) as page:
        go(page, site, CONFIGURATION)
        choose(page, "Origin", "copied")
        with page.expect_download() as downloading:
            page.locator("button.download").click()
        downloading.value.save_as(tmp_path / "rows.csv")
    found = pd.read_csv(tmp_path / "rows.csv").drop(columns="proven_setup")
    wanted = printed[printed["origin"] == "copied"][found.columns].reset_index(drop=True)
    wanted.to_csv(tmp_path / "wanted.csv", index=False)
    pd.testing.assert_frame_equal(found, pd.read_csv(tmp_path / "wanted.csv"))


def test_the_table_of_all_points_is_searched_and_filtered(browser: Browser, site: Path, few: Dataset) -> None:
    points = few.evidence_long()
    with window(browser) as page:
        go(page, site, "table.html#?standing=&dataset=WikiText-2")
        count = page.locator("output.count")
        assert count.inner_text() == f"{(points['dataset'] == 'WikiText-2').sum()} of {len(points)} rows"
        page.get_by_role("searchbox", name="Search these rows").fill("sparsegpt")
        expect(count).not_to_have_text(re.compile(rf"^{(points['dataset'] == 'WikiText-2').sum()} of"))
        assert "q=sparsegpt" in page.url


def test_search_finds_a_method_by_a_misspelt_name(browser: Browser, site: Path) -> None:
    with window(browser) as page:
        go(page, site, "index.html")
        page.get_by_role("combobox").or_(page.get_by_role("searchbox")).first.fill("sparsgtp")
        expect(page.locator("[role=option]").first).to_contain_text("SparseGPT")
        page.keyboard.press("Enter")
        page.wait_for_url("**/methods/sparsegpt.html")
        page.go_back()
        expect(page).to_have_url(re.compile(r"/index\.html"))
