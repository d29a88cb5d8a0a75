"""The command ``cite``: the bibliography of any selection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from prunelit.cli.collection import CollectionName, require
from prunelit.cli.formats import print_bytes
from prunelit.cli.place import corpus_read
from prunelit.cli.rows import Limit, Selection, Sort, TableName, Where

if TYPE_CHECKING:
    from prunelit.analysis.export.reference import PaperReference

NamedPapers: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="PAPER", help="Ids, survey ids, or parts of one or of a title; all by default."),
]


class ReferenceFormat(StrEnum):
    """Formats of bibliographies."""

    bibtex = "bibtex"
    ris = "ris"
    csl = "csl"


def add_to(app: typer.Typer) -> None:
    """Add the command ``cite``."""
    app.command()(cite)


def cite(
    papers: NamedPapers = None,
    table: Annotated[TableName, typer.Option("--from", help="Table whose rows name the papers.")] = TableName.papers,
    collection: CollectionName = None,
    where: Where = None,
    sort: Sort = None,
    limit: Limit = None,
    output_format: Annotated[
        ReferenceFormat, typer.Option("--format", help="How references are printed.")
    ] = ReferenceFormat.bibtex,
) -> None:
    """Print the references of papers, or of those that stand behind any rows of a table.

    Exit status: 0, 1 where no paper fits, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit cite han2015learning li2016pruning

    prunelit cite --from evidence --where "architecture == 'ResNet-50' and speedup >= 2" --format ris
    """
    root = corpus_read()
    require(collection, root)
    chosen = Selection(root, table, collection, where, sort, limit, tuple(papers or ()))
    print_bytes(references_text(chosen, output_format).encode())


def references_text(chosen: Selection, output_format: ReferenceFormat) -> str:
    """The references of the papers that a selection names, each once, in the order of its rows.

    Raises:
        typer.Exit: if there is none.
    """
    from prunelit.analysis.dataset import dataset
    from prunelit.analysis.export.reference import reference

    corpus = dataset(chosen.root).records
    venues = {one.name: one for one in corpus.venues}
    found = [reference(corpus.by_id[one], venues) for one in dict.fromkeys(chosen.rows()["paper_id"])]
    return _writer(output_format)(found)


def _writer(output_format: ReferenceFormat) -> Callable[[Iterable[PaperReference]], str]:
    from prunelit.analysis.export.bibtex import as_bibtex
    from prunelit.analysis.export.csl import as_csl
    from prunelit.analysis.export.ris import as_ris

    return {ReferenceFormat.bibtex: as_bibtex, ReferenceFormat.ris: as_ris, ReferenceFormat.csl: as_csl}[output_format]
