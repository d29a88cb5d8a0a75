"""Mutations of a record, as slips and inventions would have it: one small function a kind.

Each takes a record as parsed from YAML, changes it in place, and returns what was changed; None where the record lacks
what the kind needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias

from prunelit.schema.corpus import Corpus
from prunelit.schema.values import OPERATION_SUFFIXES, PARAMETER_SUFFIXES

Record: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Chance:
    """What a mutation draws from: chance, and the other records and names of the corpus."""

    random: Random
    corpus: Corpus

    def one(self, choices: Any) -> Any:
        """One of the choices; None if there are none."""
        listed = list(choices)
        return self.random.choice(listed) if listed else None


Mutation: TypeAlias = Callable[[Record, Chance], str | None]


@dataclass(frozen=True)
class Kind:
    """A kind of mutation, with the share of it that was accepted before and the most that may be."""

    name: str
    mutate: Mutation
    most: int
    before: int = 0


BEFORE: dict[str, int] = {
    "metric below its bounds": 100,
    "metric above its bounds": 100,
    "epochs 10^7": 100,
    "learning rate 500": 100,
    "widths 10^6": 100,
    "pages 1-999999": 100,
    "duplicate author": 100,
    "credentials in an address": 100,
    "collapsed above chance": 100,
    "blank-looking title": 0,
    "metric × 100": 100,
    "accuracy ÷ 10": 22,
    "share ÷ 10": 62,
    "count × 10^3": 10,
    "deviation above 20": 14,
    "accuracy ± 5 to 20": 40,
    "sign of a change": 20,
    "error as accuracy": 14,
    "top-1 for top-5": 0,
    "base for pruned": 42,
    "params for flops": 50,
    "kept for removed, a point": 32,
    "kept for removed, a curve": 52,
    "two points' values swapped": 48,
    "a column rotated": 38,
    "own as copied": 98,
    "a rerun of the paper's own method": 100,
    "near dataset": 78,
    "near architecture": 86,
}
"""Percent that were accepted before there were rules for them, as far as it was measured."""

KINDS: list[Kind] = []


def kind(name: str, most: int) -> Callable[[Mutation], Mutation]:
    """Put a mutation among the kinds; at most so many percent of it may be accepted."""

    def add(mutate: Mutation) -> Mutation:
        KINDS.append(Kind(name, mutate, most, BEFORE.get(name, 0)))
        return mutate

    return add


ACCURACIES = ("top1", "top5")
ERRORS = ("top1_error", "top5_error")
CHANGES = ("top1_change", "top5_change")
SHARES = ("params_kept", "params_removed", "flops_kept", "flops_removed")
RATIOS = ("compression_ratio", "speedup")
COUNTS = ("params", "flops")
EFFICIENCY = (*SHARES, *RATIOS, *COUNTS)
QUALITY = (*ACCURACIES, *ERRORS, *CHANGES)


# Where things stand in a record.


def experiments(record: Record) -> Iterator[Record]:
    yield from record.get("experiments", [])


def curves(record: Record) -> Iterator[tuple[Record, Record]]:
    """Each curve, with its experiment."""
    for experiment in experiments(record):
        yield from ((experiment, curve) for curve in experiment.get("curves", []))


def points(record: Record) -> Iterator[Record]:
    """The points of all curves but of released sweeps, which hold hundreds."""
    for _, curve in curves(record):
        if not curve.get("sweep"):
            yield from curve.get("points", [])


def holders(record: Record) -> Iterator[tuple[Record, str]]:
    """Whatever holds numbers, with the prefix of their names there: points, and experiments' unpruned models."""
    yield from ((point, "") for point in points(record))
    yield from ((experiment, "base_") for experiment in experiments(record))


def cells(record: Record, *names: str) -> list[tuple[Record, str]]:
    """Where quantities stand, of pruned and unpruned models."""
    return [(holder, prefix + name) for holder, prefix in holders(record) for name in names if prefix + name in holder]


def cells_of_points(record: Record, *names: str) -> list[tuple[Record, str]]:
    """Where quantities of pruned models stand."""
    return [(point, name) for point in points(record) for name in names if name in point]


def measurements(record: Record) -> list[Record]:
    """The measurements in other metrics that have a value."""
    found = [one for holder, prefix in holders(record) for one in holder.get(f"{prefix}metrics", [])]
    return [one for one in found if "value" in one]


def put(where: tuple[Record, str] | None, change: Callable[[Any], Any]) -> str | None:
    """Change a cell, and say what became of it."""
    if where is None:
        return None
    holder, name = where
    old = holder[name]
    holder[name] = change(old)
    return None if holder[name] == old else f"{name}: {old} -> {holder[name]}"


def number(value: Any) -> Decimal:
    """A number as it stands in a record; ``25.6M`` is one."""
    if isinstance(value, str):
        power = {"K": 3, "M": 6, "G": 9, "B": 9, "T": 12}[value[-1]]
        return Decimal(value[:-1]).scaleb(power)
    return Decimal(value)


def plain(value: Decimal) -> Decimal:
    """A number without exponent."""
    return Decimal(f"{value:f}")


# Beyond all bounds.


def _metric_beyond(record: Record, chance: Chance, bad: Callable[[Record], Decimal | None]) -> str | None:
    fitting = [(one, value) for one in measurements(record) if (value := bad(one)) is not None]
    if not (chosen := chance.one(fitting)):
        return None
    return put((chosen[0], "value"), lambda _: chosen[1])


BELOW = {"perplexity": "0.4", "psnr": "-3.0", "latency": "-1.5", "throughput": "-20"}
PERCENT = ("accuracy", "accuracy_mismatched", "exact_match", "f1", "keypoint_map", "map", "map50", "map75", "mask_map",
           "miou", "top1", "top5", "bleu")  # fmt: skip


@kind("metric below its bounds", 0)
def metric_below(record: Record, chance: Chance) -> str | None:
    return _metric_beyond(record, chance, lambda one: Decimal(BELOW.get(one["metric"], "-1.2")))


@kind("metric above its bounds", 0)
def metric_above(record: Record, chance: Chance) -> str | None:
    high = Decimal(chance.random.randint(1010, 2500)) / 10
    return _metric_beyond(record, chance, lambda one: high if one["metric"] in PERCENT else None)


def _in_recipe(record: Record, chance: Chance, name: str, value: int) -> str | None:
    chosen = chance.one(curves(record))
    if chosen is None:
        return None
    chosen[1].setdefault("recipe", {})[name] = value
    return f"recipe: {name}: {value}"


@kind("epochs 10^7", 0)
def epochs(record: Record, chance: Chance) -> str | None:
    name = chance.one(["fine_tuning_epochs", "pruning_epochs", "pretraining_epochs"])
    return _in_recipe(record, chance, name, 10**7)


@kind("learning rate 500", 0)
def learning_rate(record: Record, chance: Chance) -> str | None:
    return _in_recipe(record, chance, "learning_rate", 500)


@kind("widths 10^6", 0)
def widths(record: Record, chance: Chance) -> str | None:
    point = chance.one(points(record))
    if point is None:
        return None
    point["widths"] = {"channels": [64, 10**6, 128]}
    return "widths: 64, 1000000, 128"


@kind("pages 1-999999", 0)
def pages(record: Record, chance: Chance) -> str | None:
    citation = record.setdefault("citation", {"type": "article", "year": record["published"]["year"]})
    citation["pages"] = "1-999999"
    return "citation: pages: 1-999999"


@kind("duplicate author", 0)
def duplicate_author(record: Record, chance: Chance) -> str | None:
    if not record.get("authors"):
        return None
    record["authors"].append(chance.one(record["authors"]))
    return f"authors: {record['authors'][-1]} again"


@kind("credentials in an address", 0)
def credentials(record: Record, chance: Chance) -> str | None:
    user = chance.one(["ada:secret@", "token@", "ghp0123456789@"])
    links = record.setdefault("links", [])
    address = chance.one(links) or "https://example.org/code"
    links.append(address.replace("://", f"://{user}", 1))
    return f"links: {links[-1]}"


@kind("collapsed above chance", 0)
def collapsed(record: Record, chance: Chance) -> str | None:
    found = [point for point in points(record) if any(point.get(name, 0) > 15 for name in ACCURACIES)]
    if not (point := chance.one(found)):
        return None
    point["collapsed"] = True
    return f"collapsed at {point.get('top1', point.get('top5'))}"


@kind("blank-looking title", 0)
def blank_title(record: Record, chance: Chance) -> str | None:
    record["title"] = chance.one(["\u2800", "\u3164\u3164", "\u200b", "\u00ad\u200d", "\u115f", "\u034f", ". . .", "—"])
    return f"title: {record['title']!a}"


@kind("year in the future", 0)
def future(record: Record, chance: Chance) -> str | None:
    record["published"]["year"] = chance.one([2035, 2068, 2099])
    return f"published: {record['published']['year']}"


@kind("negative latency", 0)
def negative_latency(record: Record, chance: Chance) -> str | None:
    point = chance.one(points(record))
    if point is None:
        return None
    value = -Decimal(chance.random.randint(1, 500)) / 10
    point.setdefault("metrics", []).append({"metric": "latency", "value": value, "hardware": "NVIDIA V100"})
    return f"latency: {value}"


# Powers of ten.


@kind("metric × 100", 10)
def metric_times_100(record: Record, chance: Chance) -> str | None:
    one = chance.one(measurements(record))
    return put((one, "value"), lambda old: Decimal(old) * 100) if one else None


@kind("accuracy ÷ 10", 10)
def accuracy_over_10(record: Record, chance: Chance) -> str | None:
    return put(chance.one(cells(record, *ACCURACIES)), lambda old: plain(Decimal(old).scaleb(-1)))


@kind("share ÷ 10", 10)
def share_over_10(record: Record, chance: Chance) -> str | None:
    found = [(point, name) for point, name in cells_of_points(record, *SHARES) if point[name]]
    return put(chance.one(found), lambda old: plain(Decimal(old).scaleb(-1)))


@kind("share at an extreme", 10)
def extreme_share(record: Record, chance: Chance) -> str | None:
    found = [(point, name) for point, name in cells_of_points(record, *SHARES) if 0 < point[name] < 1]
    return put(chance.one(found), lambda _: chance.one([0, 1, Decimal("0.9999"), Decimal("0.0001")]))


@kind("ratio × 10", 10)
def ratio_times_10(record: Record, chance: Chance) -> str | None:
    return put(chance.one(cells_of_points(record, *RATIOS)), lambda old: Decimal(old) * 10)


@kind("count × 10^3", 10)
def count_times_1000(record: Record, chance: Chance) -> str | None:
    where = chance.one(cells(record, *COUNTS))
    if where is None:
        return None
    suffixes = PARAMETER_SUFFIXES if where[1].endswith("params") else OPERATION_SUFFIXES

    def thousandfold(old: Any) -> Any:
        if isinstance(old, int):
            return old * 1000
        place = suffixes.index(old[-1]) + 1
        if place < len(suffixes):
            return old[:-1] + suffixes[place]
        return f"{plain(Decimal(old[:-1]) * 1000)}{old[-1]}"

    return put(where, thousandfold)


@kind("deviation above 20", 10)
def deviation(record: Record, chance: Chance) -> str | None:
    found = [point for point in points(record) if any(name in point for name in ("top1", "top1_error"))]
    if not (point := chance.one(found)):
        return None
    point["top1_std"] = Decimal(chance.random.randint(201, 600)) / 10
    return f"top1_std: {point['top1_std']}"


# Slips of a digit, a sign, a column.


@kind("accuracy ± 5 to 20", 20)
def accuracy_off(record: Record, chance: Chance) -> str | None:
    step = Decimal(chance.random.randint(50, 200)) / 10 * chance.one([-1, 1])
    found = [where for where in cells(record, *ACCURACIES) if 1 <= where[0][where[1]] + step <= 100]
    return put(chance.one(found), lambda old: Decimal(old) + step)


@kind("sign of a change", 20)
def sign(record: Record, chance: Chance) -> str | None:
    found = [(point, name) for point, name in cells_of_points(record, *CHANGES) if abs(point[name]) > Decimal("0.05")]
    return put(chance.one(found), lambda old: -Decimal(old))


@kind("error as accuracy", 20)
def error_as_accuracy(record: Record, chance: Chance) -> str | None:
    found = [where for where in cells(record, *ACCURACIES) if 100 - Decimal(where[0][where[1]]) >= 1]
    return put(chance.one(found), lambda old: 100 - Decimal(old))


@kind("top-1 for top-5", 20)
def top1_for_top5(record: Record, chance: Chance) -> str | None:
    found = [(holder, name) for holder, name in cells(record, "top1") if holder.get("dataset") != "CIFAR-10"]
    if not (where := chance.one(found)):
        return None
    holder, name = where
    other = name.replace("top1", "top5")
    old = holder.pop(name)
    if other in holder:
        holder[name] = holder[other]
    holder[other] = old
    return f"{name} {old} as {other}"


@kind("base for pruned", 20)
def base_for_pruned(record: Record, chance: Chance) -> str | None:
    found = [
        (point, name, experiment[f"base_{name}"])
        for experiment, curve in curves(record)
        for point in curve.get("points", [])
        for name in (*ACCURACIES, *ERRORS, *COUNTS)
        if name in point and experiment.get(f"base_{name}", point[name]) != point[name] and not curve.get("sweep")
    ]
    if not (chosen := chance.one(found)):
        return None
    return put(chosen[:2], lambda _: chosen[2])


OTHER_QUANTITY = {
    "params_kept": "flops_kept", "params_removed": "flops_removed", "compression_ratio": "speedup", "params": "flops",
}  # fmt: skip


@kind("params for flops", 20)
def params_for_flops(record: Record, chance: Chance) -> str | None:
    pairs = [*OTHER_QUANTITY.items(), *((b, a) for a, b in OTHER_QUANTITY.items())]
    found = [(point, a, b) for point in points(record) for a, b in pairs if a in point and point.get(b) != point[a]]
    if not (chosen := chance.one(found)):
        return None
    point, a, b = chosen
    old = point.pop(a)
    if isinstance(old, str) and old[-1] in "BGT":
        old = f"{number(old) / 10**6:f}M"
    if b in point:
        point[a] = point[b] if not isinstance(point[b], str) else f"{number(point[b]) / 10**6:f}M"
    point[b] = old
    return f"{a} {old} as {b}"


def _other_share(name: str) -> str:
    return name.replace("kept", "removed") if "kept" in name else name.replace("removed", "kept")


def _turn(point: Record, name: str) -> None:
    point[_other_share(name)] = point.pop(name)


@kind("kept for removed, a point", 20)
def kept_for_removed(record: Record, chance: Chance) -> str | None:
    found = [where for where in cells_of_points(record, *SHARES) if _other_share(where[1]) not in where[0]]
    found = [(point, name) for point, name in found if point[name] != Decimal("0.5")]
    if not (where := chance.one(found)):
        return None
    _turn(*where)
    return f"{where[1]} as {_other_share(where[1])}"


@kind("kept for removed, a curve", 20)
def kept_for_removed_along(record: Record, chance: Chance) -> str | None:
    found = [
        (curve, name)
        for _, curve in curves(record)
        for name in SHARES
        if not curve.get("sweep")
        and any(point.get(name, Decimal("0.5")) != Decimal("0.5") for point in curve.get("points", []))
    ]
    if not (chosen := chance.one(found)):
        return None
    curve, name = chosen
    for point in curve["points"]:
        if name in point and _other_share(name) not in point:
            _turn(point, name)
    return f"{name} as {_other_share(name)} in {len(curve['points'])} points of {curve.get('method')}"


def _columns(record: Record, least: int) -> list[tuple[list[Record], str]]:
    """The columns of tables: the points of one curve that give a quantity in at least so many distinct values."""
    found = []
    for _, curve in curves(record):
        for name in (*QUALITY, *EFFICIENCY) if not curve.get("sweep") else ():
            rows = [point for point in curve.get("points", []) if name in point]
            if len({point[name] for point in rows}) >= least:
                found.append((rows, name))
    return found


@kind("two points' values swapped", 20)
def swapped(record: Record, chance: Chance) -> str | None:
    if not (chosen := chance.one(_columns(record, 2))):
        return None
    rows, name = chosen
    one = chance.one(rows)
    other = chance.one(row for row in rows if row[name] != one[name])
    one[name], other[name] = other[name], one[name]
    return f"{name}: {one[name]} and {other[name]} swapped"


@kind("a column rotated", 20)
def rotated(record: Record, chance: Chance) -> str | None:
    if not (chosen := chance.one(_columns(record, 3))):
        return None
    rows, name = chosen
    values = [row[name] for row in rows]
    for row, value in zip(rows, values[1:] + values[:1], strict=True):
        row[name] = value
    return f"{name} rotated over {len(rows)} points"


# Whose numbers they are.


def _other_paper(record: Record, chance: Chance) -> str:
    """A paper that this one compares to, or any older one."""
    named = [*record.get("compares_to", []), *record.get("cites", [])]
    if named and chance.random.random() < 0.5:
        return str(chance.one(named))
    year = record["published"]["year"]
    older = [one.id for one in chance.corpus.papers if one.published.year < year and one.id != record["id"]]
    return str(chance.one(older or [one.id for one in chance.corpus.papers if one.id != record["id"]]))


def _curves_of(record: Record, *origins: str) -> list[Record]:
    return [curve for _, curve in curves(record) if curve["origin"] in origins]


@kind("own as copied", 10)
def own_as_copied(record: Record, chance: Chance) -> str | None:
    if not (curve := chance.one(_curves_of(record, "own"))):
        return None
    curve["origin"] = "copied"
    curve.pop("proposed_by", None)
    if chance.random.random() < 0.5:
        curve["copied_from"] = _other_paper(record, chance)
    return f"{curve.get('method')} copied from {curve.get('copied_from')}"


@kind("a rerun of the paper's own method", 10)
def rerun_of_own(record: Record, chance: Chance) -> str | None:
    if not (curve := chance.one(_curves_of(record, "own"))):
        return None
    curve["origin"] = "rerun"
    if chance.random.random() < 0.5:
        curve["proposed_by"] = record["id"]
    else:
        curve.pop("proposed_by", None)
    return f"{curve.get('method')} as rerun, proposed by {curve.get('proposed_by')}"


@kind("bogus copied_from", 10)
def bogus_copied_from(record: Record, chance: Chance) -> str | None:
    if not (curve := chance.one(_curves_of(record, "copied", "rerun", "unclear"))):
        return None
    curve["origin"], old = "copied", curve.get("copied_from")
    curve["copied_from"] = _other_paper(record, chance)
    return (
        None if curve["copied_from"] == old else f"{curve.get('method')} copied from {curve['copied_from']}, not {old}"
    )


@kind("cyclic copied_from", 10)
def cyclic_copied_from(record: Record, chance: Chance) -> str | None:
    copiers = [
        paper.id
        for paper in chance.corpus.papers
        if any(curve.copied_from == record["id"] for one in paper.experiments or () for curve in one.curves or ())
    ]
    later = [one.id for one in chance.corpus.papers if record["id"] in (one.compares_to or ())]
    curve, source = chance.one(curve for _, curve in curves(record)), chance.one(copiers or later)
    if curve is None or source is None:
        return None
    curve["origin"] = "copied"
    curve["copied_from"] = source
    return f"{curve.get('method')} copied from {source}, which copies from or compares to it"


@kind("a link to another paper's arXiv", 10)
def foreign_link(record: Record, chance: Chance) -> str | None:
    others = [one for one in chance.corpus.papers if one.identifiers and one.id != record["id"]]
    arxiv = chance.one(one.identifiers.arxiv for one in others if one.identifiers and one.identifiers.arxiv)
    record.setdefault("links", []).append(f"https://arxiv.org/{chance.one(['abs', 'pdf'])}/{arxiv}")
    return f"links: {record['links'][-1]}"


@kind("venue against citation", 10)
def foreign_venue(record: Record, chance: Chance) -> str | None:
    container = record.get("citation", {}).get("container")
    if not container or not record.get("venue") or container == "arXiv":
        return None
    old, record["venue"] = record["venue"], None
    record["venue"] = chance.one(one.name for one in chance.corpus.venues if one.name != old and one.peer_reviewed)
    return f"venue: {record['venue']}, not {old}; {container}"


# The next name in the list.

NEAR_DATASETS = (
    ("CIFAR-10", "CIFAR-100"), ("ImageNet", "Tiny ImageNet"), ("ImageNet", "ImageNet100"), ("MNIST", "Fashion-MNIST"),
    ("CIFAR-10", "SVHN"), ("WikiText-2", "PTB"), ("Pascal VOC 2007", "Pascal VOC 2007+2012"),
    ("ARC-easy", "ARC-challenge"),
    ("COCO", "COCO 2014"), ("MNLI", "QNLI"), ("ImageNet", "CIFAR-100"), ("SQuaD", "SQuAD v1.1"), ("MRPC", "RTE"),
)  # fmt: skip


@kind("near dataset", 35)
def near_dataset(record: Record, chance: Chance) -> str | None:
    found = [one for one in experiments(record) if one.get("curves") and _near(one.get("dataset"))]
    if not (experiment := chance.one(found)):
        return None
    return put((experiment, "dataset"), lambda old: chance.one(_near(old)))


def _near(name: str | None) -> list[str]:
    return [b if name == a else a for a, b in NEAR_DATASETS if name in (a, b)]


@kind("near architecture", 35)
def near_architecture(record: Record, chance: Chance) -> str | None:
    """The network of the same family whose name is most alike, or one of the three most alike."""
    families = {one.name: one.family for one in chance.corpus.architectures}
    found = [one for one in experiments(record) if one.get("curves") and families.get(one.get("architecture"))]
    if not (experiment := chance.one(found)):
        return None
    old = experiment["architecture"]
    kin = [name for name, family in families.items() if family == families[old] and name != old]
    nearest = sorted(kin, key=lambda name: (_distance(name, old), name))[:3]
    return put((experiment, "architecture"), lambda _: chance.one(nearest)) if nearest else None


def _distance(a: str, b: str) -> int:
    """The signs that must be changed, added or removed to make one name of the other (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i] + [0] * len(b) if not (last := row) else [i, *last[1:]]
        for j, y in enumerate(b, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
    return row[-1]
