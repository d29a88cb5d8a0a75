"""Do compression ratio and theoretical speedup come out as they are defined, and as ShrinkBench counts them?

A network small enough to work out by hand, on an image of 8 x 8 pixels with 3 channels:

- a convolution, 3 x 3 with padding, to 4 channels: 108 weights, 4 biases, 108 x 8 x 8 = 6,912 multiply-adds;
- a fully connected layer from its 4 x 8 x 8 = 256 outputs to 10: 2,560 weights, 10 biases, 2,560 multiply-adds.

Together 2,682 parameters and 9,472 multiply-adds.  Pruned are one filter with its bias (27 weights, 1 bias), and every
other weight of the second layer.  81 + 3 + 1,280 + 10 = 1,374 parameters are left, and 81 x 8 x 8 + 1,280 = 6,464
multiply-adds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from prunelit import completed
from prunelit.analysis.frames.completed import REPORTED, ROUNDS
from prunelit.cli.entry.seeds import seed_experiments
from prunelit.cli.entry.shrinkbench import read_run
from prunelit.schema.corpus import Corpus

PAGE = (Path(__file__).parents[1] / "analysis" / "METRICS.md").read_text(encoding="utf-8")
PARAMS, PARAMS_LEFT = 2_682, 1_374
MULTIPLY_ADDS, MULTIPLY_ADDS_LEFT = 9_472, 6_464
COMPRESSION_RATIO = 2_682 / 1_374
SPEEDUP = 9_472 / 6_464

Network = dict[str, np.ndarray]


def network() -> Network:
    shapes = {"conv": (4, 3, 3, 3), "conv bias": (4,), "linear": (10, 256), "linear bias": (10,)}
    return {name: np.ones(shape) for name, shape in shapes.items()}


def pruned() -> Network:
    left = network()
    left["conv"][0] = left["conv bias"][0] = 0
    left["linear"].reshape(-1)[::2] = 0
    return left


def parameters(one: Network) -> int:
    return sum(int(np.count_nonzero(values)) for values in one.values())


def multiply_adds(one: Network) -> int:
    """Counted one by one: each output of a layer takes a product for each of its weights that is left."""
    conv = sum(np.count_nonzero(one["conv"][channel]) for channel in range(4) for _ in range(8) for _ in range(8))
    return int(conv + sum(np.count_nonzero(one["linear"][output]) for output in range(10)))


def test_counts_by_hand_are_those_of_the_network() -> None:
    assert (parameters(network()), parameters(pruned())) == (PARAMS, PARAMS_LEFT)
    assert (multiply_adds(network()), multiply_adds(pruned())) == (MULTIPLY_ADDS, MULTIPLY_ADDS_LEFT)


REPORTS = {
    "counts": f"params: {PARAMS_LEFT}, flops: {MULTIPLY_ADDS_LEFT}",
    "kept": f"params_kept: {PARAMS_LEFT / PARAMS:.12f}, flops_kept: {MULTIPLY_ADDS_LEFT / MULTIPLY_ADDS:.12f}",
    "removed": f"params_removed: {1 - PARAMS_LEFT / PARAMS:.12f}, "
    f"flops_removed: {1 - MULTIPLY_ADDS_LEFT / MULTIPLY_ADDS:.12f}",
    "ratios": f"compression_ratio: {COMPRESSION_RATIO:.12f}, speedup: {SPEEDUP:.12f}",
}


def reported(numbers: str) -> str:
    return f"""
id: doe2020tiny
experiments:
  - collections: [blalock2020]
    base_params: {PARAMS}
    base_flops: {MULTIPLY_ADDS}
    flop_convention: multiply_adds
    curves:
      - origin: own
        points: [{{{numbers}}}]
"""


@pytest.mark.parametrize("numbers", REPORTS.values(), ids=REPORTS)
def test_however_it_is_reported_the_ratios_are_those_of_the_definition(
    numbers: str, made: Callable[..., Corpus]
) -> None:
    [point] = completed(made(reported(numbers))).to_dict("records")
    assert point["compression_ratio"] == pytest.approx(COMPRESSION_RATIO, rel=1e-10)
    assert point["speedup"] == pytest.approx(SPEEDUP, rel=1e-10)


@pytest.mark.parametrize("numbers", REPORTS.values(), ids=REPORTS)
def test_however_it_is_reported_the_shares_are_those_of_the_definition(
    numbers: str, made: Callable[..., Corpus]
) -> None:
    [point] = completed(made(reported(numbers))).to_dict("records")
    kept = [point["params_kept"], point["flops_kept"]]
    assert kept == pytest.approx([PARAMS_LEFT / PARAMS, MULTIPLY_ADDS_LEFT / MULTIPLY_ADDS], rel=1e-10)
    assert [point["params_removed"], point["flops_removed"]] == pytest.approx([1 - one for one in kept], rel=1e-10)


def test_ratios_do_not_depend_on_how_operations_are_counted(made: Callable[..., Corpus]) -> None:
    doubled = (
        reported(f"flops: {2 * MULTIPLY_ADDS_LEFT}")
        .replace(f"base_flops: {MULTIPLY_ADDS}", f"base_flops: {2 * MULTIPLY_ADDS}")
        .replace("flop_convention: multiply_adds", "flop_convention: multiplies_and_adds")
    )
    [point] = completed(made(doubled)).to_dict("records")
    assert (point["speedup"], point["base_multiply_adds"]) == (pytest.approx(SPEEDUP), MULTIPLY_ADDS)


@pytest.fixture
def result_folder(tmp_path: Path) -> Path:
    """What ShrinkBench writes of a run that prunes the network."""
    one, other = network(), pruned()
    params = {
        "dataset": "CIFAR10", "model": "tiny", "strategy": "Halves", "compression": 2, "seed": 1,
        "train_kwargs": {"epochs": 0},
    }  # fmt: skip
    metrics = {
        "size": parameters(one),
        "size_nz": parameters(other),
        "compression_ratio": parameters(one) / parameters(other),
        "flops": multiply_adds(one),
        "flops_nz": float(multiply_adds(other)),
        "theoretical_speedup": multiply_adds(one) / multiply_adds(other),
        "val_acc1": 0.5,
        "val_acc5": 0.9,
    }
    (tmp_path / "params.json").write_text(json.dumps({"params": repr(params)}))
    (tmp_path / "metrics.json").write_text(json.dumps(metrics))
    (tmp_path / "logs.csv").write_text("epoch,val_acc1,val_acc5\n-1,0.5,0.9\n")
    return tmp_path


def test_results_of_shrinkbench_have_the_ratios_that_it_prints(
    result_folder: Path, made: Callable[..., Corpus]
) -> None:
    run = read_run(result_folder, "run")
    [experiment] = seed_experiments([("CIFAR-10", "ResNet-20", run)], "results", "blalock2020", ())
    [point] = completed(made(json.dumps({"id": "doe2020tiny", "experiments": [experiment]}, default=float))).to_dict(
        "records"
    )
    printed = json.loads((result_folder / "metrics.json").read_text())
    assert point["compression_ratio"] == pytest.approx(printed["compression_ratio"], rel=1e-12)
    assert point["speedup"] == pytest.approx(printed["theoretical_speedup"], rel=1e-12)


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_page_lists_the_rules_of_completion_in_their_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (`.*`) \|$", section("What follows from what"), re.MULTILINE)
    told = {name: re.findall(r"`([^`]+)`", rules) for name, rules in rows}
    done = {
        name: [rule for at in ROUNDS for rule in at.get(name, ()) if rule != REPORTED] for at in ROUNDS for name in at
    }
    assert told == done


def test_the_rules_that_replace_what_is_reported_are_those_that_the_page_names() -> None:
    replacing = {name for rules in ROUNDS for name in rules if rules[name].index(REPORTED)}
    assert replacing == {"params_kept", "flops_kept", "top1_change", "top5_change"}
    assert all(rules[name].index(REPORTED) == 1 for rules in ROUNDS for name in replacing & set(rules))


@pytest.mark.parametrize(
    "name",
    sorted(
        {name for at in ROUNDS for filled in at for name in re.findall(r"[a-z]\w+", " ".join((filled, *at[filled])))}
        - {REPORTED}
    ),
)
def test_every_quantity_of_a_rule_is_on_the_page(name: str) -> None:
    assert re.search(rf"`[^`]*\b{name}\b[^`]*`", PAGE)


def test_the_file_of_the_page_that_other_pages_link_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE)
    assert all((Path(__file__).parents[1] / "analysis" / link).is_file() for link in links)
