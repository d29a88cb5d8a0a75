"""Building of the documentation, by Sphinx in a process of its own, beside the pages of the corpus."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from prunelit.schema.problems import PrunelitError

TOP = Path(__file__).resolve().parents[2]
"""Top folder of the clone that this module is in, if it is in one."""
SOURCES = TOP / "explorer" / "docs"
WORK = TOP / "build" / "docs"
"""Folder of what the next build goes on from."""
_NEEDED = ("sphinx", "myst_nb", "furo")


class DocumentationError(PrunelitError):
    """Raised when Sphinx finds something wrong with the documentation."""


def why_not() -> str | None:
    """Why there can be no documentation here; None where it can be built."""
    if not (SOURCES / "conf.py").is_file():
        return "its sources are in a clone of the repository alone"
    missing = [one for one in _NEEDED if find_spec(one) is None]
    return f"{', '.join(missing)} is not installed: pip install 'prunelit[site]'" if missing else None


@dataclass(frozen=True, slots=True)
class DocumentationBuild:
    """A run of Sphinx."""

    process: subprocess.Popen[str]
    work: Path

    def into(self, folder: Path) -> None:
        """Wait for the end, and put the pages into a folder.

        Raises:
            DocumentationError: if Sphinx warns of anything, such as a link that leads nowhere.
        """
        told, _ = self.process.communicate()
        if self.process.returncode:
            raise DocumentationError(f"the documentation could not be built:\n{told.strip()}")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.work / "html", folder, ignore=shutil.ignore_patterns(".buildinfo*"))

    def stop(self) -> None:
        """End it, as nobody waits for it any more."""
        self.process.kill()
        self.process.wait()


def begin(
    code: str = "", corpus: str = "", repository: str | None = None, work: Path = WORK, execute: bool = True
) -> DocumentationBuild:
    """Let Sphinx begin.

    Args:
        code: What tells whether the code has changed, and with it the pages that are made from it.
        corpus: The same of the corpus.
        repository: Web address of the repository, for links to files that are no pages.
        work: Folder of what the next build goes on from.
        execute: Whether notebooks are run.
    """
    settings = {
        "prunelit_code": code,
        "prunelit_corpus": corpus,
        "prunelit_repository": repository or "",
        "nb_execution_mode": "force" if execute else "off",
    }
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "--builder", "html"]
    command += [part for name, value in settings.items() for part in ("--define", f"{name}={value}")]
    folders = (SOURCES, work / "html")
    process = subprocess.Popen(
        [*command, "--doctree-dir", str(work / "doctrees"), *map(str, folders)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return DocumentationBuild(process, work)
