"""Building of the documentation, by Sphinx in a process of its own, beside the pages of the corpus."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from prunelit.explorer.digests import input_digest
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
    with subprocess.Popen(
        _command(repository, work, execute),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            yield
        except BaseException:
            process.kill()
            raise
        told, _ = process.communicate()
    if process.returncode:
        raise DocumentationError(f"the documentation could not be built:\n{told.strip()}")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(work / "html", folder, ignore=shutil.ignore_patterns(".buildinfo*", "*.map"))


def _command(repository: str | None, work: Path, execute: bool) -> list[str]:
    corpus = shipped()  # notebooks ask that one, whatever the pages beside them show
    code = (file for room in ROOMS for file in sorted((CLONE / room).rglob("*.py")))
    settings = {
        "prunelit_code": _digest_of(code),
        "prunelit_corpus": _digest_of(file for file in sorted(corpus.rglob("*")) if file.is_file()),
        "prunelit_repository": repository or "",
        "nb_execution_mode": "force" if execute else "off",
    }
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "--builder", "html"]
    command += [part for name, value in settings.items() for part in ("--define", f"{name}={value}")]
    return [*command, "--doctree-dir", str(work / "doctrees"), str(SOURCES), str(work / "html")]


def _digest_of(files: Iterator[Path]) -> str:
    return input_digest(*(part for file in files for part in (file.name, file.read_bytes())))
