"""The command ``normalize``: the results of a release as if every paper had pruned the median model, by any engine."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, cast

import typer

from prunelit.cli.collection import CollectionName
from prunelit.cli.report import shown_path
from prunelit.cli.table import ReferenceName
from prunelit.schema.problems import quoted


def add_to(app: typer.Typer) -> None:
    """Add the command ``normalize``."""
    app.command()(normalize)


def normalize(
    release: Annotated[Path, typer.Argument(metavar="RELEASE", help="Folder of a release.", file_okay=False)],
    engine: Annotated[
        str,
        typer.Option(
            help="What computes it: duckdb (in little memory), polars, dask (also on other machines), pandas."
        ),
    ] = "duckdb",
    reference: Annotated[
        ReferenceName, typer.Option(help="Medians over all papers, or over unpruned reference models alone.")
    ] = ReferenceName.all,
    collection: CollectionName = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Scheduler of Dask, as tcp://10.0.0.1:8786, whose workers see both folders; by default this machine.",
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option(metavar="FILE", help="Parquet file to write; a folder of them where Dask writes.")
    ] = Path("normalized.parquet"),
) -> None:
    """Normalize the results of a release, and write them as Parquet.

    Rows come in no order; paper_id, experiment, curve and point name them. Needs the extra 'engines'.

    [bold]Examples[/bold]

    prunelit normalize build/release/prunelit-2026.11.0

    prunelit normalize prunelit-2026.11.0 --engine dask --scheduler tcp://10.0.0.1:8786 --output normalized

    prunelit normalize prunelit-2026.11.0 --engine polars --collection blalock2020 --reference unpruned
    """
    from prunelit.analysis.engines import known_engine, normalized_release, require_place, write_normalized

    if scheduler is not None and engine != "dask":
        raise typer.BadParameter(f"only the engine dask has one, and {engine} is asked for", param_hint="--scheduler")
    wanted = None if collection == "all" else collection
    require_place(output, known_engine(engine))
    with _workers(scheduler) if engine == "dask" else nullcontext():
        write_normalized(normalized_release(release, reference.value, engine, wanted), output)
    typer.echo(f"wrote {shown_path(output)}", err=True)


def _workers(scheduler: str | None) -> AbstractContextManager[object]:
    """The workers of a scheduler, or processes of this machine, as many as it has processors.

    Raises:
        typer.BadParameter: if there is no scheduler at the address.
    """
    from distributed import Client

    if scheduler is None:
        return cast(AbstractContextManager[object], Client(dashboard_address=":0"))
    try:
        return cast(AbstractContextManager[object], Client(scheduler))
    except (OSError, ValueError) as error:
        message = (
            f"no scheduler of Dask answers at {quoted(scheduler)} ({error}); start one, and name it as tcp://HOST:PORT"
        )
        raise typer.BadParameter(message, param_hint="--scheduler") from None
