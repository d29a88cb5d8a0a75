"""Is the site whole, offline, and never stale, and is what records say shown but never obeyed?"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any
from urllib.parse import unquote, urlparse

import pytest

from prunelit import dataset
from prunelit.analysis.frames.evidence import EVIDENCE_LONG
from prunelit.explorer import site as build
from prunelit.explorer.digests import record_digests
from prunelit.explorer.pages import papers
from prunelit.explorer.site import SITE_MANIFEST, Built, OutputFolderError, build_site
from prunelit.schema.corpus import Corpus
from prunelit.schema.record import Paper

Outcome = Any
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>&\"'\u202e=1+1"
FIRST = """
id: ada2015title
title: First
collections: [contributed]
contributors: [Ada Lovelace]
venue: ICLR
links: ["https://example.org/?a=1&b=2"]
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [contributed]
    base_top1: 93.04
    base_params: 0.85M
    base_locator: {repository: owner/name, commit: 0123abc, path: unpruned.md}
    curves:
      - method: Pruner+
        origin: own
        locator: {repository: owner/name, commit: 0123abc, path: results.md, lines: "3-4"}
        points:
          - {top1: 93.10, params: 0.73M}
          - {top1_change: -0.50, compression_ratio: 2.0}
"""
SECOND = """
id: bob2016title
title: Second
collections: [contributed]
compares_to: [ada2015title]
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [contributed]
    base_top1: 93.0
    curves:
      - {method: Pruner+, origin: rerun, proposed_by: ada2015title, points: [{top1: 92.0, compression_ratio: 2.0}]}
"""


AT_HOME = {"repository": "https://example.org/owner/prunelit", "base": "https://example.org/site"}


class Reader(HTMLParser):
    """Collects what a browser would load, follow and run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self._script: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.inline += [name for name in found if name.startswith("on") or name == "style"]
        if tag == "script":
            self._script = found.get("type") or "javascript"
        if tag == "a":
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") != "canonical":
            self.loaded.append(found["href"])
        elif "src" in found:
            self.loaded.append(found["src"])

    def handle_endtag(self, tag: str) -> None:
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is None:
            self.text += data
        elif data.strip() and self._script != "application/ld+json":
            self.inline.append(data)


@pytest.fixture(scope="module")
def few(whole: Corpus, corpus_of: Callable[..., Corpus]) -> Callable[..., Corpus]:
    """Makes a corpus of a few records, and of no more vocabulary than they need."""

    def make(*texts: str) -> Corpus:
        return corpus_of(
            *texts,
            architectures=tuple(one for one in whole.architectures if one.name == "ResNet-56"),
            datasets=tuple(one for one in whole.datasets if one.name == "CIFAR-10"),
            venues=tuple(one for one in whole.venues if one.name == "ICLR"),
            collections=tuple(one for one in whole.collections if one.name == "contributed"),
            methods=(),
            unpruned=(),
            groups=(),
        )

    return make


def built(corpus: Corpus, output: Path, **options: Any) -> Built:
    return build_site(dataset(corpus), output, processes=1, **options)


@pytest.fixture(scope="module")
def site(few: Callable[..., Corpus], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of two records."""
    output = tmp_path_factory.mktemp("site") / "site"
    built(few(FIRST, SECOND), output, **AT_HOME)
    return output


@pytest.fixture
def copied(site: Path, tmp_path: Path) -> Path:
    """A copy of that site, to build upon."""
    return Path(shutil.copytree(site, tmp_path / "site"))


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def read_pages(folder: Path) -> Iterator[tuple[str, Reader]]:
    for file in sorted(folder.rglob("*.html")):
        yield file.relative_to(folder).as_posix(), Reader(file.read_text(encoding="utf-8"))


def test_every_kind_of_page_is_there(site: Path) -> None:
    expected = {
        "index.html", "papers/index.html", "papers/ada2015title.html", "methods/index.html", "methods/pruner-plus.html",
        "architectures/resnet-56.html", "datasets/cifar-10.html", "venues/iclr.html", "people/ada-lovelace.html",
        "people/index.html", "corpus/index.html", "corpus/corrections.html", "corpus/claims.html",
        "corpus/downloads.html", "search-index.js", "sitemap.xml", "assets/site.css", SITE_MANIFEST,
    }  # fmt: skip
    assert expected <= set(contents(site))


def test_links_within_the_site_lead_somewhere(site: Path) -> None:
    there, ids = set(contents(site)), {name: set(page.ids) for name, page in read_pages(site)}
    broken = []
    for name, page in read_pages(site):
        for link in (*page.links, *page.loaded):
            parts = urlparse(link)
            if parts.scheme:
                continue
            target = normpath(f"{dirname(name)}/{unquote(parts.path)}").lstrip("/") if parts.path else name
            if target not in there or (parts.fragment[:1] not in ("", "?") and parts.fragment not in ids[target]):
                broken.append((name, link))
    assert broken == []


def test_no_page_runs_what_stands_in_it_or_loads_anything_from_elsewhere(site: Path) -> None:
    for name, page in read_pages(site):
        assert page.inline == [], name
        assert [one for one in page.loaded if urlparse(one).scheme or one.startswith("/")] == [], name
        assert "default-src 'none'" in (site / name).read_text(encoding="utf-8")


def test_a_page_has_one_heading_and_no_id_twice(site: Path) -> None:
    for name, page in read_pages(site):
        assert page.tags.count("h1") == 1, name
        assert len(page.ids) == len(set(page.ids)), name


def test_a_number_leads_to_its_source_at_the_commit(site: Path) -> None:
    found = Reader((site / "papers/ada2015title.html").read_text(encoding="utf-8")).links
    assert found.count("https://github.com/owner/name/blob/0123abc/results.md#L3-L4") > 2


@pytest.mark.parametrize(
    ("page", "part", "file"),
    [
        ("methods/pruner-plus", "reruns", "results.md#L3-L4"),
        ("configurations/cifar-10/resnet-56", "disagreements", "results.md#L3-L4"),
        ("configurations/cifar-10/resnet-56", "spread-of-baselines", "unpruned.md"),
    ],
)
def test_a_number_beside_those_of_others_leads_to_its_source(site: Path, page: str, part: str, file: str) -> None:
    text = (site / f"{page}.html").read_text(encoding="utf-8")
    found = Reader(text.partition(f'<section id="{part}"')[2].partition("</section>")[0]).links
    assert f"https://github.com/owner/name/blob/0123abc/{file}" in found


def test_a_paper_shows_who_compares_to_it(site: Path) -> None:
    page = Reader((site / "papers/ada2015title.html").read_text(encoding="utf-8"))
    assert "bob2016title.html" in page.links
    assert "Compared to by" in page.text


def test_a_paper_leads_to_what_the_audit_finds_in_it(few: Callable[..., Corpus], tmp_path: Path) -> None:
    built(few(FIRST.replace("top1: 93.10, params: 0.73M", "top1: 93.10, params: 0.93M"), SECOND), tmp_path)
    links = Reader((tmp_path / "papers/ada2015title.html").read_text(encoding="utf-8")).links
    assert "../corpus/open-findings.html#?paper_id=ada2015title" in links
    told = gzip.decompress((tmp_path / "corpus/open-findings.csv.gz").read_bytes()).decode()
    found = list(csv.DictReader(told.splitlines()))
    assert "ada2015title" in {one["paper_id"] for one in found}


def test_a_method_shows_all_numbers_by_whoever_printed_them(site: Path) -> None:
    page = Reader((site / "methods/pruner-plus.html").read_text(encoding="utf-8"))
    assert {"../papers/ada2015title.html", "../papers/bob2016title.html"} <= set(page.links)
    assert re.search(r"3 \(2 own, 1 rerun\)", page.text)


def test_a_wrong_number_is_reported_in_a_form_that_is_filled_in(site: Path) -> None:
    links = Reader((site / "papers/ada2015title.html").read_text(encoding="utf-8")).links
    form = next(one for one in links if "issues/new" in one and "where=" in one)
    assert "template=a-number-is-wrong.yml" in form
    assert "record=ada2015title" in form
    assert "where=ResNet-56+on+CIFAR-10" in form
    assert "https://example.org/owner/prunelit/edit/main/corpus/papers/ada2015title.yaml" in links


def test_a_table_is_there_as_csv_with_what_its_columns_mean(site: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((site / "methods/pruner-plus.csv").read_text(encoding="utf-8"))))
    told = json.loads((site / "methods/pruner-plus.csv-metadata.json").read_text(encoding="utf-8"))
    columns = json.loads((site / "methods" / told["tableSchema"]).read_text(encoding="utf-8"))["columns"]
    assert [one["name"] for one in columns] == list(rows[0])
    assert [float(one["top1_change"]) for one in rows] == pytest.approx([0.06, -0.5, -1.0])
    assert next(one for one in columns if one["name"] == "top1_change")["schema:unitText"] == "pp"
    assert all(one["dc:description"] for one in columns)
    assert "CC BY 4.0" in told["dc:bibliographicCitation"]


def test_what_columns_of_leaderboards_mean_is_said_once(site: Path) -> None:
    page = Reader((site / "configurations/cifar-10/resnet-56.html").read_text(encoding="utf-8"))
    told = (site / "configurations/columns.js").read_text(encoding="utf-8")
    meanings = json.loads(told.partition(" = ")[2].removesuffix(";\n"))
    (meant,) = (one.meaning for one in EVIDENCE_LONG if one.name == "change")
    assert "../columns.js" in page.loaded
    assert meanings["change"].startswith(meant)


def test_a_place_leaves_out_the_file_that_its_link_opens(site: Path) -> None:
    text = (site / "papers/ada2015title.html").read_text(encoding="utf-8")
    assert text.count('#L3-L4">source</a>') + text.count("#L3-L4>source</a>") == 4
    assert "owner/name, commit" not in Reader(text).text


def test_more_points_than_anybody_reads_are_in_the_table_of_all(
    few: Callable[..., Corpus], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "MOST_POINTS", 1)
    built(few(FIRST, SECOND), tmp_path)
    many, one = (
        Reader((tmp_path / f"papers/{name}.html").read_text(encoding="utf-8"))
        for name in ("ada2015title", "bob2016title")
    )
    link = "../table.html#?paper_id=ada2015title&standing="
    assert (link in many.links, "numbers-table" in many.ids) == (True, False)
    assert (link in one.links, "numbers-table" in one.ids) == (False, True)


def test_pages_that_show_what_is_made_meanwhile_wait_for_it(
    few: Callable[..., Corpus], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[bool] = []

    @contextmanager
    def made(*_: object) -> Iterator[Callable[[], None]]:
        yield lambda: there.extend((tmp_path / name).exists() for name in ("papers/index.html", "index.html"))

    monkeypatch.setattr(build, "made_ahead", made)
    built(few(FIRST, SECOND), tmp_path)
    assert there == [True, False] * 2


def test_the_search_index_finds_everything_by_name(site: Path) -> None:
    text = (site / "search-index.js").read_text(encoding="utf-8")
    entries = json.loads(text.removeprefix("window.prunelitSearch = ").removesuffix(";\n"))
    assert ["method", "Pruner+", "", "methods/pruner-plus.html"] in entries
    assert {kind for kind, *_ in entries} >= {"paper", "method", "network", "dataset", "configuration", "venue"}


def test_the_sitemap_names_every_page_in_full(site: Path) -> None:
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://example.org/site/papers/ada2015title.html</loc>" in text


@pytest.mark.parametrize("name", ["index.html", "corpus/downloads.html"])
def test_search_engines_are_told_of_the_data(site: Path, name: str) -> None:
    text = (site / name).read_text(encoding="utf-8")
    told = json.loads(text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    files = [one["contentUrl"].removeprefix(f"{AT_HOME['base']}/") for one in told["distribution"]]
    assert told["@type"] == "Dataset"
    assert "corpus/evidence.csv.gz" in files
    assert [one for one in files if not (site / one).is_file()] == []


def test_every_page_has_a_card_for_those_who_link_to_it(site: Path) -> None:
    for name, _ in read_pages(site):
        head = (site / name).read_text(encoding="utf-8")
        (picture,) = re.findall(r'<meta property="og:image" content="https://example.org/site/(.*)">', head) or [""]
        assert 'http-equiv="refresh"' in head or (site / picture).read_bytes().startswith(b"\x89PNG"), name


def test_only_what_is_missing_is_written_again(site: Path, copied: Path, few: Callable[..., Corpus]) -> None:
    assert built(few(FIRST, SECOND), copied, **AT_HOME).written == 0
    (copied / "papers/ada2015title.bib").unlink()
    assert built(few(FIRST, SECOND), copied, **AT_HOME).written == 1
    assert contents(copied) == contents(site)


def test_after_changes_the_site_is_as_if_made_anew(copied: Path, few: Callable[..., Corpus], tmp_path: Path) -> None:
    changed = FIRST.replace("top1: 93.10", "top1: 93.20").replace("First", "First, changed")
    again = built(few(changed), copied, **AT_HOME)
    anew = built(few(changed), tmp_path / "anew", **AT_HOME)
    assert contents(copied) == contents(tmp_path / "anew")
    assert 0 < again.written < anew.written
    assert again.removed > 0


def test_pages_stay_that_do_not_show_what_changed(copied: Path, few: Callable[..., Corpus]) -> None:
    def digests() -> dict[str, str]:
        told = json.loads((copied / SITE_MANIFEST).read_text(encoding="utf-8"))["pages"]
        return {address: one["digest"] for address, one in told.items()}

    before = digests()
    built(few(f"{FIRST}note: Read again.\n", SECOND), copied, **AT_HOME)
    changed = {address for address, digest in digests().items() if before[address] != digest}
    others = {"methods/pruner-plus.html", "configurations/cifar-10/resnet-56.html", "papers/bob2016title.html"}
    assert "papers/ada2015title.html" in changed
    assert others <= set(before) - changed


def test_a_changed_vocabulary_makes_every_page_anew(copied: Path, few: Callable[..., Corpus]) -> None:
    corpus = few(FIRST, SECOND)
    changed = replace(corpus, venues=tuple(one.model_copy(update={"full_name": "Another"}) for one in corpus.venues))
    again = built(changed, copied, **AT_HOME)
    assert again.written == again.pages


def test_the_sweeps_of_a_record_count_among_what_it_says(whole: Corpus) -> None:
    name = next(iter(whole.sweeps))
    paper = next(one.id for one in whole.papers if whole.sweeps[name] in whole.sweeps_of(one))
    shorter = replace(whole, sweeps={**whole.sweeps, name: whole.sweeps[name][:-1]})
    before, after = record_digests(whole), record_digests(shorter)
    assert {one for one in before if before[one] != after[one]} == {paper}


def test_a_folder_that_holds_something_else_is_left_alone(few: Callable[..., Corpus], tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(OutputFolderError, match="holds something other than a site"):
        built(few(FIRST), tmp_path)
    with pytest.raises(OutputFolderError, match="is a file"):
        built(few(FIRST), tmp_path / "thesis.tex")
    assert list(contents(tmp_path)) == ["thesis.tex"]


@pytest.mark.parametrize("begin", ["../", "", "papers/../../"], ids=["above", "absolute", "above by a folder"])
def test_what_a_site_says_of_itself_removes_nothing_outside(
    begin: str, copied: Path, few: Callable[..., Corpus]
) -> None:
    mine = copied.parent / "thesis.tex"
    mine.write_text("mine")
    told = json.loads((copied / SITE_MANIFEST).read_text(encoding="utf-8"))
    told["pages"]["papers/gone.html"] = {"digest": "0", "files": [f"{begin}{mine.name}" if begin else str(mine)]}
    (copied / SITE_MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    built(few(FIRST, SECOND), copied, **AT_HOME)
    assert mine.read_text() == "mine"


def hostile(paper: Paper) -> Paper:
    """The record with all of its text taken over, past what validation lets through."""
    return paper.model_copy(
        update={"title": HOSTILE, "authors": (HOSTILE,), "note": HOSTILE, "links": ("javascript:alert(1)",)}
    )


def test_what_records_say_is_shown_and_never_obeyed(few: Callable[..., Corpus], tmp_path: Path) -> None:
    corpus = few(FIRST.replace("Pruner+", "'<b onclick=x()>Pruner'"), SECOND)
    corpus = replace(corpus, papers=(hostile(corpus.papers[0]), corpus.papers[1]), documents=())
    built(corpus, tmp_path)
    for name, page in read_pages(tmp_path):
        assert page.inline == [], name
        assert page.tags.count("img") == 0, name
        assert [one for one in page.links if one.startswith("javascript")] == [], name
        assert "\u202e" not in (tmp_path / name).read_text(encoding="utf-8"), name
    shown = Reader((tmp_path / "papers/ada2015title.html").read_text(encoding="utf-8")).text
    assert HOSTILE.replace("\u202e", "[U+202E]") in shown


def test_the_command_tells_what_is_wrong_with_its_options(run: Callable[..., Outcome], tmp_path: Path) -> None:
    assert "expected an address that starts with https://" in run("site", "--address", "javascript:x").err
    (tmp_path / "thesis.tex").write_text("mine")
    found = run("site", "--output", tmp_path)
    assert found.status == 2
    assert "holds something other than a site" in found.err
