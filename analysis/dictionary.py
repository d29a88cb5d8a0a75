"""Data dictionary: every column of every public table.

Columns are declared beside the function that makes their table; this module lists the tables.
"""

from __future__ import annotations

import sys

import pandas as pd

from prunelit.analysis.claims.blalock2020 import CLAIM_COLUMNS
from prunelit.analysis.claims.sources import CONCLUSIONS
from prunelit.analysis.compare.comparability import PAIRS_OF_PAPERS
from prunelit.analysis.compare.discrepancies import DISCREPANCIES
from prunelit.analysis.compare.dominance import TRADEOFFS
from prunelit.analysis.compare.scratch_vs_finetuning import SCRATCH_VS_FINETUNING, SCRATCH_VS_FINETUNING_POOLED
from prunelit.analysis.compare.setups import COMPARABLE_PAIRS_BY_SETUP, COMPARISON_SETUPS
from prunelit.analysis.frames.baselines import BASELINES
from prunelit.analysis.frames.columns import TEXT, Column, typed
from prunelit.analysis.frames.comparisons import COMPARISONS
from prunelit.analysis.frames.completed import COMPLETED
from prunelit.analysis.frames.evidence import EVIDENCE, EVIDENCE_LONG
from prunelit.analysis.frames.layer_widths import LAYER_WIDTHS
from prunelit.analysis.frames.measurements import MEASUREMENTS
from prunelit.analysis.frames.methods import METHODS
from prunelit.analysis.frames.normalized import NORMALIZED
from prunelit.analysis.frames.reference_models import REFERENCE_MODELS
from prunelit.analysis.frames.reported import PAPERS, RESULTS
from prunelit.analysis.pages.markdown import rows_of
from prunelit.analysis.planning.field_plan import FIELD_PLAN
from prunelit.analysis.planning.plan import PLAN
from prunelit.analysis.synthesis.connectivity import NETWORKS
from prunelit.analysis.trends.checklist import CHECKLIST
from prunelit.analysis.trends.frontiers import FRONTIERS
from prunelit.analysis.trends.progress import PROGRESS

TABLES = {
    "papers": PAPERS,
    "methods": METHODS,
    "results": RESULTS,
    "completed": COMPLETED,
    "normalized": NORMALIZED,
    "measurements": MEASUREMENTS,
    "evidence": EVIDENCE,
    "evidence_long": EVIDENCE_LONG,
    "layer_widths": LAYER_WIDTHS,
    "baselines": BASELINES,
    "reference_models": REFERENCE_MODELS,
    "comparisons": COMPARISONS,
    "tradeoffs": TRADEOFFS,
    "comparison_setups": COMPARISON_SETUPS,
    "comparable_pairs": PAIRS_OF_PAPERS,
    "comparable_pairs_by_setup": COMPARABLE_PAIRS_BY_SETUP,
    "checklist": CHECKLIST,
    "scratch_vs_finetuning": SCRATCH_VS_FINETUNING,
    "scratch_vs_finetuning_pooled": SCRATCH_VS_FINETUNING_POOLED,
    "claims": CLAIM_COLUMNS,
    "conclusions": CONCLUSIONS,
    "plan": PLAN,
    "field_plan": FIELD_PLAN,
    "frontiers": FRONTIERS,
    "discrepancies": DISCREPANCIES,
    "synthesis_networks": NETWORKS,
    "progress": PROGRESS,
}
"""Every public table and its columns, in order."""


DICTIONARY_COLUMNS = (
    Column("table", TEXT, "", "Name of the table.", "dictionary"),
    Column("column", TEXT, "", "Name of the column.", "dictionary"),
    Column("type", TEXT, "", "Its type, as pandas calls it.", "dictionary"),
    Column("unit", TEXT, "", "Unit of its values; empty for names, texts and flags.", "dictionary"),
    Column("meaning", TEXT, "", "What it says.", "dictionary"),
    Column("source", TEXT, "", "Field of a record, or file, that its definition comes from.", "dictionary"),
)
"""Columns of the data dictionary itself."""


def data_dictionary() -> pd.DataFrame:
    """The data dictionary: one row a column of a public table.

    Returns:
        A frame with the text columns ``table``, ``column``, ``type``, ``unit``, ``meaning`` and ``source``.

    Example:
        >>> data_dictionary().query("table == 'results' and column == 'top1_change'")["unit"].item()
        'pp'
    """
    rows = [
        (table, column.name, column.dtype, column.unit, column.meaning, column.source)
        for table, columns in TABLES.items()
        for column in columns
    ]
    return typed(pd.DataFrame(rows, columns=[column.name for column in DICTIONARY_COLUMNS]), DICTIONARY_COLUMNS)


def dictionary_markdown(preface: str | None = None) -> str:
    """The data dictionary as a Markdown document, one table a public table.

    Args:
        preface: What stands before the tables; by default what the repository's own page says.
    """
    rows = data_dictionary().drop(columns="table")
    of_table = data_dictionary()["table"]
    sections = (
        f"\n## `{table}`\n\n{''.join(rows_of(rows[of_table == table], sys.maxsize, {'column'}))}" for table in TABLES
    )
    return (_PREFACE if preface is None else preface) + "".join(sections)


_PREFACE = """# Data dictionary

Every column of every public table, as `prunelit.data_dictionary()` gives it. Any cell may be missing unless its meaning
says otherwise. [METRICS](METRICS.md) defines the quantities and says what follows from what. Made by
`python -m prunelit.analysis.dictionary > analysis/DATA_DICTIONARY.md`; do not edit it by hand.
"""

if __name__ == "__main__":
    print(dictionary_markdown(), end="")
