"""The strategies that ship, what each removes and when, and the paper that proposed it.

Nothing here needs torch: the functions are imported when they are run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Literal

from prunelit.evaluation.spec import SchemeName, Scope, Strategy
from prunelit.schema.problems import nearest

GROUP = "prunelit.strategies"
"""Entry points of this group are strategies under the name that they give."""

PrunedUnit = Literal["weights", "channels"]
AFTER: tuple[SchemeName, ...] = (
    "none", "fine_tuned", "learning_rate_rewinding", "weight_rewinding", "scratch_e", "scratch_b",
)  # fmt: skip
FOR_CHANNELS = tuple(one for one in AFTER if one != "weight_rewinding")
"""Earlier weights do not fit a network that lost channels."""
BEFORE: tuple[SchemeName, ...] = ("at_initialization",)
DURING: tuple[SchemeName, ...] = ("during_training",)
REDUCED: tuple[SchemeName, ...] = ("reduced_network",)


@dataclass(frozen=True)
class CatalogueEntry:
    """One strategy: where its function is, what it removes, under which schemes it makes sense."""

    function: str
    unit: PrunedUnit
    schemes: tuple[SchemeName, ...]
    scopes: tuple[Scope, ...]
    label: str
    proposed_by: str | None = None
    simple_method: Literal["random", "magnitude"] | None = None
    rounds: int = 1
    """In how many rounds the scores are computed anew on the way to the ratio."""
    pattern: Literal["n_of_m"] | None = None
    """A pattern of the masks, which then decides how many weights stay."""
    sparsity_penalty: float = 0.0
    """Weight of the penalty that the unpruned network is trained with."""
    revision: int = 1
    """Raised whenever a change of the function changes its scores: what it pruned before is then run anew."""


ANYWHERE: tuple[Scope, ...] = ("global", "layerwise", "uniform")
LAYERWISE: tuple[Scope, ...] = ("layerwise",)
EITHER: tuple[Scope, ...] = ("global", "layerwise")


def _weights(module: str, label: str, paper: str | None = None, **more: object) -> CatalogueEntry:
    settings: dict[str, object] = {"unit": "weights", "schemes": AFTER, "scopes": ANYWHERE, **more}
    return CatalogueEntry(_path(module), label=label, proposed_by=paper, **settings)  # type: ignore[arg-type]


def _channels(module: str, label: str, paper: str | None = None, **more: object) -> CatalogueEntry:
    settings: dict[str, object] = {"unit": "channels", "schemes": FOR_CHANNELS, "scopes": LAYERWISE, **more}
    return CatalogueEntry(_path(module), label=label, proposed_by=paper, **settings)  # type: ignore[arg-type]


def _path(module: str) -> str:
    return f"prunelit.evaluation.strategies.{module}:{module}"


STRATEGIES: Mapping[str, CatalogueEntry] = {
    "random": _weights("random", "random weights", simple_method="random"),
    "magnitude": _weights("magnitude", "magnitude", "han2015learning", simple_method="magnitude"),
    "weight_gradient": _weights("weight_gradient", "weight × gradient", "blalock2020state"),
    "activation": _weights("activation", "weight × activation", "blalock2020state"),
    "lamp": _weights("lamp", "LAMP", "lee2021layer", scopes=("global",)),
    "obd": _weights("obd", "OBD", "lecun1990optimal"),
    "n_of_m": _weights("n_of_m", "N:M", "zhou2021learning", scopes=("uniform",), pattern="n_of_m"),
    "snip": _weights("snip", "SNIP", "lee2018snip", schemes=BEFORE, scopes=("global",)),
    "grasp": _weights("grasp", "GraSP", "wang2020picking", schemes=BEFORE, scopes=("global",), revision=2),
    "synflow": _weights("synflow", "SynFlow", "tanaka2020pruning", schemes=BEFORE, scopes=("global",), rounds=100),
    "gradual": _weights("gradual", "gradual magnitude", "zhu2018prune", schemes=DURING, scopes=EITHER),
    "movement": _weights("movement", "movement", "sanh2020movement", schemes=DURING, scopes=EITHER),
    "random_channels": _channels("random_channels", "random channels", simple_method="random"),
    "l1_channels": _channels("l1_channels", "L1-norm", "li2016pruning"),
    "l2_channels": _channels("l2_channels", "L2-norm channels"),
    "slimming": _channels("slimming", "network slimming", "liu2017learning", scopes=EITHER, sparsity_penalty=0.0001),
    "fpgm": _channels("fpgm", "FPGM", "he2019filter"),
    "taylor": _channels("taylor", "Taylor-FO", "molchanov2019importance", scopes=EITHER),
    "fisher": _channels("fisher", "Fisher channels", scopes=EITHER),
    "lamp_channels": _channels("lamp_channels", "LAMP channels", "lee2021layer", scopes=("global",)),
    "obd_channels": _channels("obd_channels", "OBD channels", "lecun1990optimal", scopes=EITHER),
    "reduced_width": _channels("reduced_width", "reduced width", "crowley2018closer", schemes=REDUCED),
}
"""Every strategy that ships; the first of its scopes is the default."""


def entry_of(strategy: Strategy) -> CatalogueEntry:
    """What is known of a strategy of the specification.

    Raises:
        LookupError: if there is none of that name; the message says which names are near.
    """
    if strategy.name in STRATEGIES:
        return STRATEGIES[strategy.name]
    function = strategy.name if ":" in strategy.name else _installed().get(strategy.name)
    if function is None:
        known = [*STRATEGIES, *_installed()]
        hint = nearest(strategy.name, known) or f"; known are {', '.join(known)}."
        raise LookupError(f"there is no strategy '{strategy.name}'{hint} Write module:function for your own")
    unit = strategy.unit or "weights"
    schemes, scopes = (AFTER, ANYWHERE) if unit == "weights" else (FOR_CHANNELS, EITHER)
    return CatalogueEntry(function, unit, schemes, scopes, strategy.name, strategy.proposed_by)


def scope_of(strategy: Strategy) -> Scope:
    """Which scores a strategy compares, as the specification says or by default."""
    return strategy.scope or entry_of(strategy).scopes[0]


def _installed() -> dict[str, str]:
    """The functions that installed packages offer as strategies, by their names."""
    return {point.name: point.value for point in entry_points(group=GROUP)}
