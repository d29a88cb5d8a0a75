"""Members of a group of methods among the results: which rows ``corpus/groups.yaml`` means."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from prunelit.schema.vocabulary import GroupMember


def belongs(table: pd.DataFrame, members: Iterable[GroupMember]) -> pd.Series[bool]:
    """Which rows are results of the members of a group.

    Args:
        table: Rows with ``paper_id`` and ``method``.
        members: The members; one that names no methods stands for all results of its paper.

    Returns:
        A flag for each row.
    """
    found = pd.Series(False, index=table.index)
    for member in members:
        of_paper = table["paper_id"].eq(member.paper)
        found |= of_paper if member.methods is None else of_paper & table["method"].isin(member.methods)
    return found.astype(bool)
