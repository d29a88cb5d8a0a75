"""Which collection do the statistics stand on?"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Collection: TypeAlias = Annotated[
    str | None,
    typer.Option("--collection", help="Only the papers and experiments of this collection; 'all' is everything."),
]


def require(collection: str | None) -> None:
    """Refuse a collection that does not exist.

    Raises:
        typer.BadParameter: if there is no such collection in the shipped corpus.
    """
    from prunelit.analysis.load import load_corpus

    try:
        load_corpus(collection=collection)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--collection") from None
