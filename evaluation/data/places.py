"""Where the files of datasets are, and where to get them.  Nothing here needs torch."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from prunelit.evaluation.data.missing import MissingDataError

DATA_VARIABLE = "PRUNELIT_DATA"
"""Environment variable that names a folder with a folder for each dataset."""
INSTALLED = {"Fashion-MNIST": Path("/usr/share/datasets/fashion-mnist")}
"""Where Debian's packages put datasets."""
DATASET_SOURCES: Mapping[str, str] = {
    "Fashion-MNIST": "on Debian and Ubuntu install the package dataset-fashion-mnist; else the four files are at "
    "https://github.com/zalandoresearch/fashion-mnist",
    "MNIST": "the four files are named as those of Fashion-MNIST; see http://yann.lecun.com/exdb/mnist/",
    "CIFAR-10": "get the binary version from https://www.cs.toronto.edu/~kriz/cifar.html and unpack it",
    "CIFAR-100": "get the binary version from https://www.cs.toronto.edu/~kriz/cifar.html and unpack it",
    "ImageNet": "it is given to researchers at https://www.image-net.org/; the folder needs 'train' and 'val'",
}


def folder_of(name: str, folder: str | None = None) -> Path:
    """Where the files of a dataset are: in the folder of the specification, the environment's, the installed one.

    Raises:
        MissingDataError: if there is no such folder; the message says where to get the dataset.
    """
    candidates = [Path(folder)] if folder else []
    if not folder and DATA_VARIABLE in os.environ:
        candidates.append(Path(os.environ[DATA_VARIABLE]) / name.lower())
    if not folder and name in INSTALLED:
        candidates.append(INSTALLED[name])
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    looked = f"; looked in {', '.join(map(str, candidates))}" if candidates else ""
    raise MissingDataError(
        f"{name} is not here{looked}. Name its folder in the specification, with 'folder', or put it into "
        f"{name.lower()} within the folder that {DATA_VARIABLE} names: {DATASET_SOURCES[name]}"
    )


def installed_datasets() -> Iterator[tuple[str, bool, str]]:
    """Each dataset with files of its own: whether it is in a usual place, and which, or where to get it."""
    for name in DATASET_SOURCES:
        try:
            yield name, True, str(folder_of(name))
        except MissingDataError:
            yield name, False, f"not here; {DATASET_SOURCES[name]}"
