"""Building of the documentation, by Sphinx in a process of its own, beside the pages of the corpus."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from prunelit.analysis.writing import write_text
from prunelit.explorer.digests import input_digest
from prunelit.explorer.documentation.included import PAGES
from prunelit.schema.corpus import shipped
from prunelit.schema.problems import PrunelitError

CLONE = Path(__file__).resolve().parents[2]
"""Top folder of the clone that this module is in, if it is in one."""
ROOMS = ("schema", "analysis", "figures", "evaluation", "explorer", "cli", "public")
"""Folders of the code; ``public`` is imported as ``prunelit`` itself."""
SOURCES = CLONE / "explorer" / "docs"
WORK = CLONE / "build" / "docs"
"""Folder of what the next build goes on from."""
_NEEDED = ("sphinx", "myst_nb", "furo")
_MADE_OF = "made-of"
"""File beside the pages that were built last, with the digest of all that they were made of."""


class DocumentationError(PrunelitError):
    """Raised when Sphinx finds something wrong with the documentation."""


def why_undocumented() -> str | None:
    """Why there can be no documentation here; None where it can be built."""
    if not (SOURCES / "conf.py").is_file():
        return "its sources are in a clone of the repository alone"
    missing = [one for one in _NEEDED if find_spec(one) is None]
    return f"{', '.join(missing)} is not installed: pip install 'prunelit[site]'" if missing else None


@contextmanager
def documentation_beside(
    folder: Path,
    repository: str | None = None,
    work: Path = WORK,
    execute: bool = True,
) -> Iterator[None]:
    """Build the documentation while something else is done, and then put it into a folder.

    Args:
        folder: Where the pages go; it holds nothing else.
        repository: Web address of the repository, for links to files that are no pages.
        work: Folder of what the next build goes on from.
        execute: Whether notebooks are run.

    Raises:
        DocumentationError: if Sphinx warns of anything, such as a link that leads nowhere.
    """
    settings = _settings(repository, execute)
    made_of, told = _inputs_digest(settings), work / _MADE_OF
    # Sphinx takes seconds to find out that there is nothing to do.
    if told.is_file() and told.read_text("utf-8") == made_of and (work / "html" / "index.html").is_file():
        yield
    else:
        told.unlink(missing_ok=True)
        with _built(_command(settings, work)):
            yield
        write_text(told, made_of)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(work / "html", folder, ignore=shutil.ignore_patterns(".buildinfo*", "*.map"))


@contextmanager
def _built(command: list[str]) -> Iterator[None]:
    """Run Sphinx while something else is done.

    Raises:
        DocumentationError: if it warns of anything.
    """
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        try:
            yield
        except BaseException:
            process.kill()
            raise
        said, _ = process.communicate()
    if process.returncode:
        raise DocumentationError(f"the documentation could not be built:\n{said.strip()}")


def _settings(repository: str | None, execute: bool) -> dict[str, str]:
    """What Sphinx is told beside its sources: digests of code and corpus, as pages are made from both."""
    corpus = shipped()  # notebooks ask that one, whatever the pages beside them show
    code = (file for room in ROOMS for file in sorted((CLONE / room).rglob("*.py")))
    return {
        "prunelit_code": _digest_of(code),
        "prunelit_corpus": _digest_of(file for file in sorted(corpus.rglob("*")) if file.is_file()),
        "prunelit_repository": repository or "",
        "nb_execution_mode": "force" if execute else "off",
    }


def _inputs_digest(settings: dict[str, str]) -> str:
    """The digest of all that the documentation is made of: settings, sources, included documents, and versions."""
    sources = (file for file in sorted(SOURCES.rglob("*")) if file.is_file())
    documents = (CLONE / name for name in sorted(PAGES))
    versions = [version(one) for one in ("sphinx", "myst-nb", "furo", "altair", "pandas")]
    return input_digest(settings, _digest_of(sources), _digest_of(documents), versions)


def _command(settings: dict[str, str], work: Path) -> list[str]:
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "--builder", "html"]
    command += [part for name, value in settings.items() for part in ("--define", f"{name}={value}")]
    return [*command, "--doctree-dir", str(work / "doctrees"), str(SOURCES), str(work / "html")]


def _digest_of(files: Iterable[Path]) -> str:
    return input_digest(*(part for file in files for part in (file.name, file.read_bytes())))
