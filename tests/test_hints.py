"""Do hints propose what is meant, and never another network, a closed collection or what the guide forbids?"""

from __future__ import annotations

import pytest

from prunelit import UnknownNameError, frontiers
from prunelit.schema.corpus import Corpus
from prunelit.schema.problems import nearest_key, nearest_name
from prunelit.schema.reading import UnreadableError, parse
from prunelit.schema.record import Point
from prunelit.schema.rules import Names
from prunelit.schema.validation import read_bytes


@pytest.mark.parametrize(
    "wrong",
    [
        "MnistNet",
        "ResNet-51",
        "VGG-17",
        "LeNet-6",
        "DeiT-M",
        "Swin-L",
        "ResNex-50",
        "Llama-2-8B",
        "MobileNet-v4",
        "Net",
    ],
)
def test_no_other_network_is_proposed(whole: Corpus, wrong: str) -> None:
    assert "did you mean" not in str(Names(whole).unknown("architecture", wrong))


@pytest.mark.parametrize("wrong", ["CIFAR-11", "WikiText-103", "CIFAR", "SQuAD v3", "MNLI-m"])
def test_no_other_dataset_is_proposed(whole: Corpus, wrong: str) -> None:
    assert "did you mean" not in str(Names(whole).unknown("dataset", wrong))


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        ("architecture", "Resnet-50", "ResNet-50"),
        ("architecture", "resnet 50", "ResNet-50"),
        ("architecture", "MobilNet-v2", "MobileNet-v2"),
        ("architecture", "AlexNett", "AlexNet"),
        ("architecture", "AelxNet", "AlexNet"),
        ("dataset", "imagnet", "ImageNet"),
        ("dataset", "Image Net", "ImageNet"),
        ("dataset", "SVHNN", "SVHN"),
        ("metric", "perplexitty", "perplexity"),
    ],
)
def test_another_spelling_is_proposed(whole: Corpus, kind: str, wrong: str, right: str) -> None:
    assert str(Names(whole).unknown(kind, wrong)).endswith(f"; did you mean '{right}'?")


def test_of_two_that_are_as_near_none_is_proposed() -> None:
    assert nearest_name("Nett", ["Neto", "Nete"]) == ""
    assert nearest_name("Nett", ["Neto", "Other"]) == "; did you mean 'Neto'?"


def test_two_spellings_of_one_name_propose_that_name() -> None:
    assert nearest_name("Nett", {"Neto": "Net", "Nete": "Net"}) == "; did you mean 'Net'?"
    assert nearest_name("Nett", {"Neto": "Net", "Nete": "Other"}) == ""


def test_two_letters_that_differ_are_too_many() -> None:
    assert (nearest_name("LargeNt", ["LargeNet"]), nearest_name("LargeN", ["LargeNet"])) == (
        "; did you mean 'LargeNet'?",
        "",
    )


def test_an_unknown_network_of_a_function_is_no_other(whole: Corpus) -> None:
    with pytest.raises(UnknownNameError) as raised:
        frontiers(whole, architecture="ResNet-51")
    assert "did you mean" not in str(raised.value)


@pytest.mark.parametrize("wrong", ["measured_speedup", "gpu_speedup", "speedup_measured", "actual_speed_up"])
def test_a_measured_speedup_is_never_the_theoretical_one(wrong: str) -> None:
    hint = nearest_key(wrong, Point.model_fields)
    assert "did you mean" not in hint
    assert "metric 'measured_speedup'" in hint


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ("top1_drop", "write a loss as a negative 'top1_change'"),
        ("top5_loss", "write a loss as a negative 'top5_change'"),
        ("top1_range", "only a standard deviation is a 'top1_std'"),
        ("top1_ci95", "only a standard deviation is a 'top1_std'"),
        ("top1_best", "only a standard deviation is a 'top1_std'"),
    ],
)
def test_what_is_no_change_and_no_deviation_is_not_proposed_as_one(wrong: str, instead: str) -> None:
    assert instead in nearest_key(wrong, Point.model_fields)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("speeedup", "speedup"), ("speed_up", "speedup"), ("top1_acc", "top1"), ("params_kep", "params_kept")],
)
def test_a_misspelt_key_is_still_proposed(wrong: str, right: str) -> None:
    assert nearest_key(wrong, Point.model_fields) == f"; did you mean '{right}'?"


def test_no_closed_collection_is_proposed(whole: Corpus) -> None:
    names = Names(whole)
    assert "did you mean 'contributed'" in str(names.unknown("collection", "contribute"))
    assert "'blalock2020'?" not in str(names.unknown("collection", "blalock202"))


def test_a_missing_collection_is_shown_with_one_that_is_open(whole: Corpus) -> None:
    [version] = {paper.schema_version for paper in whole.papers}
    text = f"schema_version: {version}\nid: ada2015pruning\ntitle: Title\npublished: {{year: 2015}}\n"
    _, problems = read_bytes(text.encode(), type(whole.papers[0]), "record.yaml")
    assert [one.message for one in problems if "collections" in one.message] == [
        "key 'collections' is missing; write for example 'collections: [contributed]'"
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n", 2, "two branches conflict here"),
        ("a:\u00a01\nb: 2\n", 1, "a non-breaking space stands on this line"),
        ("a: 1\n\tb: 2\n", 2, "a tab indents this line"),
    ],
)
def test_what_nobody_sees_is_named(text: str, line: int, said: str) -> None:
    with pytest.raises(UnreadableError) as raised:
        parse(text, "record.yaml")
    [problem] = raised.value.problems
    assert (problem.line, said in problem.message) == (line, True)


@pytest.mark.parametrize("text", ["\u00a0title: Title\n", "published: {year:\u00a02015}\n"])
def test_a_non_breaking_space_in_a_key_is_named(text: str, whole: Corpus) -> None:
    _, problems = read_bytes(text.encode(), type(whole.papers[0]), "record.yaml")
    assert any("a non-breaking space stands in key" in one.message for one in problems)


def test_a_line_of_signs_in_text_is_no_conflict() -> None:
    assert parse("a: >-\n  one\n  =======\n  two\n", "record.yaml")[1] == []
