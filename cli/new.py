"""The command ``new``: the record of a new paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.place import corpus_around, corpus_here, is_corpus
from prunelit.cli.report import shown, visible
from prunelit.cli.rewriting import tell

if TYPE_CHECKING:
    from prunelit.cli.entry.bibliography import Bibliography
    from prunelit.schema.corpus import Corpus


def add_to(app: typer.Typer) -> None:
    """Add the command ``new``."""
    app.command()(new)


def new(
    bibtex: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file with the paper's BibTeX entry; - reads it from standard input."),
    ] = None,
    arxiv: Annotated[str | None, typer.Option(metavar="ID", help="The paper's arXiv identifier.")] = None,
    doi: Annotated[str | None, typer.Option(metavar="DOI", help="The paper's DOI.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder of the record; papers/ of the corpus here by default.", file_okay=False
        ),
    ] = None,
) -> None:
    """Begin the record of a paper: its bibliography, and comments that say what to fill in.

    The bibliography comes from a BibTeX entry, or over the network from arXiv or Crossref. A paper that has a record
    already is refused. Exit status: 0, 1 without a record, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit new --bibtex paper.bib

    prunelit new --arxiv 1608.08710

    prunelit new --doi 10.1109/CVPR.2016.280
    """
    from prunelit.cli.entry.bibliography import SourceError

    if sum(option is not None for option in (bibtex, arxiv, doi)) != 1:
        raise typer.BadParameter(
            "say where the paper is described: --bibtex FILE, --arxiv ID or --doi DOI, one of them"
        )
    folder = _folder(output)
    corpus = _corpus(folder)
    try:
        file = _write(_bibliography(bibtex, arxiv, doi, corpus), corpus, folder)
    except SourceError as error:
        typer.echo("\n".join(map(visible, f"Error: {error}".splitlines())), err=True)
        raise typer.Exit(1) from None
    typer.echo(shown(file))
    typer.echo(f"Next: open it, follow its comments, and run 'prunelit check {shown(file)}'.", err=True)


def _folder(output: Path | None) -> Path:
    folder = output or corpus_here()
    return folder / "papers" if is_corpus(folder) else folder


def _corpus(folder: Path) -> Corpus:
    """The corpus that the record will join; other records of it may be faulty."""
    from prunelit.schema.corpus import read_corpus, shipped

    return read_corpus(corpus_around(folder / "record.yaml") or shipped())[0]


def _bibliography(bibtex: Path | None, arxiv: str | None, doi: str | None, corpus: Corpus) -> Bibliography:
    """What the source says; a paper whose identifier has a record is refused before anything is asked for.

    Raises:
        SourceError: if there is no bibliography.
        typer.BadParameter: if an identifier is none.
    """
    from prunelit.cli.entry import bibliography

    if bibtex:
        from prunelit.cli.entry.bibtex import from_bibtex

        return from_bibtex(_text(bibtex))
    if identifier := bibliography.arxiv_id(arxiv or doi or ""):  # arXiv's own DOIs are not registered with Crossref
        _refuse_known(corpus, arxiv=identifier)
        from prunelit.cli.entry.arxiv import from_arxiv

        return from_arxiv(identifier)
    if doi and (identifier := bibliography.doi(doi)):
        _refuse_known(corpus, doi=identifier)
        from prunelit.cli.entry.crossref import from_crossref

        return from_crossref(identifier)
    example = "--arxiv 1608.08710" if arxiv else "--doi 10.1109/CVPR.2016.280"
    raise typer.BadParameter(f"'{visible(arxiv or doi or '')}' is no identifier; expected for example {example}")


def _text(bibtex: Path) -> str:
    from prunelit.cli.entry.bibliography import SourceError
    from prunelit.schema.reading import UnreadableError, contents, decode

    name = "standard input" if str(bibtex) == "-" else shown(bibtex)
    try:
        data = _standard_input() if str(bibtex) == "-" else contents(bibtex, name)
        return decode(data.removeprefix(b"\xef\xbb\xbf"), name)
    except UnreadableError as error:
        raise SourceError(str(error)) from None


def _standard_input() -> bytes:
    from prunelit.cli.entry.bibliography import SourceError
    from prunelit.schema.reading import MAX_BYTES

    data = typer.get_binary_stream("stdin").read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SourceError(f"standard input holds more than {MAX_BYTES:,} bytes; that is no entry of one paper")
    return bytes(data)


def _refuse_known(corpus: Corpus, arxiv: str | None = None, doi: str | None = None, title: str | None = None) -> None:
    from prunelit.cli.entry.bibliography import SourceError
    from prunelit.cli.entry.duplicates import same_paper

    if found := same_paper(corpus.papers, arxiv, doi, title):
        paper, same = found
        raise SourceError(
            f"the paper is in the corpus already: {paper.id} has the {same}\n"
            f"Add results to papers/{paper.id}.yaml instead; 'prunelit show {paper.id}' shows what it holds."
        )


def _write(paper: Bibliography, corpus: Corpus, folder: Path) -> Path:
    from prunelit.cli.entry.bibliography import SourceError
    from prunelit.cli.entry.draft import draft
    from prunelit.cli.entry.ids import next_id
    from prunelit.cli.entry.names import venue_of
    from prunelit.schema.record import Paper
    from prunelit.schema.validation import read_bytes

    _refuse_known(corpus, paper.arxiv, paper.doi, paper.title)
    taken = {*corpus.by_id, *(file.stem for file in folder.glob("*.yaml"))}
    paper_id = next_id(paper, taken)
    text = draft(paper, paper_id, venue_of(paper.container, corpus) if paper.container else None)
    problems = read_bytes(text.encode(), Paper, f"{paper_id}.yaml")[1]
    if problems:
        tell(problems)
        raise SourceError(f"what {paper.source} says makes no valid record; mend its entry and use --bibtex FILE")
    write_text(folder / f"{paper_id}.yaml", text)
    return folder / f"{paper_id}.yaml"
