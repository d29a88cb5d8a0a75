"""Does the documentation tell everything, lead nowhere that is not there, and work as people use it?"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html
from playwright.sync_api import Browser
from typer.main import get_command

import prunelit
from browsing import LARGE, PHONE, barriers, browser_of_the_system, kinds_of_pages, scrolls_sideways, window
from prunelit.cli.app import app
from prunelit.explorer.documentation import build
from prunelit.explorer.documentation.commands import command_sections
from prunelit.explorer.documentation.included import PAGES, outdated_pages, with_links_to_pages
from prunelit.explorer.documentation.templates import policy
from prunelit.schema.export import schemas

ROOT = Path(__file__).parents[1]
SOURCES = sorted(build.SOURCES.rglob("*.md"))
TOLD = "\n".join(file.read_text("utf-8") for file in SOURCES)
LINES = re.findall(r"^ *\$ (prunelit .*)$", TOLD, re.MULTILINE)
LOOKED_AT = ("index", "tutorial", "search", "how-to/add-a-paper", "reference/shared-files", "documents/metrics")
"""A page of each kind that is not among the long ones."""
LOADED = re.compile(r"""<(?:script|img|iframe)[^>]* src=["']?(?:https?:)?//|<link[^>]*stylesheet[^>]*https?:|@import""")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation, with its notebook as it stands; Sphinx must have nothing to warn of."""
    folder = tmp_path_factory.mktemp("documentation")
    with build.documentation_beside(folder / "docs", work=folder / "work", execute=False):
        pass
    return folder / "docs"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browser_of_the_system() as found:
        yield found


@pytest.fixture(scope="module")
def texts(pages: Path) -> dict[str, str]:
    """The pages of the reference as text."""
    names = ("python", "command-line", "record", "shared-files")
    return {name: html.parse(pages / "reference" / f"{name}.html").getroot().text_content() for name in names}


def test_links_within_the_documentation_lead_somewhere(pages: Path) -> None:
    trees = {file: html.parse(file).getroot() for file in pages.rglob("*.html")}
    ids = {file: set(tree.xpath("//@id | //a/@name")) for file, tree in trees.items()}
    lost = []
    for file, tree in trees.items():
        for link in map(str, tree.xpath("//a/@href | //link/@href | //script/@src | //img/@src")):
            path, _, anchor = unquote(re.sub(r"\?[^#]*", "", link)).partition("#")
            target = (file.parent / path).resolve() if path else file
            if re.match(r"[a-z]+:", link) or target == pages.parent / "index.html":  # the web, and the explorer
                continue
            if not target.is_file() or (anchor and target.suffix == ".html" and anchor not in ids[target]):
                lost.append(f"{file.relative_to(pages)}: {link}")
    assert lost == []


def test_nothing_of_the_documentation_comes_from_elsewhere(pages: Path) -> None:
    assert [file.name for file in pages.rglob("*.html") if LOADED.search(file.read_text("utf-8"))] == []


def test_every_public_name_has_its_place(texts: dict[str, str]) -> None:
    assert [name for name in prunelit.__all__ if f"prunelit.{name}" not in texts["python"]] == []


def test_every_command_has_its_place(texts: dict[str, str]) -> None:
    shown = [name for name, one in get_command(app).commands.items() if not one.hidden]  # type: ignore[attr-defined]
    assert [name for name in shown if f"prunelit {name}" not in texts["command-line"]] == []
    assert "prunelit report" not in texts["command-line"]


def test_every_field_has_its_place(texts: dict[str, str]) -> None:
    fields = {
        (name.removesuffix(".schema.json"), field)
        for name, schema in schemas().items()
        for model in (schema, *schema.get("$defs", {}).values())
        for field in model.get("properties", ())
    }
    page = {"record": texts["record"]}
    assert [field for kind, field in fields if field not in page.get(kind, texts["shared-files"])] == []


def test_every_document_of_the_repository_is_a_page() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "analysis").glob("*.md"), *ROOT.glob("*/README.md")]
    names = {file.relative_to(ROOT).as_posix() for file in documents}
    assert names - set(PAGES) == {"CONTRIBUTORS.md"}  # the explorer has a page for each of them
    assert all((build.SOURCES / page).is_file() for page in PAGES.values())


@pytest.mark.parametrize("line", LINES)
def test_commands_of_the_documentation_exist(line: str) -> None:
    _, *words = shlex.split(line)
    command = get_command(app)
    while words and hasattr(command, "commands") and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert not hasattr(command, "commands")
    known = {option for one in command.params for option in one.opts} | {"--help"}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("size", [LARGE, PHONE])
def test_pages_open_without_a_complaint(browser: Browser, pages: Path, size: tuple[int, int]) -> None:
    with window(browser, size) as page:
        for file in kinds_of_pages(pages).values():
            page.goto(file.as_uri())
            assert not scrolls_sideways(page), file.name


def test_the_theme_is_kept_under_the_name_that_the_explorer_uses(browser: Browser, pages: Path) -> None:
    with window(browser) as page:
        page.goto((pages / "index.html").as_uri())
        page.evaluate("localStorage.setItem('theme', 'dark')")
        page.reload()
        assert page.locator("body").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_keeps_people_out(browser: Browser, pages: Path, theme: str) -> None:
    found = {}
    with window(browser, theme=theme) as page:
        for name in LOOKED_AT:
            page.goto(f"{pages.as_uri()}/{name}.html")
            found[name] = barriers(page, of_colours=theme == "dark")
    assert {name: one for name, one in found.items() if one} == {}


def test_search_finds_a_page(browser: Browser, pages: Path) -> None:
    with window(browser) as page:
        page.goto(f"{pages.as_uri()}/search.html?q=speedup")
        page.locator("#search-results a", has_text="What the numbers mean").first.click()
        assert "metrics.html" in page.url


def rewritten(text: str, document: str = "analysis/METRICS.md", repository: str = "") -> str:
    app = SimpleNamespace(srcdir=str(build.SOURCES), config=SimpleNamespace(prunelit_repository=repository))
    content = [text]
    with_links_to_pages(app, Path("../..") / document, "metrics", content)  # type: ignore[arg-type]
    return content[0]


@pytest.mark.parametrize(
    ("link", "repository", "expected"),
    [
        ("[a](GLOSSARY.md#b)", "", "[a](/documents/glossary.md#b)"),
        ("[a](../corpus/README.md)", "", "[a](/documents/protocol.md)"),
        ("[`a`](dataset.py)", "https://x.org/p", "[`a`](https://x.org/p/blob/HEAD/analysis/dataset.py)"),
        ("[a](dataset.py)", "", "a"),
        ("[a](../../../issues/new/choose)", "https://x.org/p", "[a](https://x.org/p/issues/new/choose)"),
        ("[a](missing.py)", "https://x.org/p", "[a](missing.py)"),
        ("[a](https://x.org/GLOSSARY.md)", "", "[a](https://x.org/GLOSSARY.md)"),
        ("[a](#b)", "", "[a](#b)"),
    ],
)
def test_links_of_documents_lead_to_pages(link: str, repository: str, expected: str) -> None:
    assert rewritten(link, repository=repository) == expected


@pytest.mark.parametrize(
    ("code", "corpus", "expected"),
    [("1", "1", set()), ("2", "1", {"tutorial", "reference/python"}), ("1", "2", {"tutorial"})],
)
def test_pages_are_made_anew_where_what_they_are_made_from_has_changed(
    code: str, corpus: str, expected: set[str]
) -> None:
    app = SimpleNamespace(config=SimpleNamespace(prunelit_code=code, prunelit_corpus=corpus))
    env = SimpleNamespace(found_docs={"tutorial", "reference/python", "documents/metrics"}, prunelit_digests=("1", "1"))
    assert set(outdated_pages(app, env, (), (), ())) == expected  # type: ignore[arg-type]


def test_a_policy_names_the_scripts_of_its_page_alone() -> None:
    told = policy('<script src="a.js"></script><script>let a = 1;</script><style>b {}</style>')
    # printf 'let a = 1;' | openssl dgst -sha256 -binary | base64
    assert "script-src 'self' 'sha256-xY6QKfH9PRsQnLz56nj6MBwiK5oHg+im1Jkpdp1x/Ck=';" in told


def test_what_all_commands_have_in_common_is_left_out() -> None:
    told = "# `p`\n\n**Commands**:\n\n* `old`: Gone. (DEPRECATED)\n* `new`: Made.\n\n## `prunelit old`\n\nGone.\n\n"
    told += "## `prunelit new`\n\nMade.\n\n**Options**:\n\n* `--help`: Show this message and exit.\n\n"
    assert command_sections(told).strip() == "## `prunelit new`\n\nMade."


def test_a_missing_extra_is_told_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert build.why_undocumented() is None
    monkeypatch.setattr(build, "find_spec", lambda name: None if name == "furo" else name)
    assert build.why_undocumented() == "furo is not installed: pip install 'prunelit[site]'"


def test_an_installed_package_has_no_documentation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(build, "SOURCES", tmp_path)
    assert build.why_undocumented() == "its sources are in a clone of the repository alone"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder of work in which the documentation lies as it would be built now."""
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "index.html").write_text("as it was")
    (tmp_path / "made-of").write_text(build._inputs_digest(build._settings(None, execute=True)))
    return tmp_path


def test_what_has_not_changed_is_not_built_again(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "_built", lambda command: pytest.fail("was built"))
    with build.documentation_beside(tmp_path / "docs", work=kept):
        pass
    assert (tmp_path / "docs" / "index.html").read_text() == "as it was"


@pytest.mark.parametrize("change", [{"repository": "https://example.org"}, {"execute": False}])
def test_what_is_asked_otherwise_is_built_again(
    change: dict[str, Any], kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(command: list[str]) -> AbstractContextManager[None]:
        seen.append(command)
        return nullcontext()

    seen: list[list[str]] = []
    monkeypatch.setattr(build, "_built", built)
    with build.documentation_beside(tmp_path / "docs", work=kept, **change):
        assert not (kept / "made-of").exists()
    assert len(seen) == 1


def test_a_changed_source_makes_the_documentation_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"prunelit_code": "1"}
    before = build._inputs_digest(settings)
    assert build._inputs_digest({"prunelit_code": "2"}) != before
    monkeypatch.setattr(build, "SOURCES", tmp_path)
    assert build._inputs_digest(settings) != before
