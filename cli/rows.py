"""Rows of a table that somebody asks for: which table, and which of its rows in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import typer

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")
Where: TypeAlias = Annotated[
    str | None,
    typer.Option("--where", help='Only rows for which this holds, such as "speedup >= 2 and year >= 2020".'),
]
Sort: TypeAlias = Annotated[
    str | None,
    typer.Option("--sort", help="Columns to sort by, joined by commas; '-' before one puts the largest first."),
]
Limit: TypeAlias = Annotated[int | None, typer.Option("--limit", min=0, help="At most so many rows.")]


class TableName(StrEnum):
    """The tables, as the functions of the package are called."""

    papers = "papers"
    methods = "methods"
    results = "results"
    completed = "completed"
    normalized = "normalized"
    evidence = "evidence"
    evidence_long = "evidence_long"
    measurements = "measurements"
    layer_widths = "layer_widths"
    baselines = "baselines"
    reference_models = "reference_models"
    comparisons = "comparisons"
    tradeoffs = "tradeoffs"
    comparison_setups = "comparison_setups"
    comparable_pairs = "comparable_pairs"
    comparable_pairs_by_setup = "comparable_pairs_by_setup"
    checklist = "checklist"
    scratch_vs_finetuning = "scratch_vs_finetuning"
    scratch_vs_finetuning_pooled = "scratch_vs_finetuning_pooled"
    claims = "claims"
    conclusions = "conclusions"
    audit = "audit"
    multiverse = "multiverse"
    plan = "plan"
    field_plan = "field_plan"
    frontiers = "frontiers"
    discrepancies = "discrepancies"
    synthesis_networks = "synthesis_networks"
    progress = "progress"
    data_dictionary = "data_dictionary"


def table_frame(name: TableName, root: Path, settings: dict[str, Any]) -> DataFrame:
    """The table, with those settings that are asked for.

    Raises:
        typer.BadParameter: if one of them is none of the table's.
    """
    import prunelit

    takes = {one: signature(getattr(prunelit, one)).parameters for one in TableName}
    for setting in settings.keys() - takes[name].keys():
        others = ", ".join(one for one in TableName if setting in takes[one])
        raise typer.BadParameter(f"table '{name}' has no {setting}; these have: {others}", param_hint=f"--{setting}")
    found: DataFrame = getattr(prunelit, name)(**({"corpus": root} if "corpus" in takes[name] else {}), **settings)
    return found


def picked(frame: DataFrame, where: str | None, sort: str | None, limit: int | None) -> DataFrame:
    """The rows that are asked for, in the order asked for.

    Raises:
        typer.BadParameter: if the table has no such column, or the condition is none.
    """
    from prunelit.analysis.selection import selected

    if where is not None:
        frame = told_as("--where", lambda: selected(frame, where))
    if sort is not None:
        keys = told_as("--sort", lambda: known_columns([key.removeprefix("-") for key in listed(sort)], frame))
        rising = [not key.startswith("-") for key in listed(sort)]
        frame = frame.sort_values(keys, ascending=rising, kind="stable")
    return frame if limit is None else frame.head(limit)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows that somebody asks for: of a table of a corpus, by a condition, or those of named papers."""

    root: Path
    table: TableName
    collection: str | None = None
    where: str | None = None
    sort: str | None = None
    limit: int | None = None
    papers: tuple[str, ...] = ()

    def rows(self) -> DataFrame:
        """The rows.

        Raises:
            typer.BadParameter: if the table names no papers, or anything that is asked for does not exist.
            typer.Exit: if no row fits.
        """
        settings = {"collection": self.collection} if self.collection else {}
        frame = table_frame(self.table, self.root, settings)
        if "paper_id" not in frame.columns:
            raise typer.BadParameter(f"the rows of table '{self.table}' are of no single papers", param_hint="--from")
        if self.papers:
            frame = frame[frame["paper_id"].isin(self._named())]
        found = picked(frame, self.where, self.sort, self.limit)
        if found.empty:
            typer.echo("Nothing fits.", err=True)
            raise typer.Exit(1)
        return found

    def _named(self) -> list[str]:
        """The ids of the papers that are named."""
        from prunelit.analysis.dataset import dataset
        from prunelit.analysis.load import find_paper

        corpus = dataset(self.root).corpus
        return told_as("PAPER", lambda: [find_paper(corpus, name).id for name in self.papers])


def listed(text: str) -> list[str]:
    """The names of a text that commas join."""
    return [name.strip() for name in text.split(",") if name.strip()]


def known_columns(names: list[str], frame: DataFrame) -> list[str]:
    """The names, each once, all of them columns.

    Raises:
        UnknownNameError: if one of them is none.
        ArgumentError: if there is no name.
    """
    from prunelit.schema.problems import ArgumentError, UnknownNameError

    for name in names:
        if name not in frame.columns:
            raise UnknownNameError("column", name, map(str, frame.columns))
    if not names:
        raise ArgumentError(names, "names no column")
    return list(dict.fromkeys(names))


def told_as(option: str, compute: Callable[[], T]) -> T:
    """What is computed.

    Raises:
        typer.BadParameter: if that raises an error of ours, which is then told of the option.
    """
    from prunelit.schema.problems import PrunelitError

    try:
        return compute()
    except PrunelitError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None
