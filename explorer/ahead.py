"""Tables that take long and depend on every record, made in a process of their own while pages are being collected.

Pages find them on disk, as all tables that are kept there; what is not ready when a page asks for it is made there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_all_start_methods, get_context

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.kept_files import kept_file
from prunelit.analysis.trends.progress import progress_table
from prunelit.explorer.findings import conclusions_judged, open_findings, survey_judged

MADE_AHEAD: tuple[Callable[[Dataset], object], ...] = (survey_judged, progress_table, conclusions_judged, open_findings)
"""The tables, in the order in which what they are made of is there."""


@contextmanager
def made_ahead(dataset: Dataset, processes: int) -> Iterator[None]:
    """Make :data:`MADE_AHEAD` meanwhile, where that helps: with a processor for it, and a place to keep them.

    Args:
        dataset: What they are tables of.
        processes: How many processes there may be.
    """
    if processes == 1 or "fork" not in get_all_start_methods() or dataset.key is None or kept_file("any") is None:
        yield
        return
    # A forked process has the records already.
    process = get_context("fork").Process(target=_make, args=(dataset,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _make(dataset: Dataset) -> None:
    for table in MADE_AHEAD:
        with suppress(Exception):  # the page that asks for it says what is wrong
            table(dataset)
