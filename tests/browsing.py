"""A browser of the system, and what it tells of pages that it opens from a folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    f"none of {', '.join(NAMES)} is on the PATH, and the site is tested in a browser of the system; "
    "on Debian and Ubuntu: sudo apt-get install chromium"
)
LARGE, PHONE = (1300, 900), (375, 800)
QUICK_MS = 10_000


@contextmanager
def browser_of_the_system() -> Iterator[Browser]:
    """Chromium without a window, for as long as it is needed."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program, MISSING
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, size: tuple[int, int] = LARGE, theme: str = "light", **options: Any) -> Iterator[Page]:
    """A window of its own, without memory of others; at the end it must have nothing to complain of.

    Complaints are what a page writes to the console, errors of its scripts, dialogs, and requests for anything that is
    no file: a content security policy that is violated is told in the console.
    """
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, accept_downloads=True, **options
    )
    context.set_default_timeout(QUICK_MS)
    page = context.new_page()
    found: list[str] = []
    context.on("console", lambda one: found.append(f"{one.type}: {one.text}"))
    context.on("weberror", lambda one: found.append(f"error: {one.error}"))
    context.on("dialog", lambda one: (found.append(f"dialog: {one.message}"), one.dismiss()))
    context.on("request", lambda one: one.url.startswith(("file:", "data:", "blob:")) or found.append(one.url))
    try:
        yield page
        assert not found, found
    finally:
        context.close()


def scrolls_sideways(page: Page) -> bool:
    """Whether a page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def barriers(page: Page, of_colours: bool = False) -> list[str]:
    """What of a page, or of its colours alone, keeps people out, seriously or critically, as axe-core sees it."""
    rules = {"runOnly": OF_COLOURS} if of_colours else {}
    found = _axe().run(page, options={"resultTypes": ["violations"], "preload": False} | rules).response["violations"]
    serious = (one for one in found if one["impact"] in ("serious", "critical"))
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in serious]


OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe-core whose answer depends on the theme."""


@cache
def _axe() -> Axe:
    return Axe()


def kinds_of_pages(site: Path, folders: Iterable[str] = ("**",)) -> dict[str, Path]:
    """One page of each kind, the largest: those at the top, the index of each folder, and another page in it."""
    pages = sorted({page for one in folders for page in site.glob(f"{one}/*.html")}, key=lambda one: one.stat().st_size)
    return {_kind(page.relative_to(site)): page for page in pages if 'http-equiv="refresh"' not in page.read_text()}


def _kind(page: Path) -> str:
    name = page.name if len(page.parts) == 1 or page.stem == "index" else "one"
    return f"{page.parts[0]}/{name}" if len(page.parts) > 1 else name
