"""Is training deterministic, and do schemes and setups do what their names say?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from prunelit.evaluation.accuracy import Quality, quality
from prunelit.evaluation.data.load import load
from prunelit.evaluation.during import share_of
from prunelit.evaluation.execute import execute, status_of
from prunelit.evaluation.jobs import Job, jobs_of
from prunelit.evaluation.models.build import build, initialise
from prunelit.evaluation.rates import rates
from prunelit.evaluation.results import Result
from prunelit.evaluation.schemes import scratch_b_epochs
from prunelit.evaluation.setups import Conditions, point_conditions, setup_of
from prunelit.evaluation.spec import Evaluation, read_evaluation
from prunelit.evaluation.store import Store
from prunelit.evaluation.training import Course, optimizer_of, scale_sum, take_step, train
from prunelit.evaluation.weights import load_state, weights_digest

torch.set_num_threads(1)

SPEC = """\
name: tiny
data: [{name: Digits, training_images: 300}]
models: [{name: ResNet-8, width: 0.25}]
strategies:
  - {name: random}
  - {name: magnitude, scope: global}
  - {name: snip}
  - {name: synflow}
  - {name: gradual}
  - {name: movement}
  - {name: l1_channels}
  - {name: slimming}
  - {name: reduced_width}
  - {name: n_of_m}
schemes:
  - {name: none}
  - {name: fine_tuned}
  - {name: fine_tuned, rounds: 2}
  - {name: learning_rate_rewinding, rewind_to: 0.5}
  - {name: weight_rewinding, rewind_to: 0.5}
  - {name: scratch_e}
  - {name: scratch_b, longest: 3}
  - {name: at_initialization}
  - {name: during_training}
  - {name: reduced_network}
ratios: [2]
seeds: [0]
training: {epochs: 2, batch_size: 50, learning_rate: 0.1, schedule: cosine}
fine_tuning: {epochs: 1, learning_rate: 0.02}
"""
RECIPE: dict[str, Any] = {
    "batch_size": 50,
    "optimizer": "sgd",
    "learning_rate": 0.1,
    "momentum": 0.9,
    "nesterov": False,
    "weight_decay": 0.0,
    "schedule": "constant",
    "steps": [],
    "factor": 0.1,
    "augmentation": "none",
    "sparsity_penalty": 0.0,
}


def evaluation(folder: Path, text: str = SPEC) -> Evaluation:
    (folder / "spec.yaml").write_text(text, encoding="utf-8")
    document, problems = read_evaluation(folder / "spec.yaml")
    assert document is not None, problems
    return document.value


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, list[Result]]:
    """Every scheme, run once."""
    folder = tmp_path_factory.mktemp("store")
    store = Store(folder)
    return store, [execute(job, store) for job in jobs_of(evaluation(folder))]


def one(results: list[Result], strategy: str, scheme: str, rounds: int = 1) -> Result:
    [found] = [
        result
        for result in results
        if result.job.strategy
        and result.job.scheme
        and (result.job.strategy["name"], result.job.scheme["name"]) == (strategy, scheme)
        and result.job.scheme["rounds"] == rounds
    ]
    return found


Everything = tuple[Store, list[Result]]


def test_masks_meet_the_ratio_in_every_scheme(everything: Everything) -> None:
    for result in everything[1]:
        strategy = result.job.strategy or {}
        if strategy.get("unit") == "weights" and strategy["name"] != "n_of_m":
            assert result.unpruned is not None
            assert result.sizes is not None
            assert result.sizes.nonzero_parameters == round(result.unpruned.parameters / 2)


def test_pruned_weights_are_zero_to_the_end(everything: Everything) -> None:
    store, results = everything
    for result in results:
        if (result.job.strategy or {}).get("unit") == "weights" and result.sizes and not result.same_as:
            state = load_state(store.weights_path(result.digest))
            layers = {name: value for name, value in state.items() if name.endswith("weight") and value.dim() > 1}
            zeros = sum(int((value == 0).sum()) for value in layers.values())
            assert zeros == result.sizes.parameters - result.sizes.nonzero_parameters


def test_networks_without_channels_are_no_larger_than_asked_for(everything: Everything) -> None:
    for result in everything[1]:
        if (result.job.strategy or {}).get("unit") == "channels":
            assert result.unpruned is not None
            assert result.sizes is not None
            assert result.sizes.parameters * 2 <= result.unpruned.parameters
            assert result.sizes.parameters == result.sizes.nonzero_parameters


@pytest.mark.parametrize(
    ("strategy", "scheme", "rounds", "epochs"),
    [
        ("magnitude", "none", 1, 0),
        ("magnitude", "fine_tuned", 1, 1),
        ("magnitude", "fine_tuned", 2, 2),
        ("magnitude", "learning_rate_rewinding", 1, 1),
        ("magnitude", "weight_rewinding", 1, 1),
        ("magnitude", "scratch_e", 1, 2),
        ("snip", "at_initialization", 1, 2),
        ("gradual", "during_training", 1, 2),
        ("reduced_width", "reduced_network", 1, 2),
    ],
)
def test_epochs_after_pruning(everything: Everything, strategy: str, scheme: str, rounds: int, epochs: int) -> None:
    assert one(everything[1], strategy, scheme, rounds).epochs_after_pruning == epochs


def test_scratch_b_takes_epochs_by_the_operations_after_pruning(everything: Everything) -> None:
    for name in ("magnitude", "l1_channels"):
        result = one(everything[1], name, "scratch_b")
        assert result.unpruned is not None
        assert result.sizes is not None
        share = result.unpruned.multiply_adds / result.sizes.nonzero_multiply_adds
        assert result.epochs_after_pruning == int(min(2 * share, 2 * 3)) > 2


@pytest.mark.parametrize(
    ("epochs", "before", "after", "longest", "expected"),
    [(160, 313, 206, float("inf"), 243), (160, 10, 1, float("inf"), 1600), (90, 4, 1, 2, 180), (90, 3, 2, 2, 135)],
)
def test_epochs_of_scratch_b_by_hand(epochs: int, before: int, after: int, longest: float, expected: int) -> None:
    assert scratch_b_epochs(epochs, before, after, longest) == expected


def test_rewound_weights_start_at_the_rate_of_their_epoch(everything: Everything) -> None:
    result = one(everything[1], "magnitude", "weight_rewinding")
    assert result.learning_rates == rates(result.job.training, 2, 1)


def test_a_reduced_network_and_channels_from_scratch_of_one_shape_are_trained_once(tmp_path: Path) -> None:
    text = SPEC.replace("ResNet-8, width: 0.25", "LeNet-300-100, width: 0.1")
    jobs = [
        job
        for job in jobs_of(evaluation(tmp_path, text))
        if job.strategy and job.scheme
        if (job.strategy["name"], job.scheme["name"])
        in (("l1_channels", "scratch_e"), ("reduced_width", "reduced_network"))
    ]
    first, second = (execute(job, Store(tmp_path)) for job in jobs)
    assert first.widths == second.widths
    assert (second.same_as, second.cpu_seconds) == (first.digest, 0)
    assert second.test == first.test


def test_results_are_read_and_not_run_again(everything: Everything) -> None:
    store, results = everything
    path = store.folder / "results" / f"{results[0].digest}.json"
    before = path.stat().st_mtime_ns
    assert execute(results[0].job, store) == results[0]
    assert path.stat().st_mtime_ns == before


def test_a_result_cut_short_is_as_good_as_none(everything: Everything, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep(everything[1][0])
    path = tmp_path / "results" / f"{everything[1][0].digest}.json"
    path.write_text(path.read_text()[:-20])
    assert not store.has(everything[1][0].digest)


def test_a_full_disk_leaves_neither_result_nor_rest(
    everything: Everything, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        Store(tmp_path).keep(everything[1][0])
    assert list((tmp_path / "results").iterdir()) == []


def test_another_process_makes_the_same_bits(everything: Everything, tmp_path: Path) -> None:
    store, results = everything
    for result in (results[0], one(results, "magnitude", "fine_tuned")):
        code = (
            "import sys; from pathlib import Path; from prunelit.evaluation.jobs import Job; "
            "from prunelit.evaluation.execute import execute; from prunelit.evaluation.store import Store; "
            "execute(Job.model_validate_json(sys.argv[1]), Store(Path(sys.argv[2])))"
        )
        subprocess.run([sys.executable, "-c", code, result.job.model_dump_json(), str(tmp_path)], check=True)
        mine, theirs = (load_state(one.weights_path(result.digest)) for one in (store, Store(tmp_path)))
        assert all(torch.equal(mine[name], theirs[name]) for name in mine)
        again = Store(tmp_path).result(result.digest)
        assert again is not None
        assert (again.test, again.validation, again.epochs) == (result.test, result.validation, result.epochs)


def test_seeds_make_other_networks() -> None:
    data = load("Digits", training_images=100)
    found = set()
    for seed in (0, 1):
        network = initialise(build({"name": "LeNet-300-100", "width": 0.1}, data.shape, 10), 0)
        train(network, data, Course(RECIPE, 1, seed))
        found.add(weights_digest(network))
    assert len(found) == 2


@pytest.fixture(scope="module")
def trained() -> nn.Module:
    data = load("Digits", training_images=300)
    network = initialise(build({"name": "ResNet-8", "width": 0.25}, data.shape, 10), 0)
    train(network, data, Course(RECIPE, 1, 0))
    return network


@pytest.mark.parametrize("batch", [1, 7, 128, 1000])
def test_accuracy_does_not_depend_on_the_batch(trained: nn.Module, batch: int) -> None:
    data = load("Digits", training_images=300)
    found, whole = (quality(trained, data, data.test, size) for size in (batch, 360))
    assert (found.top1, found.top5, found.images) == (whole.top1, whole.top5, 360)


def test_accuracy_is_that_of_a_loop_over_single_images(trained: nn.Module) -> None:
    data = load("Digits", training_images=300)
    first = five = 0
    for image, label in zip(data.test.images, data.test.labels, strict=True):
        with torch.no_grad():
            order = trained.eval()(data.scaled(image[None]))[0].sort(descending=True).indices.tolist()
        first += order[0] == int(label)
        five += int(label) in order[:5]
    found = quality(trained, data, data.test)
    assert (found.top1, found.top5) == (100 * first / 360, 100 * five / 360)


def test_scores_that_are_no_numbers_are_wrong_answers() -> None:
    class Broken(nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return torch.full((len(images), 10), torch.nan)

    data = load("Digits")
    assert quality(Broken(), data, data.test).top1 == 0


def test_a_training_that_leaves_the_numbers_is_told() -> None:
    data = load("Digits", training_images=100)
    network = initialise(build({"name": "LeNet-300-100", "width": 0.1}, data.shape, 10), 0)
    assert train(network, data, Course({**RECIPE, "learning_rate": 1e30}, 3, 0)).diverged


@pytest.mark.parametrize(
    ("top1", "classes_given", "diverged", "expected"),
    [
        (50.0, 10, False, "finished"),
        (10.0, 10, False, "collapsed"),
        (50.0, 1, False, "collapsed"),
        (9.0, 1, True, "diverged"),
    ],
)
def test_status(top1: float, classes_given: int, diverged: bool, expected: str) -> None:
    assert status_of(Quality(top1, 50.0, 1.0, 10_000, classes_given), 10, diverged) == expected


def test_a_step_is_that_of_momentum_and_weight_decay_by_hand() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 10, bias=False))
    recipe = {**RECIPE, "weight_decay": 0.01}
    images, labels = torch.randn(8, 1, 8, 8), torch.arange(8)
    optimizer, weight, velocity = optimizer_of(network, recipe), network[1].weight.detach().clone(), 0.0
    for _ in range(2):
        mine = weight.clone().requires_grad_()
        loss = cross_entropy(images.flatten(1) @ mine.T, labels)
        velocity = 0.9 * velocity + torch.autograd.grad(loss, mine)[0] + 0.01 * weight
        weight = weight - 0.1 * velocity
        take_step(network, optimizer, images, labels, recipe)
    assert torch.allclose(network[1].weight, weight, atol=1e-6)


def test_the_penalty_is_the_sum_of_absolute_scales() -> None:
    network = nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 2, 1), nn.BatchNorm2d(2))
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([1.0, -2.0, 3.0]))
    assert float(scale_sum(network).detach()) == 6 + 2


@pytest.mark.parametrize(
    ("changes", "epochs", "expected"),
    [
        ({"schedule": "steps", "steps": [0.5, 0.75]}, 8, [0.1] * 4 + [0.01] * 2 + [0.001] * 2),
        ({"schedule": "steps", "steps": [0.5]}, 5, [0.1] * 2 + [0.01] * 3),
        ({"schedule": "constant"}, 3, [0.1] * 3),
        ({"schedule": "cosine"}, 2, [0.1, 0.05]),
    ],
)
def test_rates_by_hand(changes: dict[str, Any], epochs: int, expected: list[float]) -> None:
    assert rates({**RECIPE, **changes}, epochs) == pytest.approx(expected)


def test_rates_of_wang_fall_at_thirty_sixty_and_seventy_five_of_ninety() -> None:
    recipe = {**RECIPE, "schedule": "steps", "steps": [0.3333, 0.6667, 0.8333], "learning_rate": 0.01}
    found = rates(recipe, 90)
    assert [epoch for epoch in range(1, 90) if found[epoch] != found[epoch - 1]] == [30, 60, 75]


def test_the_cubic_curve_reaches_the_whole_at_three_quarters() -> None:
    assert [share_of(at) for at in (0, 0.25, 0.75, 0.9)] == pytest.approx([0, 1 - (2 / 3) ** 3, 1, 1])


def test_curves_of_one_scheme_share_the_strictest_setup(everything: Everything) -> None:
    _, results = everything
    magnitude, random = (point_conditions([one(results, name, "fine_tuned")]) for name in ("magnitude", "random"))
    assert setup_of(magnitude, random) == "S4.2"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("magnitude", "fine_tuned", 1), ("magnitude", "fine_tuned", 2), "S2"),
        (("magnitude", "fine_tuned", 1), ("magnitude", "learning_rate_rewinding", 1), "S3.1"),
        (("magnitude", "fine_tuned", 1), ("slimming", "fine_tuned", 1), "SX-A"),
        (("snip", "at_initialization", 1), ("reduced_width", "reduced_network", 1), "SX-A"),
        (("magnitude", "scratch_e", 1), ("reduced_width", "reduced_network", 1), "S1"),
    ],
)
def test_setups_of_pairs(
    everything: Everything, first: tuple[str, str, int], second: tuple[str, str, int], expected: str
) -> None:
    assert (
        setup_of(point_conditions([one(everything[1], *first)]), point_conditions([one(everything[1], *second)]))
        == expected
    )


def test_setups_are_ordered_as_wang_has_them() -> None:
    start = Conditions(frozenset({"a"}), 4, (0.1,), 0, (), 10, 100)
    others = {
        "S1": Conditions(frozenset({"b"}), 4, (0.1,), 0, (), 11, 101),
        "SX-A": Conditions(frozenset({"b"}), 4, (0.1,), 0, (), 10, 101),
        "SX-B": Conditions(frozenset({"b"}), 4, (0.1,), 0, (), 11, 100),
        "S2": Conditions(frozenset({"a"}), 5, (0.1,), 0, (), 11, 101),
        "S3.1": Conditions(frozenset({"a"}), 4, (0.2,), 0, (), 11, 101),
        "S3.2": Conditions(frozenset({"a"}), 4, (0.1,), 1, (), 11, 101),
        "S4.1": Conditions(frozenset({"a"}), 4, (0.1,), 0, (0.5,), 11, 101),
        "S4.2": start,
    }
    assert {name: setup_of(start, other) for name, other in others.items()} == {name: name for name in others}


def test_an_impossible_ratio_is_a_result(tmp_path: Path) -> None:
    text = SPEC.replace("ratios: [2]", "ratios: [1000]").replace("epochs: 2", "epochs: 1")
    job = next(job for job in jobs_of(evaluation(tmp_path, text)) if job.strategy)
    result = execute(job, Store(tmp_path))
    assert (result.status, "cannot be 1000 times smaller" in result.reason) == ("impossible", True)


def test_jobs_name_what_they_need() -> None:
    job = Job(data={}, network={}, training={}, seed=0, threads=1, strategy={}, scheme={"name": "weight_rewinding"})
    assert len(job.needs()) == 2
    assert job.model_copy(update={"scheme": {"name": "reduced_network"}}).needs() == []
