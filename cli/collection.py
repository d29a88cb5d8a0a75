"""The option that names the collection on which statistics stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

CollectionName: TypeAlias = Annotated[
    str | None,
    typer.Option("--collection", help="Only the papers and experiments of this collection; 'all' is everything."),
]


def require(collection: str | None, root: Path) -> None:
    """Refuse a collection that does not exist in a corpus.

    Raises:
        typer.BadParameter: if there is no such collection.
    """
    from prunelit.analysis.dataset import dataset
    from prunelit.schema.problems import UnknownNameError

    try:
        dataset(root, collection).vocabulary  # noqa: B018 - reading it raises
    except UnknownNameError as error:
        raise typer.BadParameter(str(error), param_hint="--collection") from None
