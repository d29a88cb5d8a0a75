"""The command ``manifest``: what closed collections hold, and how that may change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.place import corpus_here
from prunelit.cli.report import shown_path, visible
from prunelit.cli.revision import RevisionError, extract, repository
from prunelit.cli.rewriting import tell

if TYPE_CHECKING:
    from prunelit.schema.closed_changes import ClosedChange
    from prunelit.schema.corpus import Corpus
    from prunelit.schema.manifest import ClosedCollection

_HEADING = """\
# yaml-language-server: $schema=../schema/manifest.schema.json
# What closed collections hold: a digest of each part of their records. Written by `prunelit manifest`; not for editing.
"""


def add_to(app: typer.Typer) -> None:
    """Add the command ``manifest``."""
    app.command()(manifest)


def manifest(
    against: Annotated[
        str, typer.Option(metavar="REVISION", help="The last revision whose records fit the manifest.")
    ] = "HEAD",
) -> None:
    """Tell what has changed in closed collections, and write their manifest where a correction explains all of it.

    Values, rows and comparisons are told one by one, against a revision of git.  A value may change where an entry in
    corrections.yaml, then or now, says what was wrong and what is right; a name where the vocabulary calls the old one
    an alias.  A collection that the revision does not know as closed is closed now.
    Exit status: 0 if the manifest is as the records are, 1 if something is not explained, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit manifest

    prunelit manifest --against origin/main
    """
    from prunelit.schema.closed_changes import changes, closed_now

    root = corpus_here()
    corpus = _valid(root)
    closed = [one.name for one in corpus.collections if one.closed]
    with TemporaryDirectory(prefix="prunelit-manifest-") as folder:
        before = _before(root, against, Path(folder))
    known = {one.collection for one in before.part("manifest")} if before else set()
    _refuse_unknown(corpus, known, against)
    found = [one for name in closed if before and name in known for one in changes(before, corpus, name)]
    for one in found:
        typer.echo(visible(_told(one)))
    if unexplained := sum(one.reason is None for one in found):
        message = f"{unexplained} of {len(found)} changes without a correction: nothing is written; put them back, "
        typer.echo(message + "or say in corrections.yaml what was wrong and what is right", err=True)
        raise typer.Exit(1)
    _write(root, [closed_now(name, corpus) for name in closed], len(found), [one for one in closed if one not in known])


def _valid(root: Path) -> Corpus:
    """The corpus, which may be at fault in nothing but its closed collections."""
    from prunelit.schema import rules
    from prunelit.schema.closed_checks import RULE
    from prunelit.schema.corpus import read_corpus

    corpus, problems = read_corpus(root, shown_path(root))
    problems += [one for one in rules.check_corpus(corpus) if one.rule != RULE]
    if problems:
        tell(problems)
        raise typer.Exit(1)
    return corpus


def _refuse_unknown(corpus: Corpus, known: set[str], revision: str) -> None:
    """Leave where a manifest does not fit and the revision cannot say what its collections held."""
    from prunelit.schema.closed_checks import closed_collections

    named = {one.collection for one in corpus.part("manifest")} - known
    if named and (unlike := list(closed_collections(corpus))):
        tell(unlike)
        message = f"the manifest does not fit the records, and {revision} knows none; name a revision that does"
        raise typer.BadParameter(message, param_hint="--against")


def _before(root: Path, revision: str, folder: Path) -> Corpus | None:
    """The corpus of a revision; None where it knew no manifest.

    Raises:
        typer.BadParameter: if there is no such revision, or if its records do not fit its own manifest.
    """
    from prunelit.schema.closed_checks import closed_collections
    from prunelit.schema.corpus import read_corpus

    try:
        place = extract(repository(root), revision, folder)
    except RevisionError as error:
        raise typer.BadParameter(str(error), param_hint="--against") from None
    migrated = _migrated(place)
    corpus = read_corpus(place)[0]
    unlike = [one for one in closed_collections(corpus) if Path(one.file).name not in migrated]
    if corpus.part("manifest") and unlike:
        message = f"the records of {revision} do not fit its manifest either ({unlike[0].file}); name one that does"
        raise typer.BadParameter(message, param_hint="--against")
    return corpus if corpus.part("manifest") else None


def _migrated(corpus: Path) -> set[str]:
    """Bring extracted records to the schema of today; the names of those that were not in it."""
    from prunelit.schema.migration import migrated
    from prunelit.schema.reading import UnreadableError

    changed = set()
    for file in (corpus / "papers").glob("*.yaml"):
        text = file.read_text(encoding="utf-8", errors="replace")
        try:
            new = migrated(text, file.name)
        except UnreadableError:
            continue  # it has no place in the comparison, and is told as lost
        if new != text:
            file.write_text(new, encoding="utf-8")
            changed.add(file.name)
    return changed


def _told(one: ClosedChange) -> str:
    from prunelit.schema.values import written

    before, after = ("nothing" if value is None else written(value) for value in (one.before, one.after))
    if one.name:
        said = f"{one.name} {before} -> {after}"
    else:
        said = f"gained ({after})" if one.before is None else f"lost ({before})"
    return f"{one.paper}, {one.part}: {said}: {one.reason or 'no correction explains it'}"


def _write(root: Path, closed: Sequence[ClosedCollection], changed: int, new: list[str]) -> None:
    from prunelit.schema.canonical import canonical_text
    from prunelit.schema.manifest import Manifest
    from prunelit.schema.tree import tree_of

    entries = [one.model_dump() for one in closed]
    file = root / "manifest.yaml"
    text = _HEADING + canonical_text(tree_of({"manifest": entries}), Manifest)
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        write_text(file, text)
        typer.echo(shown_path(file))
    told = [f"{changed} change{'s' * (changed != 1)} explained", *(f"'{one}' is closed now" for one in new)]
    typer.echo("; ".join(told), err=True)
