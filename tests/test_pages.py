"""Is a page readable wherever it is shown, and is text from records shown but never obeyed?"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from prunelit.analysis.pages.markdown import MAX_CHARACTERS, as_markdown, inline
from prunelit.analysis.pages.section import Fact, Section
from prunelit.cli.page import Drawing, as_html
from prunelit.cli.terminal import as_text

HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(1)>&\"'"
SECTION = Section(
    HOSTILE,
    facts=(Fact("Link", HOSTILE, 'https://x.org/?a="><script>'), Fact("Bad", "x", "javascript:alert(1)")),
    text=(HOSTILE,),
    table=pd.DataFrame({HOSTILE: [HOSTILE], "number": ["1.0"]}),
    notes=(HOSTILE,),
)


class Reader(HTMLParser):
    """Collects tags, links and text, as a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str | None]] = {}
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def page() -> Reader:
    return Reader(as_html(HOSTILE, [SECTION]))


def test_nothing_of_a_record_becomes_a_tag(page: Reader) -> None:
    assert {"script", "img"}.isdisjoint(page.tags)
    assert page.text.count(HOSTILE) == 8


def test_no_attribute_of_a_record_gets_through(page: Reader) -> None:
    assert "onerror" not in page.attributes


def test_only_web_addresses_become_links(page: Reader) -> None:
    assert page.attributes["href"] == ['https://x.org/?a="><script>']


def test_a_policy_would_stop_scripts(page: Reader) -> None:
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page.attributes["content"]


def test_the_page_loads_nothing(page: Reader) -> None:
    assert "src" not in page.attributes
    assert "link" not in page.tags


def test_the_page_is_accessible(page: Reader) -> None:
    assert page.attributes["lang"] == ["en"]
    assert page.attributes["scope"] == ["col", "col"]
    assert [page.tags.count(tag) for tag in ("title", "main", "h1", "h2")] == [1, 1, 1, 1]


def test_numbers_line_up_at_the_right(page: Reader) -> None:
    assert page.attributes["class"].count("number") == 1


MARKDOWN = {
    "tag": ("<script>", "&lt;script>"),
    "entity": ("&lt;", "&amp;lt;"),
    "cell": ("a|b", r"a\|b"),
    "link": ("[x](y)", r"\[x\](y)"),
    "code": ("`x`", r"\`x\`"),
    "mention": ("@octocat", "@<!-- -->octocat"),
    "issue": ("#1", "#<!-- -->1"),
    "address": ("https://x.org www.x.org", "https://<!-- -->x.org www<!-- -->.x.org"),
    "lines": ("a\n\n# b", "a #<!-- --> b"),
    "length": ("x" * 400, "x" * 299 + "…"),
}


@pytest.mark.parametrize(("text", "shown"), MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_shows_what_it_would_obey(text: str, shown: str) -> None:
    assert inline(text) == shown


def table(rows: int) -> pd.DataFrame:
    return pd.DataFrame({"paper": [f"paper{n}" for n in range(rows)], "title": ["x" * 100] * rows})


def test_markdown_stays_within_its_limit() -> None:
    sections = [Section(f"Section {n}", text=("Said.",), table=table(2000)) for n in range(20)]
    text = as_markdown("Title", sections)
    assert len(text) <= MAX_CHARACTERS
    assert text.count("## Section") == 20


def test_what_is_left_out_is_counted() -> None:
    text = as_markdown("Title", [Section("First", table=table(10)), Section("Last", table=table(2000))], limit=5000)
    assert text.count("| paper") - 2 == 10 + 2000 - int(re.findall(r"… and (\d+) more of 2000 rows", text)[0])


def test_the_important_comes_in_full() -> None:
    text = as_markdown("Title", [Section("First", table=table(20)), Section("Last", table=table(2000))], limit=5000)
    assert "more of 20 rows" not in text


def test_short_pages_are_complete() -> None:
    section = Section("Facts", facts=(Fact("a", "b"),), text=("c",), table=pd.DataFrame({"d": ["e"]}), notes=("f",))
    assert as_markdown("T", [section]) == "# T\n\n## Facts\n\n- a: b\n\nc\n\n| d |\n| --- |\n| e |\n\nf\n"


def test_a_terminal_cannot_be_given_orders_by_a_page() -> None:
    text = as_text("\x1b[2J", [Section("\x1b]0;x", facts=(Fact("a", "\u202e"),), text=("[red]x[/red]",))])
    assert text.splitlines()[0] == r"\x1b[2J"
    assert r"\u202e" in text
    assert "[red]x[/red]" in text


def test_a_page_in_a_file_has_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in as_text("Title", [SECTION], plain=True)


def test_a_drawing_runs_no_script() -> None:
    read = Reader(as_html("Title", [], [Drawing(HOSTILE, f"<svg>{HOSTILE}</svg>", HOSTILE)]))
    assert (read.tags.count("script"), read.tags.count("img"), read.attributes["alt"]) == (0, 1, [HOSTILE])
