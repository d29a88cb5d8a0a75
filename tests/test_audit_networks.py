"""Numbers of another network: where each rule of the audit begins."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit_records import Edge, Told, edge, experiment, one, sayings, subjects, told
from prunelit.analysis.audit.rules import networks
from prunelit.schema.corpus import Corpus
from prunelit.schema.vocabulary import Architecture

BOB, CIA = "bob2016title", "cia2016title"


def mine(base: str, on: str = "Set/Net") -> str:
    """A record with a point, of an unpruned model like this."""
    return one("speedup: 2", base=base, on=on)


def by(paper: str, base: str, on: str = "Set/Net") -> str:
    """A record of an unpruned model alone."""
    return one(base=base, on=on, paper=paper)


def located(name: str, value: str, on: str = "CIFAR-10/VGG-16") -> str:
    """A record of one point with a locator."""
    return one(f"top1: 70.0, locator: {{{name}: {value}}}", on=on)


ON_SET = tuple(one("top1: 70.0", on="Set/Other", paper=f"cia{year}title") for year in range(2000, 2014))
MORE_ON_SET = tuple(one("top1: 70.0", on="Set/Other", paper=f"cia{year}title") for year in range(1965, 2014))
EDGES = [
    edge("fits-another-network", "69.5", "69.51", mine("base_top1: @"),
         by(BOB, "base_top1: 76.0"), by(CIA, "base_top1: 70.0", "Other/Net")),
    edge("fits-another-network", "73.0", "72.9", mine("base_top1: @"),
         by(BOB, "base_top1: 76.0"), by(CIA, "base_top1: 73.2", "Other/Net")),
    edge("fits-another-network", "5.101M", "5.09M", mine("base_params: @"),
         by(BOB, "base_params: 10.0M"), by(CIA, "base_params: 5.0M", "Other/Net")),
    edge("fits-another-network", "7.1M", "6.9M", mine("base_params: @"),
         by(BOB, "base_params: 10.0M"), by(CIA, "base_params: 7.0M", "Other/Net")),
    edge("fits-another-network", "VGG-16", "ResNet-18", mine("base_top1: 30.0", "Set/ResNet-50"),
         by(BOB, "base_top1: 36.0", "Set/ResNet-50"), by(CIA, "base_top1: 30.0", "Set/@")),
    edge("fits-another-network", "Other", "Set", mine("base_top1: 30.0", "Set/ResNet-50"),
         by(BOB, "base_top1: 36.0", "Set/ResNet-50"), by(CIA, "base_top1: 30.0", "@/ResNet-18")),
    edge("fits-another-dataset", "77.5", "77.4", mine("base_top1: @"), by(BOB, "base_top1: 76.0", "Other/Net")),
    edge("fits-another-dataset", "74.5", "74.6", mine("base_top1: @"), by(BOB, "base_top1: 76.0", "Other/Net")),
    edge("fits-another-dataset", "77.5", "77.4", one("top1: @"), by(BOB, "base_top1: 76.0", "Other/Net")),
    edge("fits-another-dataset", "71.0", "71.1", one("top1: @"), by(BOB, "base_top1: 76.0", "Other/Net")),
    edge("fits-another-dataset", "5.0", "5.2", one("top5_error: @"), by(BOB, "base_top5: 93.4", "Other/Net")),
    edge("fits-another-dataset", "Set", "Third", mine("base_top1: 76.0"), by(BOB, "base_top1: 76.0", "Other/Net"),
         by(CIA, "base_top1: 75.0", "@/Net")),
    edge("network-unheard-of", "Else", "Net", one("top1: 70.0"), *ON_SET,
         one("top1: 70.0", on="Set/Other", paper="cia2014title"), one("top1: 70.0", on="Other/Net", paper=BOB),
         one("top1: 70.0", on="Other/@", paper=CIA)),
    edge("network-unheard-of", "Else", "Set", one("top1: 70.0"), *ON_SET,
         one("top1: 70.0", on="@/Other", paper="cia2014title"), one("top1: 70.0", on="Other/Net", paper=BOB),
         one("top1: 70.0", on="Other/Net", paper=CIA)),
    edge("network-unheard-of", "Set", "Other", one("top1: 70.0"), *ON_SET,
         one("top1: 70.0", on="Set/Other", paper="cia2014title"), one("top1: 70.0", on="Other/Net", paper=BOB),
         one("top1: 70.0", on="@/Net", paper=CIA)),
    edge("network-unheard-of", "Else", "Set", one("top1: 70.0"), one("top1: 70.0", on="Other/Net", paper=BOB),
         *MORE_ON_SET, one("top1: 70.0", on="@/Other", paper=CIA)),
    edge("network-unheard-of", "Else", "Net", one("top1: 70.0"), one("top1: 70.0", on="Other/@", paper=BOB),
         *MORE_ON_SET, one("top1: 70.0", on="Set/Other", paper=CIA)),
    edge("size-of-another-magnitude", "316M", "317M", one("params: @"), by(BOB, "base_params: 10.0M")),
    edge("size-of-another-magnitude", "31.6G", "31.7G", one("flops: @"), by(BOB, "base_flops: 1.00G")),
    edge("size-of-another-magnitude", "317K", "316K", mine("base_params: @"), by(BOB, "base_params: 10.0M")),
    edge("size-of-another-magnitude", "params: 1K", "params: 1B", one("@"), by(BOB, "base_params: 10.0M")),
    edge("place-names-another-network", "cifar10/log.csv", "cifar100/log.csv", located("path", "@")),
    edge("place-names-another-network", "vgg16_bn.csv", "vgg19.csv", located("path", "@")),
    edge("place-names-another-network", "results.csv", "resnet50.csv", located("table: 1, row", "@")),
    edge("place-names-another-network", "vgg16 and resnet50", "resnet50", located("table: 1, column", "@")),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=str)
def test_rule_begins_where_it_says(edge: Edge, corpus_of: Callable[..., Corpus]) -> None:
    assert edge.found(corpus_of) == [False, True]


ADA = "ada2015title, experiments"
TOLD = [
    told(
        "fits-another-network",
        f"""
        {ADA} 0 base_top1_error, row 1: base_top1_error: 30; others report 36, and 30.2 for ResNet-18 on Set
        {ADA} 0 base_params, row 1: base_params: 1.2e+07; others report 2.5e+07, and 1.21e+07 for ResNet-50 on Other
        """,
        by(BOB, "base_top1: 36.0, base_params: 25M", "Set/ResNet-50"),
        by(CIA, "base_top1: 30.2", "Set/ResNet-18"),
        by("dan2016title", "base_top1: 30.4, base_params: 12.1M", "Other/ResNet-50"),
        mine("base_top1_error: 70.0, base_params: 12.0M", "Set/ResNet-50"),
    ),
    told(
        "fits-another-dataset",
        f"""
        {ADA} 0 base_top1, row 1: base_top1: 76; others report 76.2 before pruning for Net on Other
        {ADA} 1 curves 0 points 0 top1_error, row 3: top1_error: 74; others report 76.2 before pruning for Net on Other
        """,
        by(BOB, "base_top1: 76.2", "Other/Net"),
        one("top1: 75.0", "top1: 74.0", base="base_top1: 76.0")
        + experiment("top1_error: 26.0", on="Third/Net", first=3),
    ),
    told(
        "fits-another-dataset",
        f"{ADA} 0 curves 0 points 0 top1, row 1: top1: 74; others report 76.2 before pruning for Net on Other",
        by(BOB, "base_top1: 76.2", "Other/Net"),
        one("top1: 74.0", base="base_top1: 99.0, bounds: {at_most: [base_top1]}"),
    ),
    told(
        "network-unheard-of",
        f"{ADA} 0 architecture, Net on Set: 2 others prune Net, 15 use Set, none both",
        *ON_SET, one("top1: 70.0", on="Set/Other", paper="cia2014title"), one("top1: 70.0", on="Other/Net", paper=BOB),
        one("top1: 70.0", on="Other/Net", paper=CIA), one("top1: 70.0"),
    ),
    told(
        "size-of-another-magnitude",
        f"""
        bob2016title, experiments 0 base_params, experiment 0: base_params: 1.000e+6; the architecture has about 1e+08
        {ADA} 0 curves 0 points 0 params, row 1: params: 4.00e+7; the architecture has about 1e+06
        """,
        by(BOB, "base_params: 1.000M"), by(CIA, "base_params: 100M", "Other/Net"),
        by("dan2016title", "base_params: 100M", "Third/Net"), by("eve2016title", "base_params: 0.001M", "Set/Else"),
        one("params: 40.0M"),
    ),
    told(
        "place-names-another-network",
        f"""
        {ADA} 0 dataset, experiment 0: dataset: CIFAR-10, but named: Birdsnap, CIFAR-100, ImageNet, MNIST, SVHN
        {ADA} 1 architecture, experiment 1: architecture: VGG-16, but named: ResNet-50
        """,
        located("path", "imagenet/mnist/svhn/cifar100/birdsnap.csv")
        + experiment("top1: 70.0, locator: {path: resnet50.csv}", on="CIFAR-10/VGG-16", first=2),
    ),
]  # fmt: skip


@pytest.mark.parametrize("told", TOLD, ids=str)
def test_rule_says_what_it_found_and_where(told: Told, corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(told.rule, corpus_of(*told.records)) == told.lines


QUIET = [
    ("fits-another-network", mine("base_params: 5.0M"), by(BOB, "base_params: 10.0M"),
     by(CIA, "base_params: 7.0M", "Other/Net")),
    ("fits-another-network", mine("base_flops: 5.0G"), by(BOB, "base_flops: 10.0G"),
     by(CIA, "base_flops: 5.0G", "Other/Net")),
    ("fits-another-network", mine("base_top1: 30.0"), by(BOB, "base_top1: 36.0"),
     by(CIA, "base_top1: 30.0", "Set/Else")),
    ("fits-another-dataset", mine("base_top1: 76.0", "Set/ResNet-50"), by(BOB, "base_top1: 76.0", "Set/ResNet-18")),
    ("network-unheard-of", one(base="survey_row: 1"), *ON_SET, one("top1: 70.0", on="Set/Other", paper="cia2014title"),
     one("top1: 70.0", on="Other/Net", paper=BOB), one("top1: 70.0", on="Other/Net", paper=CIA)),
    ("size-of-another-magnitude", mine("base_params: 5.0M")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "records"), [(rule, records) for rule, *records in QUIET])
def test_rule_finds_nothing(rule: str, records: list[str], corpus_of: Callable[..., Corpus]) -> None:
    assert sayings(rule, corpus_of(*records, unpruned=())) == []


LISTED = (Architecture.model_validate({"name": "Net", "params": "10M", "multiply_adds": "1G"}),)


def test_a_size_is_held_against_the_vocabulary_where_nobody_else_reports_it(corpus_of: Callable[..., Corpus]) -> None:
    text = one("params: 400M, flops: 40.0G", base="base_params: 0.01M, base_flops: 50.0G")
    assert sayings("size-of-another-magnitude", corpus_of(text, architectures=LISTED, unpruned=())) == [
        f"{ADA} 0 curves 0 points 0 params, row 1: params: 4.00e+8; the architecture has about 1e+07",
        f"{ADA} 0 base_params, row 1: base_params: 1e+4; the architecture has about 1e+07",
        f"{ADA} 0 curves 0 points 0 flops, row 1: flops: 4.00e+10; the architecture has about 1e+09",
        f"{ADA} 0 base_flops, row 1: base_flops: 5.00e+10; the architecture has about 1e+09",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [one("params: 1000M"), mine("base_params: 0.1M")])
def test_a_size_of_just_another_magnitude_is_not_told(
    text: str, corpus_of: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "_MAGNITUDE", 2)  # whose power of ten is a whole number
    assert subjects("size-of-another-magnitude", corpus_of(text, architectures=LISTED, unpruned=())) == []


def names(place: str, on: str = "CIFAR-10/VGG-16") -> str:
    """A record of one point whose file is called so."""
    return located("path", place, on)


POINTLESS = """id: ada2015title
experiments:
  - collections: [contributed]
    dataset: CIFAR-10
    architecture: VGG-16
    curves: [{origin: own, sweep: true, points_file: ada2015title.csv, locator: {path: @}}]
"""
RECIPE = "recipe: {unpruned_checkpoint: @}"


@pytest.mark.parametrize(
    ("record", "wrong"),
    [
        (names("vgg16.csv", "CIFAR-10/"), ""),
        (one("top1: 70.0, pruned_model: VGG-16-a, locator: {path: vgg19.csv}", on="CIFAR-10/VGG-16"), ""),
        (one("top1: 70.0, pruned_model: VGG-16-a", on="CIFAR-10/VGG-19"), ""),
        (one(base="survey_row: 1, locator: {path: vgg19.csv}", on="CIFAR-10/VGG-16"), "architecture"),
        (one("top1: 70.0", base="base_locator: {path: vgg19.csv}", on="CIFAR-10/VGG-16"), "architecture"),
        (POINTLESS.replace("@", "vgg16.csv"), ""),
        (POINTLESS.replace("@", "vgg19.csv"), "architecture"),
        (one("top1: 70.0", on="CIFAR-10/VGG-16", curve=RECIPE.replace("@", "vgg19")), "architecture"),
        (one("top1: 70.0", on="CIFAR-10/VGG-16", curve="recipe: {fine_tuning_epochs: 3}"), ""),
        (names("cola.csv"), "dataset"),
        (names("dtd.csv"), ""),
        (names("alexnet.csv"), ""),
        (names("fc10.csv"), ""),
        (names("vgg19.csv"), "architecture"),
    ],
)
def test_a_place_names_another_network_or_not(record: str, wrong: str, corpus_of: Callable[..., Corpus]) -> None:
    found = [f"experiment 0: {wrong}"] if wrong else []
    assert subjects("place-names-another-network", corpus_of(record)) == found


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("mnist2.csv", "dataset"),
        ("cocostuff.csv", "dataset"),
        ("coco.csv", ""),
        ("cifar105.csv", ""),
        ("vgg16.csv", "architecture"),
        ("vgg160.csv", ""),
        ("lenet50.csv", ""),
    ],
)
def test_a_name_is_found_as_a_whole(place: str, wrong: str, whole: Corpus, corpus_of: Callable[..., Corpus]) -> None:
    networks._pattern.cache_clear()
    known = ("MNIST", "COCO", "COCO-Stuff", "CIFAR-10", "VGG-16", "LeNet-5")
    parts = {part: [one for one in whole.part(part) if one.name in known] for part in ("datasets", "architectures")}
    found = subjects("place-names-another-network", corpus_of(names(place, "COCO/VGG-19"), **parts))
    assert found == ([f"experiment 0: {wrong}"] if wrong else [])


@pytest.mark.parametrize(
    ("own", "named", "alike"),
    [
        ("VGG-16", "VGG-16+BN", True),
        ("VGG-16+BN", "VGG-16", True),
        *(("VGG-16", f"VGG-16-{addition}", True) for addition in ("FC", "OneFC", "Caffe", "L1", "AvgPool", "Dropout")),
        ("VGG-16", "VGG-16-Large", False),
        ("ResNet-50", "ResNet-50-v2", False),
        ("ResNet-50-v2", "ResNet-50", False),
        ("MobileNet", "MobileNet-v2", True),
        ("ResNet-20", "PreResNet-20", True),
        ("PreResNet-20", "ResNet-20", True),
        ("ResNet-20", "Pre-ResNet-20", True),
        ("VGG-netslim", "VGG-16", True),
        ("VGG-19", "VGG-16", False),
        ("fc300-100", "fc500-300", False),
    ],
)
def test_one_name_may_stand_for_another(own: str, named: str, alike: bool, corpus_of: Callable[..., Corpus]) -> None:
    known = tuple(Architecture.model_validate({"name": name}) for name in (own, named))
    found = subjects("place-names-another-network", corpus_of(names(f"{named}.csv", f"Set/{own}"), architectures=known))
    assert found == ([] if alike else ["experiment 0: architecture"])
