"""Building of the site: every page that is not what it was, and no other."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.modules import modules
from prunelit.analysis.writing import write_all, write_text
from prunelit.explorer import pages as kinds_of_pages
from prunelit.explorer.addresses import Address
from prunelit.explorer.ahead import made_ahead
from prunelit.explorer.digests import code_digest, input_digest
from prunelit.explorer.findings import OF_RECORDS
from prunelit.explorer.navigation import NAVIGATION
from prunelit.explorer.page import EARLY, LATE, Page, Shell, files_of, page_html
from prunelit.explorer.redirects import redirect_pages
from prunelit.explorer.shared import SiteData
from prunelit.explorer.sitemap import sitemap
from prunelit.schema.problems import PrunelitError

SITE_MANIFEST = "site-manifest.json"
"""What was written, and of what it was made: by it the next build knows what it may leave as it is."""
_FORMAT = 1
_AT_ONCE = 24
"""Pages that a process makes before it tells."""

Progress = Callable[[int, int], None]
"""Told how many pages are done, of how many."""


class OutputFolderError(PrunelitError, ValueError):
    """Raised when the site is to be written into a folder that holds something else."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Attributes:
        pages: Pages that the site has.
        written: Pages that were made anew.
        removed: Files that no page has any more.
        size: Bytes of all files.
    """

    pages: int
    written: int
    removed: int
    size: int


def build_site(
    dataset: Dataset,
    output: Path,
    progress: Progress = lambda done, of: None,
    repository: str | None = None,
    base: str | None = None,
    processes: int | None = None,
    beside: Collection[Address] = (),
) -> Built:
    """Write the site, or what of it has changed since it was last written there.

    Args:
        dataset: The records.
        output: Folder of the site: a new or empty one, or one that holds a site.
        progress: Told how many pages are done.
        repository: Web address of the repository that holds the records, for links that lead to them.
        base: Web address at which the site will be, for the sitemap and for cards.
        processes: How many make pages at once; by default one a processor.
        beside: Pages that are not ours, which somebody else puts into the folder.

    Raises:
        OutputFolderError: if the folder holds anything else.
    """
    known = _known(output)
    data, most = SiteData(dataset, repository, base), processes or os.cpu_count() or 1
    assert dataset.corpus  # read before processes are forked that need it, too
    with ExitStack() as meanwhile:
        audited = meanwhile.enter_context(made_ahead(dataset, most, OF_RECORDS))
        # Half a second of imports, for which the audit need not wait.
        from prunelit.explorer.verdicts import OF_TABLES

        data.make_tables()
        judged = meanwhile.enter_context(made_ahead(dataset, most, OF_TABLES))
        found = collected(data)
        shell = _shell(found, beside, repository, base)
        every = {page.address: _digest(page, shell, data.vocabularies_digest) for page in found}
        stale = [page for page in found if not _is_kept(known.get(page.address), every[page.address], output)]
        files: dict[str, list[str]] = {address: one["files"] for address, one in known.items() if address in every}
        # A build that is broken off leaves a folder that the next one knows for a site.
        changed = {str(page.address) for page in stale}
        _write_manifest(output, {one: told for one, told in known.items() if one not in changed})
        done = 0
        progress(done, len(stale))
        for addresses in _in_turn(stale, (audited, judged), shell, output, most):
            files.update(addresses.items())
            done += len(addresses)
            progress(done, len(stale))
    _write_extra(output, found, shell)
    manifest: dict[str, dict[str, Any]] = {one: {"digest": every[one], "files": files[one]} for one in every}
    removed = _remove(output, known, manifest)
    _write_manifest(output, manifest)
    return Built(len(found), len(stale), removed, sum(one.stat().st_size for one in output.rglob("*") if one.is_file()))


def _write_manifest(output: Path, pages: Mapping[str, dict[str, Any]]) -> None:
    output.mkdir(parents=True, exist_ok=True)
    write_text(
        output / SITE_MANIFEST, json.dumps({"format": _FORMAT, "pages": pages}, separators=(",", ":"), sort_keys=True)
    )


def collected(data: SiteData) -> list[Page]:
    """The pages of all modules, and those that lead from old addresses to new ones."""
    found = list(chain.from_iterable(one.pages(data) for one in modules(kinds_of_pages).values()))
    return [*found, *redirect_pages(data.addresses.redirects)]


def _digest(page: Page, shell: Shell, vocabularies: str) -> str:
    """What tells whether a page has changed: all that it is made of, what stands around it, vocabularies and code."""
    around = code_digest(), vocabularies, shell
    return input_digest(*around, page.title, page.template, page.description, page.kind, *page.made_of)


def _known(output: Path) -> dict[str, dict[str, Any]]:
    """What was written into a folder before.

    Raises:
        OutputFolderError: if it holds what is no site of ours.
    """
    if output.exists() and not output.is_dir():
        raise OutputFolderError(f"{output} is a file; name a folder for the site")
    if not output.exists() or not any(output.iterdir()):
        return {}
    file = output / SITE_MANIFEST
    if not file.is_file():
        raise OutputFolderError(
            f"{output} holds something other than a site; name a new or empty folder, or one of a site"
        )
    try:
        found = json.loads(file.read_bytes())
        pages: dict[str, dict[str, Any]] = dict(found["pages"]) if found["format"] == _FORMAT else {}
        # What a site says of itself is removed from its folder: nothing outside may be meant.
        return pages if all(_is_below(name) for one in pages.values() for name in one["files"]) else {}
    except (ValueError, KeyError, TypeError):
        return {}


def _is_below(name: str) -> bool:
    """Whether a path leads to a place below the folder that it starts from."""
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts


def _shell(found: list[Page], beside: Collection[Address], repository: str | None, base: str | None) -> Shell:
    """What stands around pages; the navigation names the pages that there are, and those of others beside them."""
    there = {page.address for page in found} | set(beside)
    entries = tuple(one for one in NAVIGATION if one[1] in there)
    return Shell(entries, version("prunelit"), repository, base.rstrip("/") if base else None)


def _is_kept(known: dict[str, Any] | None, digest: str, output: Path) -> bool:
    return known is not None and known["digest"] == digest and all((output / one).is_file() for one in known["files"])


def _in_turn(
    stale: list[Page], awaited: Iterable[Callable[[], None]], shell: Shell, output: Path, processes: int
) -> Iterator[dict[str, list[str]]]:
    """Write pages in their turn, those that show what is made meanwhile when it is there; tell the files of each."""
    ready, late = [page for page in stale if page.turn != LATE], [page for page in stale if page.turn == LATE]
    yield from _written(sorted(ready, key=lambda page: page.turn), shell, output, processes)
    if late:
        for finish in awaited:
            finish()
        yield from _written(late, shell, output, processes)


def _written(stale: list[Page], shell: Shell, output: Path, processes: int) -> Iterator[dict[str, list[str]]]:
    """Write pages, some at a time, and tell the files of each."""
    groups = list(_groups(stale))
    _Work.pages, _Work.shell, _Work.output = stale, shell, output
    if processes == 1 or len(groups) < 2 or "fork" not in get_all_start_methods():
        yield from map(_write_group, groups)
        return
    # A forked process has the dataset and the pages already; no other way hands over what makes them.
    with ProcessPoolExecutor(processes, get_context("fork")) as pool:
        yield from pool.map(_write_group, groups)


def _groups(pages: Sequence[Page]) -> Iterator[range]:
    """The places of pages that a process makes before it tells: of those that take long, each for itself."""
    early = sum(page.turn == EARLY for page in pages)
    yield from (range(at, at + 1) for at in range(early))
    yield from (range(at, min(at + _AT_ONCE, len(pages))) for at in range(early, len(pages), _AT_ONCE))


class _Work:
    """What the processes of a build are to do."""

    pages: list[Page]
    shell: Shell
    output: Path


def _write_group(places: range) -> dict[str, list[str]]:
    """Make some of the pages and write them, all or none."""
    texts: dict[Address, dict[Address, str | bytes]] = {}
    for page in (_Work.pages[at] for at in places):
        content = page.make()
        texts[page.address] = {page.address: page_html(page, content, _Work.shell), **files_of(content)}
    write_files(_Work.output, dict(chain.from_iterable(one.items() for one in texts.values())))
    return {str(address): sorted(files) for address, files in texts.items()}


def write_files(output: Path, files: Mapping[Address, str | bytes]) -> None:
    """Write files below a folder, each of them whole or not at all."""

    def write(folder: Path) -> Iterable[Path]:
        for address, text in files.items():
            file = folder / address
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode() if isinstance(text, str) else text)
        return [folder / address for address in files]

    write_all(output, write)


ASSETS = Path(__file__).parent / "assets"


def _write_extra(output: Path, found: list[Page], shell: Shell) -> None:
    """Write assets and sitemap, where they are not there as they should be."""
    wanted: dict[Address, str | bytes] = {
        Address(f"assets/{file.name}"): file.read_bytes() for file in sorted(ASSETS.iterdir()) if file.is_file()
    }
    wanted |= sitemap(found, shell.base)
    changed = {
        address: data
        for address, data in wanted.items()
        if not (output / address).is_file() or (output / address).read_bytes() != _as_bytes(data)
    }
    if changed:
        write_files(output, changed)


def _as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _remove(output: Path, known: dict[str, dict[str, Any]], manifest: Mapping[str, dict[str, Any]]) -> int:
    """Remove the files of pages that are no more, and those that pages have no longer; returns how many."""
    kept = {file for one in manifest.values() for file in one["files"]}
    gone = sorted({file for one in known.values() for file in one["files"]} - kept)
    for file in gone:
        (output / file).unlink(missing_ok=True)
    return len(gone)
