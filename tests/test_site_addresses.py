"""Does every name have an address of its own, whatever it holds, and do former names lead on?"""

from __future__ import annotations

import re

import pytest

from prunelit.explorer.addresses import Address, Addresses, relative, slug, slugs


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ResNet-50", "resnet-50"),
        ("VGG-16+BN-OneFC", "vgg-16-plus-bn-onefc"),
        ("C++", "c-plus-plus"),
        ("L1-norm filter pruning", "l1-norm-filter-pruning"),
        ("Søren Münch", None),
        ("DenseNet-40 (k=12)", "densenet-40-k-12"),
        ("MobileNet-v2 1.4", "mobilenet-v2-1.4"),
        ("Élan", "elan"),
    ],
)
def test_a_slug_is_readable(name: str, expected: str | None) -> None:
    found = slug(name)
    assert found == expected if expected else re.fullmatch(r"s-ren-munch-[0-9a-f]{8}", found)


@pytest.mark.parametrize("name", ["", "..", "/etc/passwd", "con", "NUL", "index", "剪枝", "a" * 300, "../../x", ".git"])
def test_a_slug_is_a_safe_file_name(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,90}", slug(name))
    assert slug(name) not in ("con", "nul", "index", "git/..", "..")


def test_names_of_other_scripts_are_told_apart() -> None:
    assert slug("剪枝") != slug("修剪")


def test_names_that_differ_in_case_alone_do_not_collide() -> None:
    found = slugs(["SNIP", "Snip", "snip it"])
    assert len({one.lower() for one in found.values()}) == 3
    assert found["snip it"] == "snip-it"
    assert re.fullmatch(r"snip-[0-9a-f]{8}", found["SNIP"])


def test_an_address_does_not_depend_on_other_names() -> None:
    assert slugs(["SNIP", "GraSP"])["GraSP"] == slugs(["GraSP", "Zebra", "grasp x"])["GraSP"]


@pytest.fixture
def addresses() -> Addresses:
    return Addresses(
        {"method": ["SNIP", "Snip", "ThiNet"], "dataset": ["CIFAR-10"], "architecture": ["C++"], "paper": ["new2020x"]},
        {"method": {"Thi Net": "ThiNet"}, "paper": {"old2020x": "new2020x"}, "dataset": {"CIFAR10": "CIFAR-10"}},
        [("CIFAR-10", "C++")],
    )


def test_a_former_name_leads_to_its_configurations() -> None:
    names = {"dataset": ["CIFAR-10", "Tiny"], "architecture": ["VGG-16", "VGG 16"]}
    former = {"dataset": {"CIFAR10": "CIFAR-10"}, "architecture": {"VGG16": "VGG-16", "VGG-D": "VGG-16"}}
    found = Addresses(names, former, [("CIFAR-10", "VGG-16"), ("CIFAR-10", "VGG 16")])
    page = str(found.of_configuration("CIFAR-10", "VGG-16"))
    led = {old: targets for old, targets in found.redirects.items() if old.startswith("configurations/")}
    assert led["configurations/cifar10/vgg16.html"] == led["configurations/cifar-10/vgg-d.html"] == (page,)
    assert len(led["configurations/cifar-10/vgg-16.html"]) == len(led["configurations/cifar10/vgg-16.html"]) == 2
    assert page not in led
    assert not any("/tiny/" in old for old in led)


def test_a_former_name_leads_to_the_page(addresses: Addresses) -> None:
    assert addresses.redirects["papers/old2020x.html"] == ("papers/new2020x.html",)
    assert addresses.redirects["datasets/cifar10.html"] == ("datasets/cifar-10.html",)
    assert addresses.redirects["methods/thi-net.html"] == ("methods/thinet.html",)


def test_a_name_that_may_mean_two_leads_to_both(addresses: Addresses) -> None:
    assert len(addresses.redirects[Address("methods/snip.html")]) == 2


def test_a_configuration_lies_below_its_dataset(addresses: Addresses) -> None:
    assert addresses.of_configuration("CIFAR-10", "C++") == "configurations/cifar-10/c-plus-plus.html"


def test_what_has_no_page_has_no_address(addresses: Addresses) -> None:
    assert addresses.of("method", "Unheard-of") is None
    assert addresses.of("method", None) is None
    assert addresses.of("venue", "ICLR") is None
    assert addresses.of_configuration("CIFAR-10", None) is None


@pytest.mark.parametrize(
    ("target", "page", "expected"),
    [
        ("papers/x.html", "index.html", "papers/x.html"),
        ("index.html", "papers/x.html", "../index.html"),
        ("papers/x.html", "papers/x.html", "x.html"),
        ("papers/x.html#experiment-1", "papers/y.html", "x.html#experiment-1"),
        ("assets/site.css", "configurations/cifar-10/x.html", "../../assets/site.css"),
    ],
)
def test_links_are_relative(target: str, page: str, expected: str) -> None:
    assert relative(Address(target), Address(page)) == expected
