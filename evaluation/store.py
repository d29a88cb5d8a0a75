"""Results and weights in a folder, each in a file named by the digest of its job and written at once or not at all.

A file that exists is complete: it is written beside its place, forced to the disk, and renamed.  So whatever is killed,
and whichever process asks, nothing finished is lost or run again, and equal jobs of different specifications share a
file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

from prunelit.evaluation.results import Result

RESULTS_FOLDER, WEIGHTS, TRAINED = "results", "weights", "trained"


class Store:
    """A folder of results and weights."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def result(self, digest: str) -> Result | None:
        """The result of a job, if it is finished; a file that says something else is as good as none."""
        try:
            text = self._path(RESULTS_FOLDER, digest, "json").read_text(encoding="utf-8")
            return Result.model_validate_json(text)
        except (FileNotFoundError, ValueError):
            return None

    def has(self, digest: str) -> bool:
        """Whether a job is finished."""
        return self.result(digest) is not None

    def keep(self, result: Result) -> None:
        """Write the result of a job."""
        text = result.model_dump_json(indent=1)
        _write(self._path(RESULTS_FOLDER, result.digest, "json"), lambda file: file.write(text.encode()))

    def finished(self) -> Iterator[str]:
        """The digests of all jobs that are finished."""
        yield from (path.stem for path in sorted((self.folder / RESULTS_FOLDER).glob("*.json")))

    def weights_path(self, digest: str) -> Path:
        """Where the weights of a job are."""
        return self._path(WEIGHTS, digest, "pt")

    def keep_weights(self, digest: str, save: Callable[[BinaryIO], Any]) -> int:
        """Let ``save`` write the weights of a job; how many bytes they are."""
        path = self.weights_path(digest)
        _write(path, save)
        return path.stat().st_size

    def same_training(self, key: str) -> Result | None:
        """The result of a job that trained the very same network in the same way, if there is one."""
        found = self.read_json(TRAINED, key)
        return self.result(found["digest"]) if found else None

    def keep_training(self, key: str, digest: str) -> None:
        """Say which job trained a network."""
        self.write_json(TRAINED, key, {"digest": digest})

    def read_json(self, kind: str, digest: str) -> Any:
        """What a file of another kind says, if it is there."""
        try:
            return json.loads(self._path(kind, digest, "json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def write_json(self, kind: str, digest: str, value: Any) -> None:
        """Write a file of another kind."""
        _write(self._path(kind, digest, "json"), lambda file: file.write(json.dumps(value, indent=1).encode()))

    def alone(self, key: str) -> AbstractContextManager[Any]:
        """Waits until nobody else trains a network, and keeps others waiting; the system ends it with the process."""
        from filelock import FileLock

        path = self._path(TRAINED, key, "lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(path)

    def _path(self, kind: str, digest: str, ending: str) -> Path:
        return self.folder / kind / f"{digest}.{ending}"


def _write(path: Path, write: Callable[[BinaryIO], Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False)  # noqa: SIM115
    try:
        with beside as file:
            write(file)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside.name, path)
    except BaseException:
        Path(beside.name).unlink(missing_ok=True)
        raise
