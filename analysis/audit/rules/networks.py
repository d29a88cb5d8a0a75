"""Rules on numbers of another network: of another architecture of the family, dataset, or order of magnitude."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from math import log10
from statistics import median

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, at, rule
from prunelit.analysis.audit.reports import BASE_ACCURACIES, UnprunedReport
from prunelit.analysis.audit.rows import AuditRow, Pair, any_of
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.problems import Path
from prunelit.schema.record import Experiment
from prunelit.schema.walk import experiments

PLACE = 72

_NEAR_ACCURACY, _FAR_ACCURACY = 0.5, 3.0
"""Percentage points within which an accuracy is another network's, and beyond which it is not its own."""
_NEAR_SIZE, _FAR_SIZE = 0.02, 0.3
"""The same for sizes and costs, as shares."""
_COMPARABLE = (*BASE_ACCURACIES, "base_params")
"""What networks can be told by; papers count operations in different ways."""
_LIKE, _LOSS = 1.5, 5.0
"""Percentage points within which an unpruned accuracy is that of another dataset, and what pruning may cost."""
_MANY = ((2, 15), (1, 50))
"""Other papers that prune an architecture, and that use a dataset, before it tells something that none does both."""
_MAGNITUDE = 1.5
"""Powers of ten by which a size must differ to be of another magnitude."""


@computed_once
def _families(dataset: Dataset) -> dict[str | None, str]:
    return {one.name: one.family for one in dataset.records.architectures if one.family}


def _fits(name: str, a: float, b: float) -> bool:
    return abs(a - b) < _NEAR_ACCURACY if name in BASE_ACCURACIES else abs(a / b - 1) < _NEAR_SIZE


def _differs(name: str, a: float, b: float) -> bool:
    return abs(a - b) > _FAR_ACCURACY if name in BASE_ACCURACIES else abs(a / b - 1) > _FAR_SIZE


@rule(
    "warning",
    why="The number is not what others report of this network, but of another.",
    settle="The dataset and the architecture that the table names.",
)
def fits_another_network(dataset: Dataset) -> Iterator[Suspicion]:
    """An unpruned number is far from that of others, who report it of the same family or of another dataset."""
    for row, name, report in _own(dataset):
        usual = evidence.usual(dataset, row.pair, name, row.paper.id)
        if usual is not None and _differs(name, report.value, usual):
            for other, value in _relatives(dataset, row, name):
                if _fits(name, report.value, value):
                    told = (
                        f"{report.value:.5g}; others report {usual:.5g}, and {value:.5g} for {other[1]} on {other[0]}"
                    )
                    yield at(row, report.field, told)
                    break


@rule(
    "note",
    why="Nobody else reports this network, and its accuracy is what others report of it on another dataset.",
    settle="The dataset that the table names.",
)
def fits_another_dataset(dataset: Dataset) -> Iterator[Suspicion]:
    """An accuracy of a network that no other paper reports is that of the architecture on another dataset."""
    told: set[tuple[str, Path]] = set()
    for row, known in evidence.derived(dataset):
        for name, (pruned, unpruned) in _FIELDS.items():
            if not row.has(*pruned, *unpruned):
                continue
            if evidence.usual(dataset, row.pair, f"base_{name}", row.paper.id) is not None:
                continue
            before, after = known.get(f"base_{name}"), known.get(name)
            for other, value in _relatives(dataset, row, f"base_{name}", same_architecture=True):
                low, high = (value - _LIKE, value + _LIKE) if before is not None else (value - _LOSS, value + _LIKE)
                number = before if before is not None else after
                if number is not None and low < number < high and (row.paper.id, row.path[:2]) not in told:
                    told.add((row.paper.id, row.path[:2]))
                    found = f"{number:.5g}; others report {value:.5g} before pruning for {other[1]} on {other[0]}"
                    fields = (*pruned, *unpruned) if before is None else (*unpruned, *pruned)
                    yield at(row, row.first_of(*fields), found)


_FIELDS = {name: ((name, f"{name}_error"), (f"base_{name}", f"base_{name}_error")) for name in ("top1", "top5")}
"""The fields of an accuracy and its error, of the pruned and of the unpruned model."""


@rule(
    "note",
    why="Papers prune a network on the datasets that it was made for; a wrong name of either looks like this.",
    settle="The dataset and the architecture that the table names.",
)
def network_unheard_of(dataset: Dataset) -> Iterator[Suspicion]:
    """Many others prune the architecture, and many use the dataset, but none together (one finding a network)."""
    users = _users(dataset.beside or dataset)
    for paper in dataset.records.papers:
        networks = {(one.dataset, one.architecture): path for path, one in experiments(paper) if one.curves}
        for (on, of), path in networks.items():
            named = (users.get(key, set()) for key in ((on, of), (None, of), (on, None)))
            both, either, other = (len(papers) - (paper.id in papers) for papers in named)
            telling = any(either >= least and other >= many for least, many in _MANY)
            if not both and telling:
                found = f"{either} others prune {of}, {other} use {on}, none both"
                yield Suspicion(paper.id, f"{of} on {on}", found, (*path, "architecture"))


@computed_once
def _users(dataset: Dataset) -> dict[Pair, set[str]]:
    """The papers that use each network, each architecture and each dataset."""
    found: dict[Pair, set[str]] = {}
    for paper in dataset.records.papers:
        for _, one in experiments(paper):
            on, of = one.dataset, one.architecture
            for key in ((on, of), (None, of), (on, None)):
                found.setdefault(key, set()).add(paper.id)
    return found


def _own(dataset: Dataset) -> Iterator[tuple[AuditRow, str, UnprunedReport]]:
    for (_, name), reports in evidence.unpruned(dataset).items():
        for report in evidence.judged_reports(dataset, reports) if name in _COMPARABLE else ():
            if report.row:
                yield report.row, name, report


def _relatives(
    dataset: Dataset, row: AuditRow, name: str, same_architecture: bool = False
) -> Iterator[tuple[Pair, float]]:
    """What others report of the networks that one is taken for: of its family, or the architecture elsewhere."""
    families, (on, of) = _families(dataset), row.pair
    family = None if same_architecture else families.get(of)
    for other in _pairs(dataset.beside or dataset).get(name, ()):
        akin = (other[0] == on and family and families.get(other[1]) == family) or other[1] == of
        value = evidence.usual(dataset, other, name, row.paper.id) if akin else None
        if value is not None:
            yield other, value


@computed_once
def _pairs(dataset: Dataset) -> dict[str, list[Pair]]:
    """The networks of which each quantity is reported."""
    found: dict[str, list[Pair]] = {}
    for pair, name in evidence.unpruned(dataset):
        found.setdefault(name, []).append(pair)
    return found


@rule(
    "error",
    why="The architecture has another size, whatever the dataset.",
    settle="The suffix or the column head in the table.",
)
def size_of_another_magnitude(dataset: Dataset) -> Iterator[Suspicion]:
    """A size is over thirty times that of the architecture, or, before pruning, less than a thirtieth."""
    names = ("params", "base_params", "flops", "base_flops")
    for row in evidence.rows_where(dataset, any_of(*names)):
        for name, size in row.values(names):
            known = _known(dataset, row.pair, name.removeprefix("base_"), row.paper.id)
            places = log10(float(size) / known) if size and known else 0
            if places > _MAGNITUDE or (places < -_MAGNITUDE and name.startswith("base_")):
                yield at(row, name, f"{size:.4g}; the architecture has about {known:.4g}")


@computed_once
def _known(dataset: Dataset, pair: Pair, quantity: str, paper: str) -> float | None:
    """The size of an architecture by others: of the network, else the median over its datasets or the vocabulary."""
    name, architecture = f"base_{quantity}", pair[1]
    exact = evidence.usual(dataset, pair, name, paper)
    if exact is not None:
        return exact
    elsewhere = (other for other in _pairs(dataset.beside or dataset).get(name, ()) if other[1] == architecture)
    known = [size for other in elsewhere if (size := evidence.usual(dataset, other, name, paper)) is not None]
    return median(known) if known else _listed(dataset, quantity).get(architecture)


@computed_once
def _listed(dataset: Dataset, quantity: str) -> dict[str | None, float]:
    """The size or cost of each architecture that the vocabulary gives."""
    field = "params" if quantity == "params" else "multiply_adds"
    return {one.name: float(size) for one in dataset.records.architectures if (size := getattr(one, field))}


@rule(
    "warning",
    why="The row, column, file or checkpoint that the numbers come from names another dataset or architecture.",
    settle="The place that the locator gives.",
    of_record=True,
)
def place_names_another_network(dataset: Dataset) -> Iterator[Suspicion]:
    """The locators of an experiment name datasets or architectures, but not its own."""
    parts = {"dataset": "datasets", "architecture": "architectures"}
    known = [(field, spelt, _pattern(tuple(spelt))) for field in parts for spelt in [_spellings(dataset, parts[field])]]
    for paper in dataset.records.papers:
        for path, experiment in experiments(paper):
            texts = _plain_words(_places(experiment))
            for field, spelt, pattern in known:
                own = getattr(experiment, field)
                named = _named(texts, spelt, pattern) if own else set()
                # A pruned ResNet-50 may be called ResNet-32.
                models = _named(_plain_words(_models(experiment)), spelt, pattern) if named else set()
                if named and not any(_alike(own, other) for other in named | models):
                    found = f"{own}, but named: {', '.join(sorted(named))}"
                    yield Suspicion(paper.id, f"experiment {path[1]}: {field}", found, (*path, field))


def _models(experiment: Experiment) -> Iterator[str]:
    """What the pruned models of an experiment are called."""
    for curve in experiment.curves or ():
        yield from (point.pruned_model for point in curve.points or () if point.pruned_model)


def _places(experiment: Experiment) -> Iterator[str]:
    """What the places of an experiment's numbers and its unpruned model are called."""
    locators = [experiment.locator, experiment.base_locator]
    for curve in experiment.curves or ():
        locators += [curve.locator, *(point.locator for point in curve.points or ())]
        if curve.recipe and curve.recipe.unpruned_checkpoint:
            yield curve.recipe.unpruned_checkpoint
    for locator in filter(None, locators):
        yield from (str(text) for text in (locator.row, locator.column, locator.path) if text is not None)


def _plain_words(texts: Iterable[str]) -> str:
    """Each of the texts once, as :func:`_plain` and apart from the others."""
    return " ".join(map(_plain, dict.fromkeys(texts)))


def _plain(text: str) -> str:
    """The letters and digits of a text, in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


@computed_once
def _spellings(dataset: Dataset, part: str) -> dict[str, str]:
    """The plain spellings of the entries of a vocabulary that are long enough to be found in a text, with the names."""
    entries = getattr(dataset.records, part)
    spelt = {_plain(spelling): one.name for one in entries for spelling in (one.name, *(one.aliases or ()))}
    least = _LETTERS if part == "datasets" else _LETTERS + 1
    return {
        plain: name for plain, name in spelt.items() if len(plain) >= least and (part == "datasets" or _digit(plain))
    }


_LETTERS = 4
"""Letters and digits of a name that is sought in texts; one more, and a digit among them, for architectures."""


def _digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


@cache
def _pattern(spellings: tuple[str, ...]) -> re.Pattern[str]:
    """Finds spellings, those that begin with others first; a number must end where it ends in the text."""
    whole = (f"{one}(?![0-9])" if one[-1].isdigit() else one for one in sorted(spellings, reverse=True))
    # By their first letters, as otherwise each of all is tried at each letter of a text.
    alike = (f"{first}(?:{'|'.join(one[2:] for one in same)})" for first, same in groupby(whole, lambda one: one[:2]))
    return re.compile("|".join(alike))


def _named(text: str, spelt: Mapping[str, str], pattern: re.Pattern[str]) -> set[str]:
    return {spelt[found] for found in pattern.findall(text)}


_VARIANTS = ("bn", "fc", "onefc", "caffe", "l1", "avgpool", "dropout")
"""What names of networks add that papers leave out; a size or a tuned version is no such addition."""


def _alike(own: str, other: str) -> bool:
    """Whether one name may stand for the other: as far as its number, a version of it, or of a kind without numbers."""
    one, two = _stem(own), _stem(other)
    longer, shorter = max(one, two, key=len), min(one, two, key=len)
    version = longer.startswith(shorter) and re.fullmatch(r"v\d+", longer[len(shorter) :])
    kind = re.match(r"[a-z]+", two)
    unnumbered = kind and re.match(rf"{kind[0]}[^0-9]", _plain(own))  # VGG-netslim may be any VGG
    part, full = sorted((_plain(own), _plain(other)))
    rest = full.removeprefix(part)
    same = not rest or (rest != full and rest.startswith(_VARIANTS))
    return same or bool(version) or longer == f"pre{shorter}" or bool(unnumbered)


def _stem(name: str) -> str:
    """A name up to its first number: ``vgg16`` of VGG-16+BN-OneFC."""
    found = re.match(r"[a-z]+[-_ ]?v?\d+(-\d+b)?", name.casefold())
    return _plain(found[0] if found else name)
