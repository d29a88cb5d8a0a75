"""Numbers that papers copied, followed to the papers that they come from.

A copied number is the evidence of its source and of nobody else.  Where the record of the source holds the method on
the network, the copy says nothing new; where it does not, the copy stands for it, once, in a study of the source.
"""

from __future__ import annotations

import pandas as pd

SAME_BASE = 0.005
"""Unpruned qualities that differ by no more are one number: papers print two digits."""
_METHOD = ["paper_id", "canonical_method"]


def followed(points: pd.DataFrame) -> pd.DataFrame:
    """The measurements with each copy that tells something new under its source, as the source's own.

    A copy joins the source's experiment if both start from the same unpruned quality; else it is an experiment apart.

    Args:
        points: Rows as of ``evidence_long()`` of one metric on one network.
    """
    is_copy = points["origin"].eq("copied").fillna(False).astype(bool)
    own, copies = points[~is_copy], points[is_copy & points["copied_from"].notna()]
    moved = copies.assign(printed_by=copies["paper_id"], paper_id=copies["copied_from"], origin="own")
    held = set(own[_METHOD].itertuples(index=False, name=None))
    is_new = [key not in held for key in moved[_METHOD].itertuples(index=False, name=None)]
    new = moved[pd.Series(is_new, moved.index, dtype=bool)]
    once = new.merge(new.drop_duplicates(_METHOD)[[*_METHOD, "printed_by"]], on=[*_METHOD, "printed_by"])
    return pd.concat([own, _placed(once.drop(columns="printed_by"), own)], ignore_index=True)


def _placed(copies: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """The copies in the experiments of their sources; their curves are numbered after those that are there."""
    bases = own.drop_duplicates(["paper_id", "experiment"])[["paper_id", "experiment", "base_value"]]
    wanted = zip(copies["paper_id"], copies["base_value"], strict=True)
    experiments = [_experiment(paper, base, bases) for paper, base in wanted]
    after = int(own["curve"].max()) + 1 if len(own) else 0
    curves = copies.groupby(_METHOD, sort=False).ngroup() + after
    return copies.assign(experiment=pd.array(experiments, dtype="Int64"), curve=curves.astype("Int64"))


def _experiment(paper: str, base: float, bases: pd.DataFrame) -> int:
    """The experiment of a paper that starts from an unpruned quality, or the next one that it has not."""
    of_paper = bases[bases["paper_id"].eq(paper)]
    same = of_paper[of_paper["base_value"].sub(base).abs().le(SAME_BASE)]
    if len(same):
        return int(same["experiment"].iloc[0])
    return int(of_paper["experiment"].max()) + 1 if len(of_paper) else 0
