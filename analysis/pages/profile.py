"""Profile of a paper: everything that the corpus knows about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import TypeAlias
from urllib.parse import quote

import pandas as pd
from pydantic import BaseModel

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.diff.entries import whose
from prunelit.analysis.frames.comparisons import COMPARISON
from prunelit.analysis.frames.labels import conditions_text, locator_text
from prunelit.analysis.frames.normalized import RECIPES
from prunelit.analysis.frames.printed import printed
from prunelit.analysis.frames.source_urls import ARXIV_URL, DOI_URL, paper_url, source_url
from prunelit.analysis.pages.section import Fact, Section, computed, filled, headed
from prunelit.analysis.trends.checklist import judged_items
from prunelit.schema.calibration import Calibration
from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.corpus import Corpus
from prunelit.schema.fields import of_kind, parts, units
from prunelit.schema.locator import Locator
from prunelit.schema.measurement import Measurement
from prunelit.schema.method import Method
from prunelit.schema.recipe import Recipe
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.spread import Bounds, Spread
from prunelit.schema.walk import rows

_Part: TypeAlias = Callable[[Paper, Dataset], Iterable[Section]]

UNNAMED = "Without a name"
_NUMBERS = of_kind(Point, "quantity", "numbers")
_SHOWN: dict[type[BaseModel], tuple[str, ...]] = {
    Paper: ("schema_version", "id", "title", "venue", "survey_id", "note"),
    Experiment: ("dataset", "architecture", "method", "seeds", "survey_row", "flop_convention", "note"),
    Curve: ("method", "origin", "proposed_by", "copied_from", "training_scheme", "sweep", "points_file", "note"),
    Point: ("pruned_model", "seeds", "survey_row", "note"),
}
"""Simple fields that are shown under other names or in the words of others; further ones are shown under their own."""


def profile(paper: Paper, dataset: Dataset) -> list[Section]:
    """Everything that the corpus knows about a paper, section by section."""
    return [section for part in _PARTS for section in part(paper, dataset)]


def bibliography(paper: Paper, dataset: Dataset) -> Iterable[Section]:
    """Who wrote what, when and where."""
    yield Section("Bibliography", facts=tuple(fact for fact in _bibliography(paper, dataset.vocabulary) if fact.value))


def _bibliography(paper: Paper, corpus: Corpus) -> Iterable[Fact]:
    names = paper.identifiers
    arxiv, doi = (names.arxiv, names.doi) if names else (None, None)
    venue = next((one for one in corpus.venues if one.name == paper.venue), None)
    yield Fact("Authors", "; ".join(paper.authors or ()))
    yield Fact(
        "Published", f"{paper.published.year}" + (f"-{paper.published.month:02}" if paper.published.month else "")
    )
    if venue:
        full = f", {venue.full_name}" if venue.full_name else ""
        yield Fact("Venue", f"{venue.name}{full} ({'' if venue.peer_reviewed else 'not '}peer-reviewed)")
    yield Fact("arXiv", arxiv or "", f"{ARXIV_URL}{arxiv}")
    yield Fact("DOI", doi or "", f"{DOI_URL}{quote(doi or '')}")
    yield from (Fact("Link", link, link) for link in paper.links or ())
    yield Fact("Record", paper.id, paper_url(paper) or "")
    yield Fact("Survey's name", paper.survey_id or "")
    yield Fact("Collections", ", ".join(paper.collections))
    yield Fact("Contributors", ", ".join(paper.contributors or ()))
    yield from (Fact(name.capitalize(), value) for name, value in _further(paper))
    yield Fact("Note", paper.note or "")


def proposed_methods(paper: Paper, dataset: Dataset) -> Iterable[Section]:
    """What the paper proposes, on the survey's axes."""
    facts = tuple(Fact(one.name or UNNAMED, ", ".join(_design(one)) or "proposed here") for one in paper.methods or ())
    if facts:
        yield Section("Methods", facts=facts)


def _design(method: Method) -> Iterable[str]:
    for axis in Method.AXES:
        if stated := getattr(method, axis):
            yield f"{axis.replace('_', ' ')}: {stated.value.replace('_', ' ')} ({stated.source})"


def reported(paper: Paper, dataset: Dataset) -> Iterable[Section]:
    """The results as the paper reports them, with its digits: one table an experiment."""
    return [_experiment(experiment, paper, dataset.around(paper.id)) for experiment in paper.experiments or ()]


def _experiment(experiment: Experiment, paper: Paper, corpus: Corpus) -> Section:
    return Section(
        f"{experiment.architecture or 'unknown architecture'} on {experiment.dataset or 'unknown dataset'}",
        facts=tuple(fact for fact in _of_experiment(experiment, paper) if fact.value),
        text=tuple(_sweeps(experiment, corpus)),
        table=_points(experiment),
        notes=tuple(_notes(experiment)),
        links={"locator": [_link(place, paper) for place in _locators(experiment)]},
    )


def _of_experiment(experiment: Experiment, paper: Paper) -> Iterable[Fact]:
    yield Fact("Unpruned", ", ".join(_unpruned(experiment)))
    unpruned, here = experiment.base_locator, experiment.locator
    yield Fact("Unpruned, locator", locator_text(unpruned) or "", _link(unpruned, paper))
    yield Fact("Operations", (experiment.flop_convention or "").replace("_", " "))
    yield from (Fact(name.capitalize(), value) for name, value in (*_further(experiment), *_parts(experiment)))
    yield Fact("Method", experiment.method or "")
    yield Fact("Locator", locator_text(here) or "", _link(here, paper))
    yield Fact("Seeds", printed(experiment.seeds))
    yield Fact("Survey's row", printed(experiment.survey_row))
    yield Fact("Results", "" if experiment.curves else "none entered")
    yield Fact("Note", experiment.note or "")


def _unpruned(experiment: Experiment) -> Iterable[str]:
    for name in Experiment.model_fields:
        value, short = getattr(experiment, name), name.removeprefix("base_")
        if name == "base_metrics":
            yield from map(_measured, value or ())
        elif name == "base_widths" and value:
            yield f"channels {value}"
        elif name in units(Experiment) and value is not None:
            said = f"{short.removesuffix('_runs')} of the runs" if isinstance(value, tuple) else short
            yield f"{said} {_number(value)} {units(Experiment)[name].symbol}".removesuffix(" count")


def _number(value: object) -> str:
    """A number, or the numbers of runs."""
    return ", ".join(map(printed, value)) if isinstance(value, tuple) else printed(value)


def _further(one: Paper | Experiment | Curve | Point) -> Iterable[tuple[str, str]]:
    """The simple fields that are shown under their own names, as text."""
    for name in of_kind(type(one), "text", "count", "flag"):
        if name not in _SHOWN[type(one)]:
            value = getattr(one, name)
            yield name.replace("_", " "), "yes" if value is True else printed(value)


def _parts(one: Experiment | Curve | Point) -> Iterable[tuple[str, str]]:
    """What is stated of conditions, spreads, bounds and calibration data, as text."""
    for name, part in parts(type(one)).items():
        value = getattr(one, name)
        if part is MeasurementConditions:
            yield name, conditions_text(value)
        elif part in (Spread, Bounds, Calibration):
            yield name.replace("_", " "), "" if value is None else str(value)
        elif part is Recipe and value and value.calibration:
            yield "calibration", str(value.calibration)


def _beside(point: Point, curve: Curve) -> dict[str, str]:
    """What is stated beside the numbers of a point: of its curve, unless it says otherwise itself."""
    of_curve = dict((*_further(curve), *_parts(curve)))
    of_point = dict((*_further(point), *_parts(point)))
    return of_curve | {name: value for name, value in of_point.items() if value or name not in of_curve}


def _sweeps(experiment: Experiment, corpus: Corpus) -> Iterable[str]:
    for curve in experiment.curves or ():
        if curve.points_file:
            count = len(corpus.sweeps.get(curve.points_file, ()))
            yield f"{whose(curve)}: a released sweep of {count} points, in corpus/sweeps/{curve.points_file}."


def _notes(experiment: Experiment) -> Iterable[str]:
    """The caveats on curves and points, each with what it is about: too long for a cell of a table."""
    for curve in experiment.curves or ():
        if curve.note:
            yield f"{whose(curve)}: {curve.note}"
        for index, point in enumerate(curve.points or ()):
            if point.note:
                row = f"row {point.survey_row}" if point.survey_row else f"{whose(curve)}, point {index + 1}"
                yield f"{row}: {point.note}"
            if point.widths:
                yield f"{whose(curve)}, {point.pruned_model or f'point {index + 1}'}: channels {point.widths}"


def _points(experiment: Experiment) -> pd.DataFrame | None:
    rows = [_point(point, curve) for curve in experiment.curves or () for point in curve.points or ()]
    if not rows:
        return None
    heads = {name: headed(name, units(Point)[name].symbol) for name in _NUMBERS} | {"survey_row": "survey's row"}
    # Of some fifty columns few say anything: tables are made of those alone.
    said = [name for name in dict.fromkeys(chain.from_iterable(rows)) if any(row.get(name) for row in rows)]
    return pd.DataFrame({heads.get(name, name): [row.get(name, "") for row in rows] for name in said})


def _locators(experiment: Experiment) -> list[Locator | None]:
    """The locators of the rows of the table of points."""
    return [point.locator or curve.locator for curve in experiment.curves or () for point in curve.points or ()]


def _point(point: Point, curve: Curve) -> dict[str, str]:
    return {
        "method": whose(curve),
        "training": (curve.training_scheme or "").replace("_", " "),
        "pruned model": point.pruned_model or "",
        **_beside(point, curve),
        **{name: _number(getattr(point, name)) for name in _NUMBERS},
        "other metrics": ", ".join(map(_measured, point.metrics or ())),
        "seeds": printed(point.seeds),
        "locator": locator_text(point.locator or curve.locator) or "",
        "survey_row": printed(point.survey_row),
    }


def _measured(one: Measurement) -> str:
    """A measurement: ``perplexity ~5.68 ± 0.02 (change 0.20; split test)``."""
    sign = Bounds.SIGNS[one.bound] if one.bound else ""
    value = f"of the runs {_number(one.runs)}" if one.runs else f"{sign}{printed(one.value)}"
    change = "" if one.change is None else f"change {sign if one.value is None else ''}{printed(one.change)}"
    remarks = "; ".join(filter(None, (change, str(one.spread or ""), conditions_text(one))))
    deviation = f" ± {printed(one.std)}" if one.std is not None else ""
    return f"{one.metric} {value}{deviation}".rstrip() + (f" ({remarks})" if remarks else "")


def as_normalized(paper: Paper, dataset: Dataset) -> Iterable[Section]:
    """The results as if every paper had pruned the median model, corrections applied."""
    table = dataset.normalized_of(paper.id)
    table = table[~table["sweep"].astype(bool)]
    units = {name: unit for name, (*_, unit, _) in RECIPES.items()}
    values = {headed(name, unit): [computed(one, unit) for one in table[name]] for name, unit in units.items()}
    if any(cell for cells in values.values() for cell in cells):
        names = pd.DataFrame({name: list(table[name]) for name in ("dataset", "architecture", "method")})
        said = "As if every paper had pruned the median unpruned model; corrections applied."
        frame = filled(names.assign(**values, locator=list(table["locator"])))
        yield Section("Normalized", text=(said,), table=frame, links={"locator": _places(table, paper)})


def _link(locator: Locator | None, paper: Paper) -> str:
    """The address of the source of a number; "" where there is no locator, or nothing says where its file is."""
    is_somewhere = locator is not None and (locator.repository or locator.url or not locator.path)
    return (source_url(locator, paper) or "") if is_somewhere else ""


def _places(table: pd.DataFrame, paper: Paper) -> list[str]:
    """The web addresses of the locators of a table of results, whose places are those of the record."""
    found = {
        row.path: _link(row.point.locator or row.curve.locator, paper)
        for row in rows(paper, {})
        if row.point and row.curve
    }
    places = table[["experiment", "curve", "point"]].itertuples(index=False, name=None)
    return [found.get(("experiments", at, "curves", curve, "points", point), "") for at, curve, point in places]


def neighbours(paper: Paper, dataset: Dataset) -> Iterable[Section]:
    """Whom the paper compares to, and who compares to it."""
    edges = dataset.comparisons()
    for title, own, other in (
        ("Compares to", "paper_id", "compared_id"),
        ("Compared to by", "compared_id", "paper_id"),
    ):
        edges_of = edges[edges[own] == paper.id]
        if edges_of.empty:
            yield Section(title, text=("No paper of the corpus.",))
        else:
            status = edges_of["compared_status" if other == "compared_id" else "status"].fillna("")
            kinds = edges_of["kind"].mask(edges_of["kind"].eq(COMPARISON), "").str.cat(status, sep=" ").str.strip()
            links = [paper_url(dataset.as_published().outline.by_id[one]) or "" for one in edges_of[other]]
            yield Section(title, table=_papers(list(edges_of[other]), list(kinds), dataset), links={"record": links})


def _papers(ids: list[str], kinds: list[str], dataset: Dataset) -> pd.DataFrame:
    published = dataset.as_published()
    names = [published.labels()[one] for one in ids]
    titles = [published.outline.by_id[one].title for one in ids]
    return filled(pd.DataFrame({"paper": names, "title": titles, "record": ids, "kind": kinds}))


def known_corrections(paper: Paper, dataset: Dataset) -> Iterable[Section]:
    """What is known to be wrong in the record."""
    rows = [
        {
            "result": one.place,
            "field": one.field,
            "published": "nothing" if one.expect is None else printed(one.expect),
            "right": "nothing" if one.correct is None else printed(one.correct),
            "reason": one.reason,
            "evidence": one.evidence,
            "status": one.status,
            "date": one.date,
        }
        for one in dataset.around(paper.id).corrections
        if one.paper == paper.id
    ]
    if rows:
        yield Section("Corrections", table=filled(pd.DataFrame(rows)))


def reporting(paper: Paper, dataset: Dataset) -> Iterable[Section]:
    """What the record holds of what a reader needs to compare the paper."""
    if paper.experiments:
        yield Section(
            "Checklist: what the record holds, not how good the paper is",
            table=judged_items(paper, dataset.around(paper.id)),
        )


_PARTS: tuple[_Part, ...] = (
    bibliography,
    proposed_methods,
    reported,
    neighbours,
    as_normalized,
    reporting,
    known_corrections,
)
"""The parts of a page about a paper, in their order."""
