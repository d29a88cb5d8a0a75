"""Completeness of recipes: of how many curves records say how the networks were trained.

What does not apply is told apart from what no record holds: a network that is not trained after pruning has no learning
rate and no augmentation, and one that is pruned at initialization starts from no unpruned checkpoint.  Counted are
curves of papers' own methods and of methods that they ran again, outside the survey of 2020, which noted no recipes,
and without evaluations of our own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

import pandas as pd

from prunelit.analysis.dataset import SURVEY, Dataset
from prunelit.analysis.frames.cache import cached_table
from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, Column, typed
from prunelit.schema.recipe import Recipe
from prunelit.schema.record import Curve, Experiment, Paper
from prunelit.schema.vocabulary import EVALUATIONS

State: TypeAlias = Literal["stated", "does_not_apply", "not_held"]

_OWN = ("own", "rerun")
_FROM_RANDOM = frozenset(
    {"at_initialization", "sparse_training", "scratch", "scratch_e", "scratch_b", "reduced_network"}
)
"""Training schemes that start from random weights: there is no unpruned checkpoint to name."""
_NO_RECIPE = Recipe()

_HERE = "analysis.trends.recipes"
RECIPES_HELD = (
    Column("item", TEXT, "", "What of a recipe is asked for, alone or together.", _HERE),
    Column("curves", COUNT, "count", "Own and rerun curves outside the survey.", _HERE),
    Column("stated", COUNT, "count", "Curves whose records state it.", _HERE),
    Column("does_not_apply", COUNT, "count", "Curves whose networks have none, as they are not trained so.", _HERE),
    Column("not_held", COUNT, "count", "Curves whose records do not hold it; the paper may state it.", _HERE),
    Column("share_stated", NUMBER, "fraction", "Stated, of all curves.", _HERE),
    Column("share_answered", NUMBER, "fraction", "Stated or known not to apply, of all curves.", _HERE),
)
"""Columns of the table of recipes: one row an item."""


@cached_table(RECIPES_HELD)
def recipes_held_table(data: Dataset) -> pd.DataFrame:
    """How complete the recipes in the records are; columns :data:`RECIPES_HELD`."""
    states = [states_of(curve) for curve in _counted(data)]
    return typed(
        [_row(item, Counter(one[item] for one in states)) for item in (*RECIPE_ITEMS, *TOGETHER)], RECIPES_HELD
    )


def states_of(curve: Curve) -> dict[str, State]:
    """What the record of a curve says of each item, and of several: stated only where each of them is.

    Example:
        >>> states_of(Curve(origin="own", training_scheme="none", points=[{"top1": 70}]))["learning rate"]
        'does_not_apply'
    """
    recipe = curve.recipe or _NO_RECIPE
    each = {item: _state(stated(recipe), free(curve, recipe)) for item, (stated, free) in RECIPE_ITEMS.items()}
    return each | {name: _together({each[item] for item in items}) for name, items in TOGETHER.items()}


def _state(stated: bool, free: bool) -> State:
    return "stated" if stated else "does_not_apply" if free else "not_held"


def _together(states: set[State]) -> State:
    return next((one for one in ("not_held", "does_not_apply") if one in states), "stated")


def _epochs(recipe: Recipe) -> bool:
    return recipe.fine_tuning_epochs is not None or recipe.pruning_epochs is not None


def _rate(recipe: Recipe) -> bool:
    rates = recipe.learning_rate, recipe.learning_rate_schedule, recipe.pruning_learning_rate_schedule
    return any(one is not None for one in rates)


def _untrained(curve: Curve, recipe: Recipe) -> bool:
    return curve.training_scheme == "none" and not recipe.pruning_epochs


def _from_random(curve: Curve, recipe: Recipe) -> bool:
    return curve.training_scheme in _FROM_RANDOM or recipe.pretraining_epochs == 0


def _never(curve: Curve, recipe: Recipe) -> bool:
    return False


_Item: TypeAlias = tuple[Callable[[Recipe], bool], Callable[[Curve, Recipe], bool]]
RECIPE_ITEMS: dict[str, _Item] = {
    "epochs": (_epochs, _never),
    "learning rate": (_rate, _untrained),
    "unpruned checkpoint": (lambda recipe: recipe.unpruned_checkpoint is not None, _from_random),
    "augmentation": (lambda recipe: recipe.data_augmentation is not None, _untrained),
}
"""What is asked for: whether a recipe states it, and when there is nothing to state."""
ALL_FOUR = "all four"
TOGETHER = {"epochs and learning rate": ("epochs", "learning rate"), ALL_FOUR: tuple(RECIPE_ITEMS)}
"""Items that a comparison needs together (Wang et al. 2023, Table 2, asks for the first pair from setup S3.1 on)."""


def _counted(data: Dataset) -> Iterator[Curve]:
    for paper in data.records.papers:
        for experiment in paper.experiments or ():
            if not _left_out(paper, experiment):
                yield from (curve for curve in experiment.curves or () if curve.origin in _OWN)


def _left_out(paper: Paper, experiment: Experiment) -> bool:
    """Whether it is the survey's, with its notes, or an evaluation of our own."""
    return EVALUATIONS in paper.collections or any(one.startswith(SURVEY) for one in experiment.collections)


def _row(item: str, states: Counter[State]) -> dict[str, object]:
    whole = states.total()
    stated, free = states["stated"], states["does_not_apply"]
    return {
        "item": item,
        "curves": whole,
        "stated": stated,
        "does_not_apply": free,
        "not_held": states["not_held"],
        "share_stated": stated / whole if whole else None,
        "share_answered": (stated + free) / whole if whole else None,
    }
