"""Errata of the survey: its corrections, and where its published figures differ from ours.

The corrections and what each of them changes; every number in which the published figures and ours differ; and what
comes out where the survey's text describes one procedure and its figures follow another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from prunelit.analysis.claims.blalock2020 import claims_table
from prunelit.analysis.claims.claim import NUMBER_DIFFERS
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import cached_table
from prunelit.analysis.frames.columns import typed
from prunelit.analysis.frames.corrections import applied
from prunelit.analysis.frames.printed import printed
from prunelit.analysis.pages.section import Fact, Section, computed, filled
from prunelit.analysis.survey.correction_effects import (
    ALL_TOGETHER,
    CHANGED,
    Slip,
    changed,
    columns_of_changes,
    correction_effects,
    medians,
    slip_name,
    slips,
)
from prunelit.analysis.survey.marks import marks, pair_names
from prunelit.analysis.survey.procedures import (
    AS_COUNTED,
    AS_PUBLISHED,
    DRAWN,
    FOOTNOTE,
    OURS,
    SAID,
    SURVEY_FIGURES,
    ProcedureContrast,
)
from prunelit.analysis.survey.unpruned_families import pruned_models
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Correction

TITLE = "Corrections, and where the survey's published figures differ from ours"
TOLD = 40
"""A longer list of numbers is summed up where it belongs, and told in full at the end."""
PART_TITLES = {
    **{f"figure{number}": f"Figure {number}" for number in range(1, 6)},
    "table1": "Table 1",
    "beats": "Who beats whom",
    "results": "Data",
    "normalized": "Normalized values",
    "baselines": "Baselines",
    "claims": "Claims",
}
"""The figures and tables, as a reader calls them."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Everything that the report says, as tables; columns CHANGED, and who or what the numbers belong to."""

    corpus: Corpus
    effects: pd.DataFrame
    """With ``correction``, as of :func:`prunelit.analysis.survey.correction_effects.correction_effects`."""
    differences: pd.DataFrame
    """With ``contrast``: the title of each of DRAWN, or ALL, for published figures against ours."""
    procedures: pd.DataFrame
    """With ``contrast``: the title of each of SAID."""
    medians: pd.DataFrame
    """``panel``, ``what``, ``unit``, and the median of each of three procedures."""
    claims: pd.DataFrame
    """The claims, computed from the data as published."""
    corrected_claims: pd.DataFrame
    """The claims, computed from the corrected data."""


def find(survey: Dataset) -> Found:
    """Compute what the report says.

    Args:
        survey: The dataset of the survey.
    """
    return Found(
        survey.corpus,
        _panels_joined(correction_effects(survey), "correction"),
        _differences(survey),
        _procedures(survey),
        _medians(survey.as_published()),
        claims_table(survey.as_published()),
        claims_table(survey.with_corrections()),
    )


_CONTRASTS = columns_of_changes("contrast")


@cached_table(_CONTRASTS)
def _differences(survey: Dataset) -> pd.DataFrame:
    """The numbers in which the published figures and ours differ."""
    everything = ProcedureContrast(ALL_TOGETHER, (), AS_PUBLISHED, OURS, SURVEY_FIGURES)
    return _numbers(survey, (*DRAWN, everything))


@cached_table(_CONTRASTS)
def _procedures(survey: Dataset) -> pd.DataFrame:
    """The numbers in which the procedures that the text tells of, and those that the figures follow, differ."""
    return _numbers(survey, SAID)


def _numbers(survey: Dataset, contrasts: Iterable[ProcedureContrast]) -> pd.DataFrame:
    found = []
    for one in contrasts:
        before, after = (marks(survey, how, one.figures) for how in (one.before, one.after))
        found.append(changed(before, after).assign(contrast=one.title))
    return typed(_panels_joined(pd.concat(found, ignore_index=True), "contrast"), _CONTRASTS)


def _panels_joined(rows: pd.DataFrame, whose: str) -> pd.DataFrame:
    """A mark that several panels of a figure draw, and that is the same in all of them, told once."""
    key = [whose, *(name for name in CHANGED if name != "panel")]
    return rows.groupby(key, sort=False, dropna=False)["panel"].agg("; ".join).reset_index()[[whose, *CHANGED]]


def _medians(survey: Dataset) -> pd.DataFrame:
    """The medians of the architectures that Figure 1 shows pruned, under the three procedures."""
    drawn = pair_names(pruned_models(survey.completed(), survey))
    found = {
        name: medians(survey, how).set_index(["panel", "what", "quantity", "unit"])["value"]
        for name, how in {
            "reference models": AS_PUBLISHED,
            "all papers": FOOTNOTE,
            "FLOPs as counted": AS_COUNTED,
        }.items()
    }
    table = pd.DataFrame(found).sort_index().reset_index()
    return table[table["what"].isin(drawn) & (table["quantity"] == "median")].drop(columns="quantity")


def page(found: Found) -> list[Section]:
    """The report, section by section."""
    return [section for part in _PARTS for section in part(found)]


def _overview(found: Found) -> Iterator[Section]:
    """The report in a few numbers."""
    corrections = found.corpus.corrections
    together = found.effects[found.effects["correction"] == ALL_TOGETHER]
    ours = found.differences[found.differences["contrast"] == ALL_TOGETHER]
    differ = (found.claims["verdict"] == NUMBER_DIFFERS).sum()
    yield Section(
        "In short",
        facts=(
            Fact("Corrections", f"{len(corrections)} values, {len(applied(found.corpus))} of them applied"),
            Fact("Numbers that they change", f"{len(together)} ({_where(together)})"),
            Fact("Published figures against ours", f"{len(ours)} numbers differ, for {len(DRAWN)} reasons"),
            Fact("Text against figures", f"{len(SAID)} procedures are described one way and followed another"),
            Fact("Claims of the survey", f"{len(found.claims)}, of which {differ} differ from its data"),
        ),
        text=(
            "Published figures are those that the survey's published code draws from its published data "
            "(github.com/JJGO/shrinkbench, analysis, commit b244974). Ours are those of this project, on the same "
            "81 papers. A number is the height of a bar, a coordinate of a mark, a reported or normalized value, a "
            "median, or a claim.",
        ),
    )


def _where(rows: pd.DataFrame) -> str:
    counts = rows["where"].value_counts()
    return ", ".join(f"{name}: {counts[where]}" for where, name in PART_TITLES.items() if where in counts)


def drawn_otherwise(found: Found) -> Iterator[Section]:
    """Each reason why the published figures and ours differ."""
    table = pd.DataFrame([_summary(one, found.differences) for one in DRAWN])
    yield Section(
        "Published figures against ours: the reasons",
        text=("Each reason alone, from the published procedure towards ours.",),
        table=filled(table),
    )
    for one in DRAWN:
        yield _contrast("Why they differ", one, found.differences)


def number_by_number(found: Found) -> Iterator[Section]:
    """Every number in which the published figures and ours differ."""
    rows = found.differences
    names = [name for name in CHANGED if name not in ("published", "corrected", "difference")]
    alone = (
        rows[rows["contrast"] != ALL_TOGETHER]
        .groupby(names)["contrast"]
        .agg("; ".join)
        .rename("because of")
        .reset_index()
    )
    together = rows[rows["contrast"] == ALL_TOGETHER].merge(alone, on=names, how="left")
    table = _shown(together, ("published", "ours"))
    table["because of"] = together["because of"].fillna("several together")
    yield Section("Published figures against ours: every number", text=(EMPTY,), table=filled(table))


def said_otherwise(found: Found) -> Iterator[Section]:
    """Each procedure that is described one way and followed another."""
    table = pd.DataFrame([_summary(one, found.procedures) for one in SAID])
    yield Section("Text against figures: what difference it makes", table=filled(table))
    for one in SAID:
        yield _contrast("Text and figure", one, found.procedures)
    cells = {name: map(_number, found.medians[name], found.medians["unit"]) for name in found.medians.columns[3:]}
    medians = found.medians[["panel", "what"]].assign(**{name: list(cell) for name, cell in cells.items()})
    yield Section("Text and figure: medians of unpruned models", table=filled(medians))


def claims_that_differ(found: Found) -> Iterator[Section]:
    """Statements that the data does not bear out, and what the corrections make of them."""
    table = found.claims.assign(corrected=found.corrected_claims["computed"])
    moved = table["computed"] != table["corrected"]
    rows = table[moved | (table["verdict"] == NUMBER_DIFFERS)]
    names = {"computed": "from the published data", "corrected": "from the corrected data", "reason": "why they differ"}
    cells = rows[["claim", "source", "published", *names]].rename(columns=names)
    yield Section("Claims that the data does not bear out, or that a correction changes", table=filled(cells))


def all_corrections(found: Found) -> Iterator[Section]:
    """Every corrected value in one table."""
    rows = [
        {
            "paper": one.paper,
            "row": one.place if one.result else "" if one.survey_row is None else one.survey_row,
            "field": one.field,
            "published": _value(one.expect),
            "right": _value(one.correct),
            "date": one.date,
            "status": one.status,
        }
        for one in found.corpus.corrections
    ]
    if rows:
        text = "Numbers of rows are those of the survey's data. Reasons, evidence and effects follow."
        yield Section("All corrections", text=(text,), table=filled(pd.DataFrame(rows)))


def each_correction(found: Found) -> Iterator[Section]:
    """Every correction: what was published, what is right, why, the evidence, and what it changes."""
    titles = {paper.id: paper.title for paper in found.corpus.papers}
    for slip in slips(found.corpus.corrections):
        rows = found.effects[found.effects["correction"] == slip_name(slip)]
        yield Section(
            f"Correction: {slip_name(slip)}",
            facts=(Fact("Paper", titles.get(slip[0].paper, slip[0].paper)), *_said(slip)),
            text=(NOTHING_SHOWN,) if _only_data(rows) else (),
            table=_told(rows, BEFORE_AFTER) if len(rows) else None,
            notes=_more(rows),
        )


def _only_data(rows: pd.DataFrame) -> bool:
    return bool((rows["where"] == "results").all())


def _said(slip: Slip) -> Iterator[Fact]:
    for one in slip:
        yield Fact(_place(one), f"published {_value(one.expect)}, right {_value(one.correct)}")
    for label, name in {"Why": "reason", "Evidence": "evidence", "Status": "status", "Date": "date"}.items():
        said: dict[str, list[str]] = {}
        for one in slip:
            said.setdefault(str(getattr(one, name)), []).append(_place(one))
        for text, places in said.items():
            yield Fact(label if len(said) == 1 else f"{label} ({'; '.join(places)})", text)


def _place(one: Correction) -> str:
    return one.field if one.of_paper else f"{one.place}, {one.field}"


def _value(value: object) -> str:
    return "nothing" if value is None else printed(value)


def corrections_together(found: Found) -> Iterator[Section]:
    """What all corrections change, where no figure shows it."""
    rows = found.effects[(found.effects["correction"] == ALL_TOGETHER) & ~found.effects["where"].isin(SURVEY_FIGURES)]
    yield Section("All corrections together, beyond the figures", table=filled(_shown(rows, BEFORE_AFTER)))


def _in_full(found: Found) -> Iterator[Section]:
    """The lists that are summed up where they belong."""
    for name, rows in found.effects.groupby("correction", sort=False):
        if name != ALL_TOGETHER and len(rows) > TOLD:
            yield _list(f"Correction: {name}", rows, BEFORE_AFTER)
    for one in (*DRAWN, *SAID):
        numbers = found.differences if one in DRAWN else found.procedures
        rows = numbers[numbers["contrast"] == one.title]
        if len(rows) > TOLD:
            yield _list(one.title, rows, one.names)


def _list(title: str, rows: pd.DataFrame, names: tuple[str, str]) -> Section:
    return Section(f"{title}: every number", table=filled(_shown(rows, names)))


_PARTS = (
    _overview,
    all_corrections,
    each_correction,
    corrections_together,
    drawn_otherwise,
    number_by_number,
    said_otherwise,
    claims_that_differ,
    _in_full,
)
"""The parts of the report."""
BEFORE_AFTER = ("published", "corrected")
NOTHING_SHOWN = "Nothing that a figure, a median or a claim shows changes."
EMPTY = "An empty cell means that there is no such mark."


def _contrast(kind: str, one: ProcedureContrast, numbers: pd.DataFrame) -> Section:
    rows = numbers[numbers["contrast"] == one.title]
    table = _told(rows, one.names) if len(rows) else None
    return Section(f"{kind}: {one.title}", text=one.text, table=table, notes=_more(rows))


def _more(rows: pd.DataFrame) -> tuple[str, ...]:
    return ("The list of every number is at the end.",) if len(rows) > TOLD else ()


def _told(rows: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    """The numbers, or a summary where they are many."""
    return filled(_shown(rows, names) if len(rows) <= TOLD else _summed_up(rows))


def _shown(rows: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    cells = {
        "figure": rows["where"].map(PART_TITLES),
        "panel": rows["panel"],
        "what": rows["what"],
        "quantity": rows["quantity"],
        names[0]: list(map(_number, rows["published"], rows["unit"])),
        names[1]: list(map(_number, rows["corrected"], rows["unit"])),
        "difference": list(map(_signed, rows["difference"], rows["unit"])),
    }
    return pd.DataFrame(cells)


def _summed_up(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a figure and quantity: how many numbers differ, and by how much."""
    key = ["where", "quantity", "unit"]
    distances = rows.assign(by=rows["difference"].abs()).groupby(key, as_index=False, sort=False)["by"]
    found = distances.agg(["size", "median", "max"])
    cells = {
        "figure": found["where"].map(PART_TITLES),
        "quantity": found["quantity"],
        "numbers": found["size"],
        "median difference": list(map(_distance, found["median"], found["unit"])),
        "largest": list(map(_distance, found["max"], found["unit"])),
    }
    return pd.DataFrame(cells)


def _summary(one: ProcedureContrast, numbers: pd.DataFrame) -> dict[str, object]:
    rows = numbers[numbers["contrast"] == one.title]
    return {"what about": one.title, "numbers that differ": len(rows), "where": _where(rows) or "nowhere"}


def _signed(value: float, unit: str) -> str:
    """A difference; that of two percentages is in percentage points."""
    points = "pp" if unit == "%" else unit
    return "" if pd.isna(value) else f"{'−' if value < 0 else '+'}{_number(abs(value), points)}"


def _distance(value: float, unit: str) -> str:
    return _signed(value, unit).removeprefix("+")


def _number(value: float, unit: str) -> str:
    """A number with its unit; percentages with three decimals where two say too little."""
    if unit not in ("%", "pp") or pd.isna(value):
        return computed(value, unit).replace("-", "−")
    return f"{value:.3f}".removesuffix("0").replace("-", "−") + f" {unit}"
