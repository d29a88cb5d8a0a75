"""Advice: a plan in words, with what to run, why, and against whose numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from prunelit.analysis.compare.configurations import EFFICIENCY_METRICS, QUALITY_METRICS
from prunelit.analysis.frames.columns import UNITS
from prunelit.analysis.frames.labels import paper_labels
from prunelit.analysis.pages.section import Fact, Section, computed, filled, headed
from prunelit.analysis.planning.field_plan import AS_SO_FAR, DRAWS, PLANNED, field_plan_table
from prunelit.analysis.planning.literature import CandidateExperiment, MetricPair
from prunelit.analysis.planning.max_coverage import GUARANTEE
from prunelit.analysis.planning.plan import LEAST_SHARE, RATIOS, Plan, Step, large, planned, to_run
from prunelit.analysis.planning.target_ratios import papers_within
from prunelit.schema.corpus import Corpus

MILESTONES = (0, 1, 2, 5, 10, 20, 50, 100)
"""Numbers of experiments after which the field is told."""
_MAX_LISTED = 3
"""Methods, places and components that are named."""

_COMPARABLE = (
    "Two papers are comparable if the records of both hold a point on the same dataset and architecture, in the same "
    "quality and efficiency. An experiment is a dataset and an architecture, as a pruned network gives all its metrics "
    "at once."
)
_VARIANTS = "Variants of one architecture count as one here, under the name that they have in common."
_LAXER = {
    "same_variants": _VARIANTS,
    "raw_accuracy": f"{_VARIANTS} Accuracies count, too, whose paper gives no unpruned model: unpruned models of two "
    "papers may differ by more than pruning costs, so that such comparisons prove little.",
}
"""What is said of comparisons that are laxer than those of the same network."""
HOW_TO_RUN = (
    "Report the unpruned network too: without its accuracy, parameters and operations there is neither change nor "
    "ratio. A pruned network has both a compression ratio and a speedup; the same networks may serve both, if both "
    "ranges are covered."
)
DIRECT = "Chosen are those that make most papers comparable; whether they connect papers does not matter (--direct)."
CONNECTED = "The papers with points are all connected; chosen are experiments that make most of them comparable."
JOINED = "Experiments that join these come first, then those that make most papers comparable."
NOT_JOINED = "So there is nothing to join first; chosen are experiments that make most papers comparable."
_POSSIBLE = (
    "Planned: each experiment joins as many components as any can, then makes as many pairs comparable as any can. "
    "That much is possible; more may be, as a greedy choice has no guarantee here."
)
_DRAWN = f"As so far: any paper, on a dataset and architecture as often as records hold it; the mean of {DRAWS} draws."


def title(plan: Plan, corpus: Corpus) -> str:
    """Title of the page."""
    return f"What next for {_whom(plan, corpus)}?"


def advice(plan: Plan, corpus: Corpus) -> list[Section]:
    """A plan, its reasons, the numbers to compare with, and what experiments would do for the whole field."""
    steps = [_step(at, plan, corpus) for at in range(len(plan.steps))]
    return [_summary(plan, corpus), Section("Why these", text=tuple(_why(plan))), *steps, _field(plan)]


def _whom(plan: Plan, corpus: Corpus) -> str:
    return f"{paper_labels(corpus)[plan.paper]} ({plan.paper})" if plan.paper else "a new paper"


def _summary(plan: Plan, corpus: Corpus) -> Section:
    if not plan.steps:
        return Section("The plan", text=(_nothing(plan),))
    last, others = plan.steps[-1], len(plan.literature.graph.nodes - {plan.paper})
    today = f" (today {len(plan.already)})" if plan.paper else ""
    said = (
        f"With {_counted(len(plan.steps), 'experiment')}, {_whom(plan, corpus)} becomes comparable with "
        f"{last.comparable}{today} of the {_counted(others, 'paper')} that have points to compare with, and connected "
        f"with {last.connected}, directly or by papers in between."
    )
    return Section("The plan", text=(said,), table=_table(plan), notes=(HOW_TO_RUN,))


def _nothing(plan: Plan) -> str:
    """Why there is no plan."""
    if plan.candidates:
        return "No experiment makes another paper comparable."
    if not plan.only:
        return f"No record holds a point to compare with{' beyond those of this paper' * bool(plan.paper)}."
    known = ", ".join(sorted({one.dataset for one in plan.literature.experiments(plan.paper)}))
    return (
        f"No record holds a point to compare with on {' or '.join(plan.only)}; there are points on {known or 'none'}."
    )


def _table(plan: Plan) -> pd.DataFrame:
    rows = [
        {
            "": f"{at}.",
            "dataset": step.experiment.dataset,
            "architecture": step.experiment.architecture,
            "report": _in_short(step.experiment.metrics),
            **{_words(ratio): _listed(to_run(plan, step).get(ratio, ())) for ratio in RATIOS.values()},
            "new papers": str(len(step.new)),
            "comparable": str(step.comparable),
            "connected": str(step.connected),
        }
        for at, step in enumerate(plan.steps, start=1)
    ]
    return filled(pd.DataFrame(rows))


def _in_short(metrics: Iterable[MetricPair]) -> str:
    """The pairs of metrics; each name only once where every quality goes with every efficiency."""
    pairs = [(one.quality, one.efficiency) for one in metrics]
    qualities, efficiencies = (list(dict.fromkeys(names)) for names in zip(*pairs, strict=True))
    if len(pairs) == len(qualities) * len(efficiencies):
        return f"{', '.join(qualities)} against {', '.join(efficiencies)}"
    return "; ".join(f"{quality} against {efficiency}" for quality, efficiency in pairs)


def _why(plan: Plan) -> Iterator[str]:
    papers = len(plan.literature.papers)
    yield _COMPARABLE
    if more := _LAXER.get(plan.literature.comparability):
        yield more
    if silent := papers - len(plan.literature.graph):
        yield (
            f"{silent} of the {_counted(papers, 'paper')} have no such point in the corpus; no experiment makes them "
            "comparable."
        )
    if plan.steps:
        yield from _order(plan)
        yield _exact(plan) if plan.choice.exact else _greedy(plan)
        if len(plan.steps) < plan.budget:
            yield "More experiments than these gain nothing."


def _order(plan: Plan) -> Iterator[str]:
    components, joined = plan.literature.components, large(plan.literature)
    if not plan.connect:
        yield DIRECT
    elif len(components) == 1:
        yield CONNECTED
    else:
        yield (
            f"The papers with points form {len(components)} components, between which nothing is comparable; "
            f"{len(joined) or 'only one'} of them {_hold(joined)} {LEAST_SHARE:.0%} of the papers or more"
            f"{_sizes(joined)}. " + (JOINED if joined else NOT_JOINED)
        )
        yield from _price(plan)


def _hold(joined: list[frozenset[str]]) -> str:
    return "hold" if joined else "holds"


def _sizes(joined: list[frozenset[str]]) -> str:
    sizes = [f"{len(group):,}" for group in joined[:_MAX_LISTED]]
    return f" ({', '.join(sizes)}{', …' * (len(joined) > _MAX_LISTED)})" if joined else ""


def _price(plan: Plan) -> Iterator[str]:
    """What connecting papers first costs."""
    here = plan.steps[-1]
    direct = planned(plan.literature, plan.paper, plan.budget, plan.only, connect=False).steps[-1]
    if direct.comparable > here.comparable:
        yield (
            f"Connecting first has a price: with --direct, as many experiments make {direct.comparable} papers "
            f"comparable instead of {here.comparable}, but connect {direct.connected} instead of {here.connected}."
        )


def _exact(plan: Plan) -> str:
    return (
        f"Exact: no choice of {_counted(len(plan.steps), 'experiment')} out of {len(plan.candidates)} is better. All "
        "were tried but those that cannot win, by what their experiments could add at most."
    )


def _greedy(plan: Plan) -> str:
    here, most = plan.steps[-1].comparable, plan.choice.at_most[1]
    aim = "connected" if plan.connect and large(plan.literature) else "comparable"
    return (
        f"Greedy: each experiment is the best next one, as there are too many choices of {len(plan.steps)} experiments "
        f"out of {len(plan.candidates)} to rule all others out. A greedy choice makes at least {GUARANTEE:.1%} "
        f"(1 − 1/e) as many papers {aim} as the best one. Here, by what single experiments could add, no choice makes "
        f"more than {_counted(most, 'paper')} comparable; this one reaches {here / most:.0%} of that."
    )


def _step(at: int, plan: Plan, corpus: Corpus) -> Section:
    one = plan.steps[at].experiment
    facts = tuple(_facts(at, plan))
    return Section(
        f"{at + 1}. {one.architecture} on {one.dataset}", facts=facts, table=_papers(plan.steps[at], plan, corpus)
    )


def _facts(at: int, plan: Plan) -> Iterator[Fact]:
    step, one = plan.steps[at], plan.steps[at].experiment
    yield Fact("Comparable with", f"{_counted(len(one.papers), 'paper')}, {len(step.new)} of them not before")
    before = plan.steps[at - 1].connected if at else plan.connected
    if step.connected > before:
        yield Fact("Connects", _counted(step.connected - before, "paper"))
    pairs = (f"{use.quality} against {use.efficiency} ({_counted(use.papers, 'paper')})" for use in one.metrics)
    yield Fact("Report", ", ".join(pairs))
    if own := ", ".join(f"{quality} against {efficiency}" for quality, efficiency in plan.reported(one)):
        yield Fact("Reported there", own)
    for ratio, points in to_run(plan, step).items():
        known = plan.literature.numbers(one).rename(columns={ratio: "ratio"}).dropna(subset=["ratio"])
        within, papers = papers_within(known, points), known["paper_id"].nunique()
        said = f"{_listed(points)}; in this range lie points of {within} of {_counted(papers, 'paper')}"
        yield Fact(f"{_words(ratio).capitalize()}s", said)


def _papers(step: Step, plan: Plan, corpus: Corpus) -> pd.DataFrame:
    """The papers to compare with, those first that the experiment adds, and where their numbers are."""
    labels, numbers = paper_labels(corpus), plan.literature.numbers(step.experiment)
    ranked = sorted(step.experiment.papers, key=lambda paper: (paper not in step.new, labels[paper]))
    rows = [
        {"paper": labels[paper], "record": paper, "new": "new" if paper in step.new else ""}
        | _numbers(numbers[numbers["paper_id"] == paper], step.experiment)
        for paper in ranked
    ]
    return filled(pd.DataFrame(rows))


def _numbers(points: pd.DataFrame, experiment: CandidateExperiment) -> dict[str, str]:
    """What a paper reports there, and where."""
    return {
        "methods": _some(_methods(points)),
        "points": str(len(points)),
        **{headed(_words(name), unit): _range(points[name], unit) for name, unit in _quantities(experiment)},
        "where": _some(_places(points)),
    }


def _quantities(experiment: CandidateExperiment) -> Iterator[tuple[str, str]]:
    """The columns of a paper's numbers, with their units; a ratio needs none."""
    for efficiency in dict.fromkeys(one.efficiency for one in experiment.metrics):
        yield (RATIOS[efficiency], "") if efficiency in RATIOS else _column(EFFICIENCY_METRICS[efficiency][0])
    for quality in dict.fromkeys(one.quality for one in experiment.metrics):
        yield _column(QUALITY_METRICS[quality][0])


def _column(name: str) -> tuple[str, str]:
    return name, UNITS.get(name, "")


def _methods(points: pd.DataFrame) -> Iterator[str]:
    """The methods that a paper names, and how it came by their numbers where they are not its own methods."""
    for method, origin in points[["method", "origin"]].drop_duplicates().fillna("").itertuples(index=False, name=None):
        if method or origin != "own":
            yield " ".join(part for part in (method, f"({origin})" if origin != "own" else "") if part)


def _places(points: pd.DataFrame) -> Iterator[str]:
    """Tables and figures of the paper; else the rows of the survey's data."""
    yield from dict.fromkeys(place.partition(", row ")[0] for place in points["locator"].dropna())
    if rows := sorted(points.loc[points["locator"].isna(), "survey_row"].dropna()):
        more = "…" if len(rows) > _MAX_LISTED else ""
        yield f"survey row{'s' * (len(rows) > 1)} {', '.join(map(str, rows[:_MAX_LISTED]))}{more}"


def _some(texts: Iterable[str]) -> str:
    listed = list(texts)
    more = f" and {len(listed) - _MAX_LISTED} more" if len(listed) > _MAX_LISTED else ""
    return "; ".join(listed[:_MAX_LISTED]) + more


def _range(values: pd.Series[float], unit: str) -> str:
    known = values.dropna()
    ends = (known.min(), known.max()) if len(known) else ()
    return " to ".join(dict.fromkeys(computed(one, unit) if unit else f"{one:.3g}" for one in ends))


def _field(plan: Plan) -> Section:
    heading = "The whole field: how far more experiments reduce its fragmentation"
    field = field_plan_table(plan.literature, plan.only)
    if field.empty:
        return Section(heading, text=("There is no point to compare with.",))
    first, papers = field.iloc[0], len(plan.literature.papers)
    said = (
        f"{first['comparable_pairs']:,.0f} of {papers * (papers - 1) // 2:,} pairs of papers are comparable "
        f"({first['share']:.1%}), and the papers form {_counted(int(first['components']), 'component')}, where each "
        "without any point is one. One more experiment is the method of any paper on one more dataset and "
        "architecture, by its authors or by a benchmark, in all metrics in which others have points there."
    )
    uses = f"Planned are {_some(_uses(field))}. 'prunelit figures plan' draws it."
    return Section(heading, text=(said,), table=_milestones(field), notes=(_POSSIBLE, _DRAWN, uses))


def _milestones(field: pd.DataFrame) -> pd.DataFrame:
    last = int(field["experiments"].max())
    wanted = sorted({*(one for one in MILESTONES if one < last), last})
    columns = {"experiments": [str(one) for one in wanted]}
    for choice in (PLANNED, AS_SO_FAR):
        rows = field[field["choice"] == choice].set_index("experiments").loc[wanted]
        columns[f"comparable, {choice}"] = [f"{one:.1%}" for one in rows["share"]]
        columns[f"components, {choice}"] = [f"{one:.0f}" for one in rows["components"]]
    return pd.DataFrame(columns)


def _uses(field: pd.DataFrame) -> Iterator[str]:
    """How often each dataset and architecture is planned."""
    named = field.dropna(subset=["dataset"])
    counts = (named["architecture"] + " on " + named["dataset"]).value_counts()
    yield from (f"{name} {_counted(int(count), 'time')}" for name, count in counts.items())


def _words(name: str) -> str:
    return name.replace("_", " ")


def _listed(numbers: Iterable[float]) -> str:
    return ", ".join(f"{one:g}" for one in numbers)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"
