"""Is a specification read strictly, and does each job have one name?"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from prunelit.evaluation.combinations import suits
from prunelit.evaluation.jobs import Job, digest_of, jobs_of
from prunelit.evaluation.presets import DEFAULTS, PRESETS, fine_tuning_of, preset_differences, training_of
from prunelit.evaluation.spec import Evaluation, Training, read_evaluation
from prunelit.evaluation.strategies import catalogue
from prunelit.evaluation.strategies.catalogue import STRATEGIES

BASE = """\
name: tiny
data: [{name: Digits}]
models: [{name: LeNet-300-100}]
strategies: [{name: magnitude}]
schemes: [{name: fine_tuned}]
ratios: [2, 4]
seeds: [0, 1, 2]
training: {epochs: 4, learning_rate: 0.1}
fine_tuning: {epochs: 2, learning_rate: 0.01}
"""

Told = Callable[..., list[str]]


def evaluation(tmp_path: Path, text: str = BASE) -> Evaluation:
    file = tmp_path / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    document, problems = read_evaluation(file)
    assert document is not None, problems
    return document.value


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """What is said about a specification in which some text stands for another."""

    def tell(*changes: tuple[str, str]) -> list[str]:
        text = BASE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "spec.yaml"
        file.write_text(text, encoding="utf-8")
        _, problems = read_evaluation(file)
        return [str(one).removeprefix(f"{file}:") for one in problems]

    return tell


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("ratios: [2, 4]", "ratois: [2, 4]"), "6:1: unknown-key: key 'ratois' is not known; did you mean 'ratios'?"),
        (("ratios: [2, 4]", "ratios: [2, 1]"), "6:13: range: 'ratios': expected more than 1"),
        (("LeNet-300-100", "LeNet-300-10"), "3:11: known-model: there is no network 'LeNet-300-10'; did you mean"),
        (("LeNet-300-100", "ResNet-21"), "3:11: known-model: there is no network 'ResNet-21': its depth has to be 6n"),
        (("LeNet-300-100", "VGG-16"), "3:10: image-size: 'VGG-16' needs images of 32 pixels a side; those of Digits"),
        (("{name: magnitude}", "{name: magnitud}"), "4:15: known-strategy: there is no strategy 'magnitud'; did you"),
        (
            ("{name: magnitude}", "{name: lamp, scope: uniform}"),
            "4:27: known-scope: 'lamp' has no scope 'uniform'; it has",
        ),
        (("{name: magnitude}", "{name: snip}"), "4:14: scheme: no scheme of this file suits 'snip'; it needs one of"),
        (("fine_tuned", "at_initialization"), "4:14: scheme: no scheme of this file suits 'magnitude'"),
        (("{name: fine_tuned}", "{name: fine_tuned}, {name: reduced_network}"), "5:31: strategy: no strategy of this"),
        (("seeds: [0, 1, 2]", "seeds: [0, 1, 1]"), "7:15: listed-once: this stands already in 'seeds'"),
        (
            ("epochs: 4, ", ""),
            "8:1: recipe: neither this file nor its preset gives 'epochs'; write it under 'training'",
        ),
        (("{name: fine_tuned}", "{name: fine_tuned, only: [magnitud]}"), "5:37: known-strategy: 'magnitud' is no"),
        (("LeNet-300-100}", "LeNet-300-100, only: [MNIST]}"), "3:39: known-dataset: 'MNIST' is no dataset of this"),
        (
            (
                "Digits}]\nmodels: [{name: LeNet-300-100}]",
                "Digits}, {name: MNIST}]\nmodels: [{name: LeNet-300-100, only: [Digits]}]",
            ),
            "2:24: model: no network of this file is run on MNIST",
        ),
        (("fine_tuned", "weight_rewinding"), "5:11: missing-key: key 'rewind_to' is missing"),
        (("0.1}", "0.1, schedule: steps}"), "5:11: recipe: the schedule is 'steps', but nothing says when they are"),
        (("epochs: 4", "epochs: four"), "8:12: type: 'epochs': expected a whole number"),
        (("{name: magnitude}", "{name: 'no_such:one'}"), "4:15: known-strategy: there is no module 'no_such'"),
    ],
    ids=lambda one: one if isinstance(one, str) else one[1],
)
def test_one_mistake_is_one_message_with_its_place(told: Told, change: tuple[str, str], message: str) -> None:
    problems = told(change)
    assert [problem for problem in problems if not problem.startswith(message)] == []
    assert len([problem for problem in problems if problem.startswith(message)]) == 1


def test_all_mistakes_are_told_at_once(told: Told) -> None:
    assert len(told(("LeNet-300-100", "LeNet"), ("magnitude", "magnitud"), ("seeds: [0, 1, 2]", "seeds: [0, 0]"))) == 3


def torch_after(code: str) -> str:
    """Whether torch is loaded after some code was run."""
    told = f"{code}; print('torch' in sys.modules)"
    return subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout


def test_a_specification_needs_no_torch() -> None:
    code = "import prunelit.evaluation.spec, prunelit.evaluation.combinations, prunelit.evaluation.jobs, sys"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print('torch' in sys.modules)"], capture_output=True, text=True
    )
    assert done.stdout == "False\n"


def test_importing_prunelit_never_imports_torch() -> None:
    assert torch_after("import prunelit, prunelit.cli, sys; prunelit.papers()") == "False\n"


def test_jobs_are_every_combination_once(tmp_path: Path) -> None:
    jobs = jobs_of(evaluation(tmp_path))
    assert len(jobs) == 3 + 3 * 2
    assert len({job.digest for job in jobs}) == len(jobs)


def test_a_scheme_may_be_for_some_strategies_only(tmp_path: Path) -> None:
    text = BASE.replace("{name: magnitude}", "{name: magnitude}, {name: random}")
    text = text.replace("[{name: fine_tuned}]", "[{name: fine_tuned}, {name: scratch_e, only: [random]}]")
    found = {
        (job.strategy["name"], job.scheme["name"])
        for job in jobs_of(evaluation(tmp_path, text))
        if job.strategy and job.scheme
    }
    assert found == {("magnitude", "fine_tuned"), ("random", "fine_tuned"), ("random", "scratch_e")}


def test_a_network_may_be_for_some_datasets_only(tmp_path: Path) -> None:
    text = BASE.replace("{name: Digits}", "{name: Digits}, {name: MNIST}")
    text = text.replace("{name: LeNet-300-100}", "{name: LeNet-300-100}, {name: LeNet-5, only: [MNIST]}")
    jobs = jobs_of(evaluation(tmp_path, text))
    found = {(job.data["name"], job.network["name"]) for job in jobs}
    assert found == {("Digits", "LeNet-300-100"), ("MNIST", "LeNet-300-100"), ("MNIST", "LeNet-5")}
    assert all(job.network == {"name": job.network["name"]} for job in jobs)


def test_unpruned_networks_come_first(tmp_path: Path) -> None:
    pruned = [job.strategy is not None for job in jobs_of(evaluation(tmp_path))]
    assert pruned == sorted(pruned)


def test_every_pruned_job_starts_from_an_unpruned_one_of_the_list(tmp_path: Path) -> None:
    text = BASE.replace("{name: magnitude}", "{name: magnitude}, {name: slimming}").replace("LeNet-300-100", "ResNet-8")
    jobs = jobs_of(evaluation(tmp_path, text))
    digests = {job.digest for job in jobs}
    assert all(job.unpruned().digest in digests for job in jobs)


def test_all_strategies_without_penalty_share_one_unpruned_network(tmp_path: Path) -> None:
    jobs = jobs_of(evaluation(tmp_path, BASE.replace("{name: magnitude}", "{name: magnitude}, {name: l1_channels}")))
    assert len({job.unpruned().digest for job in jobs if job.seed == 0}) == 1


def test_a_job_survives_json(tmp_path: Path) -> None:
    for job in jobs_of(evaluation(tmp_path)):
        assert Job(**json.loads(job.model_dump_json())).digest == job.digest


def test_runs_of_a_strategy_that_was_changed_are_other_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = jobs_of(evaluation(tmp_path))
    changed = replace(catalogue.STRATEGIES["magnitude"], revision=2)
    monkeypatch.setattr(catalogue, "STRATEGIES", {**catalogue.STRATEGIES, "magnitude": changed})
    same = {job.digest for job in before} & {job.digest for job in jobs_of(evaluation(tmp_path))}
    assert same == {job.digest for job in before if job.strategy is None}


def test_digests_stay_as_they_are() -> None:
    assert digest_of({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad808"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("name: tiny", "name: other", True),
        ("{name: Digits}", "{name: Digits, folder: /somewhere}", True),
        ("{name: LeNet-300-100}", "{name: LeNet-300-100, architecture: LeNet}", True),
        ("learning_rate: 0.1", "learning_rate: 0.10", True),
        ("learning_rate: 0.1", "learning_rate: 0.2", False),
        ("{name: Digits}", "{name: Digits, validation: 0.2}", False),
        ("epochs: 4", "epochs: 5", False),
        ("ratios: [2, 4]", "ratios: [2, 4]\nthreads: 2", False),
        ("ratios: [2, 4]", "ratios: [2, 4]\nratio_of: multiply_adds", False),
    ],
)
def test_digests_change_with_what_results_depend_on_alone(tmp_path: Path, old: str, new: str, same: bool) -> None:
    before = {job.digest for job in jobs_of(evaluation(tmp_path))}
    after = {job.digest for job in jobs_of(evaluation(tmp_path, BASE.replace(old, new)))}
    assert (before == after) is same


def test_a_changed_function_of_ones_own_is_another_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mine, text = tmp_path / "mine_changes.py", BASE.replace("{name: magnitude}", "{name: 'mine_changes:score'}")
    found = []
    for body in ("1", "2"):
        mine.write_text(f"def score(subject):\n    return {body}\n")
        sys.modules.pop("mine_changes", None)
        found.append({job.digest for job in jobs_of(evaluation(tmp_path, text)) if job.strategy})
    assert found[0].isdisjoint(found[1])


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_has_a_function_of_its_own(name: str) -> None:
    assert STRATEGIES[name].function == f"prunelit.evaluation.strategies.{name}:{name}"


def test_papers_of_strategies_have_records() -> None:
    records = {path.stem for path in (Path(__file__).parents[1] / "corpus" / "papers").glob("*.yaml")}
    papers = {entry.proposed_by for entry in STRATEGIES.values() if entry.proposed_by}
    assert papers | {preset.paper for preset in PRESETS.values()} <= records


def test_snip_is_run_at_initialization_alone(tmp_path: Path) -> None:
    text = BASE.replace("{name: magnitude}", "{name: snip}").replace("fine_tuned", "at_initialization")
    found = evaluation(tmp_path, text)
    assert [suits(found.strategies[0], scheme) for scheme in found.schemes] == [True]


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("shrinkbench", {"epochs": 30, "batch_size": 128, "learning_rate": 0.001, "nesterov": True}),
        (
            "liu2019",
            {"epochs": 160, "batch_size": 64, "learning_rate": 0.1, "steps": [0.5, 0.75]},
        ),
        (
            "crowley2018",
            {"epochs": 200, "batch_size": 128, "steps": [0.3, 0.6, 0.8], "factor": 0.2},
        ),
        ("wang2023", {"epochs": 120, "learning_rate": 0.1, "steps": [0.25, 0.5, 0.75, 0.875]}),
    ],
)
def test_presets_are_those_of_their_papers(tmp_path: Path, preset: str, expected: dict[str, object]) -> None:
    text = "\n".join(BASE.replace("name: tiny", f"name: tiny\npreset: {preset}").splitlines()[:-2])
    recipe = training_of(evaluation(tmp_path, f"{text}\nfine_tuning: {{epochs: 1}}\n"))
    assert {name: recipe[name] for name in expected} == expected


def test_fine_tuning_of_liu_is_forty_epochs_at_a_constant_thousandth(tmp_path: Path) -> None:
    text = "\n".join(BASE.replace("name: tiny", "name: tiny\npreset: liu2019").splitlines()[:-2])
    found = evaluation(tmp_path, text)
    recipe = fine_tuning_of(found, found.schemes[0])
    assert (recipe["epochs"], recipe["learning_rate"], recipe["schedule"]) == (40, 0.001, "constant")
    assert (recipe["batch_size"], recipe["weight_decay"]) == (64, 0.0001)


def test_a_preset_without_epochs_of_fine_tuning_asks_for_them(told: Told) -> None:
    problems = told(("name: tiny", "name: tiny\npreset: crowley2018"), ("fine_tuning: {epochs: 2, ", "fine_tuning: {"))
    assert [problem.partition(" gives ")[2][:8] for problem in problems] == ["'epochs'"]


def test_what_differs_from_the_preset_is_known(tmp_path: Path) -> None:
    text = BASE.replace("name: tiny", "name: tiny\npreset: liu2019")
    assert preset_differences(evaluation(tmp_path, text)) == {"epochs": 4}


def test_every_value_of_a_preset_has_a_source_and_a_field() -> None:
    for preset in PRESETS.values():
        assert set(preset.training) <= set(Training.model_fields)
        covered = {"steps": "schedule", "factor": "schedule"}
        assert {covered.get(name, name) for name in preset.training} <= set(preset.sources)


def test_defaults_are_fields_of_the_specification() -> None:
    assert set(DEFAULTS) | {"epochs", "learning_rate"} == set(Training.model_fields)


SPECS = sorted((Path(__file__).parents[1] / "evaluation" / "specs").glob("*.yaml"))


@pytest.mark.parametrize("file", SPECS, ids=lambda file: file.stem)
def test_shipped_specifications_are_in_order(file: Path) -> None:
    document, problems = read_evaluation(file)
    assert problems == []
    assert document is not None
    found = document.value
    assert (len(found.models) >= 2, len(found.ratios), len(found.seeds)) == (True, 5, 5)
    assert {strategy.name for strategy in found.strategies} == set(STRATEGIES)


def test_there_are_shipped_specifications() -> None:
    assert [file.stem for file in SPECS] == ["digits", "fashion"]


def test_the_guide_leads_to_a_specification_that_can_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (Path(__file__).parents[1] / "evaluation" / "README.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^   ```(python|yaml)\n(.*?)^   ```$", guide, re.DOTALL | re.MULTILINE))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_method.py").write_text(textwrap.dedent(blocks["python"]), encoding="utf-8")
    assert evaluation(tmp_path, textwrap.dedent(blocks["yaml"])).name == "mine"
