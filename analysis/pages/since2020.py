"""Page that tells in plain words whether it has got better since 2020, with every number computed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from math import isnan
from typing import Any

import pandas as pd

from prunelit.analysis.compare.discrepancies import TOLERANCE
from prunelit.analysis.pages.section import Section, computed, filled
from prunelit.analysis.trends.frontiers import ARCHITECTURE, DATASET, best_at
from prunelit.analysis.trends.progress import (
    COMPARABLE_PAIRS,
    FIRST,
    FROM_PAPERS,
    LONG,
    MOST_USED,
    OF_SURVEY,
    SCORE,
    SINCE,
)

TITLE = "Has it got better since 2020?"
_RATIOS = (2.0, 3.0, 4.0)
"""Ratios at which the page tells how far results have moved."""
_MOST = 15
"""Settings in the table of discrepancies."""
LARGE = 1.0
"""A spread, in percentage points, that is as large as what papers claim to gain."""
_NAMES = {"speedup": "theoretical speedup", "compression_ratio": "compression ratio"}
_QUALITIES = {"top1": ("Top-1 as printed", "%"), "top1_change": ("change in Top-1", "pp")}


def page(
    progress: pd.DataFrame, frontiers: pd.DataFrame, discrepancies: pd.DataFrame, recipes: pd.DataFrame
) -> list[Section]:
    """The sections of the page.

    Args:
        progress: Rows as of ``progress()``.
        frontiers: Rows as of ``frontiers()``.
        discrepancies: Rows as of ``discrepancies()``.
        recipes: Rows as of :func:`~prunelit.analysis.trends.recipes.recipes_held_table`.
    """
    short = (*_in_short(progress), *_results_in_short(frontiers))
    return [
        Section("In short", text=short),
        *_then_and_now(progress),
        _moved(frontiers),
        _contradictions(discrepancies),
        _recipes(recipes),
        _limits(),
    ]


def _in_short(progress: pd.DataFrame) -> Iterable[str]:
    """The measures that the survey made much of, as sentences; none for what a group does not tell."""
    whole = progress[progress["year"].isna()].set_index(["measure", "group"])["value"]
    for sentence, measures in SENTENCES.items():
        values = [
            float(whole.get((measure, group), float("nan"))) for measure in measures for group in (OF_SURVEY, SINCE)
        ]
        if not any(map(isnan, values)):
            yield sentence.format(*values)


SENTENCES = {
    "Common ground: of the papers whose numbers could be compared at all, {:.0%} of the pairs met somewhere in the "
    "survey, {:.0%} since. The most used configuration was used by {:.0%} of the papers, and by {:.0%} since.": (
        COMPARABLE_PAIRS,
        MOST_USED,
    ),
    "Curves: {:.0%} had five points or more, {:.0%} have since.": (LONG,),
    "Reporting: the record of a paper held {:.0%} of the checklist, {:.0%} since. Entered from the paper itself were "
    "{:.0%} of these records, and {:.0%} since; the other papers may report more than their records hold.": (
        SCORE,
        FROM_PAPERS,
    ),
}
"""What is said in short, and the measures that it is about, each then and since."""


def _results_in_short(frontiers: pd.DataFrame) -> Iterable[str]:
    best = best_at(frontiers, _RATIOS[0])
    for (efficiency, quality), rows in best.groupby(["efficiency", "quality"], sort=False):
        values = rows.sort_values("year")
        before = values[values["year"] < FIRST]
        if len(before):
            title, unit = _QUALITIES[str(quality)]
            then, now = before["value"].iloc[-1], values["value"].iloc[-1]
            what = (
                f"Results: the best {title} of {ARCHITECTURE} on {DATASET} at {_RATIOS[0]:g}x {_NAMES[str(efficiency)]}"
            )
            yield f"{what} was {then:.2f} {unit} before {FIRST}, and is {now:.2f} {unit} now."


def _then_and_now(progress: pd.DataFrame) -> Iterable[Section]:
    whole = progress[progress["year"].isna()]
    table = pd.DataFrame(
        {"measure": measure} | {title: _told(rows[rows["group"] == group]) for group, title in _GROUPS.items()}
        for measure, rows in whole.groupby("measure", sort=False)
    )
    shares = whole[whole["unit"] == "fraction"].pivot(index="measure", columns="group", values="value")
    shares = shares.reindex(index=whole["measure"].unique(), columns=[OF_SURVEY, SINCE]).dropna()
    larger = shares[SINCE] > shares[OF_SURVEY]
    text = (_listed("Larger since", shares[larger]), _listed("Not larger since", shares[~larger]))
    note = "Shares and averages are followed by how many of how many, or by how many they are of."
    yield Section("Fragmentation and reporting, then and now", text=text, table=filled(table), notes=(note,))


_GROUPS = {OF_SURVEY: "survey", SINCE: f"since {FIRST}", "all": "all"}


def _told(one: pd.DataFrame) -> str:
    """A value and what it is taken over."""
    if one["value"].isna().all():
        return ""
    value, unit, count, of = one[["value", "unit", "numerator", "denominator"]].iloc[0]
    if unit == "count":
        return f"{computed(value, unit)} ({of})"
    return f"{value:.1%} ({count:.0f} of {of})" if pd.notna(count) else f"{value:.1%} ({of})"


def _listed(what: str, shares: pd.DataFrame) -> str:
    items = (f"{name} ({row[OF_SURVEY]:.0%} then, {row[SINCE]:.0%} since)" for name, row in shares.iterrows())
    return f"{what}: {'; '.join(items) or 'nothing'}."


def _moved(frontiers: pd.DataFrame) -> Section:
    rows = [one for ratio in _RATIOS for one in _best(best_at(frontiers, ratio), ratio)]
    table = pd.DataFrame(rows)
    text = (
        f"The best result that papers print for {ARCHITECTURE} on {DATASET} at a ratio or beyond it, before {FIRST} "
        "and now. Accuracy as printed grows with better unpruned models and longer training as well as with better "
        "pruning. The change against the paper's own unpruned model does not grow with that model, but it is known "
        "only where the paper prints the model's accuracy.",
    )
    return Section(
        f"The frontier of {ARCHITECTURE} on {DATASET}",
        text=text,
        table=filled(table) if rows else None,
    )


def _best(best: pd.DataFrame, ratio: float) -> Iterable[dict[str, object]]:
    for (efficiency, quality), rows in best.groupby(["efficiency", "quality"], sort=False):
        ordered = rows.sort_values("year")
        before = ordered[ordered["year"] < FIRST]
        title, unit = _QUALITIES[str(quality)]
        yield {
            "at least": f"{ratio:g}x {_NAMES[str(efficiency)]}",
            "of": title,
            f"before {FIRST}": _point(before.iloc[-1], unit) if len(before) else "",
            "now": _point(ordered.iloc[-1], unit),
        }


def _point(row: Any, unit: str) -> str:
    base = f", from {row['base_top1']:.2f}" if pd.notna(row["base_top1"]) and unit == "%" else ""
    return f"{computed(row['value'], unit)} {unit} ({row['method_label']}{base})"


def _contradictions(discrepancies: pd.DataFrame) -> Section:
    settings = discrepancies.groupby("setting", sort=True)
    spreads = settings["spread"].first()
    rows = [_setting(one) for _, one in islice(settings, _MOST)]
    differing, large = int((spreads > 0).sum()), int((spreads >= LARGE).sum())
    text = (
        f"Two papers or more print a number for {len(spreads)} settings: a method on a network, pruned by the same "
        f"ratio (within {TOLERANCE - 1:.0%}) and trained alike, as far as records hold how. For {differing} of them "
        f"papers print different accuracies, and for {large} these lie {LARGE:g} percentage point or more apart.",
        "Differences have many reasons: another variant of the method, another unpruned model, another training, "
        "rounding, and plain errors of copying. The table says what is printed, not who is right.",
    )
    return Section("One method, many numbers", text=text, table=filled(pd.DataFrame(rows)) if rows else None)


def _setting(rows: pd.DataFrame) -> dict[str, object]:
    first, names = rows.iloc[0], rows["method"].dropna()
    return {
        "method": f"{names.iloc[0] if len(names) else ''} ({first['method_of']})".strip(),
        "network": f"{first['architecture']}, {first['dataset']}",
        "ratio": f"{first['ratio']:.2f}x {_NAMES[first['efficiency']]}",
        "spread (pp)": computed(first["spread"], "pp"),
        "Top-1 (%)": "; ".join(_printed(same) for _, same in rows.groupby("top1", sort=False)),
    }


def _printed(same: pd.DataFrame) -> str:
    """An accuracy, and the papers that print it."""
    papers = same["paper_id"] + " (" + same["origin"] + ")"
    return f"{computed(float(same['top1'].iloc[0]), '%')}: {', '.join(sorted(set(papers)))}"


def _recipes(recipes: pd.DataFrame) -> Section:
    """What records hold of how networks were trained; what does not apply is told apart from what is not held."""
    counts = {"stated": "stated", "does_not_apply": "does not apply", "not_held": "not held"}
    told = {title: recipes[name].astype(str) for name, title in counts.items()}
    shares = recipes["share_stated"], recipes["share_answered"]
    stated, answered = (["" if pd.isna(share) else f"{share:.1%}" for share in one] for one in shares)
    table = pd.DataFrame({"item": recipes["item"], **told, "share stated": stated, "share answered": answered})
    text = (
        f"Of {recipes['curves'].max()} curves of own and rerun methods outside the survey. A network that is not "
        "trained after pruning has no learning rate and no augmentation, and one that starts from random weights no "
        "unpruned checkpoint: answered is what is stated or does not apply. What is not held may stand in the paper. "
        "Of several items together all must be stated.",
    )
    return Section("How networks were trained, as records hold it", text=text, table=table)


def _limits() -> Section:
    return Section(
        "What this cannot tell",
        text=(
            f"Papers since {FIRST} came into the corpus because their authors publish tables of results in a public "
            "repository. Such authors may report more, or otherwise, than others do: the groups differ in how papers "
            "were found as well as in when they were written.",
            "A repository seldom shows all that its paper reports, and the survey entered a part of the results of its "
            "papers. What is missing in a record may stand in the paper: shares of records that hold something are "
            "lower bounds of the shares of papers that report it.",
            "Comparisons since the survey are known only where a source at hand lists them, so that they are averaged "
            "over papers that compare to any; and a larger corpus has more papers to compare to.",
            "Papers of which only the bibliography is known count nowhere. Reruns by benchmarks and numbers copied "
            "from other papers are no paper's own results, and released sweeps are no headline results.",
        ),
    )
