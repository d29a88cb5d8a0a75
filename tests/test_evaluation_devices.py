"""Do networks run where a specification says, and do names and times keep devices apart?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from prunelit.evaluation import devices
from prunelit.evaluation.data.load import load
from prunelit.evaluation.jobs import Job, digest_of
from prunelit.evaluation.latency import ENGINES, Timing
from prunelit.evaluation.results import Result
from prunelit.evaluation.store import Store
from prunelit.evaluation.timings import keep

Run = Callable[..., Any]
SPEC = """\
name: tiny
data: [{name: Digits}]
models: [{name: LeNet-300-100}]
strategies: [{name: magnitude}]
schemes: [{name: none}]
ratios: [2]
seeds: [0, 1, 2]
training: {epochs: 1, learning_rate: 0.1}
device: DEVICE
"""
JOB = Job(data={"name": "Digits"}, network={"name": "LeNet-5"}, training={"epochs": 1}, seed=0, threads=1)
TIME = Timing("torch", "2.13", "cpu", "a processor", 64, 1, 2.0, 1.9, 2.1, 20, False)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "is_there", lambda device: device == "cpu")


def spec(folder: Path, device: str) -> Path:
    path = folder / "spec.yaml"
    path.write_text(SPEC.replace("DEVICE", device), encoding="utf-8")
    return path


def test_the_processor_goes_without_saying_in_the_name_of_a_job() -> None:
    assert JOB.digest == digest_of({name: one for name, one in JOB.model_dump().items() if name != "device"})


def test_a_job_on_a_gpu_has_a_name_of_its_own() -> None:
    assert JOB.model_copy(update={"device": "cuda"}).digest != JOB.digest


def test_the_network_that_is_pruned_was_trained_on_the_same_device() -> None:
    assert JOB.model_copy(update={"device": "cuda", "ratio": 2.0}).unpruned().device == "cuda"


def test_an_unknown_device_is_told_with_its_place(tmp_path: Path, terminal: Run) -> None:
    status, _, err = terminal("evaluate", "status", spec(tmp_path, "metal"))
    assert status == 1
    assert err.endswith("spec.yaml:9:1: choice: 'device': expected 'cpu' or 'cuda'; found 'metal'\n")


@pytest.mark.usefixtures("no_gpu")
@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_gpu_that_is_not_there_is_told_before_anything_runs(tmp_path: Path, terminal: Run, command: str) -> None:
    status, _, err = terminal("evaluate", command, spec(tmp_path, "cuda"), "--store", tmp_path / "store")
    assert (status, err.startswith("Error: torch sees no GPU here")) == (1, True)
    assert not (tmp_path / "store").exists()


def test_batches_are_where_the_network_is() -> None:
    data = load("Digits").on("meta")
    images, labels = data.ready(*data.train.batch(torch.arange(3)))
    assert {images.device.type, labels.device.type} == {"meta"}


def test_a_gpu_is_timed_by_torch_alone() -> None:
    assert ENGINES == {"cpu": ("torch", "onnxruntime"), "cuda": ("torch",)}


def test_times_of_other_machines_and_settings_are_kept(tmp_path: Path) -> None:
    result, store = Result(digest=JOB.digest, job=JOB, status="finished"), Store(tmp_path)
    others = [replace(TIME, hardware="another"), replace(TIME, batch_size=1), replace(TIME, milliseconds=3.0)]
    keep(result, [TIME], store)
    keep(result, others, store)
    kept = store.read_json("latency", JOB.digest)
    assert kept is not None
    told = [(one["hardware"], one["batch_size"], one["milliseconds"]) for one in kept["timings"]]
    assert told == [("a processor", 64, 3.0), ("another", 64, 2.0), ("a processor", 1, 2.0)]


@pytest.mark.usefixtures("no_gpu")
@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("cdua", "Error: there is no device 'cdua'; did you mean 'cuda'? Known are cpu, cuda\n"),
        ("cuda", "Error: torch sees no GPU here; 'prunelit evaluate doctor' tells which torch this is\n"),
    ],
)
def test_a_device_that_cannot_be_timed_is_told(
    tmp_path: Path, terminal: Run, monkeypatch: pytest.MonkeyPatch, asked: str, message: str
) -> None:
    monkeypatch.setattr("prunelit.evaluation.timings.timed_jobs", lambda *_: [None])
    status, _, err = terminal("evaluate", "latency", spec(tmp_path, "cpu"), "--device", asked)
    assert (status, err) == (1, message)
