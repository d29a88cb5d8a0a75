"""Tables that take long and depend on every record, made in processes of their own while pages are being made.

Pages find them on disk, as all tables that are kept there; what is not there when a page asks for it is made there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_all_start_methods, get_context

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.kept_files import kept_file

LongTable = Callable[[Dataset], object]
"""A table of a dataset that is kept on disk."""


@contextmanager
def made_ahead(dataset: Dataset, processes: int, tables: Iterable[LongTable]) -> Iterator[Callable[[], None]]:
    """Make tables meanwhile in a process, where that helps: with a processor for it, and a place to keep them.

    Args:
        dataset: What they are tables of; what it remembers, the process knows, too.
        processes: How many processes there may be.
        tables: The tables, in the order in which they are made.

    Returns:
        What waits for the tables: whoever asks before would make them a second time.
    """
    if processes == 1 or "fork" not in get_all_start_methods() or dataset.key is None or kept_file("any") is None:
        yield lambda: None
        return
    # A forked process has the records already.
    made = get_context("fork").Process(target=_make, args=(dataset, tables), daemon=True)
    made.start()
    try:
        yield made.join
    finally:
        made.terminate()
        made.join()


def _make(dataset: Dataset, tables: Iterable[LongTable]) -> None:
    for table in tables:
        with suppress(Exception):  # the page that asks for it says what is wrong
            table(dataset)
