"""Rules within a shared file: chains of names that end, and bounds that leave room between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pydantic import BaseModel

from prunelit.schema.problems import Path
from prunelit.schema.vocabulary import Architectures, Datasets, Methods, Metrics, Setups

_Fault: TypeAlias = tuple[Path, str, str]
"""The path of a fault, the rule that it breaks, and the message."""


def faults_within(value: BaseModel) -> Iterator[_Fault]:
    """What is wrong with a shared file, whatever the records say."""
    if isinstance(value, Architectures):
        above = {one.name: one.variant_of for one in value.architectures}
        yield from _circles("architectures", "variant_of", above)
    if isinstance(value, Datasets):
        yield from _circles("datasets", "subset_of", {one.name: one.subset_of for one in value.datasets})
    if isinstance(value, Setups):
        yield from _circles("setups", "extends", {one.name: one.extends for one in value.setups})
    if isinstance(value, Methods):
        yield from _two_meanings(value)
    if isinstance(value, Metrics):
        yield from _no_room(value)


def _circles(field: str, key: str, above: Mapping[str, str | None]) -> Iterator[_Fault]:
    """The entries that a chain of names leads back to."""
    for index, name in enumerate(above):
        chain, at = [name], above[name]
        while at is not None and at not in chain:
            chain, at = [*chain, at], above.get(at)
        if at == name:
            led = " of ".join(f"'{one}'" for one in [*chain, name])
            yield (field, index, key), "circle", f"'{key}' leads back to where it began: {led}"


def _no_room(value: Metrics) -> Iterator[_Fault]:
    """The metrics whose smallest value is not below their largest."""
    for index, one in enumerate(value.metrics):
        if one.minimum is not None and one.maximum is not None and one.minimum >= one.maximum:
            message = f"expected more than the minimum of {one.minimum}, found {one.maximum}"
            yield ("metrics", index, "maximum"), "bounds", message


def _two_meanings(value: Methods) -> Iterator[_Fault]:
    """The spellings of one paper that two methods claim."""
    claimed: dict[tuple[str | None, str | None, str | None], str] = {}
    for index, one in enumerate(value.methods):
        spellings = (*(one.spellings or ()), *((None,) if one.unnamed else ()))
        for spelling in spellings:
            other = claimed.setdefault((one.proposed_by, one.reported_by, spelling), one.name)
            if other != one.name:
                what = f"'{spelling}'" if spelling else "the method without a name"
                message = f"{what} of '{one.proposed_by or one.reported_by}' is '{other}' already"
                yield ("methods", index, "spellings" if spelling else "unnamed"), "two-meanings", message
