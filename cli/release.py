"""The command ``release``: the data of a commit as files that other programs read, and whether such files are whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_all
from prunelit.cli.build_time import build_time
from prunelit.cli.report import shown_path
from prunelit.cli.revision import (
    RevisionError,
    committed,
    extract,
    is_shallow,
    repository,
    tags_before,
    text_at,
    uncommitted,
    uncommitted_elsewhere,
)
from prunelit.schema.problems import quoted
from prunelit.schema.record import SCHEMA_VERSION

if TYPE_CHECKING:
    from prunelit.analysis.release.identity import ReleaseIdentity
    from prunelit.analysis.release.released_table import ReleasedTable

_TAG = "data-"
"""How tags of releases begin, before the version."""
_HEAD = "HEAD"


def add_to(app: typer.Typer) -> None:
    """Add the command ``release``."""
    app.command()(release)


def release(
    output: Annotated[Path, typer.Option(metavar="DIR", help="Folder that the release goes into.", file_okay=False)] = (
        Path("build/release")
    ),
    verify: Annotated[
        str | None,
        typer.Option(
            metavar="RELEASE", help="Write nothing; check the sums, types and keys of a folder, archive or address."
        ),
    ] = None,
) -> None:
    """Write the data of the last commit as a folder and an archive: tables, databases, records and their description.

    The version is the month of the commit and a number, or that of a tag such as data-2026.11.0. Exit status: 0, 2
    where there is no repository, or where a release is not as it was made.

    [bold]Examples[/bold]

    prunelit release --output build/release

    prunelit release --verify build/release/prunelit-2026.11.0.tar.xz
    """
    if verify is not None:
        _verified(verify)
        return
    try:
        top = repository(Path.cwd())
        if uncommitted(top):
            typer.echo("the corpus holds changes that are not committed; they are left out", err=True)
        if uncommitted_elsewhere(top):
            typer.echo(
                "files beside the corpus hold changes that are not committed; code among them makes this release, so "
                "that its commit may not give these bytes",
                err=True,
            )
        written, archive = _made(output, top)
    except RevisionError as error:
        raise typer.BadParameter(str(error), param_hint="release") from None
    typer.echo(f"{sum(one.is_file() for one in written.rglob('*'))} files in {shown_path(written)}")
    typer.echo(shown_path(archive))


def _verified(path_or_url: str) -> None:
    from prunelit.analysis.release.reading import verify_release

    found = verify_release(path_or_url)
    typer.echo(f"{found.identity.name} is as it was made: {found.identity.versions}; {len(found)} tables")


def _made(output: Path, top: Path) -> list[Path]:
    """Make the release of the last commit of a repository: its folder, which takes the place of one made before."""
    from prunelit.analysis.release.folder import require_replaceable

    identity, since = _identity(top)
    require_replaceable(output / identity.name)
    return write_all(output, lambda folder: _write(folder, top, identity, since))


def _write(folder: Path, top: Path, identity: ReleaseIdentity, since: str | None) -> tuple[Path, Path]:
    """Write the folder of a release, and its archive."""
    from prunelit.analysis.dataset import dataset
    from prunelit.analysis.release.folder import RepositoryTexts, write_release

    with TemporaryDirectory(prefix="prunelit-release-") as place:
        root = extract(top, _HEAD, Path(place, "now"))
        changes = _changes(top, root, identity, since, Path(place, "before"))
        texts = RepositoryTexts(text_at(top, _HEAD, "CITATION.cff"), text_at(top, _HEAD, "LICENSE-DATA"), changes)
        return write_release(folder, _tables(root), dataset(root), identity, texts)


def _identity(top: Path) -> tuple[ReleaseIdentity, str | None]:
    """The release of the last commit, and the version of the one before it.

    Raises:
        RevisionError: if the history is not whole, or a tag in it names no release that could follow those before.
    """
    from prunelit.analysis.release.identity import ReleaseIdentity, day_of, next_version

    if is_shallow(top):
        raise RevisionError(
            "this clone is shallow, and may lack earlier releases; 'git fetch --unshallow --tags' brings them"
        )
    commit, seconds = committed(top, _HEAD)
    said = build_time()
    day = day_of(seconds if said is None else said)
    tags = [(name.removeprefix(_TAG), of) for name, of in tags_before(top, _HEAD, f"{_TAG}*")]
    earlier = [name for name, of in tags if of != commit]
    here = [name for name, of in tags if of == commit]
    if faults := list(_faults_of_tags(here, earlier, day_of(seconds))):
        raise RevisionError("; ".join([*faults, "'git tag --delete TAG' takes a tag away"]))
    data_version = here[0] if here else next_version(day, earlier)
    since = earlier[0] if earlier else None
    return ReleaseIdentity(data_version, str(SCHEMA_VERSION), version("prunelit"), commit, day), since


def _faults_of_tags(here: list[str], earlier: list[str], day: str) -> Iterator[str]:
    """What is wrong with the tags of the last commit, made on a day, and of those before it."""
    from prunelit.analysis.release.identity import VersionError, month_of, parts_of

    parts: dict[str, tuple[int, ...]] = {}
    for name in (*earlier, *here):
        try:
            parts[name] = parts_of(name)
        except VersionError as error:
            yield f"the tag {quoted(_TAG + name)}: {error}"
    last = max((name for name in earlier if name in parts), key=lambda name: parts[name], default=None)
    for name in here:
        if name in parts and parts[name][:2] < month_of(day):
            yield f"the tag {quoted(_TAG + name)} is of a month before its commit, which is of {day}"
        if name in parts and last and parts[name] <= parts[last]:
            yield f"the tag {quoted(_TAG + name)} is below an earlier one, {quoted(_TAG + last)}"


def _changes(top: Path, root: Path, identity: ReleaseIdentity, since: str | None, place: Path) -> str:
    """The page that says what changed since the release before."""
    from prunelit.analysis.release.data_changes import BEFORE_ALL, changes_markdown, state_of

    before = state_of(extract(top, f"{_TAG}{since}", place)) if since else BEFORE_ALL
    return changes_markdown(before, state_of(root), identity, since)


def _tables(root: Path) -> list[ReleasedTable]:
    """Every public table that the data dictionary describes, and the dictionary."""
    import prunelit
    from prunelit.analysis.dictionary import DICTIONARY_COLUMNS, TABLES
    from prunelit.analysis.release.released_table import ReleasedTable

    found = [
        ReleasedTable(name, getattr(prunelit, name)(corpus=root), columns, _first_line(getattr(prunelit, name)))
        for name, columns in TABLES.items()
    ]
    told = _first_line(prunelit.data_dictionary)
    return [*found, ReleasedTable("data_dictionary", prunelit.data_dictionary(), DICTIONARY_COLUMNS, told)]


def _first_line(function: object) -> str:
    """What a function gives in a sentence, without the markup of docstrings."""
    return re.sub(r":\w+:`~?([^`]+)`|``([^`]+)``", r"\1\2", (function.__doc__ or "").strip().splitlines()[0])
