"""What do the records say, as tables?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from prunelit.analysis.cache import kept
from prunelit.analysis.columns import BASES, EFFICIENCIES, PAPERS, QUALITIES, RESULTS, typed
from prunelit.analysis.corrections import applied, corrected_corpus, corrected_results
from prunelit.analysis.labels import locator_text, method_label, paper_labels
from prunelit.analysis.load import chosen
from prunelit.analysis.runs import mean_and_deviation
from prunelit.schema.corpus import Corpus
from prunelit.schema.locator import Locator
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.vocabulary import Exclusion

_POINT_NUMBERS = (*QUALITIES, "top1_std", "top1_max_deviation", *EFFICIENCIES)


def papers(corpus: Corpus | None = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """One row a paper, in the order of ids; columns as in the data dictionary.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
    """
    corpus = chosen(corpus, collection)
    corpus = corrected_corpus(corpus) if corrected else corpus
    labels = paper_labels(corpus)
    peer_reviewed = {venue.name: venue.peer_reviewed for venue in corpus.venues}
    return typed([_paper(paper, labels[paper.id], peer_reviewed) for paper in corpus.papers], PAPERS)


@kept(RESULTS)
def results(corpus: Corpus | None = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """What the papers report, as they report it: one row an operating point, and one an experiment without numbers.

    Args:
        corpus: Records; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
    """
    corpus = chosen(corpus, collection)
    corpus = corrected_corpus(corpus) if corrected else corpus
    labels = paper_labels(corpus)
    rows = [row for paper in corpus.papers for row in _results(paper, labels[paper.id], corpus)]
    frame = typed(rows, RESULTS)
    return corrected_results(frame, applied(corpus)) if corrected else frame


def _paper(paper: Paper, label: str, peer_reviewed: dict[str, bool]) -> dict[str, object]:
    curves = [curve for experiment in paper.experiments or () for curve in experiment.curves or ()]
    return {
        "paper_id": paper.id,
        "survey_id": paper.survey_id,
        "title": paper.title,
        "authors": "; ".join(paper.authors) if paper.authors else None,
        "label": label,
        "year": paper.published.year,
        "month": paper.published.month,
        "venue": paper.venue,
        "peer_reviewed": peer_reviewed.get(paper.venue) if paper.venue else None,
        "arxiv": paper.identifiers.arxiv if paper.identifiers else None,
        "doi": paper.identifiers.doi if paper.identifiers else None,
        "collections": "; ".join(paper.collections),
        "experiments": len(paper.experiments or ()),
        "points": sum(len(curve.points or ()) for curve in curves if not curve.sweep),
    }


def _results(paper: Paper, label: str, corpus: Corpus) -> Iterator[dict[str, object]]:
    for index, experiment in enumerate(paper.experiments or ()):
        shared = {
            "paper_id": paper.id,
            "survey_id": paper.survey_id,
            "experiment": index,
            "collections": "; ".join(experiment.collections),
            "dataset": experiment.dataset,
            "architecture": experiment.architecture,
            **_base(experiment),
        }
        if not experiment.curves:
            yield shared | {
                "survey_row": experiment.survey_row,
                "method": experiment.method,
                "method_label": method_label(label, experiment.method),
                "sweep": False,
                "excluded": _left_out_of(_decisions(corpus, paper.id, experiment, experiment.method)),
                "seeds": experiment.seeds,
                "locator": locator_text(experiment.locator),
                "note": experiment.note,
            }
        for at, curve in enumerate(experiment.curves or ()):
            of_curve = shared | {"curve": at} | _curve(curve, experiment, paper.id, label, corpus)
            for place, point in enumerate(corpus.points(curve)):
                yield of_curve | {"point": place} | _point(point, curve, experiment)


def _base(experiment: Experiment) -> dict[str, object]:
    values = {name: _float(getattr(experiment, name)) for name in BASES}
    if runs := experiment.base_top1_runs:
        values["base_top1"] = float(sum(runs) / len(runs))
    return values | {
        "flop_convention": experiment.flop_convention,
        "base_locator": locator_text(experiment.base_locator),
    }


def _curve(curve: Curve, experiment: Experiment, paper: str, label: str, corpus: Corpus) -> dict[str, object]:
    decisions = _decisions(corpus, paper, experiment, curve.method)
    return {
        "method": curve.method,
        "method_label": method_label(label, None if any(one.merged for one in decisions) else curve.method),
        "origin": curve.origin,
        "proposed_by": curve.proposed_by,
        "copied_from": curve.copied_from,
        "baseline": curve.baseline,
        "training_scheme": curve.training_scheme,
        "target_architecture": curve.target_architecture,
        "sweep": bool(curve.sweep),
        "excluded": _left_out_of(decisions),
    }


def _point(point: Point, curve: Curve, experiment: Experiment) -> dict[str, object]:
    notes = (point.note, curve.note, experiment.note)
    locator: Locator | None = point.locator or curve.locator
    return (
        {name: _float(getattr(point, name)) for name in _POINT_NUMBERS}
        | _runs(point)
        | {
            "survey_row": point.survey_row,
            "pruned_model": point.pruned_model,
            "locator": locator_text(locator),
            "note": " ".join(note for note in notes if note) or None,
        }
    )


def _runs(point: Point) -> dict[str, float | int | None]:
    """The number of runs, and their mean and sample standard deviation where the runs are released."""
    if not point.top1_runs:
        return {"seeds": point.seeds}
    mean, deviation = mean_and_deviation(point.top1_runs)
    return {"top1": mean, "top1_std": deviation, "seeds": len(point.top1_runs)}


def _decisions(corpus: Corpus, paper: str, experiment: Experiment, method: str | None) -> list[Exclusion]:
    return [
        one
        for one in corpus.exclusions
        if one.paper == paper
        and one.collection in experiment.collections
        and (one.methods is None or method in one.methods)
    ]


def _left_out_of(decisions: list[Exclusion]) -> str | None:
    return "; ".join(dict.fromkeys(part for one in decisions for part in one.left_out_of or ())) or None


def _float(value: Decimal | Any) -> float | None:
    return None if value is None else float(value)
