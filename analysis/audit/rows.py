"""Rows of the results as the audit sees them: with their printed digits, their place, and their corrections."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

from prunelit.schema.conditions import MeasurementConditions
from prunelit.schema.correction import Correction
from prunelit.schema.problems import Path
from prunelit.schema.record import Curve, Experiment, Paper, Point
from prunelit.schema.scope import OF_WHAT
from prunelit.schema.spread import Bound

Pair: TypeAlias = tuple[str | None, str | None]
"""Dataset and architecture."""
Interval: TypeAlias = tuple[Decimal, Decimal]
"""Least and greatest value that printed digits allow."""
ReportedNames: TypeAlias = frozenset[str]
"""The names of the quantities that a row reports."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One operating point, or one experiment without numbers, with its place in the record."""

    paper: Paper
    path: Path
    experiment: Experiment
    curve: Curve | None
    point: Point | None
    padded: bool
    corrections: dict[str, Correction] = field(default_factory=dict)
    pair: Pair = field(init=False, repr=False, compare=False)
    """Dataset and architecture."""
    names: ReportedNames = field(init=False, repr=False, compare=False)
    """What is reported; rows that report the same have one set."""
    _reported: dict[str, Any] = field(init=False, repr=False, compare=False)
    _scopes: dict[str, str] = field(init=False, repr=False, compare=False)
    _intervals: dict[str, Interval | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Collect what is reported, once for all the rules that ask."""
        found: dict[str, Any] = {
            name: getattr(self.experiment, name)
            for name in self.experiment.model_fields_set
            if name.startswith("base_")
        }
        found |= {name: getattr(self.point, name) for name in self.point.model_fields_set} if self.point else {}
        found |= {
            name: one.correct if isinstance(one.correct, Decimal) else None for name, one in self.corrections.items()
        }
        stated = (holder for holder in (self.experiment, self.curve, self.point) if holder)  # the nearest last
        scopes = {name: getattr(one, name) for one in stated for name in _SCOPES & one.model_fields_set}
        object.__setattr__(self, "_scopes", scopes)
        object.__setattr__(self, "pair", (self.experiment.dataset, self.experiment.architecture))
        object.__setattr__(self, "_reported", {name: value for name, value in found.items() if value is not None})
        object.__setattr__(self, "names", same_names(frozenset(self._reported)))

    def get(self, name: str) -> Any:
        """A reported quantity with its printed digits, or those of its runs; ``base_…`` is of the unpruned model."""
        return self._reported.get(name)

    def has(self, *names: str) -> bool:
        """Whether any of the quantities is reported."""
        return not self.names.isdisjoint(names)

    def first_of(self, *names: str) -> str:
        """The first of the quantities that is reported: one of them must be."""
        return next(name for name in names if self.has(name))

    def values(self, names: Iterable[str]) -> tuple[tuple[str, Any], ...]:
        """Those of the quantities that are reported, each with its name."""
        known = self._reported
        return tuple([(name, known[name]) for name in names if name in known])

    def interval(self, name: str) -> Interval | None:
        """The values that a printed number stands for; none where it is a bound or approximate."""
        if name not in self._reported:
            return None
        if name not in self._intervals:  # rules ask again and again
            value, half = self._reported[name], _HALF * self.unit(name)
            self._intervals[name] = None if self.bound(name) else (value - half, value + half)
        return self._intervals[name]

    def unit(self, name: str) -> Decimal:
        """One unit in the last digit that says something about precision; trailing zeros of a padded source do not.

        Of several runs, the first one tells.
        """
        value = self.get(name)
        if value is None:
            return Decimal(0)
        value = value[0] if isinstance(value, tuple) else value
        shown = value.normalize() if self.padded else value
        exponent = min(int(shown.as_tuple().exponent), _COARSEST.get(name.removeprefix("base_"), 0))
        return Decimal(1).scaleb(exponent)

    def scope(self, name: str) -> str:
        """What a size, cost, share or ratio is counted over: all of the model where nothing else is said."""
        return self._scopes.get(OF_WHAT.get(name, ""), "all")

    def bound(self, name: str) -> Bound | None:
        """Whether a quantity is given as a bound, or roughly."""
        holder: Point | Experiment | None = self.experiment if name.startswith("base_") else self.point
        return holder.bounds.by_name.get(name) if holder and holder.bounds else None

    @property
    def around(self) -> tuple[MeasurementConditions | None, ...]:
        """The conditions that are stated around its qualities, the nearest first."""
        near = (one.conditions for one in (self.point, self.curve) if one is not None)
        return (*near, self.experiment.conditions)

    def where(self, name: str) -> Path:
        """The path of a quantity in the record; what the unpruned model lacks, the row lacks."""
        of_experiment = name.startswith("base_") and getattr(self.experiment, name, None) is not None
        return (*(self.path[:2] if of_experiment else self.path), name)

    @property
    def survey_row(self) -> int | None:
        """The row of the survey, where the point or experiment has one."""
        return self.point.survey_row if self.point else self.experiment.survey_row

    @property
    def name(self) -> str:
        """How findings call the row."""
        if self.survey_row is not None:
            return f"row {self.survey_row}"
        return ", ".join(f"{part} {index}" for part, index in zip(_PARTS, self.path[1::2], strict=False))

    @property
    def method(self) -> str | None:
        """The method's name."""
        return self.curve.method if self.curve else self.experiment.method

    @property
    def network(self) -> Hashable:
        """Paper, dataset and architecture."""
        return self.paper.id, *self.pair

    @property
    def start(self) -> Hashable:
        """Whose unpruned model it starts from: the paper's of this network, or one for each method from elsewhere."""
        elsewhere = self.curve is not None and self.curve.origin in ("copied", "unclear")
        return self.network, self.method if elsewhere else ""

    @property
    def proposer(self) -> str | None:
        """The paper that proposed its method, where the record says so."""
        if self.curve is None:
            return None
        return self.curve.proposed_by or (self.paper.id if self.curve.origin == "own" else None)

    @property
    def tradeoff(self) -> Hashable:
        """Paper, dataset, architecture, method and training: the curve of the point, over all experiments."""
        training = (self.curve.training_scheme, self.curve.recipe) if self.curve else None
        return self.paper.id, *self.pair, self.method, training


@cache
def same_names(names: ReportedNames) -> ReportedNames:
    """The same set for all that are equal."""
    return names


def any_of(*names: str) -> Callable[[ReportedNames], bool]:
    """Whether any of some quantities is among those that are reported."""
    return lambda reported: not reported.isdisjoint(names)


def any_of_each(*groups: tuple[str, ...]) -> Callable[[ReportedNames], bool]:
    """Whether any quantity of each of some groups is among those that are reported."""
    return lambda reported: not any(map(reported.isdisjoint, groups))


_SCOPES = frozenset(OF_WHAT.values())
_HALF = Decimal("0.5")
_PARTS = ("experiment", "curve", "point")
_COARSEST = {
    "params": 6,
    "flops": 9,
    **dict.fromkeys(["params_kept", "params_removed", "flops_kept", "flops_removed"], -2),
}
"""Exponent of the coarsest unit that a printed quantity can have: a million, a billion, a percent; else one."""


def grouped(rows: Iterable[AuditRow], key: Callable[[AuditRow], Hashable]) -> dict[Hashable, list[AuditRow]]:
    """The rows by what ``key`` says of them, in their order."""
    groups: dict[Hashable, list[AuditRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
