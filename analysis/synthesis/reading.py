"""Studies read from a frame of contrasts, with every mistake in it."""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.synthesis.checks import (
    CONTRAST_COLUMNS,
    CONTRAST_NAMES,
    covariance_faults,
    is_name,
    range_faults,
    row_faults,
    set_faults,
    spelling_faults,
    sum_faults,
    table_faults,
)
from prunelit.analysis.synthesis.faults import Fault
from prunelit.analysis.synthesis.study import Contrast, NodeName, Study, ordered, study


def studies_of(contrasts: pd.DataFrame) -> tuple[list[Study], list[Fault]]:
    """The studies that are without fault, in the order of their first rows, and every fault in the others."""
    faults = list(table_faults(contrasts))
    if faults:
        return [], faults
    rows = [Contrast(*cells) for cells in zip(*(contrasts[name].tolist() for name in CONTRAST_COLUMNS), strict=True)]
    wrong = [list(row_faults(number, row)) for number, row in enumerate(rows, 1)]
    right = [row for row, found in zip(rows, wrong, strict=True) if not found]
    faults = [*(fault for found in wrong for fault in found), *spelling_faults(right), *range_faults(right)]
    incomplete = {row.study for row, found in zip(rows, wrong, strict=True) if found and is_name(row.study)}
    studies = []
    for name, own in _by_study(right).items():
        found = None if name in incomplete else _checked(name, own)
        studies += [found] if isinstance(found, Study) else []
        faults += found if isinstance(found, list) else []
    return studies, faults


def treatments_of(contrasts: pd.DataFrame) -> list[NodeName]:
    """All names of treatments in the contrasts, those of faulty studies too, in order."""
    columns = [contrasts[name].tolist() for name in CONTRAST_NAMES[1:] if list(contrasts.columns).count(name) == 1]
    return ordered(value for values in columns for value in values if is_name(value))


def _by_study(rows: list[Contrast]) -> dict[NodeName, list[Contrast]]:
    studies: dict[NodeName, list[Contrast]] = {}
    for row in rows:
        studies.setdefault(row.study, []).append(row)
    return studies


def _checked(name: NodeName, rows: list[Contrast]) -> Study | list[Fault]:
    """The study of these rows, or what is wrong with it."""
    faults = list(set_faults(name, rows))
    if faults:
        return faults
    found = study(name, rows)
    return [*sum_faults(found), *covariance_faults(found)] or found
