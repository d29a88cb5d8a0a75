"""Are datasets read as their authors describe, and are training, validation and test images apart?"""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from prunelit.evaluation.augmentation import crop_flip
from prunelit.evaluation.combinations import IMAGE_SIDES
from prunelit.evaluation.data import cifar, idx
from prunelit.evaluation.data.load import load
from prunelit.evaluation.data.missing import MissingDataError
from prunelit.evaluation.data.places import DATA_VARIABLE, folder_of


def idx_bytes(array: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + b"".join(struct.pack(">I", size) for size in array.shape) + array.tobytes()


@pytest.fixture
def mnist(tmp_path: Path) -> Path:
    chance = np.random.default_rng(1)
    for part, number in (("train", 20), ("t10k", 10)):
        images = chance.integers(0, 256, (number, 28, 28), dtype=np.uint8)
        labels = np.arange(number, dtype=np.uint8) % 10
        (tmp_path / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_bytes(images)))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx_bytes(labels))
    return tmp_path


def test_idx_files_are_read_packed_and_plain(mnist: Path) -> None:
    images, labels = idx.read_folder(mnist, "test")
    assert (images.shape, labels.tolist()) == ((10, 1, 28, 28), list(range(10)))


def test_an_idx_file_holds_what_its_header_says(tmp_path: Path) -> None:
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    (tmp_path / "file").write_bytes(idx_bytes(array))
    assert np.array_equal(idx.read_idx(tmp_path / "file"), array)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data[:-1], "its header says"),
        (lambda data: b"\1" + data[1:], "no IDX file"),
        (lambda data: data[:6], "within its header"),
        (lambda data: data[:2] + b"\x0d" + data[3:], "no IDX file of bytes"),
    ],
)
def test_broken_idx_files_are_told_of(tmp_path: Path, change: object, told: str) -> None:
    data = idx_bytes(np.zeros((2, 3), dtype=np.uint8))
    (tmp_path / "file").write_bytes(change(data))  # type: ignore[operator]
    with pytest.raises(MissingDataError, match=told):
        idx.read_idx(tmp_path / "file")


def test_broken_gzip_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file.gz").write_bytes(b"no gzip")
    with pytest.raises(MissingDataError, match="cannot be read"):
        idx.read_idx(tmp_path / "file.gz")


@pytest.mark.parametrize(("name", "labels"), [("CIFAR-10", [3]), ("CIFAR-100", [9, 3])])
def test_cifar_records_are_labels_and_three_planes(tmp_path: Path, name: str, labels: list[int]) -> None:
    planes = np.arange(3072) % 251
    for file in cifar.CIFAR_FILES[name, "train"]:
        (tmp_path / file).write_bytes(bytes(labels) + planes.astype(np.uint8).tobytes())
    images, found = cifar.read_folder(tmp_path, name, "train")
    assert images.shape[1:] == (3, 32, 32)
    assert set(found.tolist()) == {3}
    assert images[0, 1, 2, 5] == planes[1024 + 2 * 32 + 5]


def test_a_cifar_file_of_another_length_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "test_batch.bin").write_bytes(bytes(3072))
    with pytest.raises(MissingDataError, match="no whole number of records"):
        cifar.read_folder(tmp_path, "CIFAR-10", "test")


def test_what_is_missing_is_told_with_where_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    with pytest.raises(MissingDataError, match=r"CIFAR-10 is not here; looked in .*cifar-10\. .*binary version from"):
        load("CIFAR-10")


def test_an_empty_folder_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"no file 'train-images-idx3-ubyte' .* dataset-fashion-mnist"):
        load("Fashion-MNIST", str(tmp_path))


def test_the_environment_names_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mnist").mkdir()
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    assert folder_of("MNIST") == tmp_path / "mnist"


def test_the_specification_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mine").mkdir()
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    assert folder_of("MNIST", str(tmp_path / "mine")) == tmp_path / "mine"


def test_digits_have_three_parts_without_a_common_image() -> None:
    data = load("Digits")
    parts = [data.train, data.validation, data.test]
    assert [len(part) for part in parts] == [1293, 144, 360]
    kept = [{bytes(image.numpy()) for image in part.images} for part in parts]
    assert sum(map(len, kept)) == len(set().union(*kept)) == 1797


def test_digits_are_the_originals() -> None:
    from sklearn.datasets import load_digits

    originals = {tuple(image.round().astype(int)) for image in load_digits().data}
    data = load("Digits")
    assert {
        tuple((image.flatten().double() * 16 / 255).round().int().tolist()) for image in data.test.images
    } <= originals


def test_fewer_training_images_are_the_first_and_so_are_those_for_validation() -> None:
    everything, some = load("Digits"), load("Digits", training_images=900)
    assert (len(some.train), len(some.validation), len(some.test)) == (900, 100, 360)
    assert torch.equal(everything.validation.labels[:100], some.validation.labels)
    assert torch.equal(everything.train.labels[:900], some.train.labels)


def test_images_are_scaled_to_mean_zero_and_deviation_one() -> None:
    data = load("Digits")
    scaled = data.scaled(data.train.images)
    assert abs(float(scaled.mean())) < 1e-5
    assert abs(float(scaled.std(correction=0)) - 1) < 1e-5


def test_sides_are_known() -> None:
    assert load("Digits").shape == (1, IMAGE_SIDES["Digits"], IMAGE_SIDES["Digits"])


def test_mnist_files_are_loaded(mnist: Path) -> None:
    data = load("MNIST", str(mnist))
    assert (len(data.train), len(data.validation), len(data.test), data.shape) == (18, 2, 10, (1, 28, 28))


def test_crops_and_flips_are_windows_of_the_padded_image() -> None:
    images = torch.arange(1, 65, dtype=torch.uint8).reshape(1, 1, 8, 8).repeat(50, 1, 1, 1)
    changed = crop_flip(images, torch.Generator().manual_seed(0))
    padded = torch.nn.functional.pad(images[0], (1, 1, 1, 1))[0]
    windows = [padded[top : top + 8, left : left + 8] for top in range(3) for left in range(3)]
    allowed = {bytes(one.contiguous().numpy()) for window in windows for one in (window, window.flip(1))}
    found = {bytes(image.numpy()) for image in changed[:, 0]}
    assert found <= allowed
    assert len(found) > len(allowed) // 2
