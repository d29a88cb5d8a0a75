"""Do strategies score what their papers say, and do networks without channels still work?"""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from prunelit.evaluation.channels import channel_widths, pruned_channels
from prunelit.evaluation.counting import count
from prunelit.evaluation.functions import MissingFunctionError, function_of
from prunelit.evaluation.gates import gate_gradients
from prunelit.evaluation.impossible import CannotPruneError
from prunelit.evaluation.models.build import build, initialise
from prunelit.evaluation.spec import Strategy
from prunelit.evaluation.strategies import catalogue
from prunelit.evaluation.strategies.catalogue import STRATEGIES, entry_of
from prunelit.evaluation.subject import Scores, Subject, gradients, layers_of
from prunelit.evaluation.weights import restored, weights_digest

SHAPE = (1, 8, 8)
torch.set_num_threads(1)


def network(name: str = "ResNet-8") -> nn.Module:
    built = initialise(build({"name": name, "width": 0.25}, SHAPE, 10), 1)
    with torch.no_grad():  # scales that differ, as after training
        for module in built.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.uniform_(0.5, 1.5, generator=torch.Generator().manual_seed(module.num_features))
    return built


def images(number: int = 12) -> tuple[Tensor, Tensor]:
    chance = torch.Generator().manual_seed(5)
    return torch.randn(number, *SHAPE, generator=chance), torch.randint(10, (number,), generator=chance)


def subject(of: nn.Module | None = None, with_classifier: bool = True) -> Subject:
    of = of or network()
    layers = layers_of(of, with_classifier)
    batches = [tuple(part) for part in zip(*(one.split(6) for one in images()), strict=True)]
    moved = {name: torch.zeros_like(layer.weight) for name, layer in layers.items()}
    return Subject(of, layers, lambda: iter(batches), torch.Generator().manual_seed(0), SHAPE, moved)  # type: ignore[arg-type]


def scored(name: str, of: Subject) -> Scores:
    found: Scores = function_of(STRATEGIES[name].function)(of)
    return found


SCORING = [name for name in STRATEGIES if name != "reduced_width"]


@pytest.mark.parametrize("name", SCORING)
def test_every_strategy_scores_each_weight_or_channel(name: str) -> None:
    of = subject()
    for layer, score in scored(name, of).items():
        module = of.network.get_submodule(layer)
        wanted = module.weight.shape if STRATEGIES[name].unit == "weights" else module.weight.shape[:1]
        assert score.shape == wanted
        assert not score.requires_grad
        assert bool(score.isfinite().all())


@pytest.mark.parametrize("name", SCORING)
def test_no_strategy_changes_the_network(name: str) -> None:
    of = subject()
    before, training = weights_digest(of.network), of.network.training
    scored(name, of)
    assert (weights_digest(of.network), of.network.training) == (before, training)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in of.network.modules())


@pytest.mark.parametrize("name", SCORING)
def test_scores_are_the_same_again(name: str) -> None:
    first, second = scored(name, subject()), scored(name, subject())
    assert all(torch.equal(first[layer], second[layer]) for layer in first)


def test_the_classifier_is_left_out_unless_asked_for() -> None:
    assert set(layers_of(network(), True)) - set(layers_of(network(), False)) == {"classifier"}


def test_gradients_agree_with_finite_differences() -> None:
    of = subject(network("LeNet-300-100").double())
    batches = [(one.double(), labels) for one, labels in of.batches()]
    of = Subject(of.network, of.layers, lambda: iter(batches), of.generator, SHAPE)
    found, (name, layer) = gradients(of), next(iter(of.layers.items()))
    every, labels = (torch.cat(part) for part in zip(*batches, strict=True))
    step = 1e-6
    for at in [(0, 3), (5, 17)]:
        losses = []
        for sign in (1, -1):
            changed = copy.deepcopy(of.network)
            with torch.no_grad():
                changed.get_submodule(name).weight[at] += sign * step
                losses.append(float(cross_entropy(changed(every), labels)))
        assert float(found[name][at]) == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=1e-5, abs=1e-9)
    assert layer.weight.grad is None


def test_gate_gradients_agree_with_finite_differences() -> None:
    of = subject(network().double())
    (every, labels), step = (images()[0].double(), images()[1]), 1e-6
    of = Subject(of.network, of.layers, lambda: iter([(every, labels)]), of.generator, SHAPE)
    [found] = gate_gradients(of)
    for name, channel in (("bn1", 0), ("stages.1.bn1", 3)):
        losses = []
        for sign in (1, -1):
            changed = copy.deepcopy(of.network).eval()
            with torch.no_grad():  # a gate after the normalization scales both of its parameters
                module = changed.get_submodule(name)
                module.weight[channel] *= 1 + sign * step
                module.bias[channel] *= 1 + sign * step
                losses.append(cross_entropy(changed(every), labels, reduction="none"))
        assert torch.allclose(found[name][:, channel], (losses[0] - losses[1]) / (2 * step), atol=1e-6)


def test_taylor_and_fisher_follow_from_the_gates() -> None:
    of = subject()
    batches = gate_gradients(of)
    every = torch.cat([one["bn1"] for one in batches])
    assert torch.allclose(scored("fisher", of)["bn1"], (every**2).mean(0) / 2)
    by_batch = torch.stack([one["bn1"].mean(0) ** 2 for one in batches])
    assert torch.allclose(scored("taylor", of)["bn1"], by_batch.mean(0))


def test_obd_takes_the_squares_of_the_gradients_of_single_images() -> None:
    of = subject(network("LeNet-300-100"))
    name, layer = next(iter(of.layers.items()))
    squares = torch.zeros_like(layer.weight)
    for image, label in zip(*images(), strict=True):
        loss = cross_entropy(of.network.eval()(image[None]), label[None])
        squares += torch.autograd.grad(loss, layer.weight)[0] ** 2
    assert torch.allclose(scored("obd", of)[name], layer.weight.detach() ** 2 * squares / 12 / 2)


def test_grasp_is_weight_times_hessian_times_gradient_of_the_softened_loss() -> None:
    tiny = nn.Sequential(nn.Flatten(), nn.Linear(64, 2), nn.Tanh(), nn.Linear(2, 10)).double()
    of = subject(tiny, with_classifier=False)
    batches = [(some.double(), labels) for some, labels in of.batches()]
    of = Subject(tiny, of.layers, lambda: iter(batches), of.generator, SHAPE)
    shapes = {name: one for name, one in tiny.named_parameters() if name.endswith("weight")}
    start = torch.cat([one.detach().flatten() for one in shapes.values()])

    def loss(flat: Tensor) -> Tensor:
        parts = flat.split([one.numel() for one in shapes.values()])
        weights = {name: part.view_as(shapes[name]) for name, part in zip(shapes, parts, strict=True)}
        outputs = [functional_call(tiny, weights, (some,)) / 200 for some, _ in batches]
        return torch.stack(
            [cross_entropy(one, labels) for one, (_, labels) in zip(outputs, batches, strict=True)]
        ).sum()

    flow = torch.autograd.functional.hessian(loss, start) @ torch.autograd.functional.jacobian(loss, start)
    found = scored("grasp", of)
    assert list(found) == ["1"]
    assert torch.allclose(found["1"].flatten(), (start * flow)[:128], rtol=1e-9, atol=0)


def test_grasp_keeps_what_lowers_the_flow_of_gradients_when_it_goes() -> None:
    of = subject(network("LeNet-300-100").double())
    every, labels = images()[0].double(), images()[1]
    of = Subject(of.network, of.layers, lambda: iter([(every, labels)]), of.generator, SHAPE)
    weight, found = of.layers["1"].weight, scored("grasp", of)["1"]

    def flow() -> float:
        loss = cross_entropy(of.network(every) / 200, labels)
        first = torch.autograd.grad(loss, [layer.weight for layer in of.layers.values()])
        return sum(float((one**2).sum()) for one in first)

    before, best = flow(), divmod(int(found.argmax()), found.shape[1])
    with torch.no_grad():
        weight[best] *= 1 - 1e-4
    assert flow() - before == pytest.approx(-2 * 1e-4 * float(found[best]), rel=1e-2)


def test_synflow_of_two_layers_by_hand() -> None:
    of = nn.Sequential(nn.Flatten(), nn.Linear(64, 3, bias=False), nn.Linear(3, 2, bias=False))
    first, second = (one.weight.detach().abs().double() for one in (of[1], of[2]))
    found = scored("synflow", subject(of))
    assert torch.allclose(found["1"], first * second.sum(0)[:, None])
    assert torch.allclose(found["2"], second * first.sum(1)[None, :])


def test_activation_weighs_inputs_by_their_mean_size() -> None:
    of = subject(nn.Sequential(nn.Flatten(), nn.Linear(64, 10)))
    sizes = images()[0].flatten(1).mean(0).abs()
    assert torch.allclose(scored("activation", of)["1"], of.layers["1"].weight.detach().abs() * sizes, atol=1e-7)


def test_lamp_by_hand() -> None:
    of = nn.Sequential(nn.Flatten(), nn.Linear(64, 1, bias=False))
    with torch.no_grad():
        of[1].weight.zero_()
        of[1].weight[0, :3] = torch.tensor([1.0, -2.0, 3.0])
    found = scored("lamp", subject(of))["1"][0]
    assert found[:3].tolist() == pytest.approx([1 / 14, 4 / 13, 1.0])
    assert float(found[3:].sum()) == 0


def test_filters_by_norms_and_distances() -> None:
    of = subject()
    weight = of.layers["conv1"].weight.detach().flatten(1)
    assert torch.allclose(scored("l1_channels", of)["conv1"], weight.abs().sum(1))
    assert torch.allclose(scored("l2_channels", of)["conv1"], (weight**2).sum(1).sqrt())
    distances = torch.stack([sum(((one - other) ** 2).sum().sqrt() for other in weight) for one in weight])
    assert torch.allclose(scored("fpgm", of)["conv1"], distances, atol=1e-5)


def test_slimming_needs_normalization() -> None:
    with pytest.raises(CannotPruneError, match="batch normalization"):
        scored("slimming", subject(network("LeNet-300-100")))


def pruned(of: nn.Module, ratio: float, name: str = "l1_channels", scope: str = "layerwise") -> nn.Module:
    full = count(of, SHAPE).parameters
    found = scored(name, subject(of))
    return pruned_channels(of, found, scope, SHAPE, lambda one: count(one, SHAPE).parameters * ratio <= full)  # type: ignore[arg-type]


NETWORKS = ("LeNet-300-100", "ResNet-8", "ResNet-8-B", "PreResNet-20", "WRN-16-4", "DenseNet-40")


@lru_cache
def halved(name: str) -> nn.Module:
    return pruned(network(name), 2).eval()


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_without_channels_pass_images_and_are_small_enough(name: str) -> None:
    whole, small = network(name), halved(name)
    assert count(small, SHAPE).parameters * 2 <= count(whole, SHAPE).parameters
    with torch.no_grad():
        assert small(images()[0]).shape == (12, 10)


def test_shortcuts_without_parameters_keep_their_channels() -> None:
    whole, small = channel_widths(network()), channel_widths(pruned(network(), 2))
    assert whole[::2] == small[::2]
    assert all(after < before for before, after in zip(whole[1::2], small[1::2], strict=True))


def test_a_network_without_channels_is_its_masked_counterpart() -> None:
    whole = network().eval()
    small = pruned(whole, 2).eval()
    scores = scored("l1_channels", subject(whole))
    masked = copy.deepcopy(whole)
    with torch.no_grad():
        for name, module in masked.named_modules():
            kept = small.get_submodule(name)
            if isinstance(module, nn.Conv2d) and name.endswith("conv1") and name != "conv1":
                gone = torch.argsort(scores[name])[: module.out_channels - kept.out_channels]
                norm = masked.get_submodule(name.replace("conv1", "bn1"))
                norm.weight[gone] = 0
                norm.bias[gone] = 0
        assert torch.allclose(masked(images()[0]), small(images()[0]), atol=1e-5)


def test_global_pruning_leaves_a_channel_in_each_layer() -> None:
    small = pruned(network(), 3, "slimming", "global")
    assert min(channel_widths(small)) >= 1


def test_the_given_network_stays_as_it_is() -> None:
    whole = network()
    before = weights_digest(whole)
    pruned(whole, 2)
    assert weights_digest(whole) == before


def test_what_cannot_be_made_so_small_is_told() -> None:
    with pytest.raises(CannotPruneError, match="by leaving out channels"):
        pruned(network(), 10_000)


@pytest.mark.parametrize("name", NETWORKS)
def test_weights_without_channels_are_read_back(name: str) -> None:
    small = halved(name)
    again = restored({"name": name, "width": 0.25}, SHAPE, 10, small.state_dict())
    with torch.no_grad():
        assert torch.equal(again(images()[0]), small(images()[0]))


def test_a_strategy_of_ones_own_is_found_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_strategy.py").write_text("def largest(subject):\n    return 1\n")
    assert function_of("my_strategy:largest")(None) == 1


@pytest.mark.parametrize("name", ["no_such_module:one", "math:no_such"])
def test_a_missing_function_is_told(name: str) -> None:
    with pytest.raises(MissingFunctionError, match="there is no"):
        function_of(name)


def test_an_entry_point_is_a_strategy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_installed", lambda: {"theirs": "their_package:score"})
    assert entry_of(Strategy(name="theirs")).function == "their_package:score"
