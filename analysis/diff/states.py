"""States of a corpus: what may be different between two of them, so that nothing else need be looked at."""

from __future__ import annotations

from pathlib import PurePath

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.shares import OF_FEW
from prunelit.schema.corpus import Corpus


def papers_that_may_differ(before: Dataset, after: Dataset) -> frozenset[str]:
    """The papers whose record, sweeps or corrections are not the same in two states of a large corpus, and maybe more.

    Args:
        before: One state.
        after: The other.
    """
    old, new = (dict(side.reading.digests or {}) for side in (before, after))
    files = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    found = {PurePath(name).stem for name in files if name.startswith("papers/")}
    if any(name.startswith("sweeps/") for name in files):  # which records these are of, only the records tell
        keys = [{one.key for one in side.reading.shares} for side in (before, after)]
        apart = (
            one for side in (before, after) for one in side.reading.shares if one.key not in set.intersection(*keys)
        )
        found |= {PurePath(name).stem for one in apart for name in one.names}
    return frozenset(found | _corrected_otherwise(before.reading.outline, after.reading.outline))


def papers_with_other_rows(before: Dataset, after: Dataset) -> frozenset[str] | None:
    """The papers whose rows may differ but for labels and medians; None where those of all may.

    Args:
        before: One state.
        after: The other.
    """
    if not (before.reading.shares and after.reading.shares):
        return None
    same = {name: one.text for name, one in before.reading.outline.shared.items() if name not in OF_FEW}
    if same != {name: one.text for name, one in after.reading.outline.shared.items() if name not in OF_FEW}:
        return None
    return papers_that_may_differ(before, after)


def _corrected_otherwise(before: Corpus, after: Corpus) -> set[str]:
    both = before.corrections, after.corrections
    return {one.paper for side, other in (both, both[::-1]) for one in side if one not in other}
