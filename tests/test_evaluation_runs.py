"""Does an evaluation survive whatever is killed, and does its record belong to the corpus?"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import torch
import yaml

from prunelit.cli.entry.shrinkbench import read_run
from prunelit.evaluation import timings
from prunelit.evaluation.doctor import diagnoses
from prunelit.evaluation.jobs import jobs_of
from prunelit.evaluation.latency import exported, timing
from prunelit.evaluation.models.build import build, initialise
from prunelit.evaluation.planning import epochs_of, remaining_work
from prunelit.evaluation.results import Result
from prunelit.evaluation.spec import read_evaluation
from prunelit.evaluation.store import Store
from prunelit.schema.corpus import shipped

torch.set_num_threads(1)

SPEC = """\
name: digits
data: [{name: Digits, training_images: 400}]
models: [{name: ResNet-8, width: 0.25}]
strategies: [{name: random}, {name: magnitude}, {name: l1_channels}, {name: reduced_width}]
schemes: [{name: fine_tuned}, {name: scratch_e}, {name: reduced_network}]
ratios: [4]
seeds: [0, 1, 2]
training: {epochs: 2, batch_size: 50, learning_rate: 0.1, schedule: cosine}
fine_tuning: {epochs: 1, learning_rate: 0.02}
"""
JOBS = 3 + 3 * (3 + 3 + 1)

Run = Callable[..., Any]


def command(folder: Path, name: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "prunelit", "evaluate", name, str(folder / "spec.yaml"), *more]


def results(folder: Path) -> dict[str, int]:
    """When each result was written."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "store" / "results").glob("*.json")}


def wait_for(condition: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened for too long"
        time.sleep(0.05)


def workers(driver: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The processes that train; where setproctitle is installed, Dask gives them a title in place of their command."""
    return [
        one
        for one in psutil.Process(driver.pid).children(recursive=True)
        if any("spawn_main" in part or part.startswith("dask worker") for part in one.cmdline())
    ]


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """An evaluation during which a worker and then the driver were killed, and that was run again."""
    folder = tmp_path_factory.mktemp("evaluation")
    (folder / "spec.yaml").write_text(SPEC, encoding="utf-8")
    run = command(folder, "run", "--store", str(folder / "store"), "--workers", "1")
    driver = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        wait_for(lambda: len(results(folder)) >= 2)
        [worker] = workers(driver)
        worker.kill()
        at_death = len(results(folder))
        wait_for(lambda: len(results(folder)) >= at_death + 3)
        orphans = workers(driver)
        before = results(folder)
    finally:
        os.kill(driver.pid, signal.SIGKILL)
        driver.wait()
    _, alive = psutil.wait_procs(orphans, timeout=30)
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False)
    return folder, {"orphans": alive, "before": before, "status": done.returncode, "told": done.stderr}


Ended = tuple[Path, dict[str, Any]]


def test_a_killed_worker_is_replaced_and_a_killed_driver_leaves_no_orphans(ended: Ended) -> None:
    assert ended[1]["orphans"] == []


def test_everything_is_finished_when_it_is_run_again(ended: Ended) -> None:
    folder, told = ended
    assert (told["status"], len(results(folder))) == (0, JOBS)


def test_nothing_finished_is_run_again(ended: Ended) -> None:
    folder, told = ended
    after = results(folder)
    assert 5 <= len(told["before"]) < JOBS
    assert {name: after[name] for name in told["before"]} == told["before"]


def test_no_file_is_left_half_written(ended: Ended) -> None:
    assert [path.name for path in (ended[0] / "store").rglob("*.part")] == []


def test_a_third_run_has_nothing_to_do(ended: Ended, terminal: Run) -> None:
    folder, _ = ended
    status, _, err = terminal("evaluate", "run", folder / "spec.yaml", "--store", folder / "store")
    assert (status, err) == (0, f"{JOBS} runs, {JOBS} of them finished\nnothing to do\n")


def test_status_counts_what_is_finished(ended: Ended, terminal: Run) -> None:
    folder, _ = ended
    out = terminal("evaluate", "status", folder / "spec.yaml", "--store", folder / "store").out
    found = [line.split() for line in out.splitlines()]
    assert [line[0] for line in found] == ["unpruned", "fine_tuned", "scratch_e", "reduced_network"]
    counts = [sum(int(word) for word in line[1:] if word.isdigit()) for line in found]
    assert counts == [3, 9, 9, 3]


def test_plan_predicts_what_is_left(ended: Ended, terminal: Run) -> None:
    folder, _ = ended
    status, out, _ = terminal("evaluate", "plan", folder / "spec.yaml", "--store", folder / "nothing")
    assert status == 0
    assert out.splitlines()[-1].split()[:3] == ["all", str(JOBS), str(JOBS)]
    assert not (folder / "nothing").exists()


def test_prediction_is_within_a_few_times_of_what_it_took(ended: Ended) -> None:
    folder, _ = ended
    document, _ = read_evaluation(folder / "spec.yaml")
    assert document is not None
    jobs = jobs_of(document.value)
    predicted = sum(line.seconds for line in remaining_work(jobs, Store(folder / "nothing"), {}))
    kept = [Store(folder / "store").result(job.digest) for job in jobs]
    took = sum(one.cpu_seconds for one in kept if one)
    assert took / 8 < predicted < took * 8


def test_epochs_of_each_scheme_are_planned(ended: Ended) -> None:
    document, _ = read_evaluation(ended[0] / "spec.yaml")
    assert document is not None
    found = {(job.scheme or {"name": "unpruned"})["name"]: epochs_of(job) for job in jobs_of(document.value)}
    assert found == {"unpruned": 2, "fine_tuned": 1, "scratch_e": 2, "reduced_network": 2}


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(shipped(), tmp_path / "corpus"))


def written(ended: Ended, corpus: Path, terminal: Run, *more: object) -> Path:
    folder, output = ended[0], corpus / "papers" / "evaluation2026digits.yaml"
    options = ("--store", folder / "store", "--output", output, "--published", "2026-11")
    assert terminal("evaluate", "record", folder / "spec.yaml", *options, *more).status == 0
    return output


def test_the_record_is_valid_and_in_canonical_form(ended: Ended, corpus: Path, terminal: Run) -> None:
    output = written(ended, corpus, terminal)
    assert terminal("check", output).status == 0
    assert terminal("fmt", "--check", output).status == 0


def test_the_record_holds_every_run(ended: Ended, corpus: Path, terminal: Run) -> None:
    record = yaml.safe_load(written(ended, corpus, terminal).read_text(encoding="utf-8"))
    [experiment] = record["experiments"]
    assert (record["collections"], len(experiment["base_top1_runs"])) == (["evaluations"], 3)
    points = [point for curve in experiment["curves"] for point in curve["points"]]
    assert all(len(point["top1_runs"]) == point["seeds"] == 3 for point in points)
    assert {curve["training_scheme"] for curve in experiment["curves"]} == {
        "fine_tuned",
        "scratch_e",
        "reduced_network",
    }
    [magnitude] = [
        curve
        for curve in experiment["curves"]
        if (curve["method"], curve["training_scheme"]) == ("magnitude (global)", "fine_tuned")
    ]
    assert (magnitude["origin"], magnitude["proposed_by"], magnitude["stated_setup"]) == (
        "rerun",
        "han2015learning",
        "S4.2",
    )


def test_the_record_says_what_the_results_say(ended: Ended, corpus: Path, terminal: Run) -> None:
    record = yaml.safe_load(written(ended, corpus, terminal).read_text(encoding="utf-8"))
    kept = [json.loads(path.read_text()) for path in (ended[0] / "store" / "results").glob("*.json")]
    unpruned = sorted((one["job"]["seed"], one) for one in kept if one["job"]["strategy"] is None)
    assert record["experiments"][0]["base_top1_runs"] == [round(one["test"]["top1"], 2) for _, one in unpruned]


def test_an_unfinished_evaluation_has_no_record(ended: Ended, tmp_path: Path, terminal: Run) -> None:
    spec = ended[0] / "spec.yaml"
    status, _, err = terminal("evaluate", "record", spec, "--store", tmp_path, "--output", tmp_path / "one.yaml")
    assert (status, f"{JOBS} of {JOBS} jobs are not finished" in err) == (1, True)


def test_files_of_shrinkbench_are_read_by_what_reads_them(
    ended: Ended, corpus: Path, terminal: Run, tmp_path: Path
) -> None:
    written(ended, corpus, terminal, "--shrinkbench", tmp_path / "sb")
    runs = [read_run(folder, folder.name) for folder in sorted((tmp_path / "sb").iterdir())]
    assert len(runs) == JOBS - 3
    magnitude = [run for run in runs if run.params.strategy == "GlobalMagWeight"]
    assert {float(run.params.compression) for run in magnitude} == {4.0}
    for run in magnitude:
        assert float(run.metrics.size / run.metrics.size_nz) == pytest.approx(float(run.params.compression), rel=1e-3)


def test_too_few_seeds_are_refused(tmp_path: Path, terminal: Run) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC.replace("[0, 1, 2]", "[0]"))
    status, _, err = terminal("evaluate", "run", tmp_path / "spec.yaml", "--store", tmp_path / "store")
    assert (status, "name at least 3, or use --force" in err) == (1, True)


@pytest.mark.parametrize(
    ("raised", "status", "told"),
    [(KeyboardInterrupt, 130, "Stopped."), (TimeoutError, 1, "no worker answered in time")],
)
def test_whatever_stops_a_run_it_goes_on_later(
    tmp_path: Path,
    terminal: Run,
    monkeypatch: pytest.MonkeyPatch,
    raised: type[BaseException],
    status: int,
    told: str,
) -> None:
    def stopped(*_: object) -> None:
        raise raised

    monkeypatch.setattr("prunelit.evaluation.engine.run", stopped)
    (tmp_path / "spec.yaml").write_text(SPEC)
    found, _, err = terminal("evaluate", "run", tmp_path / "spec.yaml", "--store", tmp_path / "store")
    assert (found, told in err, "the same command goes on from there" in err) == (status, True, True)


def test_a_missing_dataset_is_told_before_anything_is_run(tmp_path: Path, terminal: Run) -> None:
    text = SPEC.replace("Digits, training_images: 400", f"CIFAR-10, folder: {tmp_path / 'nowhere'}")
    (tmp_path / "spec.yaml").write_text(text)
    status, _, err = terminal("evaluate", "run", tmp_path / "spec.yaml", "--store", tmp_path / "store")
    assert (status, "CIFAR-10 is not here" in err, (tmp_path / "store").exists()) == (1, True, False)


def test_a_broken_specification_is_told_with_its_place(tmp_path: Path, terminal: Run) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC.replace("seeds:", "seed:"))
    status, _, err = terminal("evaluate", "plan", tmp_path / "spec.yaml")
    assert (status, "spec.yaml:7:1: unknown-key: key 'seed' is not known; did you mean 'seeds'?" in err) == (1, True)


def test_doctor_is_content_here(terminal: Run) -> None:
    status, out, _ = terminal("evaluate", "doctor")
    assert (status, "torch " in out) == (0, True)


def test_doctor_warns_of_a_plain_installation(monkeypatch: pytest.MonkeyPatch, terminal: Run) -> None:
    monkeypatch.setattr("prunelit.evaluation.doctor.installed", lambda name: None)
    told = "\n".join(finding.what for finding in diagnoses())
    assert "3 GB for CUDA" in told
    assert "pip install torch -i" in told
    assert terminal("evaluate", "doctor").status == 1


def test_without_the_extra_other_commands_say_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, terminal: Run
) -> None:
    monkeypatch.setattr("prunelit.evaluation.doctor.installed", lambda name: None)
    (tmp_path / "spec.yaml").write_text(SPEC)
    status, _, err = terminal("evaluate", "plan", tmp_path / "spec.yaml")
    assert (status, "the extra 'evaluation' is not installed" in err) == (1, True)


def test_torch_and_onnxruntime_answer_alike() -> None:
    import onnxruntime

    network = initialise(build({"name": "ResNet-8", "width": 0.25}, (1, 8, 8), 10), 0).eval()
    images = torch.randn(3, 1, 8, 8)
    session = onnxruntime.InferenceSession(exported(network, images), providers=["CPUExecutionProvider"])
    [found] = session.run(None, {session.get_inputs()[0].name: images.numpy()})
    with torch.no_grad():
        assert np.allclose(found, network(images).numpy(), atol=1e-5)


def test_a_time_is_a_median_between_quartiles() -> None:
    network = initialise(build({"name": "LeNet-300-100"}, (1, 8, 8), 10), 0).eval()
    found = timing(network, (1, 8, 8), "torch", 4, 1)
    assert 0 < found.lower <= found.milliseconds <= found.upper
    assert found.repetitions >= 20
    assert found.throughput == pytest.approx(4000 / found.milliseconds)


def measured(ended: Ended, monkeypatch: pytest.MonkeyPatch, load: float) -> None:
    monkeypatch.setattr("prunelit.evaluation.latency.load_of_others", lambda: load)
    monkeypatch.setattr("prunelit.evaluation.latency.MIN_SHARE", 0.0)
    monkeypatch.setattr(timings, "ENGINES", {"cpu": ("torch",), "cuda": ("torch",)})


def test_networks_of_other_strategies_are_not_timed(ended: Ended) -> None:
    document, _ = read_evaluation(ended[0] / "spec.yaml")
    assert document is not None
    found = timings.timed_jobs(jobs_of(document.value), Store(ended[0] / "store"), ["reduced_width"])
    assert [(one.job.strategy or {}).get("name") for one in found] == [None, "reduced_width"]


def test_a_strategy_that_is_not_in_the_evaluation_is_refused(ended: Ended, terminal: Run) -> None:
    status, _, err = terminal("evaluate", "latency", ended[0] / "spec.yaml", "--strategy", "l1_channel")
    assert (status, err) == (
        1, "Error: the evaluation has no strategy 'l1_channel'; did you mean 'l1_channels'?\n",
    )  # fmt: skip


def test_a_busy_machine_is_refused(ended: Ended, monkeypatch: pytest.MonkeyPatch, terminal: Run) -> None:
    measured(ended, monkeypatch, load=0.9)
    folder = ended[0]
    status, _, err = terminal("evaluate", "latency", folder / "spec.yaml", "--store", folder / "store", "--batch", 1)
    assert (status, "the machine is busy" in err) == (1, True)
    assert not (folder / "store" / "latency").exists()


def test_times_of_a_busy_machine_enter_no_record(
    ended: Ended, corpus: Path, monkeypatch: pytest.MonkeyPatch, terminal: Run
) -> None:
    measured(ended, monkeypatch, load=0.9)
    folder = ended[0]
    options = ("--store", folder / "store", "--batch", 1, "--even-if-busy")
    out = terminal("evaluate", "latency", folder / "spec.yaml", *options).out
    assert all(line.endswith("busy") for line in out.splitlines())
    assert "latency" not in written(ended, corpus, terminal).read_text()


def test_times_of_an_idle_machine_enter_the_record(
    ended: Ended, corpus: Path, monkeypatch: pytest.MonkeyPatch, terminal: Run
) -> None:
    measured(ended, monkeypatch, load=0.0)
    folder = ended[0]
    status, out, _ = terminal("evaluate", "latency", folder / "spec.yaml", "--store", folder / "store", "--batch", 1)
    assert (status, "busy" in out) == (0, False)
    output = written(ended, corpus, terminal)
    assert terminal("check", output).status == 0
    [experiment] = yaml.safe_load(output.read_text(encoding="utf-8"))["experiments"]
    [time_] = experiment["base_metrics"]
    assert (time_["metric"], time_["batch_size"], time_["precision"]) == ("latency", 1, "FP32")


def test_a_result_tells_where_it_was_made(ended: Ended) -> None:
    path = next((ended[0] / "store" / "results").glob("*.json"))
    result = Result.model_validate_json(path.read_text())
    assert {"python", "processor", "instructions", "threads", "packages"} <= set(result.environment)
