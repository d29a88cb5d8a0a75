"""Evidence: everything that the corpus holds of each operating point in one row, so that no question needs a join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from prunelit.analysis.frames.columns import (
    CONDITION_COLUMNS,
    COUNT,
    FLAG,
    NUMBER,
    TEXT,
    Column,
    columns_named,
    columns_without,
    of_field,
    typed,
)
from prunelit.analysis.frames.measurements import MEASUREMENTS, PLACE
from prunelit.analysis.frames.methods import classes_of, proposers
from prunelit.analysis.frames.normalized import NORMALIZED
from prunelit.analysis.frames.reported import PAPERS
from prunelit.analysis.frames.source_urls import source_url
from prunelit.analysis.frames.variants import variant_networks
from prunelit.schema.corpus import Corpus
from prunelit.schema.fields import kinds
from prunelit.schema.method import Method
from prunelit.schema.recipe import Recipe
from prunelit.schema.record import Curve
from prunelit.schema.vocabulary import Architecture, Collection
from prunelit.schema.walk import Row

PAPER_COLUMNS = columns_named(PAPERS, "title", "year", "month", "venue", "peer_reviewed", "arxiv", "doi")
"""What the table of papers says of the paper that reports a point."""
PROPOSER = Column(
    "proposer", TEXT, "", "Paper that proposed the method: the reporting paper for its own, else the one it names.",
    "Curve.proposed_by",
)  # fmt: skip
_STRUCTURE = "structure"
_AS_SAID = {_STRUCTURE: "As the curve or the point says, or else the record of the proposer."}
"""Where the class of a method is said, if not in the record of its proposer alone."""


def _of_method(axis: str) -> Column:
    said = _AS_SAID.get(axis, "As the record of the proposer says.")
    return replace(of_field(Method, axis), meaning=f"{of_field(Method, axis).meaning} {said}")


METHOD_COLUMNS = tuple(
    _of_method(axis)
    for axis in Method.AXES
    if axis not in {column.name for column in NORMALIZED}  # the curve says it itself
)
"""Classes of the method, on the axes of the survey."""
ARCHITECTURE_COLUMNS = (
    of_field(Architecture, "family"),
    Column(
        "variant_of", TEXT, "",
        "Architecture that it is a variant of; where that is a variant itself, the one at the end of the chain.",
        "Architecture.variant_of",
    ),
)  # fmt: skip
"""What the vocabulary says of the network."""

_DTYPES = {"quantity": NUMBER, "number": NUMBER, "count": COUNT, "flag": FLAG, "text": TEXT}
_RENAMED = {"batch_size": "training_batch_size", "stated_by": "recipe_stated_by"}
"""Fields of a recipe whose names mean something else beside those of a result."""
_UNITS = {"learning_rate": "per step", "weight_decay": "per step", "batch_size": "count"}
"""Units of the numbers of a recipe that are no epochs."""


def _of_recipe(name: str, dtype: str) -> Column:
    unit = "epochs" if name.endswith("_epochs") else _UNITS.get(name, "")
    return replace(of_field(Recipe, name, dtype, _RENAMED.get(name)), unit=unit)


RECIPE_COLUMNS = {name: _of_recipe(name, _DTYPES[kind]) for name, kind in kinds(Recipe).items() if kind in _DTYPES}
"""How the network was made: the fields of a recipe, each with its column."""
STATED_SETUP = of_field(Curve, "stated_setup")
"""The comparison setup that the paper says a curve belongs to."""
SOURCE_URL = Column(
    "source_url", TEXT, "",
    "Address that opens the source of the numbers: the file in its repository at the commit, another page, the page of "
    "the paper, the source of the collection, or the file of this repository that specifies an evaluation.",
    "Point.locator",
)  # fmt: skip
BASE_SOURCE_URL = Column(
    "base_source_url", TEXT, "",
    "Address that opens the source of the numbers of the unpruned model, where a place of their own is stated.",
    "Experiment.base_locator",
)  # fmt: skip

_VARIED = {"learning_rate"}
"""What of a recipe the runs of a sweep may vary, so that it stands beside each of its points."""
_SAID = "said"
"""What a row says itself of its structure, before the record of the proposer is asked."""
_WHOLE_PARTS = ("block_shape", "layers_removed", "blocks_removed", "heads_removed")
"""Fields of a point that only networks have from which groups of parameters were removed."""
_OF_ROW = (STATED_SETUP, *RECIPE_COLUMNS.values(), SOURCE_URL, BASE_SOURCE_URL)

EVIDENCE = (
    *NORMALIZED,
    *PAPER_COLUMNS,
    PROPOSER,
    *METHOD_COLUMNS,
    *ARCHITECTURE_COLUMNS,
    *_OF_ROW,
)
"""Columns of ``evidence()``: one row an operating point; as ``normalized()``, with all that stands beside it."""

_OWN = ("seeds", *(column.name for column in CONDITION_COLUMNS))
"""What a measurement may say otherwise than its point."""
_SHARED = columns_without(EVIDENCE, *_OWN)
MEASUREMENT_COLUMNS = columns_without(MEASUREMENTS, *(column.name for column in _SHARED))
"""What the table of measurements says of a value that no other does."""
EVIDENCE_LONG = (*_SHARED, *MEASUREMENT_COLUMNS)
"""Columns of ``evidence_long()``: one row an operating point and metric; as ``evidence()``, with the measurement."""


def evidence_table(points: pd.DataFrame, papers: pd.DataFrame, methods: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """One row an operating point; columns :data:`EVIDENCE`.

    Args:
        points: Rows as of ``normalized()``.
        papers: Rows as of ``papers()``.
        methods: Rows as of ``methods()``, of all papers.
        corpus: The records that the points come from.
    """
    proposer = proposers(points)
    families = {one.name: one.family for one in corpus.architectures}
    network = points["architecture"]
    of_network = {"family": network.map(families), "variant_of": network.map(variant_networks(corpus.architectures))}
    collections = {one.name: one for one in corpus.collections}
    cells = [_of_row(row, collections) for row in corpus.rows() if row.point is not None]
    beside = pd.DataFrame(cells, columns=[*PLACE, _SAID, *(one.name for one in _OF_ROW)])
    names = points["method"], methods, points["paper_id"], points["canonical_method"]
    classes = classes_of(proposer, *names)[[axis.name for axis in METHOD_COLUMNS]]
    told = points.assign(proposer=proposer, **of_network).join(classes)
    of_paper = papers[["paper_id", *(column.name for column in PAPER_COLUMNS)]]
    told = told.merge(of_paper, on="paper_id", how="left").merge(beside, on=PLACE, how="left")
    return typed(told.assign(**{_STRUCTURE: told[_SAID].astype("string").fillna(told[_STRUCTURE])}), EVIDENCE)


def evidence_long_table(evidence: pd.DataFrame, measurements: pd.DataFrame) -> pd.DataFrame:
    """One row an operating point and metric; columns :data:`EVIDENCE_LONG`.

    Args:
        evidence: Rows as of ``evidence()``.
        measurements: Rows as of ``measurements()``.
    """
    measured = measurements[[*PLACE, *(column.name for column in MEASUREMENT_COLUMNS)]]
    return typed(measured.merge(evidence.drop(columns=list(_OWN)), on=PLACE, how="left"), EVIDENCE_LONG)


def _of_row(row: Row, collections: Mapping[str, Collection]) -> tuple[object, ...]:
    """Where a point stands, its setup and recipe, and the addresses of the sources of its numbers."""
    recipe = row.curve.recipe if row.curve else None
    of_recipe = (_of_recipe_or_run(row, recipe, name) for name in RECIPE_COLUMNS)
    stated = (getattr(row.curve, STATED_SETUP.name, None), *of_recipe)
    locator = (row.point.locator if row.point else None) or (row.curve.locator if row.curve else None)
    place = (row.paper.id, row.experiment_index, row.curve_index, row.point_index)
    of_base, collection = row.experiment.base_locator, collections.get(row.experiment.collections[0])
    url, base_url = (source_url(one, row.paper, collection) for one in (locator, of_base))
    return *place, said_to_remove(row), *stated, url, base_url if of_base else None


def said_to_remove(row: Row) -> str | None:
    """What a point removes, where its curve says so, or the point itself by a pattern or by what it counts.

    Returns:
        A class of :class:`~prunelit.schema.method.Structure`; None where only the method tells.
    """
    if row.curve and row.curve.structure:
        return row.curve.structure.value
    if row.point is None:
        return None
    if row.point.n_of_m:
        return "semi_structured"
    return "structured" if any(getattr(row.point, name) is not None for name in _WHOLE_PARTS) else None


def _of_recipe_or_run(row: Row, recipe: Recipe | None, name: str) -> object:
    """What the recipe of a curve says, or else the settings of the run, for a learning rate that a sweep varies."""
    stated = getattr(recipe, name, None)
    varied = (row.settings or {}).get(name) if name in _VARIED else None
    return stated if stated is not None or varied is None else Decimal(varied)
