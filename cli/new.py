"""The command ``new``: the record of a new paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.place import corpus_around, corpus_here, is_corpus
from prunelit.cli.report import shown_path, visible
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
        typer.Option(metavar="FILE", help="A file with the paper's BibTeX or biblatex entry; - for standard input."),
    ] = None,
    ris: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file with the paper's RIS record; - for standard input.")
    ] = None,
    csl: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file with the paper as CSL-JSON; - for standard input.")
    ] = None,
    arxiv: Annotated[
        str | None, typer.Option(metavar="ID", help="The paper's arXiv identifier, or an address with it.")
    ] = None,
    doi: Annotated[str | None, typer.Option(metavar="DOI", help="The paper's DOI, or an address with it.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder of the record; papers/ of the corpus here by default.", file_okay=False
        ),
    ] = None,
) -> None:
    """Begin the record of a paper: its bibliography, and comments that say what to fill in.

    The bibliography comes from a file in BibTeX, biblatex, RIS or CSL-JSON, or over the network from arXiv or Crossref.
    What is doubtful is said in a comment where it stands, and what is not read at the end of the record. A paper that
    has a record already is refused. Exit status: 0, 1 without a record, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit new --bibtex paper.bib

    prunelit new --ris paper.ris

    prunelit new --arxiv 1608.08710

    prunelit new --doi 10.1109/CVPR.2016.280
    """
    from prunelit.cli.entry.bibliography import SourceError

    if sum(option is not None for option in (bibtex, ris, csl, arxiv, doi)) != 1:
        raise typer.BadParameter(
            "say where the paper is described, once: --bibtex FILE, --ris FILE, --csl FILE, --arxiv ID or --doi DOI"
        )
    folder = _folder(output)
    corpus = _corpus(folder)
    try:
        paper = _from_file(bibtex, ris, csl) or _from_network(arxiv, doi, corpus)
        file = _write(paper, corpus, folder)
    except SourceError as error:
        typer.echo("\n".join(map(visible, f"Error: {error}".splitlines())), err=True)
        raise typer.Exit(1) from None
    typer.echo(shown_path(file))
    if paper.remarks:
        typer.echo(f"Comments in it that say 'Look here': {len(paper.remarks)}.", err=True)
    if paper.unread:
        typer.echo(f"Not read, as a record has no place for it: {visible(', '.join(paper.unread))}.", err=True)
    typer.echo(f"Next: open it, follow its comments, and run 'prunelit check {shown_path(file)}'.", err=True)


def _folder(output: Path | None) -> Path:
    folder = output or corpus_here()
    return folder / "papers" if is_corpus(folder) else folder


def _corpus(folder: Path) -> Corpus:
    """The corpus that the record will join; other records of it may be faulty."""
    from prunelit.schema.corpus import read_corpus, shipped

    return read_corpus(corpus_around(folder / "record.yaml") or shipped())[0]


def _from_file(bibtex: Path | None, ris: Path | None, csl: Path | None) -> Bibliography | None:
    """What a file says, if one is given.

    Raises:
        SourceError: if there is no bibliography in it.
    """
    from prunelit.cli.entry.bibtex import from_bibtex
    from prunelit.cli.entry.csl import from_csl
    from prunelit.cli.entry.ris import from_ris

    readers: list[tuple[Path | None, Callable[[str, str], Bibliography]]]
    readers = [(bibtex, from_bibtex), (ris, from_ris), (csl, from_csl)]
    return next((read(*_text(file)) for file, read in readers if file), None)


def _from_network(arxiv: str | None, doi: str | None, corpus: Corpus) -> Bibliography:
    """What arXiv or Crossref says; a paper whose identifier has a record is refused before anything is asked for.

    Raises:
        SourceError: if there is no bibliography.
        typer.BadParameter: if an identifier is none.
    """
    from prunelit.cli.entry import identifiers

    if identifier := identifiers.arxiv_id(arxiv or doi or ""):  # arXiv's own DOIs are not registered with Crossref
        _refuse_known(corpus, arxiv=identifier)
        from prunelit.cli.entry.arxiv import from_arxiv

        return from_arxiv(identifier)
    if doi and (identifier := identifiers.doi(doi)):
        _refuse_known(corpus, doi=identifier)
        from prunelit.cli.entry.crossref import from_crossref

        return from_crossref(identifier)
    example = "--arxiv 1608.08710" if arxiv else "--doi 10.1109/CVPR.2016.280"
    raise typer.BadParameter(f"'{visible(arxiv or doi or '')}' is no identifier; expected for example {example}")


def _text(path: Path) -> tuple[str, str]:
    """The text of a file, and what messages call it."""
    from prunelit.cli.entry.bibliography import SourceError
    from prunelit.schema.reading import MAX_BYTES, UnreadableError, contents, decode

    name = "standard input" if str(path) == "-" else shown_path(path)
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise SourceError(f"{name} holds more than {MAX_BYTES:,} bytes; save the entry of the one paper alone")
        data = _standard_input() if str(path) == "-" else contents(path, name)
        return decode(data.removeprefix(b"\xef\xbb\xbf"), name), name
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
    from prunelit.schema.record import Paper
    from prunelit.schema.validation import read_bytes

    _refuse_known(corpus, paper.arxiv, paper.doi, paper.title)
    taken = {*corpus.by_id, *(file.stem for file in folder.glob("*.yaml"))}
    paper_id = next_id(paper, taken)
    text = draft(paper, paper_id, _venue(paper, corpus))
    problems = read_bytes(text.encode(), Paper, f"{paper_id}.yaml")[1]
    if problems:
        tell(problems)
        raise SourceError(f"what {paper.source} says makes no valid record; mend its entry and use --bibtex FILE")
    write_text(folder / f"{paper_id}.yaml", text)
    return folder / f"{paper_id}.yaml"


def _venue(paper: Bibliography, corpus: Corpus) -> str | None:
    """The venue that the container names, or else the event; that of a workshop does not name the conference."""
    from prunelit.cli.entry.names import venue_of

    if found := venue_of(paper.container or "", corpus):
        return found
    return (
        venue_of(paper.event, corpus) if paper.event and "workshop" not in (paper.container or "").casefold() else None
    )
