"""Recipes of curves: how their networks were made, as far as comparison setups ask."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.frames.columns import WHAT, WHO, columns_named, typed
from prunelit.analysis.frames.evidence import RECIPE_COLUMNS
from prunelit.schema.corpus import Corpus
from prunelit.schema.walk import curves

IN_SETUPS = (
    "unpruned_checkpoint", "pretraining_epochs", "pruning_epochs", "pruning_learning_rate_schedule",
    "fine_tuning_epochs", "learning_rate", "learning_rate_schedule",
)  # fmt: skip
"""The fields of a recipe that a condition of a setup looks at."""
CURVE_RECIPES = (
    WHO[0],
    *columns_named(WHAT, "experiment", "curve"),
    *(RECIPE_COLUMNS[name] for name in IN_SETUPS),
)
"""Columns of the table of recipes: one row a curve whose record states one."""


def recipes_table(corpus: Corpus) -> pd.DataFrame:
    """The recipes of the curves of a corpus; columns :data:`CURVE_RECIPES`."""
    rows = [
        {"paper_id": paper.id, "experiment": path[1], "curve": path[3]}
        | {name: getattr(curve.recipe, name) for name in IN_SETUPS}
        for paper in corpus.papers
        for path, curve in curves(paper)
        if curve.recipe
    ]
    return typed(rows, CURVE_RECIPES)
