"""Are the fields of models sorted by what they hold?"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import pytest

from prunelit.schema.fields import Kind, kinds, names, of_kind, parts, quantities, units, within
from prunelit.schema.model import Many, Model
from prunelit.schema.patterns import KnownPaper, Name, PaperId, Text
from prunelit.schema.record import Experiment, Paper, Point
from prunelit.schema.values import Accuracy, Deviation, Flag, Label, Number


class Part(Model):
    key: Text


class Whole(Model):
    exact: Accuracy
    spread: Deviation | None = None
    narrowed: Annotated[Number, "a mark that says nothing"] | None = None
    runs: Many[Accuracy] | None = None
    rows: Many[int] | None = None
    row: int
    sure: Flag | None = None
    either: bool | None = None
    text: Text | None = None
    choice: Literal["a", "b"] | None = None
    version: Literal[1] = 1
    words: Many[Text]
    label: Label | None = None
    part: Part
    many: Many[Part] | None = None
    later: Later | None = None


class Later(Model):
    part: Part | None = None


KINDS: dict[str, Kind] = {
    "exact": "quantity",
    "spread": "quantity",
    "narrowed": "number",
    "runs": "numbers",
    "rows": "numbers",
    "row": "count",
    "sure": "flag",
    "either": "flag",
    "text": "text",
    "choice": "text",
    "version": "count",
    "words": "texts",
    "label": "label",
    "part": "part",
    "many": "part",
    "later": "part",
}


def test_every_kind_is_tried() -> None:
    assert set(KINDS.values()) == set(get_args(Kind))


@pytest.mark.parametrize("name", KINDS)
def test_kind_of_a_field(name: str) -> None:
    assert kinds(Whole)[name] == KINDS[name]


def test_fields_of_a_kind_are_in_the_order_of_the_model() -> None:
    assert of_kind(Whole, "text", "quantity") == ("exact", "spread", "text", "choice")


def test_a_quantity_is_one_number_of_a_known_unit() -> None:
    assert quantities(Whole) == {"exact": "%", "spread": "pp"}


def test_a_list_has_the_unit_of_its_numbers() -> None:
    assert {name: unit.symbol for name, unit in units(Whole).items()} == {"exact": "%", "spread": "pp", "runs": "%"}


def test_parts_are_found_alone_in_lists_and_below_their_own_model() -> None:
    assert parts(Whole) == {"part": Part, "many": Part, "later": Later}


def test_models_within_are_those_at_any_depth() -> None:
    assert within(Whole) == {Whole, Part, Later}


class Naming(Model):
    id: PaperId
    cited: KnownPaper | None = None
    cites: Many[KnownPaper] | None = None
    sets: Many[Annotated[Text, Name("dataset")]]
    free: Text


def test_names_say_what_they_are_of_alone_and_in_lists() -> None:
    assert names(Naming) == {"cited": "paper", "cites": "paper", "sets": "dataset"}


def test_what_a_point_tells_of_a_network_goes_by_unit() -> None:
    assert Point.QUALITY == (
        "top1", "top5", "top1_error", "top5_error", "top1_change", "top5_change", "top1_runs", "metrics",
    )  # fmt: skip
    assert Point.EFFICIENCY == (
        "params", "params_kept", "params_removed", "compression_ratio",
        "flops", "flops_kept", "flops_removed", "speedup",
    )  # fmt: skip


def test_counts_know_their_suffixes() -> None:
    assert {name: units(Point)[name].suffixes for name in ("params", "flops", "top1")} == {
        "params": "KMB",
        "flops": "KMGT",
        "top1": "",
    }


def test_quantities_of_an_experiment_are_those_of_its_unpruned_model() -> None:
    assert [name for name in units(Experiment) if not name.startswith("base_")] == []


def test_every_field_of_a_record_has_a_kind() -> None:
    assert {kind for model in within(Paper) for kind in kinds(model).values()} == set(get_args(Kind))
