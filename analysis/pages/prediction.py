"""Page on how well the model of doses and responses predicts papers that it has not seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from prunelit.analysis.pages.section import Section, filled
from prunelit.analysis.synthesis.prediction import NAIVE_RULES, verdict_on

TITLE = "How well expected changes predict a paper that the model has not seen"
COVERED = (0.92, 0.98)
"""Between which shares of the points an interval of 95 % should cover."""
RULE_NAMES = {"nearest": "nearest ratio", "linear": "linear in log ratio", "mean": "mean of the network"}
"""The rules that need no model, as a reader calls them."""
_SPOKEN = {"speedup": "theoretical speedup", "compression_ratio": "compression ratio"}


def page(predictions: pd.DataFrame) -> list[Section]:
    """What every paper's prediction says, for each efficiency.

    Args:
        predictions: Rows as of :func:`prunelit.analysis.synthesis.prediction.predictions_table`, of one or more ratios.
    """
    return [Section("What is asked", text=_ABOUT), *_parts(predictions)]


def _parts(predictions: pd.DataFrame) -> Iterator[Section]:
    for efficiency, rows in predictions.groupby("efficiency", sort=False):
        name = _SPOKEN[str(efficiency)]
        found = verdict_on(rows)
        yield Section(f"By {name}", text=tuple(_said(found)), table=_totals(found), notes=(_TOTALS,))
        yield Section(f"By {name}, paper by paper", table=_papers(rows), notes=(_PAPERS,))


def _said(found: dict[str, float]) -> Iterable[str]:
    """The verdict in words: coverage, errors against the rules, and where many papers report on the network."""
    yield (
        f"Where each of the {found['papers']} papers counts once, the intervals of 95 % hold "
        f"{_covered(found['coverage_by_paper'])}; of all {found['points']:.0f} points, {_covered(found['coverage'])}."
    )
    yield _against(found, "model", {one: found[one] for one in NAIVE_RULES}, f"on {found['compared']:.0f} points")
    if "nearest_there" in found:
        there = f"on the {found['alone_points']:.0f} points on networks that at least five other papers report on"
        rules = {"nearest": found["nearest_there"]}
        yield _against(found, "model_there", rules, there)
        yield (
            f"A model of the network alone has {found['alone']:.2f} points there, and its intervals hold "
            f"{found['alone_coverage']:.1%} of them."
        )


def _covered(share: float) -> str:
    """A share of the points that intervals hold, and whether it is as it should be."""
    return f"{share:.1%}: {'between' if COVERED[0] <= share <= COVERED[1] else 'NOT between'} 92 % and 98 %"


def _against(found: dict[str, float], model: str, rules: dict[str, float], where: str) -> str:
    """Whether the model has a smaller error than each rule."""
    beaten = [RULE_NAMES[rule] for rule, error in rules.items() if found[model] < error]
    better = [f"{RULE_NAMES[rule]} ({error:.2f})" for rule, error in rules.items() if found[model] >= error]
    said = f"The mean absolute error {where} is {found[model]:.2f} percentage points"
    wins = f"less than by {', '.join(beaten)}" if beaten else ""
    loses = f"it does NOT beat {', '.join(better)}" if better else ""
    return f"{said}: {'; '.join(part for part in (wins, loses) if part)}."


def _totals(found: dict[str, float]) -> pd.DataFrame:
    names = {"model": "model of all networks", **RULE_NAMES}
    rows = [
        {"predicted by": text, "over points": f"{found[name]:.2f}", "over papers": f"{found[f'{name}_by_paper']:.2f}"}
        for name, text in names.items()
    ]
    return pd.DataFrame(rows)


def _papers(rows: pd.DataFrame) -> pd.DataFrame:
    counts = {name: rows[name].map("{:.0f}".format) for name in ("points", "covered")}
    widths = {"width": rows["width"].map("{:.2f}".format), "compared": rows["compared"].map("{:.0f}".format)}
    errors = {name: rows[name].map("{:.2f}".format, na_action="ignore") for name in ("model", *NAIVE_RULES)}
    return filled(pd.DataFrame({"paper": rows["paper_id"], **counts, **widths, **errors}))


_ABOUT = (
    "Each paper is left out in turn, with everything that is estimated, and its changes in top-1 accuracy are "
    "predicted from the other papers: by the mixed-effects model behind prunelit.expected_change(), and by three rules "
    "that need no model. Numbers are percentage points.",
    "The form of the model was chosen among eight by errors on the same papers, so that its errors are a little "
    "smaller than they will be on papers to come; so was the weight of a paper's points in the intervals, by how many "
    "they hold. What is predicted is a paper's number, with all that papers choose "
    "otherwise; not what pruning does to a network if nothing else is changed.",
    "Made by 'prunelit predictions --output analysis/PREDICTION.md'; a test recomputes a sample of it.",
)
_TOTALS = "Mean absolute error in percentage points on networks that other papers report on, too."
_PAPERS = (
    "Points of the paper; those in their interval; the intervals' median width; points on networks that other papers "
    "report on, and the mean absolute errors on these."
)
