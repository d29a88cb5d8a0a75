"""Rules that the contrasts of a network meta-analysis obey, each of which tells what is wrong and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations
from math import isfinite, nan
from numbers import Real

import numpy as np
import pandas as pd

from prunelit.analysis.synthesis.faults import Fault
from prunelit.analysis.synthesis.study import Contrast, NodeName, Study, arms_of, centred
from prunelit.schema.problems import nearest, quoted

CONTRAST_COLUMNS = Contrast._fields
"""Columns that contrasts must have; others are left alone."""
CONTRAST_NAMES = CONTRAST_COLUMNS[:3]
"""Those of them that hold names."""

_ROUNDING = 0.001
"""How far an effect of a multi-arm study may be from what the study's effects together say, as in R's netmeta."""
ROUNDING_ERRORS = 0.1
"""The same in standard errors, so that the limit also fits effects that are small themselves."""
SINGULAR = 1e-9
"""Ratio of the smallest to the largest eigenvalue below which a matrix is no covariance."""
FARTHEST = 1e5
"""Ratio of two standard errors above which double precision no longer gives eight digits of what follows from them."""


def table_faults(contrasts: pd.DataFrame) -> Iterator[Fault]:
    """Columns that are missing or ambiguous, and a table without rows."""
    known = [str(name) for name in contrasts.columns]
    for name in CONTRAST_COLUMNS:
        if known.count(name) > 1:
            yield Fault(f"column '{name}' stands {known.count(name)} times in the contrasts; expected once", value=name)
        elif name not in known:
            there = nearest(name, known) or f"; there are {', '.join(known) or 'none'}"
            yield Fault(f"column '{name}' is missing in the contrasts{there}", value=name)
    if not len(contrasts):
        yield Fault("the contrasts are empty; expected a row a contrast between two treatments", value=0)


def row_faults(number: int, row: Contrast) -> Iterator[Fault]:
    """Cells of a row (counted from 1) that are no names or no numbers, and a treatment compared with itself."""
    cells = [(name, "a text or a number") for name in CONTRAST_NAMES if not is_name(getattr(row, name))]
    if not isfinite(_number(row.effect)):
        cells.append(("effect", "a finite number"))
    if not 0 < _variance(row.standard_error) < float("inf"):
        cells.append(("standard_error", "a finite number above 0"))
    for name, expected in cells:
        value = getattr(row, name)
        found = f"{_place(number, row)}: {name.replace('_', ' ')} is {_shown(value)}; expected {expected}"
        yield Fault(found, row.study, value)
    if is_name(row.treatment1) and row.treatment1 == row.treatment2:
        found = f"{_place(number, row)}: a treatment is compared with itself; expected two treatments"
        yield Fault(found, row.study, row.treatment1)


def spelling_faults(rows: Iterable[Contrast]) -> Iterator[Fault]:
    """Names that are a number in one row and a text in another, and would silently be two."""
    rows = list(rows)
    names = {"study": {row.study for row in rows}, "treatment": set(arms_of(rows))}
    for what, found in names.items():
        for text, count in Counter(map(str, found)).items():
            if count > 1:
                message = f"{what} {quoted(text)} is a text in some rows and a number in others; expected one of them"
                yield Fault(message, text if what == "study" else None, text)


def set_faults(study: NodeName, rows: list[Contrast]) -> Iterator[Fault]:
    """Contrasts of a study that stand twice, or not at all."""
    given = Counter(frozenset((row.treatment1, row.treatment2)) for row in rows)
    arms = arms_of(rows)
    pairs = list(combinations(arms, 2))
    for pair in pairs:
        if (times := given[frozenset(pair)]) > 1:
            found = f"{_study(study)} gives {_pair(*pair)} {times} times; expected once"
            yield Fault(f"{found}: pool them, or name the studies apart", study, pair)
    missing = [pair for pair in pairs if frozenset(pair) not in given]
    if missing:
        found = f"{_study(study)} has {len(arms)} arms and gives {len(given)} of their {len(pairs)} contrasts"
        yield Fault(f"{found}; missing: {', '.join(_pair(*pair) for pair in missing)}", study, missing)


def sum_faults(study: Study) -> Iterator[Fault]:
    """Effects of a study that are not the differences of one value an arm, but for rounding."""
    values = study.effects.mean(axis=1)
    off = np.abs(study.effects - (values[:, None] - values[None, :])).max()
    smallest = float(np.sqrt(study.variances[study.variances > 0].min()))
    if off > min(_ROUNDING, ROUNDING_ERRORS * smallest):
        gap, (one, over, other) = max(_detours(study), key=lambda detour: abs(detour[0]))
        direct = float(study.effects[study.arms.index(one), study.arms.index(other)])
        found = f"{_study(study.name)}: its effects do not sum: {_pair(one, other)} is {direct:g}"
        yield Fault(f"{found}, but by way of {over} it is {direct + gap:g}", study.name, gap)


def _detours(study: Study) -> Iterator[tuple[float, tuple[NodeName, NodeName, NodeName]]]:
    """How much each contrast changes by way of a third arm."""
    for i, j, k in combinations(range(len(study.arms)), 3):
        gap = study.effects[i, j] + study.effects[j, k] - study.effects[i, k]
        yield float(gap), (study.arms[i], study.arms[j], study.arms[k])


def covariance_faults(study: Study) -> Iterator[Fault]:
    """Standard errors of a study that no covariance matrix has: one larger than those by way of another arm allow."""
    spread = np.linalg.eigvalsh(centred(study.variances))[1:]
    if spread[0] <= SINGULAR * spread[-1]:
        one, other = np.unravel_index(np.argmax(study.variances), study.variances.shape)
        largest = float(np.sqrt(study.variances.max()))
        found = f"{_study(study.name)}: no covariance matrix has the standard errors of its contrasts"
        yield Fault(
            f"{found}; the largest is {largest:g}, of {_pair(study.arms[one], study.arms[other])}", study.name, largest
        )


def range_faults(rows: Iterable[Contrast]) -> Iterator[Fault]:
    """Standard errors that are too far apart to compute with."""
    by_error = sorted(rows, key=lambda row: row.standard_error)
    for smallest, largest in zip(by_error[:1], by_error[-1:], strict=True):
        if largest.standard_error > FARTHEST * smallest.standard_error:
            found = f"{_study(smallest.study)}: standard error is {smallest.standard_error:g}"
            other = f"{largest.standard_error:g} in {_study(largest.study)}"
            expected = f"expected no two to differ by a factor over {FARTHEST:g}"
            yield Fault(f"{found}, and {other}; {expected}", smallest.study, smallest.standard_error)


def is_name(value: object) -> bool:
    """Whether the value can name a study or a treatment: a text that is not blank, or a number."""
    return bool(value.strip()) if isinstance(value, str) else isinstance(value, Real) and isfinite(value)


def _number(value: object) -> float:
    """The value as a float; not a number where it is none, as texts and flags are."""
    return float(value) if isinstance(value, Real | Decimal) and not isinstance(value, bool) else nan


def _variance(error: object) -> float:
    """The square of a standard error, with its sign."""
    return _number(error) * abs(_number(error))


def _shown(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return "missing"
    return quoted(value) if isinstance(value, str) else quoted(repr(value))[1:-1]


def _place(number: int, row: Contrast) -> str:
    return f"{_study(row.study)}, {_pair(row.treatment1, row.treatment2)}" if is_name(row.study) else f"row {number}"


def _study(name: object) -> str:
    return f"study {quoted(str(name))}"


def _pair(one: object, other: object) -> str:
    return f"{quoted(str(one))[1:-1]} against {quoted(str(other))[1:-1]}"
