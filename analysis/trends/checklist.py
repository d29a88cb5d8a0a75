"""Checklist: what the records hold of what a reader needs to compare papers.

It scores reporting, not quality, and it scores the record: where nobody has entered a paper's numbers, what it
reports is unknown, not unmet.  So it is where the paper itself was not read: what a README or another file of a
repository lacks may stand in the paper (:func:`is_from_the_paper`).  What is asked, and which source asks it, stands in
``corpus/checklist.yaml``; this module says how each item is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal, TypeAlias

import pandas as pd

from prunelit.analysis.compare.configurations import MNIST
from prunelit.analysis.dataset import Dataset, by_shares
from prunelit.analysis.frames.cache import cached_table
from prunelit.analysis.frames.columns import LABEL, PEER_REVIEWED, TEXT, WHO, YEAR, Column, of_field, typed
from prunelit.schema.corpus import Corpus
from prunelit.schema.locator import Locator
from prunelit.schema.record import Curve, Paper, Point
from prunelit.schema.vocabulary import GroupName
from prunelit.schema.walk import Row, curves, experiments, rows

Verdict: TypeAlias = Literal["met", "unmet", "unknown"]
Judgement: TypeAlias = tuple[Verdict, str]
_Judge: TypeAlias = Callable[[Paper, Corpus], Judgement]

VERDICTS: tuple[Verdict, ...] = ("met", "unmet", "unknown")
MIN_POINTS = 5
"""Points that make a curve a tradeoff curve; section 2.4 asks for a family of models without naming a number."""
_NOTHING = "no operating point is entered"
NOT_READ = "of the paper, only files of a repository were entered"
PAPER_FORMAT = ".pdf"
"""Files of a repository that are papers, as authors put them beside their code."""


def _of_curve(curve: Curve, corpus: Corpus) -> list[Point]:
    if curve.points is not None:
        return list(curve.points)
    return [one.point for one in corpus.sweeps.get(curve.points_file or "", ())]


def _any_point(names: tuple[str, ...], what: str) -> _Judge:
    def judge(paper: Paper, corpus: Corpus) -> Judgement:
        found = [point for _, curve in curves(paper) for point in _of_curve(curve, corpus)]
        count = sum(any(getattr(point, name) is not None for name in names) for point in found)
        return _counted(count, len(found), what)

    return judge


def _counted(count: int, whole: int, what: str) -> Judgement:
    if not whole:
        return "unknown", _NOTHING
    return ("met" if count else "unmet"), f"{count} of {whole} points give {what}"


def _raw_accuracies(paper: Paper, corpus: Corpus) -> Judgement:
    pruned = ("top1", "top5", "top1_error", "top5_error", "top1_runs", "metrics")
    unpruned = ("base_top1", "base_top5", "base_top1_error", "base_top5_error", "base_top1_runs", "base_metrics")
    count = whole = 0
    for _, experiment in experiments(paper):
        before = any(getattr(experiment, name) is not None for name in unpruned)
        found = [point for curve in experiment.curves or () for point in _of_curve(curve, corpus)]
        whole += len(found)
        count += sum(before and any(getattr(point, name) is not None for name in pruned) for point in found)
    return _counted(count, whole, "the accuracy both before and after pruning")


def _operating_points(paper: Paper, corpus: Corpus) -> Judgement:
    lengths = [len(_of_curve(curve, corpus)) for _, curve in curves(paper)]
    if not lengths:
        return "unknown", _NOTHING
    return ("met" if max(lengths) >= MIN_POINTS else "unmet"), f"the longest curve has {max(lengths)} points"


def _datasets(paper: Paper, corpus: Corpus) -> Judgement:
    used = sorted({one.dataset for _, one in experiments(paper) if one.dataset})
    if not used:
        return "unknown", "no dataset is entered"
    return ("met" if len(used) > 1 and used != [MNIST] else "unmet"), ", ".join(used)


def _architectures(paper: Paper, corpus: Corpus) -> Judgement:
    used = sorted({one.architecture for _, one in experiments(paper) if one.architecture})
    if not used:
        return "unknown", "no architecture is entered"
    return ("met" if len(used) > 1 else "unmet"), ", ".join(used)


def _simple_method(kind: str, instead: GroupName | None = None) -> _Judge:
    """Whether a curve shows the simple method; records need not hold all that a paper reruns, so it is never unmet."""

    def judge(paper: Paper, corpus: Corpus) -> Judgement:
        count = sum(curve.simple_method == kind for _, curve in curves(paper))
        if count:
            return "met", f"{count} of its curves show {kind} pruning"
        others = {one.paper for one in corpus.members(instead)} & _compared(paper) if instead else ()
        if others:
            return "met", f"compares to {', '.join(sorted(others))}"
        return "unknown", f"no curve of {kind} pruning is entered"

    return judge


def _compared(paper: Paper) -> set[str]:
    return {*(paper.compares_to or ()), *(one.paper for one in paper.added_comparisons or ())}


def _comparison(paper: Paper, corpus: Corpus) -> Judgement:
    count = len(_compared(paper))
    if not count and not paper.experiments:
        return "unknown", "no comparison and no experiment is entered"
    return ("met" if count else "unmet"), f"compares to {count} other papers"


def _hyperparameters(paper: Paper, corpus: Corpus) -> Judgement:
    recipes = [curve.recipe for _, curve in curves(paper) if curve.recipe]
    count = sum(one.fine_tuning_epochs is not None and one.learning_rate is not None for one in recipes)
    if count:
        return "met", f"{count} of its curves come with the epochs and the learning rate"
    return "unknown", "no epochs with a learning rate are entered"


_SIZE = ("params", "params_kept", "params_removed", "compression_ratio")
_OPERATIONS = ("flops", "flops_kept", "flops_removed", "speedup")

JUDGES: dict[str, _Judge] = {
    "size": _any_point(_SIZE, "a size"),
    "operations": _any_point(_OPERATIONS, "operations"),
    "raw-accuracies": _raw_accuracies,
    "operating-points": _operating_points,
    "deviations": _any_point(("top1_std", "top1_max_deviation", "top1_runs"), "a deviation"),
    "seeds": _any_point(("seeds", "top1_runs"), "the number of runs"),
    "datasets": _datasets,
    "architectures": _architectures,
    "random-pruning": _simple_method("random"),
    "magnitude-pruning": _simple_method("magnitude", instead="magnitude-pruning"),
    "comparison": _comparison,
    "hyperparameters": _hyperparameters,
}
"""How each item of ``corpus/checklist.yaml`` is judged, by its name."""
OF_POINTS = frozenset({"size", "operations", "raw-accuracies", "operating-points", "deviations", "seeds"})
"""Items that operating points alone can hold."""


def judged_items(paper: Paper, corpus: Corpus) -> pd.DataFrame:
    """What the record of a paper holds of what is asked for: one row an item.

    Args:
        paper: The record.
        corpus: What is asked, and where the points of released sweeps are.

    Returns:
        Text columns ``item``, ``verdict`` (met, unmet, or unknown where the record does not tell), ``why``, and
        ``source``, which asks for the item.
    """
    return pd.DataFrame(_judged(paper, corpus), columns=_JUDGED, dtype="string")


_JUDGED = ["item", "verdict", "why", "source"]


def _judged(paper: Paper, records: Corpus) -> Iterator[tuple[str, Verdict, str, str]]:
    # A sweep makes its points anew whenever it is walked through: here once, not for every item.
    corpus = replace(records, sweeps={name: tuple(records.sweeps[name]) for name in _sweeps_of(paper, records)})
    read = {with_numbers: is_from_the_paper(paper, corpus, with_numbers) for with_numbers in (True, False)}
    for item in corpus.checklist:
        verdict, why = JUDGES[item.name](paper, corpus)
        if verdict == "unmet" and not read[item.name in OF_POINTS]:
            verdict, why = "unknown", f"{why}; {NOT_READ}"
        yield item.asks, verdict, why, item.source


def is_from_the_paper(paper: Paper, corpus: Corpus, with_numbers: bool = True) -> bool:
    """Whether any result of a record was entered from the paper itself, so that what it lacks may be called unmet.

    A result is from the paper where its locator names no repository and no address, or a PDF in a repository, which
    is the paper.  So is one without a locator: a record is what a paper reports unless it says otherwise.

    Args:
        paper: The record.
        corpus: Where the points of released sweeps are.
        with_numbers: Whether only operating points count, or also experiments that are entered without numbers.
    """
    # No point of a sweep has a locator of its own, so that the first one tells.
    sweeps = {name: corpus.sweeps[name][:1] for name in _sweeps_of(paper, corpus)}
    found = (row for row in rows(paper, sweeps) if row.point or not with_numbers)
    return any(_is_paper(_locator(row)) for row in found)


def _sweeps_of(paper: Paper, corpus: Corpus) -> set[str]:
    """The names of the sweeps that a paper refers to, as far as they could be read."""
    return {curve.points_file for _, curve in curves(paper) if curve.points_file in corpus.sweeps}


def _locator(row: Row) -> Locator | None:
    """Where a result stands: a point's own locator comes before that of its curve."""
    if row.curve is None:
        return row.experiment.locator
    return (row.point.locator if row.point else None) or row.curve.locator


def _is_paper(locator: Locator | None) -> bool:
    if locator is None or (locator.repository is None and locator.url is None):
        return True
    return (locator.path or "").lower().endswith(PAPER_FORMAT)


CHECKLIST = (
    *WHO,
    LABEL,
    YEAR,
    of_field(Paper, "venue"),
    PEER_REVIEWED,
    Column("item", TEXT, "", "What is asked for.", "corpus/checklist.yaml"),
    Column("verdict", TEXT, "", "met, unmet, or unknown where the record does not tell.", "analysis.trends.checklist"),
    Column("why", TEXT, "", "What in the record decides.", "analysis.trends.checklist"),
    Column("source", TEXT, "", "The source that asks for the item.", "corpus/checklist.yaml"),
)
"""Columns of ``checklist()``: one row a paper and item of the checklist."""


@by_shares
@cached_table(CHECKLIST)
def checklist_table(dataset: Dataset) -> pd.DataFrame:
    """What the records hold of what is asked for: one row a paper and item of the checklist; columns :data:`CHECKLIST`.

    It scores reporting, not quality.  Papers without experiments are left out: nobody has entered what they report.
    """
    known = dataset.papers()[["paper_id", "survey_id", "label", "year", "venue", "peer_reviewed"]]

    def of(papers: tuple[Paper, ...]) -> pd.DataFrame:
        said = [(one.id, *line) for one in papers if one.experiments for line in _judged(one, dataset.records)]
        judged = pd.DataFrame(said, columns=["paper_id", *_JUDGED], dtype="string")
        return typed(judged.merge(known, on="paper_id"), CHECKLIST)

    return dataset.with_unchanged(of, checklist_table, CHECKLIST)


def met_by_year(dataset: Dataset) -> pd.DataFrame:
    """How many records show their paper to meet each item: one row an item, year of publication and review.

    Args:
        dataset: The papers that count; those without experiments are left out.

    Returns:
        Text ``item`` and ``review``, and the counts ``year``, ``met``, ``unmet`` and ``unknown``.
    """
    table = checklist_table(dataset)
    review = table["peer_reviewed"].map({True: "peer-reviewed", False: "not peer-reviewed"})
    counted = table.assign(review=review.astype("string").fillna("unknown")).pivot_table(
        index=["item", "year", "review"], columns="verdict", aggfunc="size", fill_value=0
    )
    found = counted.reindex(columns=list(VERDICTS), fill_value=0).reset_index()
    order = {item.asks: at for at, item in enumerate(dataset.vocabulary.checklist)}
    placed = found.assign(place=found["item"].map(order)).sort_values(["place", "year", "review"], ignore_index=True)
    return placed.drop(columns="place").astype(dict.fromkeys(["year", *VERDICTS], "Int64"))
