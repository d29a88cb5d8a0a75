"""What does each column of each table mean, in which unit, and where does its definition come from?

Columns that records hold are described by the docstrings of the models, so that nothing is described twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from pydantic import BaseModel

from prunelit.schema.measurement import Measurement
from prunelit.schema.method import Method
from prunelit.schema.record import Comparison, Curve, Experiment, Paper, Point
from prunelit.schema.vocabulary import Metric, Venue

TEXT, COUNT, NUMBER, FLAG = "string", "Int64", "float64", "boolean"
"""Types of columns; all can be missing, except where a meaning says that they never are."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type, unit ("" for names and flags), meaning and source of the definition."""

    name: str
    dtype: str
    unit: str
    meaning: str
    source: str = "record"


UNITS = {
    **dict.fromkeys(["top1", "top5", "top1_error", "top5_error"], "%"),
    **dict.fromkeys(["base_top1", "base_top5", "base_top1_error", "base_top5_error"], "%"),
    **dict.fromkeys(["top1_change", "top5_change", "top1_std", "top1_max_deviation", "base_top1_std"], "pp"),
    **dict.fromkeys(["params", "base_params", "flops", "base_flops", "seeds", "base_multiply_adds"], "count"),
    **dict.fromkeys(["params_kept", "params_removed", "flops_kept", "flops_removed"], "fraction"),
    **dict.fromkeys(["compression_ratio", "speedup"], "ratio"),
}
"""Unit of each quantity."""


def _field(model: type[BaseModel], name: str, dtype: str = NUMBER, rename: str | None = None) -> Column:
    meaning = model.model_fields[name].description or ""
    return Column(rename or name, dtype, UNITS.get(name, ""), meaning, f"{model.__name__}.{name}")


_WHO = (
    _field(Paper, "id", TEXT, "paper_id"),
    _field(Paper, "survey_id", TEXT),
)
_WHAT = (
    Column("experiment", COUNT, "", "Position of the experiment among those of the paper in this table, from 0."),
    Column("curve", COUNT, "", "Position of the curve in the experiment, from 0; missing without numbers."),
    Column("point", COUNT, "", "Position of the point in the curve, from 0; missing without numbers."),
    Column("collections", TEXT, "", "Collections that it counts in, joined by semicolons.", "Experiment.collections"),
    _field(Point, "survey_row", COUNT),
    _field(Experiment, "dataset", TEXT),
    _field(Experiment, "architecture", TEXT),
    _field(Curve, "method", TEXT),
    Column("method_label", TEXT, "", "Name for legends: first author, year, and the method's name where it has one."),
    _field(Curve, "origin", TEXT),
    _field(Curve, "proposed_by", TEXT),
    _field(Curve, "copied_from", TEXT),
    _field(Curve, "baseline", TEXT),
    _field(Curve, "training_scheme", TEXT),
    _field(Curve, "target_architecture", TEXT),
    _field(Point, "pruned_model", TEXT),
    Column("sweep", FLAG, "", "True for points of a released sweep, which statistics leave out.", "Curve.sweep"),
    Column(
        "excluded", TEXT, "",
        "Parts of the survey's analysis that leave the results out, joined by semicolons; see analysis.exclusions.",
        "corpus/exclusions.yaml",
    ),
)  # fmt: skip
QUALITIES = ("top1", "top5", "top1_error", "top5_error", "top1_change", "top5_change")
EFFICIENCIES = Point.EFFICIENCY
_REPORTED = (
    *(_field(Point, name) for name in (*QUALITIES, "top1_std", "top1_max_deviation")),
    *(_field(Point, name) for name in EFFICIENCIES),
    Column("seeds", COUNT, "count", Point.model_fields["seeds"].description or "", "Point.seeds"),
)
BASES = ("base_top1", "base_top5", "base_top1_error", "base_top5_error", "base_top1_std", "base_params", "base_flops")
_BASE = (
    *(_field(Experiment, name) for name in BASES),
    _field(Experiment, "flop_convention", TEXT),
)
_TRACE = (
    _field(Point, "locator", TEXT),
    _field(Experiment, "base_locator", TEXT),
    Column(
        "note",
        TEXT,
        "",
        "Caveats on the point, its curve and its experiment.",
        "Point.note, Curve.note, Experiment.note",
    ),
)

PAPERS = (
    *_WHO,
    _field(Paper, "title", TEXT),
    Column("authors", TEXT, "", "Authors in the order of the paper, joined by semicolons.", "Paper.authors"),
    Column("label", TEXT, "", "Name for legends: first author and year."),
    Column("year", COUNT, "", "Year of publication.", "Paper.published"),
    Column("month", COUNT, "", "Month of publication, 1 to 12.", "Paper.published"),
    _field(Paper, "venue", TEXT),
    Column("peer_reviewed", FLAG, "", Venue.model_fields["peer_reviewed"].description or "", "Venue.peer_reviewed"),
    Column("arxiv", TEXT, "", "arXiv identifier without version.", "Identifiers.arxiv"),
    Column("doi", TEXT, "", "Digital object identifier.", "Identifiers.doi"),
    Column(
        "collections", TEXT, "", "Collections that the paper belongs to, joined by semicolons.", "Paper.collections"
    ),
    Column("experiments", COUNT, "count", "Number of experiments."),
    Column("points", COUNT, "count", "Number of operating points, sweeps left out."),
)
"""Columns of ``papers()``: one row a paper."""

METHODS = (
    *_WHO,
    Column("label", TEXT, "", "Name for legends: first author and year."),
    _field(Method, "name", TEXT, "method"),
    *(_field(Method, axis, TEXT) for axis in Method.AXES),
    Column("sources", TEXT, "", "The source of each class, as 'axis: source', joined by semicolons."),
)
"""Columns of ``methods()``: one row a method that a paper proposes."""

RESULTS = (*_WHO, *_WHAT, *_REPORTED, *_BASE, *_TRACE)
"""Columns of ``results()``: one row an operating point, and one an experiment without numbers."""

RULED = (
    "top1", "top5", "base_top1", "base_top5", "top1_change", "top5_change",
    "params_kept", "params_removed", "compression_ratio", "flops_kept", "flops_removed", "speedup",
)  # fmt: skip
"""Quantities that completion derives; each has a column ``<name>_rule`` that says how."""

_DESIGN = "Blalock et al. 2020, section 3.3, footnote 1"


def _rule(name: str) -> Column:
    return Column(f"{name}_rule", TEXT, "", f"How {name} came about: 'reported', or the formula.", "analysis.complete")


_CONVENTION = (
    Column(
        "flop_convention", TEXT, "",
        "multiply_adds or multiplies_and_adds: how the paper counts operations.", "analysis.convention",
    ),
    Column(
        "flop_convention_rule", TEXT, "",
        "stated by the paper, inferred from the architecture, inferred from the paper's other results, or undecidable.",
        "analysis.convention",
    ),
    Column("base_multiply_adds", NUMBER, "count", "Multiply-adds before pruning.", "analysis.convention"),
)  # fmt: skip

COMPLETED = (
    *(column for column in RESULTS if column.name != "flop_convention"),
    *_CONVENTION,
    *map(_rule, RULED),
)
"""Columns of ``completed()``: as ``results()``, operating points only, with what follows from the reported numbers."""

_SPREAD = tuple(_field(Point, name) for name in ("top1_std", "top1_max_deviation"))
NORMALIZED = (
    *_WHO,
    *_WHAT,
    Column("top1", NUMBER, "%", "Top-1 accuracy as if the reference model had been pruned: median + change.", _DESIGN),
    Column("top5", NUMBER, "%", "Top-5 accuracy as if the reference model had been pruned: median + change.", _DESIGN),
    Column("params", NUMBER, "count", "Parameters as if the median model had been pruned: median x kept.", _DESIGN),
    Column(
        "flops", NUMBER, "count",
        "Multiply-adds as if the reference model had been pruned: median x share kept.", _DESIGN,
    ),
    *(_field(Point, name) for name in ("top1_change", "top5_change")),
    *_SPREAD,
    *(_field(Point, name) for name in EFFICIENCIES if name not in ("params", "flops")),
    Column("seeds", COUNT, "count", Point.model_fields["seeds"].description or "", "Point.seeds"),
    *(
        Column(f"{name}_rule", TEXT, "", f"How {name} came about.", "analysis.normalize")
        for name in ("top1", "top5", "params", "flops")
    ),
    *map(_rule, ("top1_change", "top5_change", *(name for name in EFFICIENCIES if name not in ("params", "flops")))),
    _field(Point, "locator", TEXT),
    _TRACE[-1],
)  # fmt: skip
"""Columns of ``normalized()``: one row an operating point."""

SEE_UNIT = "see unit"
"""The unit of a column whose rows hold different quantities, each with its unit in the column ``unit``."""

_METRIC_UNIT = "that of the metric"
_OF_WIDTHS = {"experiment", "curve", "point", "dataset", "architecture", "method", "method_label", "pruned_model"}
MEASUREMENTS = (
    *(column for column in (*_WHO, *_WHAT) if column.name != "excluded"),
    _field(Measurement, "metric", TEXT),
    _field(Metric, "unit", TEXT),
    _field(Metric, "direction", TEXT),
    Column(
        "value",
        NUMBER,
        _METRIC_UNIT,
        "Value of the pruned model in the metric's unit; the mean where runs are released.",
    ),
    Column("std", NUMBER, _METRIC_UNIT, "Standard deviation over the runs, in the metric's unit."),
    Column("base_value", NUMBER, _METRIC_UNIT, "Value of the unpruned model in the same paper, in the metric's unit."),
    Column(
        "change",
        NUMBER,
        _METRIC_UNIT,
        "Pruned minus unpruned: reported, or value - base_value.",
        "analysis.measurements",
    ),
    Column("seeds", COUNT, "count", Point.model_fields["seeds"].description or "", "Point.seeds"),
    *(_field(Measurement, name, TEXT) for name in ("hardware", "precision", "framework")),
    _field(Measurement, "batch_size", COUNT),
    _field(Point, "locator", TEXT),
)
"""Columns of ``measurements()``: one row an operating point and metric, top-1 and top-5 accuracy included."""

WIDTHS = (
    *_WHO,
    *(column for column in _WHAT if column.name in _OF_WIDTHS),
    Column("layer", COUNT, "", "Number of the convolutional layer, from 1 at the input."),
    Column("base_channels", NUMBER, "count", "Channels before pruning.", "Experiment.base_widths"),
    Column("channels", NUMBER, "count", "Channels after pruning; the mean over the seeds.", "Point.widths"),
    Column("channels_std", NUMBER, "count", "Standard deviation of the channels over the seeds.", "Point.widths"),
    Column("seeds", COUNT, "count", Point.model_fields["seeds"].description or "", "Point.seeds"),
    _field(Point, "locator", TEXT),
    _TRACE[-1],
)
"""Columns of ``widths()``: one row a layer of a pruned network whose source prints the widths."""

BASELINES = (
    _field(Experiment, "dataset", TEXT),
    _field(Experiment, "architecture", TEXT),
    Column("quantity", TEXT, "", "top1, top5, params or flops (as multiply-adds), of the unpruned model."),
    Column("unit", TEXT, "", "Unit of the numbers."),
    Column("n", COUNT, "count", "Number of values: papers and reference models."),
    Column("n_papers", COUNT, "count", "Number of papers among them."),
    Column("median", NUMBER, SEE_UNIT, "Median of the values, one a paper or reference model.", _DESIGN),
    Column("minimum", NUMBER, SEE_UNIT, "Smallest value."),
    Column("maximum", NUMBER, SEE_UNIT, "Largest value."),
)
"""Columns of ``baselines()``: one row a dataset, architecture and quantity."""

_SETUPS = "analysis.fairness, after Wang et al. 2023, Table 2"

COMPARISONS = (
    Column("paper_id", TEXT, "", "The paper that compares or cites."),
    Column("survey_id", TEXT, "", "Its nickname in the 2020 survey's data.", "Paper.survey_id"),
    Column("compared_id", TEXT, "", Comparison.model_fields["paper"].description or "", "Paper.compares_to"),
    Column("compared_survey_id", TEXT, "", "Nickname of the paper compared to.", "Paper.survey_id"),
    Column("kind", TEXT, "", "comparison, or citation without comparison."),
)
"""Columns of ``comparisons()``: one row an edge of the graph."""

TRADEOFFS = (
    _field(Experiment, "dataset", TEXT),
    Column(
        "architecture",
        TEXT,
        "",
        "Architecture, or a union of several such as Alex/CaffeNet.",
        "Experiment.architecture",
    ),
    Column("quality", TEXT, "", "top1 or top5: whose change is compared."),
    Column("efficiency", TEXT, "", "compression_ratio or speedup: against which it is compared."),
    Column("paper_id", TEXT, "", "The paper whose points are judged."),
    Column("other_id", TEXT, "", "The paper against whose concave hull they are judged."),
    Column("stated", FLAG, "", "Whether the paper says that it compares to the other.", "Paper.compares_to"),
    Column("points", COUNT, "count", "Points on the paper's frontier.", "analysis.tradeoff"),
    Column("dominated", COUNT, "count", "Points that a vertex of the hull dominates.", "analysis.tradeoff"),
    Column("below", COUNT, "count", "Other points below the hull.", "analysis.tradeoff"),
    Column("incomparable", COUNT, "count", "Other points outside the hull's range, or on it.", "analysis.tradeoff"),
    Column("above", COUNT, "count", "Other points above the hull.", "analysis.tradeoff"),
    Column("dominant", COUNT, "count", "Other points that dominate a vertex of the hull.", "analysis.tradeoff"),
)
"""Columns of ``tradeoffs()``: one row a configuration, metric pair, and ordered pair of papers."""

_CURVE_KEY = (_WHO[0], *(column for column in _WHAT if column.name in ("experiment", "curve", "method_label")))
FAIRNESS = (
    _field(Experiment, "dataset", TEXT),
    _field(Experiment, "architecture", TEXT),
    *_CURVE_KEY,
    *(
        Column(f"other_{one.name}", one.dtype, one.unit, f"The same of the other curve: {one.name}.", one.source)
        for one in _CURVE_KEY
    ),
    Column("strictest", TEXT, "", "Strictest setup, S1 to S4.2, that is proven; missing if none is.", _SETUPS),
    Column("at_best", TEXT, "", "Strictest setup, S1 to S4.2, that nothing rules out; missing if none.", _SETUPS),
    Column("differs", TEXT, "", "Conditions known to differ, joined by semicolons: they rule setups out.", _SETUPS),
    Column("unknown", TEXT, "", "Conditions that no source states for both, joined by semicolons.", _SETUPS),
    Column("proven", TEXT, "", "All setups that are proven, joined by semicolons.", _SETUPS),
    Column("possible", TEXT, "", "All setups that nothing rules out, joined by semicolons.", _SETUPS),
)
"""Columns of ``fairness()``: one row an unordered pair of curves."""

SHRINKING = (
    Column("setup", TEXT, "", "Comparison setup; 'comparable' for all pairs with a common configuration.", _SETUPS),
    Column("in_order", FLAG, "", "Whether it is in the order of strictness that begins with S1.", _SETUPS),
    Column("proven", COUNT, "count", "Pairs of papers with curves for which the setup is proven.", _SETUPS),
    Column("possible", COUNT, "count", "Pairs of papers with curves for which nothing rules it out.", _SETUPS),
    Column("papers", COUNT, "count", "Papers whose pairs are counted."),
)
"""Columns of ``shrinking()``: one row a comparison setup."""

REPORTING = (
    *_WHO,
    Column("label", TEXT, "", "Name for legends: first author and year."),
    Column("year", COUNT, "", "Year of publication.", "Paper.published"),
    _field(Paper, "venue", TEXT),
    Column("peer_reviewed", FLAG, "", Venue.model_fields["peer_reviewed"].description or "", "Venue.peer_reviewed"),
    Column("item", TEXT, "", "What is asked for.", "corpus/checklist.yaml"),
    Column("verdict", TEXT, "", "met, unmet, or unknown where the record does not tell.", "analysis.checklist"),
    Column("why", TEXT, "", "What in the record decides.", "analysis.checklist"),
    Column("source", TEXT, "", "The source that asks for the item.", "corpus/checklist.yaml"),
)
"""Columns of ``reporting()``: one row a paper and item of the checklist."""

CLAIMS = (
    Column("claim", TEXT, "", "What the survey says."),
    Column("source", TEXT, "", "Where it says so."),
    Column("published", TEXT, "", "The published value."),
    Column("computed", TEXT, "", "The value computed from the records."),
    Column("verdict", TEXT, "", "reproduced, differs (for a reason), or unexplained."),
    Column("reason", TEXT, "", "Why they differ; empty where they do not."),
)
"""Columns of ``claims()``: one row a number or statement that the survey publishes."""

CONCLUSIONS = (
    Column("paper_id", TEXT, "", "The paper that concludes so.", "Paper.id"),
    Column("claim", TEXT, "", "What the paper says."),
    Column("source", TEXT, "", "Where it says so."),
    Column("published", TEXT, "", "The published value, or the paper's word for how much."),
    Column("computed", TEXT, "", "The value computed from the records; empty where none is at hand."),
    Column(
        "verdict", TEXT, "",
        "Numbers: reproduced or differs; statements: holds or does not hold; no numbers at hand; or unexplained.",
    ),
    Column("reason", TEXT, "", "Why they differ, or why there are no numbers; empty otherwise."),
)  # fmt: skip
"""Columns of ``conclusions()``: one row a number or statement of a paper other than the survey."""

_PLANNED = "analysis.plan"
PLAN = (
    Column("step", COUNT, "", "Position in the plan, from 1: what adds most comes first."),
    _field(Experiment, "dataset", TEXT),
    _field(Experiment, "architecture", TEXT),
    Column("metrics", TEXT, "", "What to report, as quality/efficiency joined by semicolons, such as top1/params."),
    Column(
        "compression_ratios", TEXT, "ratio",
        "Compression ratios to prune to, joined by semicolons: where the other papers have points.", "analysis.overlap",
    ),
    Column("speedups", TEXT, "ratio", "Theoretical speedups to prune to, likewise.", "analysis.overlap"),
    Column("papers", COUNT, "count", "Papers that report a point there in any of the metrics.", _PLANNED),
    Column("newly_comparable", COUNT, "count", "Those of them that nothing before makes comparable.", _PLANNED),
    Column("comparable", COUNT, "count", "Papers that are comparable once this and all before is run.", _PLANNED),
    Column(
        "comparable_at_most", COUNT, "count",
        "What no plan of as many experiments can exceed; in an exact plan what it reaches.", "analysis.coverage",
    ),
    Column("connected", COUNT, "count", "Papers that are comparable, or linked by comparable papers.", _PLANNED),
    Column("components", COUNT, "count", "Components of the comparability graph that this joins.", _PLANNED),
    Column("choice", TEXT, "", "exact (no plan of as many is better) or greedy (each is the best next one)."),
    Column("compare_with", TEXT, "", "Ids of the papers that report a point there, joined by semicolons.", _PLANNED),
)  # fmt: skip
"""Columns of ``plan()``: one row an experiment to run."""

_FIELD = "analysis.field"
FIELD_PLAN = (
    Column("choice", TEXT, "", "planned (each the best next one) or as so far (drawn as papers chose, on average)."),
    Column("experiments", COUNT, "count", "Experiments added to what the papers report; 0 is the field as it is."),
    Column("paper_id", TEXT, "", "The paper whose method is run in the last of them; missing where drawn."),
    _field(Experiment, "dataset", TEXT),
    _field(Experiment, "architecture", TEXT),
    Column("newly_comparable", COUNT, "count", "Pairs of papers that the last of them makes comparable.", _FIELD),
    Column("comparable_pairs", NUMBER, "count", "Pairs of papers that are comparable.", "analysis.fragmentation"),
    Column("share", NUMBER, "fraction", "Share of them in all pairs of papers.", "analysis.fragmentation"),
    Column("components", NUMBER, "count", "Components of the comparability graph of all papers.", _FIELD),
)
"""Columns of ``field_plan()``: one row a way to choose and a number of experiments."""

_LIU = "Liu et al. 2019, section 3"
_POOLING = "analysis.scratch"
SCRATCH = (
    _field(Paper, "id", TEXT, "paper_id"),
    _field(Experiment, "dataset", TEXT),
    _field(Experiment, "architecture", TEXT),
    _field(Curve, "method", TEXT),
    _field(Curve, "proposed_by", TEXT),
    _field(Curve, "target_architecture", TEXT),
    Column("family", TEXT, "", "structured, predefined; structured, automatic; or unstructured.", _POOLING),
    _field(Point, "pruned_model", TEXT),
    Column("training_scheme", TEXT, "", "How it was trained from scratch: scratch_e, scratch_b or scratch.", _LIU),
    Column("training_scheme_reference", TEXT, "", "What that is compared with: fine_tuned or during_training.", _LIU),
    Column("top1", NUMBER, "%", "Top-1 accuracy, trained from scratch."),
    Column("top1_reference", NUMBER, "%", "Top-1 accuracy, fine-tuned."),
    Column("top1_change", NUMBER, "pp", "Trained from scratch minus its unpruned model."),
    Column("top1_change_reference", NUMBER, "pp", "Fine-tuned minus its unpruned model."),
    Column("difference", NUMBER, "pp", "Trained from scratch minus fine-tuned.", _POOLING),
    Column(
        "difference_rule", TEXT, "",
        "How it came about: from accuracies where the unpruned model is one, else from changes.", _POOLING,
    ),
    Column("top1_std", NUMBER, "pp", "Standard deviation over the seeds, trained from scratch."),
    Column("top1_std_reference", NUMBER, "pp", "Standard deviation over the seeds, fine-tuned."),
    Column("seeds", COUNT, "count", "Runs, trained from scratch."),
    Column("seeds_reference", COUNT, "count", "Runs, fine-tuned."),
    Column("standard_error", NUMBER, "pp", "Standard error of the difference; missing without deviations.", _POOLING),
    Column(
        "standard_error_rule", TEXT, "",
        "How it came about: from the variances of means, or of one run where the number of runs is unknown.", _POOLING,
    ),
    Column("locator", TEXT, "", "Where the result from scratch stands.", "Point.locator"),
    Column("locator_reference", TEXT, "", "Where the fine-tuned result stands.", "Point.locator"),
)  # fmt: skip
"""Columns of ``scratch()``: one row a pruned network and way to train it from scratch."""

SCRATCH_POOLED = (
    Column("training_scheme", TEXT, "", "How the networks were trained from scratch: scratch_e or scratch_b.", _LIU),
    Column("family", TEXT, "", "structured, predefined; structured, automatic; or unstructured.", _POOLING),
    _field(Experiment, "dataset", TEXT),
    Column("networks", COUNT, "count", "Pruned networks."),
    Column("worse", COUNT, "count", "Networks that do worse trained from scratch than fine-tuned."),
    Column(
        "pooling", TEXT, "",
        "random effects; mean of single runs, where there are no deviations; missing for one network.", _POOLING,
    ),
    Column("difference", NUMBER, "pp", "Trained from scratch minus fine-tuned, pooled.", _POOLING),
    Column("low", NUMBER, "pp", "Lower end of the 95 % interval.", _POOLING),
    Column("high", NUMBER, "pp", "Upper end of the 95 % interval.", _POOLING),
    Column("tau", NUMBER, "pp", "Standard deviation of the true differences between networks.", "Paule & Mandel 1982"),
    Column("q", NUMBER, "1", "Weighted squares of the differences' distances from their mean.", "Cochran 1954"),
    Column("q_p", NUMBER, "fraction", "Probability of a q at least as large if all true differences were one."),
    Column("i2", NUMBER, "fraction", "Share of the variance that lies between networks.", "Higgins & Thompson 2002"),
)  # fmt: skip
"""Columns of ``scratch_pooled()``: one row a family of methods, dataset and way to train from scratch."""
_FRONTIER = "analysis.frontiers"
_POINT = {one.name: one for one in (*_WHAT, *_REPORTED, *_BASE, *_TRACE)}
FRONTIERS = (
    _field(Experiment, "dataset", TEXT),
    _field(Experiment, "architecture", TEXT),
    Column("efficiency", TEXT, "", "speedup (theoretical) or compression_ratio.", _FRONTIER),
    Column("quality", TEXT, "", "top1 (as printed) or top1_change (pruned minus unpruned).", _FRONTIER),
    Column("year", COUNT, "", "Papers up to this year count.", _FRONTIER),
    Column("ratio", NUMBER, "ratio", "Speedup or compression ratio of the point.", _FRONTIER),
    Column("value", NUMBER, "% or pp", "Top-1 accuracy in percent, or its change in percentage points.", _FRONTIER),
    _WHO[0],
    Column("published", COUNT, "", "Year of publication of the paper.", "Paper.published"),
    _POINT["method"],
    _POINT["method_label"],
    _POINT["training_scheme"],
    _POINT["base_top1"],
    _POINT["locator"],
)
"""Columns of ``frontiers()``: one row a pair of metrics, year and point of the frontier of that year."""

_DISCREPANCY = "analysis.discrepancies"
DISCREPANCIES = (
    Column("setting", COUNT, "", "Number of the group of reports that should agree, from 0.", _DISCREPANCY),
    Column("method_of", TEXT, "", "Paper that proposed the method.", "Curve.proposed_by"),
    _POINT["dataset"],
    _POINT["architecture"],
    Column("efficiency", TEXT, "", "speedup or compression_ratio: what the group has in common.", _DISCREPANCY),
    Column("ratio", NUMBER, "ratio", "Median of the ratios of the group.", _DISCREPANCY),
    Column("papers", COUNT, "count", "Papers that report on it.", _DISCREPANCY),
    Column("spread", NUMBER, "pp", "Largest difference in top-1 accuracy between two papers.", _DISCREPANCY),
    Column(
        "spread_change", NUMBER, "pp", "Largest difference in the change of top-1 between two papers.", _DISCREPANCY
    ),
    _WHO[0],
    _POINT["origin"],
    _POINT["copied_from"],
    _POINT["method"],
    _POINT["method_label"],
    _POINT["pruned_model"],
    Column("own_ratio", NUMBER, "ratio", "Speedup or compression ratio of this report.", _DISCREPANCY),
    *(_POINT[name] for name in ("top1", "base_top1", "top1_change", "training_scheme", "locator")),
)
"""Columns of ``discrepancies()``: one row a report of a method, dataset, architecture and ratio of several papers."""

_PROGRESS = "analysis.progress"
PROGRESS = (
    Column("measure", TEXT, "", "What is measured.", _PROGRESS),
    Column("group", TEXT, "", "survey (the 2020 survey), since (papers since 2020) or all.", _PROGRESS),
    Column(
        "year", COUNT, "", "Year of publication, where the papers of one year are measured; else missing.", _PROGRESS
    ),
    Column("value", NUMBER, SEE_UNIT, "The value.", _PROGRESS),
    Column("unit", TEXT, "", "fraction or count.", _PROGRESS),
    Column("count", NUMBER, "count", "What is counted, for a fraction.", _PROGRESS),
    Column("of", COUNT, "count", "Out of how many papers, pairs or curves.", _PROGRESS),
    Column("counted", TEXT, "", "Papers, pairs of papers, configurations or curves.", _PROGRESS),
)
"""Columns of ``progress()``: one row a measure and group of papers."""

TABLES = {
    "papers": PAPERS,
    "methods": METHODS,
    "results": RESULTS,
    "completed": COMPLETED,
    "normalized": NORMALIZED,
    "measurements": MEASUREMENTS,
    "widths": WIDTHS,
    "baselines": BASELINES,
    "comparisons": COMPARISONS,
    "tradeoffs": TRADEOFFS,
    "fairness": FAIRNESS,
    "shrinking": SHRINKING,
    "reporting": REPORTING,
    "scratch": SCRATCH,
    "scratch_pooled": SCRATCH_POOLED,
    "claims": CLAIMS,
    "conclusions": CONCLUSIONS,
    "plan": PLAN,
    "field_plan": FIELD_PLAN,
    "frontiers": FRONTIERS,
    "discrepancies": DISCREPANCIES,
    "progress": PROGRESS,
}
"""Every public table and its columns, in order."""


def typed(rows: list[dict[str, object]] | pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """A frame with exactly these columns, in this order and with their types; what a row lacks is missing."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    names = [column.name for column in columns]
    return frame.reindex(columns=names).astype({column.name: column.dtype for column in columns})


def data_dictionary() -> pd.DataFrame:
    """The data dictionary: one row a column of a public table.

    Returns:
        A frame with the text columns ``table``, ``column``, ``type``, ``unit``, ``meaning`` and ``source``.
    """
    rows = [
        (table, column.name, column.dtype, column.unit, column.meaning, column.source)
        for table, columns in TABLES.items()
        for column in columns
    ]
    return pd.DataFrame(rows, columns=["table", "column", "type", "unit", "meaning", "source"], dtype="string")


def dictionary_markdown() -> str:
    """The data dictionary as a Markdown document, one table a public table."""
    sections = (
        f"\n## `{table}`\n\n| column | type | unit | meaning | source |\n|---|---|---|---|---|\n"
        + "".join(
            f"| `{column.name}` | {column.dtype} | {column.unit} | {column.meaning} | {column.source} |\n"
            for column in columns
        )
        for table, columns in TABLES.items()
    )
    return _PREFACE + "".join(sections)


_PREFACE = """# Data dictionary

Every column of every public table, as `prunelit.data_dictionary()` gives it. Any cell may be missing unless its meaning
says otherwise. [METRICS](METRICS.md) defines the quantities and says what follows from what. Made by
`python -m prunelit.analysis.columns > analysis/DATA_DICTIONARY.md`; do not edit it by hand.
"""

if __name__ == "__main__":
    print(dictionary_markdown(), end="")
