"""Atomic writing: a crash or a full disk leaves the old files as they were."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from errno import EBUSY, ENOTDIR
from hashlib import blake2b
from pathlib import Path
from socket import gethostname
from tempfile import TemporaryDirectory
from time import time

from prunelit.schema.problems import PrunelitError

PREFIX = ".prunelit-"
"""How the names of temporary folders begin, before the machine and the number of their process."""
_TEMPORARY = re.compile(rf"{re.escape(PREFIX)}[0-9a-f]{{8}}-\d+-\w+")
ABANDONED = 3600
"""Seconds after which a temporary folder was left by a process that was killed, whatever has its number now."""


class ChangedError(PrunelitError, OSError):
    """Raised when a file is no longer what its new text was made from."""


def write_all(output: Path, write: Callable[[Path], Iterable[Path]]) -> list[Path]:
    """Let ``write`` fill an empty folder, then move its files into ``output``.

    Args:
        output: Folder that the files end up in; created where it is missing.
        write: Takes the empty folder and returns the files that it wrote there.

    Returns:
        The files, in their order, where they are now; a folder among them has taken the place of the one before.

    Raises:
        NotADirectoryError: if a file stands where a folder is to be; nothing is asked of ``write`` then.
    """
    # Where nothing comes to be written, no folder is left behind either.
    place = next(one for one in (output, *output.absolute().parents) if os.path.lexists(one))
    if not place.is_dir():
        raise NotADirectoryError(ENOTDIR, "this is no folder, and none can be made there", str(place))
    sweep(place)
    with TemporaryDirectory(prefix=f"{_here()}{os.getpid()}-", dir=place) as name:
        folder = Path(name)
        files = list(write(folder))
        output.mkdir(parents=True, exist_ok=True)
        return [_move(file, output / file.relative_to(folder)) for file in files]


def sweep(place: Path) -> None:
    """Remove the temporary folders in a folder that killed processes left there, and no others of such names."""
    for left in place.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if _TEMPORARY.fullmatch(left.name) and _is_abandoned(left):
                shutil.rmtree(left)


def _here() -> str:
    """How names begin on this machine; another one that shares the folder has processes of its own."""
    return f"{PREFIX}{blake2b(gethostname().encode(), digest_size=4).hexdigest()}-"


def _is_abandoned(left: Path) -> bool:
    number = left.name.removeprefix(_here()).partition("-")[0]
    if left.lstat().st_mtime < time() - ABANDONED:
        return True
    if os.name != "posix" or not number.isdecimal():  # elsewhere, asking ends the process
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        pass
    return False


def write_bytes(path: Path, data: bytes, mode: int | None = None, instead_of: bytes | None = None) -> None:
    """Write one file.

    Args:
        path: The file.
        data: What it is to hold.
        mode: Its permissions; by default what is there already keeps its own, and stays the link, pipe or device that
            it may be.
        instead_of: What it must hold until then.

    Raises:
        ChangedError: if it holds anything else, and so was changed by somebody else meanwhile.
    """
    write_file(path, lambda file: file.write_bytes(data), mode, instead_of)


def write_file(
    path: Path, make: Callable[[Path], object], mode: int | None = None, instead_of: bytes | None = None
) -> None:
    """As :func:`write_bytes`, for a file that something else makes, at the place that it is told."""
    if mode is None:
        path = Path(os.path.realpath(path))
        if path.exists() and not path.is_file():
            with TemporaryDirectory() as name:
                make(Path(name, "made"))
                with Path(name, "made").open("rb") as made, path.open("wb") as there:
                    shutil.copyfileobj(made, there)
            return

    def write(folder: Path) -> list[Path]:
        file = folder / path.name
        make(file)
        if mode is not None:
            file.chmod(mode)
        elif path.exists():
            shutil.copymode(path, file)
        if instead_of is not None and path.read_bytes() != instead_of:
            raise ChangedError(EBUSY, "changed meanwhile, and left as it is", str(path))
        return [file]

    write_all(path.parent, write)


def write_text(path: Path, text: str, instead_of: bytes | None = None) -> None:
    """As :func:`write_bytes`, for text in UTF-8, with line ends as they are in ``text``."""
    write_bytes(path, text.encode("utf-8"), instead_of=instead_of)


def write_texts(output: Path, texts: dict[str, str]) -> list[Path]:
    """Write files of text, by their names, all or none of them; returns where they are."""

    def write(folder: Path) -> list[Path]:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        return [folder / name for name in texts]

    return write_all(output, write)


def _move(file: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    if file.is_dir() and target.is_dir():
        os.replace(target, file.with_name(f"{file.name}-before"))  # goes with the temporary folder
    os.replace(file, target)
    return target
