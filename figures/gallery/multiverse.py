"""Most findings of the survey hold whatever its authors had chosen

Circles: a finding under all combinations of choices. Ticks below them: the survey's own choices, one paper left out.

The choices are what pruned results are normalized to (the median, the mean or the paper's own unpruned network),
whether those networks are reference networks alone, and whether MNIST, preprints, corrections, exclusions and released
sweeps count. The area of a circle stands for the number of combinations that give the same count, the diamond for the
survey's own. Quoted are the survey's words, where they stand and how they are read. To beat a family means to lie above
the line of its unpruned networks in Figure 1, by Top-1 accuracy.

Alt: A row for each of ten findings, with a circle for each value that it takes. Eight hold under all combinations. That
more than a fourth of the papers compare to no other fails without preprints, without the papers that are on MNIST
alone, and if any one of seventeen papers is left out. That dozens are never compared to fails without preprints, for
there are fewer papers then; their share stays the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.survey.multiverse import FINDINGS, SurveyFinding, leave_one_out, multiverse_table, robustness
from prunelit.analysis.survey.universe import SURVEY_PATH
from prunelit.figures.papers import with_papers
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, GREY, INK, VERMILION
from prunelit.figures.tooltips import PAPER_TOOLTIP, tip

PLACE = 110
ON_REQUEST = True

WORDS = {True: "the survey's words hold", False: "they do not"}
_HUES = {WORDS[True]: BLUE, WORDS[False]: VERMILION}
COMBINATIONS, LEFT_OUT = "combinations", "paper left out"
BOLD: dict[str, Any] = {"align": "right", "fontSize": 12, "fontWeight": "bold"}
_NAMES = {"mnist": "MNIST"}
_WIDTH, _HEIGHT = 540, 62
FINDING = [
    tip("counted", "SurveyFinding"), tip("says", "The survey"),
    tip("share", "Share", ".1%"), tip("count", "Count"), tip("words", "Here"),
]  # fmt: skip
COMBINED = [tip("combinations", "Combinations", "d"), tip("alike", "All of them with")]


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a finding and count that some combinations give, then one a finding and paper left out."""
    everywhere, without = multiverse_table(dataset), leave_one_out(dataset)
    combined = pd.DataFrame(row for finding in FINDINGS for row in _combined(finding, everywhere))
    one_less = without.rename(columns={"left_out": "paper_id"}).assign(kind=LEFT_OUT)
    table = pd.concat([combined, one_less]).dropna(subset=["value"]).merge(_said(everywhere, without), on="finding")
    table["count"] = table["numerator"].astype("string") + " of " + table["denominator"].astype("string")
    table = with_papers(dataset, table.assign(words=table["holds"].map(WORDS))).rename(columns={"value": "share"})
    names = ["kind", "finding", "counted", "says", "summary", "share", "count", "words", "combinations", "published"]
    return table[[*names, "alike", "paper_id", "paper", "title", "venue", "year"]]


def _combined(finding: SurveyFinding, everywhere: pd.DataFrame) -> Iterator[dict[str, object]]:
    """The different counts of a finding, each with what the combinations that give it have in common."""
    rows = everywhere[everywhere["finding"] == finding.name]
    published = (rows[list(SURVEY_PATH)] == pd.Series(SURVEY_PATH)).all(axis=1)
    for _, same in rows.assign(published=published).groupby(["numerator", "denominator"]):
        shared = [choice for choice in finding.choices if same[choice].nunique() == 1]
        alike = [f"{_NAMES.get(choice, choice)} {same[choice].iloc[0]}" for choice in shared]
        yield {
            "kind": COMBINATIONS,
            **same.iloc[0][["finding", "value", "numerator", "denominator", "holds"]],
            "combinations": len(same),
            "published": same["published"].any(),
            "alike": ", ".join(alike) or "nothing in common",
        }


def _said(everywhere: pd.DataFrame, without: pd.DataFrame) -> pd.DataFrame:
    """What stands to the left and to the right of each finding."""
    carried = without.groupby("finding")["flips"].sum()
    rows = zip(FINDINGS, robustness(everywhere).to_dict("records"), strict=True)
    return pd.DataFrame(
        {
            "finding": one.name,
            "counted": one.title,
            "says": f"“{one.statement}”, {one.source}; read as {one.reading}",
            "summary": "|".join([_held(row), _moved(row), _carried(int(carried.get(one.name, 0)))]),
        }
        for one, row in rows
    )


def _held(row: dict[Hashable, Any]) -> str:
    return f"holds in {round(row['holds'] * row['universes'])} of {row['universes']} combinations"


def _moved(row: dict[Hashable, Any]) -> str:
    if not row["moved"] > 0:
        return "moved by no choice"
    return f"most moved by {_NAMES.get(row['moved_by'], row['moved_by'])} ({100 * row['moved']:.1f} pp)"


def _carried(papers: int) -> str:
    return f"tipped by any one of {papers} papers" if papers else "tipped by no single paper"


def chart(data: pd.DataFrame) -> alt.LayerChart:
    """A row a finding: circles above ticks, words to either side."""
    y = alt.Y("finding:N", sort=list(dict.fromkeys(data["finding"])), axis=None)
    axis = alt.Axis(format=".0%", tickCount=10)
    x = alt.X("share:Q", title="Share of the papers, pairs, comparisons or models", axis=axis)
    hues = alt.Scale(domain=list(_HUES), range=list(_HUES.values()))
    hue = alt.Color("words:N", scale=hues, legend=alt.Legend(title=None, orient="top"))
    area = alt.Size("combinations:Q", scale=alt.Scale(domain=[0, 192], range=[20, 500]), legend=None)
    combined = alt.Chart(DRAWN_ROWS).transform_filter(alt.datum.kind == COMBINATIONS)
    one_less = alt.Chart(DRAWN_ROWS).transform_filter(alt.datum.kind == LEFT_OUT)
    own = combined.transform_filter("datum.published")
    left, right = alt.value(0), alt.value(_WIDTH)
    ticks = one_less.mark_tick(size=9, yOffset=17, opacity=0.7).encode(x, y, hue, tooltip=[*FINDING, *PAPER_TOOLTIP])
    circles = combined.mark_circle(opacity=0.5).encode(x, y, hue, area, tooltip=[*FINDING, *COMBINED])
    diamonds = own.mark_point(shape="diamond", color=INK, size=90).encode(x, y, tooltip=[*FINDING, *COMBINED])
    counted = own.mark_text(dx=-16, dy=-8, **BOLD).encode(x=left, y=y, text="counted:N")
    says = own.mark_text(dx=-16, dy=9, color=GREY, align="right").encode(x=left, y=y, text="says:N")
    summary = own.mark_text(dx=16, dy=-14, align="left", lineBreak="|").encode(x=right, y=y, text="summary:N")
    layers: alt.LayerChart = ticks + circles + diamonds + counted + says + summary
    return layers.properties(width=_WIDTH, height=alt.Step(_HEIGHT))
