"""Page on the best methods for a network: what is reported, synthesized and expected, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from prunelit.analysis.pages.section import Fact, Section, computed
from prunelit.analysis.synthesis.best import BestMethods

_SPOKEN = {"speedup": "theoretical speedup", "compression_ratio": "compression ratio"}
_WISHES = {
    "structure": "structure", "since": "since", "setup": "comparison setup", "peer_reviewed": "peer-reviewed",
}  # fmt: skip


def page_title(found: BestMethods) -> str:
    """What the page is about, in one line."""
    asked = found.question
    return f"Methods for {asked.architecture} on {asked.dataset} at a {_SPOKEN[asked.efficiency]} of {asked.at:g}"


def best_sections(found: BestMethods) -> list[Section]:
    """The methods, how far their ranking can be trusted, and where their numbers stand."""
    return [
        Section("How far this can be trusted", facts=tuple(_facts(found)), text=tuple(_trust(found))),
        Section("Methods, the best first", table=_ranking(found.methods), notes=_READING),
        _sources(found.methods),
    ]


def _facts(found: BestMethods) -> Iterator[Fact]:
    asked = found.question
    wishes = {words: getattr(asked, name) for name, words in _WISHES.items()}
    if told := ", ".join(f"{words} {value}" for words, value in wishes.items() if value is not None):
        yield Fact("Only", told)
    yield Fact("Ranked by", _ranked_by(found))
    apart = f", {found.distinguishable} of {found.ranked} methods distinguishable from the best" if found.ranked else ""
    yield Fact("In short", f"{_counted(found.papers, 'paper')}{apart}")


def _ranked_by(found: BestMethods) -> str:
    if found.synthesis:
        return "network meta-analysis"
    return "model of doses and responses" if found.ranked else "nothing: the order is that of reported changes"


def _trust(found: BestMethods) -> Iterator[str]:
    """What a reader must know before taking the first method for the best."""
    if found.refused:
        yield f"No network meta-analysis: {found.refused}."
    if found.refused and found.ranked:
        yield (
            "The places are those of the model of doses and responses, in which a method that one paper reports is "
            "drawn towards the others: a guess at what a new paper would report, not a comparison side by side."
        )
    if once := int(found.methods["papers"].eq(1).sum()):
        yield (
            f"{once} of {len(found.methods)} methods are reported by one paper alone: nobody has confirmed these "
            "numbers, and what they owe to the method and what to the paper cannot be told apart."
        )
    unranked = len(found.methods) - found.ranked
    if unranked and found.ranked:
        yield f"{_counted(unranked, 'method')} at the end without a place: no change that could be compared is known."
    elif unranked:
        yield "No method has a place: the model of doses and responses knows nothing of them here, either."
    yield from _of_synthesis(found)
    first = found.methods.iloc[0]
    if pd.notna(first["expected_lower"]):
        low, high = _signed(first["expected_lower"]), _signed(first["expected_upper"])
        yield (
            f"A new paper that runs {first['method']} there would report between {low} and {high} percentage points: "
            "an interval of prediction, whose coverage analysis/PREDICTION.md measures."
        )


def _of_synthesis(found: BestMethods) -> Iterator[str]:
    """What the synthesis assumes, how well papers agree, and what else the ranking would be."""
    if found.synthesis is None:
        return
    for _, part in found.synthesis.network.heterogeneity.iterrows():
        if pd.isna(part["tau2"]):
            yield "Of a part of the network, nothing tells how much papers differ: it has no degree of freedom."
            continue
        yield (
            f"How much papers differ is estimated with {_counted(int(part['df']), 'degree')} of freedom: the variance "
            f"between them is {part['tau2']:.2g}."
            + (" So few say next to nothing, and intervals are too narrow if papers differ." if part["df"] < 10 else "")
        )
    if assumed := found.synthesis.assumed:
        others = (
            f"{count} at {factor:g} times" for factor, count in found.distinguishable_by_factor.items() if factor != 1
        )
        yield (
            f"Where papers give no deviation, one of {assumed.std:.2f} points is assumed, the median of "
            f"{_counted(assumed.papers, 'paper')} ({assumed.where}). Distinguishable would be {', '.join(others)} that."
        )


def _ranking(methods: pd.DataFrame) -> pd.DataFrame:
    table = {
        "": methods["rank"].astype(str).where(methods["p_best"].notna(), ""),
        "method": methods["method"],
        "papers": methods["papers"].astype(str),
        "reported": methods["reported"].map(_signed),
        "synthesized": _with_limits(methods["synthesized"], methods["lower"], methods["upper"]),
        "expected": _with_limits(methods["expected"], methods["expected_lower"], methods["expected_upper"]),
        "best with": methods["p_best"].map(lambda share: "" if pd.isna(share) else f"{share:.0%}"),
        "differs": methods["distinguishable"].map({True: "yes", False: "no"}).astype(object).fillna(""),
        "assumed": methods["assumed"].map({True: "yes", False: "no"}).astype(object).fillna(""),
        "measured": methods["measured_speed"].fillna(""),
    }
    frame = pd.DataFrame(table).astype(object)
    return frame[[name for name in frame.columns if name in ("", "method") or frame[name].ne("").any()]]


def _sources(methods: pd.DataFrame) -> Section:
    table = methods[["method", "reported_by", "setups", "locator"]].astype(object).fillna("").astype(str)
    links = {"locator": methods["source_url"].fillna("").tolist()}
    # A cell without text shows no link.
    table["locator"] = table["locator"].mask(
        table["locator"].eq("") & methods["source_url"].notna(), "page of the paper"
    )
    named = table.rename(columns={"reported_by": "whose numbers", "setups": "comparable under"})
    return Section("Whose numbers, comparable under which setup, and where they stand", table=named, links=links)


def _with_limits(values: pd.Series[float], lower: pd.Series[float], upper: pd.Series[float]) -> list[str]:
    cells = zip(values, lower, upper, strict=True)
    return [f"{_signed(one)} [{_signed(low)}, {_signed(high)}]" if pd.notna(one) else "" for one, low, high in cells]


def _signed(value: float) -> str:
    """A change with its sign, and a real minus."""
    return ("+" if value > 0 else "") + computed(value, "pp").replace("-", "−") if pd.notna(value) else ""


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


_READING = (
    "Changes in top-1 accuracy, percentage points, pruned minus unpruned. reported: median of what papers print; "
    "synthesized: network meta-analysis, with confidence limits; expected: model of doses and responses, with limits "
    "of what a new paper reports; best with: probability of being the best of these; differs: from the first, by more "
    "than errors allow; assumed: a deviation behind it is; measured: measured speed beside the theoretical one.",
)
