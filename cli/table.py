"""The command ``table``: every table, or what is wanted of it, for programs that are not Python."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from prunelit.analysis.writing import write_bytes
from prunelit.cli.collection import CollectionName, require
from prunelit.cli.formats import AS_BYTES, TableFormat, print_bytes
from prunelit.cli.place import corpus_read
from prunelit.cli.strictness import ComparabilityName

if TYPE_CHECKING:
    from pandas import DataFrame


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


class ReferenceName(StrEnum):
    """What the medians of the normalization are taken over."""

    all = "all"
    unpruned = "unpruned"


def add_to(app: typer.Typer) -> None:
    """Add the command ``table``."""
    app.command()(table)


def table(
    name: Annotated[TableName, typer.Argument(help="Which table.")],
    collection: CollectionName = None,
    reference: Annotated[
        ReferenceName | None,
        typer.Option(help="For normalized numbers: medians over all papers, or over unpruned reference models alone."),
    ] = None,
    comparability: Annotated[
        ComparabilityName | None,
        typer.Option(help="For pairs, baselines and plans: how much papers must share, the same network by default."),
    ] = None,
    where: Annotated[
        str | None, typer.Option(help='Only rows for which this holds, such as "speedup >= 2 and year >= 2020".')
    ] = None,
    columns: Annotated[str | None, typer.Option(help="Only these columns, in this order, joined by commas.")] = None,
    sort: Annotated[
        str | None, typer.Option(help="Columns to sort by, joined by commas; '-' before one puts the largest first.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="At most so many rows.")] = None,
    output_format: Annotated[TableFormat, typer.Option("--format", help="How the table is printed.")] = TableFormat.csv,
    output: Annotated[Path | None, typer.Option(help="File to write instead of printing.", dir_okay=False)] = None,
) -> None:
    """Print a table, or write it to a file.

    [bold]Examples[/bold]

    prunelit table papers

    prunelit table evidence --where "dataset == 'ImageNet' and speedup >= 2" --columns method_label,speedup,top1_change
    --sort -top1_change --limit 10

    prunelit table comparable_pairs --comparability same_variants

    prunelit table normalized --collection blalock2020 --output normalized.csv
    """
    root = corpus_read()
    require(collection, root)
    given = {
        "collection": collection,
        "reference": reference and reference.value,
        "comparability": comparability and comparability.value,
    }
    frame = _wanted(
        _frame(name, root, {key: value for key, value in given.items() if value}), where, columns, sort, limit
    )
    content = AS_BYTES[output_format](frame)
    if output:
        write_bytes(output, content)
    else:
        print_bytes(content)


def _frame(name: TableName, root: Path, settings: dict[str, Any]) -> DataFrame:
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


def _wanted(frame: DataFrame, where: str | None, columns: str | None, sort: str | None, limit: int | None) -> DataFrame:
    """The rows and columns that are asked for, in the order asked for.

    Raises:
        typer.BadParameter: if the table has no such column, or the condition is none.
    """
    from prunelit.analysis.selection import selected

    if where is not None:
        frame = _told("--where", lambda: selected(frame, where))
    if sort is not None:
        keys = _told("--sort", lambda: _known([key.removeprefix("-") for key in _listed(sort)], frame))
        rising = [not key.startswith("-") for key in _listed(sort)]
        frame = frame.sort_values(keys, ascending=rising, kind="stable")
    if columns is not None:
        frame = frame[_told("--columns", lambda: _known(_listed(columns), frame))]
    return frame if limit is None else frame.head(limit)


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _known(names: list[str], frame: DataFrame) -> list[str]:
    from prunelit.schema.problems import ArgumentError, UnknownNameError

    for name in names:
        if name not in frame.columns:
            raise UnknownNameError("column", name, map(str, frame.columns))
    if not names:
        raise ArgumentError(names, "names no column")
    return list(dict.fromkeys(names))


def _told(option: str, compute: Callable[[], Any]) -> Any:
    """What is computed; what is wrong with the option is told as such."""
    from prunelit.schema.problems import PrunelitError

    try:
        return compute()
    except PrunelitError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None
