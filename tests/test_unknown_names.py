"""Unknown names given to public functions and commands: an error that tells the nearest name, never an empty table."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import prunelit
from prunelit import UnknownNameError
from prunelit.schema.corpus import shipped

Run = Callable[..., tuple[int, str, str]]
NAMES = {
    "collection": ("collection", "blalock202", "blalock2020"),
    "reference": ("reference", "unprunned", "unpruned"),
    "metric": ("metric", "perplexit", "perplexity"),
    "efficiency": ("efficiency", "speedupp", "speedup"),
    "hull": ("hull", "concav", "concave"),
    "dataset": ("dataset", "imagnet", "ImageNet"),
    "architecture": ("architecture", "ResNet56", "ResNet-56"),
    "comparability": ("comparability", "same_netwrk", "same_network"),
    "only": ("dataset", "CIFAR10", "CIFAR-10"),
    "structure": ("structure", "structurd", "structured"),
    "setup": ("setup", "S11", "S1"),
    "method": ("paper", "han2015deap", "han2015deep"),
    "paper": ("paper with conclusions", "wang2023wy", "wang2023why"),
    "engine": ("engine", "duckbd", "duckdb"),
}
"""Parameters that take a name: what it is a name of, a wrong one, and the nearest right one."""
BY_CANONICAL_NAME = {("expected_change", "method"): ("method", "ThiNett", "ThiNet")}
"""Parameters that take a method by its name, not by the paper that proposed it."""
OTHERS = {
    "corpus", "corrected", "budget", "connect", "experiments", "path", "path_or_url", "at", "through_unpruned",
    "speedup", "compression_ratio", "pooled", "level", "since", "peer_reviewed",
}  # fmt: skip
"""Parameters that take no name."""
AT_LEAST = {"dataset": "CIFAR-10", "architecture": "ResNet-56", "speedup": 2.0}
"""What is asked of functions that ask for a network."""
ELSEWHERE = {"dataset", "network_meta_analysis", "synthesis"}
"""Functions whose names are tested with all else that they refuse."""
FUNCTIONS = {
    name: inspect.signature(one)
    for name in prunelit.__all__
    if inspect.isfunction(one := getattr(prunelit, name)) and name not in ELSEWHERE
}
CASES = [(name, one) for name, signature in FUNCTIONS.items() for one in signature.parameters if one in NAMES]


def test_every_parameter_takes_a_name_that_is_tested_or_none() -> None:
    taken = {one for signature in FUNCTIONS.values() for one in signature.parameters}
    assert taken == {*NAMES, *OTHERS}


@pytest.mark.parametrize(("function", "parameter"), CASES)
def test_function_names_the_nearest(function: str, parameter: str) -> None:
    kind, wrong, right = BY_CANONICAL_NAME.get((function, parameter), NAMES[parameter])
    parameters = FUNCTIONS[function].parameters
    asks = any(one.default is one.empty for one in parameters.values())
    given = {name: value for name, value in AT_LEAST.items() if asks and name in parameters}
    with pytest.raises(UnknownNameError, match=f"^no {kind} '{wrong}'; did you mean '{right}'") as raised:
        getattr(prunelit, function)(**{**given, parameter: wrong})
    assert (raised.value.kind, raised.value.name) == (kind, wrong)


@pytest.mark.parametrize("function", ["plan", "field_plan"])
def test_every_dataset_to_choose_from_is_looked_up(function: str) -> None:
    with pytest.raises(UnknownNameError, match="no dataset 'CIFAR10'"):
        getattr(prunelit, function)(only=["CIFAR-10", "CIFAR10"])


@pytest.mark.parametrize("function", ["plan", "field_plan"])
def test_one_dataset_to_choose_from_needs_no_list(function: str) -> None:
    survey = {"collection": "blalock2020", "budget" if function == "plan" else "experiments": 1}
    table = getattr(prunelit, function)(only="CIFAR-10", **survey)
    assert table["dataset"].dropna().unique().tolist() == ["CIFAR-10"]


@pytest.mark.parametrize(
    ("arguments", "option", "nearest"),
    [
        (("table", "papers", "--collection", "blalock202"), "--collection", "blalock2020"),
        (("figures", "--collection", "livin"), "--collection", "living"),
        (("figures", "figure6"), "NAME", "figure5"),
        (("claims", "--paper", "blalock202"), "--paper", "blalock2020"),
        (("claims", "--paper", "wang2023wy"), "--paper", "wang2023why"),
        (("plan", "--collection", "livng"), "--collection", "living"),
        (("plan", "--only", "CIFAR10"), "--only", "CIFAR-10"),
        (("plan", "--method", "han2015deap"), "--method", "han2015deep"),
        (("checklist", "han2015lerning"), "PAPER", "han2015learning"),
        (("checklist", "--collection", "livng"), "--collection", "living"),
        (("show", "han2015lerning"), "PAPER", "han2015learning"),
    ],
)
def test_command_names_the_nearest(
    arguments: tuple[str, ...], option: str, nearest: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert f"Invalid value for {option}: " in err
    assert f"did you mean '{nearest}'?" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "known"),
    [(("table", "paper"), "'papers'"), (("table", "normalized", "--reference", "unprund"), "'unpruned'")],
)
def test_command_lists_the_few_names_that_an_option_takes(arguments: tuple[str, ...], known: str, run: Run) -> None:
    status, _, err = run(*arguments)
    assert (status, known in err) == (2, True)


@pytest.mark.parametrize(
    ("command", "source"), [("csv", "results.csv"), ("shrinkbench", "results")], ids=["csv", "shrinkbench"]
)
def test_results_join_no_collection_that_there_is_not(command: str, source: str, papers: Path, run: Run) -> None:
    Path("results").mkdir()
    Path("results.csv").write_text("dataset,architecture,method,origin,top1,params_kept\n")
    before = (papers / "li2016pruning.yaml").read_bytes()
    status, _, err = run("import", command, source, "--paper", "li2016pruning", "--collection", "contribued")
    assert (status, "did you mean 'contributed'?" in err) == (2, True)
    assert (papers / "li2016pruning.yaml").read_bytes() == before


@pytest.mark.parametrize("command", ["claims", "errata", "progress"])
def test_command_about_the_survey_needs_its_collection(
    command: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(shipped(), "corpus", ignore=shutil.ignore_patterns("*.csv", "papers"))
    Path("corpus/papers").mkdir()
    Path("corpus/collections.yaml").write_text("collections: [{name: mine, title: Mine, source: me}]\n")
    for name in ("corrections", "acknowledgements", "exclusions", "groups", "methods"):
        Path(f"corpus/{name}.yaml").write_text(f"{name}: []\n")
    status, _, err = run(command)
    assert (status, "Error: no collection 'blalock2020'; there are mine, all" in err) == (2, True)
